"""What all tests share."""

import math
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from sim.cli.main import cli
from tests.cli.commands import unwaited
from tests.closed.table import KEY, Row, told

# Started in the background of a shell, a process ignores Ctrl-C, and so do its children: tests send it, and mean it.
signal.signal(signal.SIGINT, signal.default_int_handler)
# The first call of a compiled function takes as long as it takes.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def waits_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command writes does not hang on how busy the machine is."""
    monkeypatch.setattr("sim.cli.waiting.TOLD_AFTER", math.inf)
    monkeypatch.setattr("sim.cli.progress.FIRST", math.inf)


@pytest.fixture(autouse=True)
def the_disk_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here takes its power away."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def spiral(here: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process, in a working folder of its own: exit code, stdout, stderr."""

    def run(*args: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = cli.main(list(args), prog_name="spiral")
        out, err = capfd.readouterr()
        return code, out, unwaited(err)

    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the closed forms that were checked, by whichever process, in one table."""
    reports = [
        r for found in terminalreporter.stats.values() for r in found if isinstance(r, pytest.TestReport)
    ]
    properties = [p for r in reports if r.when == "teardown" for p in r.user_properties]
    rows = [Row(*values) for key, table in properties if key == KEY for values in table]
    if rows:
        terminalreporter.section("closed forms")
        for line in told(sorted(rows, key=lambda row: row.statistic)):
            terminalreporter.write_line(line)
