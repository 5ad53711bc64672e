"""Wherever a job dies, it ends as one that did not; and one process at a time is at work in a folder."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sim.pipeline import checkpoints
from sim.pipeline.checkpoints import Blocks
from sim.pipeline.runner import Execution, Runner
from sim.simulate.parts import counts_part
from sim.simulate.pools import in_turn
from sim.simulate.reducers import Count, Counted
from sim.simulate.spans import Point, Span, Task, block_tasks
from sim.store import COUNTS, MANIFEST, RefusedPlace, StoreError, open_work
from sim.store.manifest import LOCK
from sim.store.naming import counts_name, part_name
from sim.store.places import is_locked
from sim.store.standing import look_at, standings
from tests.store.jobs import HIDDEN, content, lasting, live, older, opened, spoil


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder that is in memory, where there is such a place."""
    place = Path("/dev/shm")
    if not os.access(place, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=place) as folder:
        yield Path(folder)


# A crash at any step

STEPS = ("fsync", "replace", "unlink", "rmdir", "mkdir")


class Dead(BaseException):
    """What a process does once it is killed: nothing."""


def dies_at(step: int, error: type[BaseException], job: Callable[[], object]) -> bool:
    """Do a job that is ended before some call of the system that writes; whether it came to that.

    A KeyboardInterrupt comes once, and leaves the process to tidy up. Whoever is Dead makes no call any more.
    """
    made = 0

    def instead(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            nonlocal made
            made += 1
            if made == step or (made > step and error is Dead):
                raise error
            return None if call.__name__ == "fsync" else call(*args, **kwargs)

        return counted

    with pytest.MonkeyPatch.context() as patch:
        for name in ("fsync", "replace", "unlink", "rmdir", "mkdir"):
            patch.setattr(os, name, instead(getattr(os, name)))
        try:
            job()
        except (KeyboardInterrupt, Dead):
            return True
    return False


STARTS = ["new", "begun", "damaged", "fresh", "older"]


def prepared(home: Path, start: str) -> None:
    if start == "begun":
        with opened(home) as work:
            work.keep(part_name(0), b"outcomes 1 0" * 3)
            work.keep(counts_name(HIDDEN, 0), b"counts 1 0")
    if start == "damaged":
        live(home)
        spoil(home / part_name(50), "another byte")
        spoil(home / COUNTS, "cut short")
        spoil(home / "estimates.json", "missing")
    if start == "fresh":
        live(home, name="other", seed=7)
    if start == "older":
        older(home)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("error", [KeyboardInterrupt, Dead])
def test_wherever_a_job_dies_it_ends_as_one_that_did_not(memory, start, error):
    fresh = start in ("fresh", "older")
    live(memory / "undisturbed")
    undisturbed = lasting(memory / "undisturbed")
    prepared(memory / "start", start)
    step, died = 1, True
    while died:
        place = memory / f"crisis-{step}"
        if start != "new":
            shutil.copytree(memory / "start", place)
        died = dies_at(step, error, lambda: live(place, fresh=fresh))  # noqa: B023 - called at once
        check_standing(place, start)
        went_on = gone_on_with(place, fresh)
        assert lasting(place) == undisturbed, step
        assert died or went_on  # the one that got through was whole
        shutil.rmtree(place)
        step += 1
    assert step > 25  # as many calls as the smallest of these jobs makes


def check_standing(place: Path, start: str) -> None:
    """Whatever moment a job dies at, nothing but a folder that was damaged before, or holds nothing yet, is damaged."""
    if (place / MANIFEST).exists() and start != "damaged":
        at = look_at(place, every_bit=True)
        assert (at.state in ("unfinished", "whole", "older"), at.faults) == (True, ())


def gone_on_with(place: Path, fresh: bool) -> bool:
    """Go on with a job; afresh only where the one before had not come so far as to say that it is this one."""
    try:
        return live(place)
    except RefusedPlace:
        assert fresh
        return live(place, fresh=True)


class Made(Count):
    """Counts that are made up, for blocks that nobody simulates."""

    def __call__(self, task: Task, told: object = None) -> Counted:
        name, tallies = self.new_tallies(task)
        tallies.runs, tallies.movers[task.number] = task.runs, 1
        return Counted(b"outcomes" if self.keeps_outcomes(task) else None, counts_part({name: tallies}))


def test_blocks_are_counted_alike_wherever_a_job_is_interrupted(memory, monkeypatch):
    monkeypatch.setattr(checkpoints, "FOLDED_BLOCKS", 2)
    world = SimpleNamespace(days=2)
    spans = [Span(Point(0, world), 0, 60), Span(Point(1, world), 0, 10)]  # type: ignore[arg-type]
    tasks = block_tasks(spans, "prior", 25)

    def carried_out(place: Path) -> None:
        with opened(place) as work:
            if not work.was_whole:
                runner = Runner(Execution(pool=in_turn), 70, work)
                tallies = Blocks(tasks, Made(("runs", "altered")), work).complete(runner)
                assert [tallies[name].runs for name in ("runs", "altered")] == [60, 10]
                assert list(tallies["runs"].movers.nonzero()[0]) == [0, 1, 2]
                if place.name == "undisturbed":  # what has been put into one file is not kept apart
                    assert not any(name.startswith(work.hidden) for name in work.kept)
                work.finish({"finished": "2026-01-01T00:00:00+00:00"})

    carried_out(memory / "undisturbed")
    undisturbed = lasting(memory / "undisturbed")
    assert len([name for name in undisturbed if "part-" in name]) == 3
    step, died = 1, True
    while died:
        place = memory / f"crisis-{step}"
        died = dies_at(step, KeyboardInterrupt, lambda: carried_out(place))  # noqa: B023 - called at once
        carried_out(place)
        assert lasting(place) == undisturbed, step
        step += 1
    assert step > 40


# One process at a time

HOLDER = """
import sys, time
from pathlib import Path
from sim.store import open_work
with open_work(Path(sys.argv[1]), {"scenario": "x"}, ("crisis", "name: crisis"), {}) as work:
    work.keep("daily.csv", b"held")
    print("ready", flush=True)
    sys.stdin.readline()
    work.keep("estimates.json", b"held too")
    work.finish({"finished": "2026-01-01T00:00:00+00:00"})
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process at work in a folder."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "crisis")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        yield child
        child.kill()


def hold_in(place: Path) -> None:
    with open_work(place, {"scenario": "x"}, ("crisis", "name: crisis"), {}):
        pass


def test_a_second_process_is_refused_and_told_of_the_first(holder, tmp_path):
    before = content(tmp_path)
    for fresh in (False, True):
        with (
            pytest.raises(StoreError, match=rf"crisis: process {holder.pid} on .* is at work there; wait"),
            open_work(tmp_path / "crisis", {"scenario": "x"}, ("crisis", ""), {}, fresh),
        ):
            pytest.fail("the block must not be entered")
    assert content(tmp_path) == before
    assert holder.communicate(b"\n") == (b"", None)
    assert holder.returncode == 0
    hold_in(tmp_path / "crisis")


def test_looking_does_not_disturb_whoever_is_at_work(holder, tmp_path):
    before, lock = content(tmp_path), (tmp_path / "crisis" / LOCK).read_bytes()
    for _ in range(20):
        assert is_locked(tmp_path / "crisis")
        assert [one.state for one in standings(tmp_path)] == ["at work"]
    assert (content(tmp_path), (tmp_path / "crisis" / LOCK).read_bytes()) == (before, lock)
    holder.communicate(b"\n")
    assert holder.returncode == 0
    assert [one.state for one in standings(tmp_path)] == ["whole"]


def test_looking_keeps_nobody_from_beginning(begun):
    lock = (begun / LOCK).read_bytes()
    assert not is_locked(begun)
    assert look_at(begun).state == "unfinished"
    assert (begun / LOCK).read_bytes() == lock
    with opened(begun):
        assert is_locked(begun)
    assert not is_locked(begun)


def test_a_killed_process_keeps_no_lock_and_loses_nothing_kept(holder, tmp_path):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (tmp_path / "crisis" / LOCK).read_text().startswith(f"process {holder.pid} on ")
    assert not is_locked(tmp_path / "crisis")
    with open_work(tmp_path / "crisis", {"scenario": "x"}, ("crisis", "name: crisis"), {}) as work:
        assert work.read("daily.csv") == b"held"
        assert {"daily.csv", "crisis.yaml"} == work.kept.keys()
        assert f"process {os.getpid()} on " in (tmp_path / "crisis" / LOCK).read_text()


@pytest.mark.parametrize("held", [b"", b"process 1 on elsewhere", b"\xff" * 5000])
def test_a_lock_file_that_nobody_holds_is_no_obstacle(done, held):
    (done / LOCK).write_bytes(held)
    assert look_at(done).state == "whole"
    assert live(done)
