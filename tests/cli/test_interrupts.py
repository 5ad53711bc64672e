"""A run that is interrupted, killed or failing says what is kept, and the same command goes on from there."""

import json
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.simulate.reducers import Count, Counted
from sim.simulate.spans import Task
from tests.cli.commands import (
    ALL,
    BLOCKS,
    OCTOBER,
    OWN,
    PATIENCE,
    contents,
    one_error,
    parts,
    unwaited,
)
from tests.forked import Forked

STRAIGHT = Count.__call__
"""As it is before `simulated` counts: what an interrupted run simulates is not counted."""


def noted(folder: Path) -> dict[str, tuple[int, int]]:
    """Of the parts those that the journal vouches for: an interrupt may come between a file and its line."""
    lines = [line for journal in folder.rglob("journal.jsonl") for line in journal.read_text().splitlines()]
    names = {str(json.loads(line)["file"]) for line in lines}
    return {part: of for part, of in parts(folder).items() if part.endswith(tuple(names))}


# Interrupts

KEPT = re.compile(
    r"spiral: interrupted; ([\d,]+) of ([\d,]+) runs are kept, and the same command goes on from there\n"
)


@pytest.fixture
def started(here: Path) -> Iterator[Callable[..., Forked]]:
    """Start `spiral`, and wait until it has kept the outcomes of another two blocks."""
    children = []

    def start(*args: str) -> Forked:
        enough = len(parts(here)) + 2
        child = Forked(args, here)
        children.append(child)
        until = time.monotonic() + PATIENCE
        while len(parts(here)) < enough:
            assert child.poll() is None, child.communicate()
            assert time.monotonic() < until, "the run never wrote anything"
            time.sleep(0.02)
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate(timeout=PATIENCE)


ENDLESS = (
    *(*OCTOBER, "--set", "end=2023-11-05", "--runs", "1000000"),
    *("--no-figures", "--threads", "2", "--block-size", "500", "--prevented", "0"),
)


@pytest.fixture
def standing(spiral: Callable[..., tuple[int, str, str]]) -> Callable[[str], dict[str, object]]:
    """How the one result below a place stands."""

    def look(place: str) -> dict[str, object]:
        code, out, err = spiral("results", "--under", place, "--json")
        assert (code, err) == (0, "")
        (one,) = json.loads(out)
        return dict(one)

    return look


@pytest.mark.parametrize(("which", "times"), [(signal.SIGINT, 2), (signal.SIGTERM, 1)])
def test_an_interrupted_run_says_what_is_kept_and_goes_on_from_there(
    spiral, here, started, standing, which, times
):
    before: dict[str, tuple[int, int]] = {}
    kept = 0
    for _ in range(times):
        child = started(*ENDLESS, "--out", "new/place")
        child.send_signal(which)
        out, err = child.communicate(timeout=PATIENCE)
        assert (child.returncode, out) == (130, "")
        told = KEPT.fullmatch(unwaited(err))
        assert told, err
        runs, now = int(told[1].replace(",", "")), noted(here)
        assert (told[2], runs % 500) == ("1,080,000", 0)
        assert runs > kept
        assert before.items() <= now.items()
        kept, before = runs, now
        one = standing("new/place")
        assert (one["state"], one["faults"], one["blocks"]) == ("unfinished", [], 2_160)
        assert one["counted"] in (
            kept // 500,
            kept // 500 + 1,
        )  # the last may have been kept, and not yet told
        assert one["command"] == f"spiral {' '.join(ENDLESS)} --out new/place"
        assert not list(here.rglob("*.draft"))
        assert "finished" not in json.loads((here / "new" / "place" / "manifest.json").read_bytes())
    hidden = [path.name for path in (here / "new" / "place").glob(".job-*")]
    assert len(hidden) == 1
    assert (here / "new" / "place" / hidden[0] / "journal.jsonl").is_file()
    code, _, err = spiral("plot", "new/place")
    assert code == 2
    assert "is not finished" in one_error(err)


