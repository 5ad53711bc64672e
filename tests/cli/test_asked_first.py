"""Long jobs are asked about before they start."""

import json
import os
import pty
from pathlib import Path

import pytest

from sim.experiments import open_answer
from tests import forked
from tests.cli.commands import OCTOBER, PATIENCE, tree, unwaited

# Long jobs are asked for twice


@pytest.fixture
def asked_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.cli.ask.ASKED_ABOVE", 100)


SOON = (*OCTOBER, "--runs", "125", "--set", "end=2023-10-27", "--no-figures", "--out", "new/place")


@pytest.mark.usefixtures("asked_soon")
def test_a_long_job_is_not_started_unasked(spiral, here):
    code, out, err = spiral(*SOON)
    *plan, last = err.splitlines()
    assert (code, out) == (2, "")
    assert last == "spiral: 125 runs are not started unasked; --yes starts them"
    assert "pilot of 10,000 runs" in plan[1]
    assert any("in new/place" in line and " free" in line for line in plan)
    assert "Traceback" not in err
    assert tree(here) == set()


@pytest.mark.usefixtures("asked_soon")
def test_yes_starts_a_long_job_and_what_is_begun_is_not_asked_about_again(spiral, here, simulated):
    code, out, err = spiral(*SOON, "--yes")
    assert (code, err) == (0, "")
    assert open_answer(here / "new" / "place").manifest["runs"] == 125
    del simulated[:]
    assert spiral(*SOON) == (0, out, "")
    assert simulated == []
    code, _, err = spiral(*SOON, "--random-seed", "2")
    assert code == 2
    assert "not started unasked" in err
    code, _, err = spiral(*SOON, "--fresh")
    assert code == 2
    assert "not started unasked" in err
    assert spiral(*SOON) == (0, out, "")
    assert simulated == []


@pytest.mark.usefixtures("asked_soon")
def test_a_job_that_is_not_long_is_not_asked_about(spiral, here):
    words = ["100" if word == "125" else word for word in SOON]
    code, _, err = spiral(*words)
    assert (code, err) == (0, "")
    assert open_answer(here / "new" / "place").manifest["runs"] == 100


def test_a_job_that_the_disk_does_not_hold_is_not_started_unasked(spiral, here, monkeypatch):
    monkeypatch.setattr("sim.experiments.run.sizing.free_bytes", lambda place: 1_000)
    command = (*OCTOBER, "--precision", "0.5", "--set", "end=2023-10-27", "--no-figures", "--out", "r")
    code, out, err = spiral(*command)
    assert (code, out) == (2, "")
    assert "too little" in err
    assert err.splitlines()[-1].endswith("runs are not started unasked; --yes starts them")
    assert tree(here) == set()
    assert spiral(*command, "--yes")[0] == 0
    assert open_answer(here / "r").manifest["runs"] == 2_000


def at_a_terminal(answer: bytes, *args: str, cwd: Path) -> tuple[int, str, str]:
    """Run `spiral` where the typist answers; few runs are asked about. Gives the exit code, stdout and stderr."""
    code = "import sim.cli.ask as ask; ask.ASKED_ABOVE = 100\nfrom sim.cli.main import main; main()"
    master, slave = pty.openpty()
    try:
        os.write(master, answer)
        done = forked.run(args, cwd, PATIENCE, code, stdin=slave)
    finally:
        os.close(slave)
        os.close(master)
    return done.returncode, done.stdout.strip(), unwaited(done.stderr)


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (b"n\n", 0, "Nothing was started."),
        (b"\n", 0, "Nothing was started."),
        (b"\x04", 130, "spiral: interrupted"),
    ],
    ids=["no", "nothing", "end-of-input"],
)
def test_a_terminal_is_shown_the_plan_and_asked_and_may_decline(here, answer, code, said):
    returned, out, err = at_a_terminal(answer, *SOON, cwd=here)
    assert (returned, out) == (code, "")
    assert "pilot of 10,000 runs" in err
    assert "Start? [y/N]:" in err
    assert err.splitlines()[-1].endswith(said)
    assert tree(here) == set()


def test_a_terminal_that_agrees_starts_the_job(here):
    code, out, err = at_a_terminal(b"y\n", *SOON, "--json", cwd=here)
    assert code == 0
    assert "Start? [y/N]:" in err
    assert json.loads(out)["manifest"]["runs"] == 125
    assert open_answer(here / "new" / "place").manifest["runs"] == 125
