"""What is waited for is named, on stderr, within two seconds, and compiling counts for no rate."""

import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import click
import pytest
from numba.core import event

from sim.cli import progress as progress_module
from sim.cli import waiting
from sim.cli.progress import progress
from sim.cli.waiting import COMPILING, Waits


@pytest.fixture
def waits_are_not_told():
    """Here they are."""


@pytest.fixture
def quick(monkeypatch):
    """The same, a hundred times as fast."""
    for name in ("TOLD_AFTER", "DOT_AFTER", "LOOK_AFTER"):
        monkeypatch.setattr(waiting, name, getattr(waiting, name) / 100)


@pytest.fixture
def compiler(monkeypatch):
    """A compiler of its own, and waits of its own that it tells of."""
    waits = Waits()
    for module in (waiting, progress_module):
        monkeypatch.setattr(module, "WAITS", waits)
    found = waiting._Compiler()
    for module in (waiting, progress_module):
        monkeypatch.setattr(module, "COMPILER", found)
    return found


def wait_until(true, seconds=20.0):
    ends = time.monotonic() + seconds
    while not true() and time.monotonic() < ends:
        time.sleep(0.005)
    assert true()


def told(capsys, text, so_far=""):
    """Stderr from the beginning on, once a text is in it."""
    kept = [so_far]

    def holds():
        kept[0] += capsys.readouterr().err
        return text in kept[0]

    wait_until(holds)
    return kept[0]


def test_nobody_waits_two_seconds_for_a_word():
    assert waiting.TOLD_AFTER + waiting.LOOK_AFTER < 2
    assert waiting.DOT_AFTER + waiting.LOOK_AFTER <= 2


def test_a_wait_is_named_and_goes_on_in_dots_to_the_end_of_its_line(quick, capsys):
    waits = Waits()
    with waits.named("counting sheep"):
        shown = told(capsys, "spiral: counting sheep ...")
    shown += capsys.readouterr().err
    assert shown.replace(".", "") == "spiral: counting sheep \n"


def test_what_is_short_is_not_named(capsys):
    waits = Waits()
    for _ in range(50):
        with waits.named("nothing much"):
            pass
    wait_until(lambda: waits._thread is None)
    assert capsys.readouterr().err == ""


def test_the_newest_is_named_and_then_the_one_before_each_on_its_line(quick, capsys):
    waits = Waits()
    with waits.named("outer"):
        shown = told(capsys, "outer ..")
        with waits.named("inner"):
            shown = told(capsys, "inner ..", shown)
        shown = told(capsys, "outer ..", "")
    shown += capsys.readouterr().err
    assert shown.endswith("\n")


def test_a_line_between_stands_by_itself(quick, capsys):
    waits = Waits()
    with waits.named("outer"):
        shown = told(capsys, "outer ..")
        waits.say("500 of 1,000 runs")
        shown = told(capsys, "runs\nspiral: outer .", shown)
    assert all(line.startswith("spiral: ") for line in shown.splitlines())


def test_a_face_shows_it_instead(quick, capsys):
    waits, seen = Waits(), []
    waits.face = seen.append
    with waits.named("outer"), waits.named("inner"):
        time.sleep(0.1)
    assert seen == ["outer", "inner", "outer", None]
    assert capsys.readouterr().err == ""


def test_nobody_who_listens_is_no_failure(quick, monkeypatch):
    def fails(_):
        raise BrokenPipeError

    waits = Waits()
    monkeypatch.setattr("sys.stderr", SimpleNamespace(write=fails, flush=lambda: None))
    with waits.named("outer"):
        wait_until(lambda: waits._told == "outer")


def test_its_thread_ends_with_the_last_wait(quick):
    waits = Waits()
    with waits.named("outer"):
        assert waits._thread is not None
    wait_until(lambda: waits._thread is None)
    assert not [thread for thread in threading.enumerate() if thread.name == "waits"]


def test_it_ends_at_once_when_nothing_more_is_to_be_told(monkeypatch, quick, capsys):
    waits = Waits()
    waits.begin("outer")
    shown = told(capsys, "outer ..")
    monkeypatch.setattr(waiting, "LOOK_AFTER", 3_600)
    waits.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "waits"]
    waits.begin("inner")
    assert not [thread for thread in threading.enumerate() if thread.name == "waits"]
    assert (shown + capsys.readouterr().err).endswith("\n")


ENDS = """
import atexit, threading
atexit.register(lambda: print([one.name for one in threading.enumerate()]))  # what is registered first runs last
from sim.cli.waiting import WAITS
WAITS.begin("what never ends")
print([one.name for one in threading.enumerate()])
"""


def test_nobody_tells_of_waits_while_the_interpreter_shuts_down():
    done = subprocess.run([sys.executable, "-c", ENDS], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['MainThread', 'waits']", "['MainThread']"]


def test_compiling_is_named_by_numbas_own_events_until_the_command_ends(quick, compiler, capsys):
    with click.Context(click.Command("any")):
        compiler.listen()
        compiler.listen()  # no second time
        with event.trigger_event("numba:compile"), event.trigger_event("numba:compile"):
            told(capsys, f"spiral: {COMPILING} ...")
        spent = compiler.seconds
        assert spent > 0
    with event.trigger_event("numba:compile"):
        time.sleep(0.05)
    assert compiler.seconds == spent
    assert COMPILING not in capsys.readouterr().err


def test_a_failure_to_compile_ends_the_wait_too(compiler):
    with click.Context(click.Command("any")):
        compiler.listen()
        with pytest.raises(KeyboardInterrupt), event.trigger_event("numba:compile"):
            raise KeyboardInterrupt
        assert waiting.WAITS._names == []


def test_a_rate_leaves_out_what_was_compiled(compiler, monkeypatch):
    clock = SimpleNamespace(now=100.0)
    for module in (waiting, progress_module):
        monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: clock.now, sleep=time.sleep))
    shown = []
    told_to = progress_module.Progress(lambda *told: shown.append(told), "it")
    clock.now = 101.0
    compiler.step(1)
    clock.now = 160.0
    compiler.step(1)
    compiler.step(-1)
    told_to(10, 1000, 0, 0)  # while it is compiled
    assert shown[-1][2:] == (10.0, 99.0)
    clock.now = 161.0
    compiler.step(-1)
    clock.now = 170.0
    told_to(500, 1000, 0, 0)
    assert shown[-1][2:] == (50.0, 10.0)


def test_a_job_is_named_and_then_its_conclusion(quick, compiler, capsys):
    with progress("it") as told_to:
        told(capsys, "spiral: simulating ..")
        told_to(1000, 1000, 0, 0)
        shown = told(capsys, "spiral: working out the answer ..")
        told_to(1000, 2000, 0, 0)  # some have a stage more
        shown = told(capsys, "spiral: simulating ..")
        told_to(2000, 2000, 0, 0)
        shown = told(capsys, "spiral: working out the answer .", shown)
    assert waiting.WAITS._names == []
    assert (shown + capsys.readouterr().err).endswith("\n")


def test_waits_may_end_in_any_order():
    waits, seen = Waits(), []
    waits.face = seen.append
    for name in ("outer", "inner"):
        waits.begin(name)
    for name in ("outer", "never begun", "inner"):
        waits.end(name)
    assert seen == ["outer", "inner", "inner", "inner", None]