def test_a_run_interrupted_before_its_first_block_says_so(here, standing):
    child = Forked(
        [*OCTOBER, "--runs", "50000", "--engine", "mesa", "--block-size", "50000", "--no-figures"], here
    )
    try:
        until = time.monotonic() + PATIENCE
        while not list(here.rglob(".job-*/journal.jsonl")):
            assert child.poll() is None, child.communicate()
            assert time.monotonic() < until, "the run never began"
            time.sleep(0.02)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=PATIENCE)
    finally:
        child.kill()
    assert (child.returncode, out, unwaited(err)) == (
        130,
        "",
        "spiral: interrupted; the same command begins again\n",
    )
    assert standing("results/october-2023")["counted"] == 0


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "the same command begins again"),
        (1, "500 of 18,000 runs are kept, and the same command goes on from there"),
        (OWN - 1, "1,500 of 18,000 runs are kept, and the same command goes on from there"),
        (
            ALL - 1,
            f"{500 * ALL - 500:,} of {500 * ALL:,} runs are kept, and the same command goes on from there",
        ),
    ],
)
def test_wherever_a_run_is_interrupted_it_ends_as_one_that_was_not(
    spiral, here, monkeypatch, simulated, number, said
):
    def interrupted(self: Count, task: Task, told: Callable[[int], None] | None = None) -> Counted:
        if task.number == number:
            raise KeyboardInterrupt
        return STRAIGHT(self, task, told)

    command = (*OCTOBER, *BLOCKS, "--threads", "1", "--out", "r")
    with monkeypatch.context() as patch:
        patch.setattr(Count, "__call__", interrupted)
        assert spiral(*command) == (130, "", f"spiral: interrupted; {said}\n")
    before = parts(here)
    assert len(before) == min(number, OWN)
    code, _, err = spiral(*command)
    assert (code, err) == (0, "")
    assert simulated == list(range(number, ALL))
    assert before.items() <= parts(here).items()
    assert spiral(*OCTOBER, *BLOCKS, "--out", "plain")[0] == 0
    assert contents(here / "r") == contents(here / "plain")


def test_an_interrupted_fresh_run_names_a_command_that_does_not_begin_anew(
    spiral, here, monkeypatch, simulated
):
    def interrupted(self: Count, task: Task, told: Callable[[int], None] | None = None) -> Counted:
        if task.number == 2:
            raise KeyboardInterrupt
        return STRAIGHT(self, task, told)

    command = (*OCTOBER, *BLOCKS, "--threads", "1", "--out", "r")
    assert spiral(*command, "--random-seed", "1")[0] == 0
    del simulated[:]
    with monkeypatch.context() as patch:
        patch.setattr(Count, "__call__", interrupted)
        patch.setattr("sys.argv", ["spiral", *command, "--fresh"])
        code, _, err = spiral(*command, "--fresh")
    kept = "1,000 of 18,000 runs are kept"
    assert (code, err) == (
        130,
        f"spiral: interrupted; {kept}, and the same command without --fresh goes on from there\n",
    )
    assert f"`spiral {' '.join(command)}` goes on with it" in spiral("results", "--under", "r")[1]
    assert spiral(*command)[0] == 0
    assert simulated == list(range(2, ALL))


def test_a_failing_block_fails_the_run_and_loses_no_other(spiral, here, monkeypatch, simulated):
    def failing(self: Count, task: Task, told: Callable[[int], None] | None = None) -> Counted:
        if task.number == 2:
            raise OSError(5, "Input/output error")
        return STRAIGHT(self, task, told)

    command = (*OCTOBER, *BLOCKS, "--threads", "1", "--out", "r")
    with monkeypatch.context() as patch:
        patch.setattr(Count, "__call__", failing)
        code, out, err = spiral(*command)
    assert (code, out) == (1, "")
    assert "1,000 of 18,000 runs are kept, and the same command goes on from there" in one_error(err)
    assert spiral(*command)[0] == 0
    assert simulated == list(range(2, ALL))


def test_a_killed_run_is_listed_as_unfinished_and_the_same_command_completes_it(
    spiral, here, started, standing
):
    command = (
        *OCTOBER, "--runs", "2000", "--set", "end=2023-12-31", "--block-size", "200", "--no-figures",
        "--prevented", "0",
    )  # fmt: skip
    child = started(*command, "--threads", "1", "--out", "r")
    child.kill()
    out, err = child.communicate(timeout=PATIENCE)
    assert (out, unwaited(err)) == ("", "")
    assert child.returncode == -signal.SIGKILL
    before, one = parts(here), standing("r")
    assert (one["state"], one["faults"], one["blocks"]) == ("unfinished", [], 90)
    assert 0 < one["counted"] < 90
    told = spiral("results", "--under", "r")[1]
    again = f"`spiral {' '.join(command)} --threads 1 --out r` goes on with it"
    assert f"r: {one['counted']:,} of 90 blocks are kept; {again}" in told.splitlines()
    code, _, err = spiral(*command, "--out", "r")
    assert (code, err) == (0, "")
    assert standing("r")["state"] == "whole"
    kept = sorted(before)[: one["counted"]]  # the one after them may have been left without its counts
    assert {name: before[name] for name in kept}.items() <= parts(here).items()
    assert spiral(*command, "--out", "plain")[0] == 0
    assert contents(here / "r") == contents(here / "plain")


def test_a_place_where_a_run_is_at_work_is_a_failure(spiral, started, standing):
    child = started(*ENDLESS, "--out", "r")
    assert standing("r")["state"] == "at work"
    code, out, err = spiral(*ENDLESS, "--out", "r")
    assert (code, out) == (1, "")
    assert f"r: process {child.pid} on " in one_error(err)
    assert "is at work there; wait for it" in err
    assert child.poll() is None


def test_an_interrupt_elsewhere_is_one_line(spiral, monkeypatch):
    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.cli.listing.scenarios_command", interrupted)
    code, out, err = spiral("scenarios")
    assert (code, out, err.strip()) == (130, "", "spiral: interrupted")
