"""Help, the version, what is loaded for it, and what a terminal is shown that a pipe is not."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli.groups import grouped
from sim.experiments import kinds
from tests.cli.commands import OCTOBER, PATIENCE, QUICK, SPIRAL, unwaited
from tests.forked import Forked

TINY = ("--set", "end=2023-10-31", "--prevented", "0")

# Help, and what is loaded

COMMANDS = (
    *(
        "new",
        "run",
        "plan",
        "results",
        "plot",
        "report",
        "check",
        "evidence",
        "scenarios",
        "trace",
        "why",
        "play",
        "dashboard",
        "record",
    ),
    *("ask", "sweep", "compare", "dilemma", "sensitivity", "discover", "policy", "warnings"),
    *("calibrate", "validate", "forecast", "rivals"),
)


def test_help_names_every_command(spiral):
    told = listed(spiral("--help")[1])
    assert {name for rows in told.values() for name in rows} == set(COMMANDS)


def listed(text: str) -> dict[str, dict[str, str]]:
    """Commands of the help with what they do, by heading."""
    found: dict[str, dict[str, str]] = {}
    for line in text.split("Options:")[1].splitlines():
        if heading := re.fullmatch(r"([A-Z][a-z ]+):", line):
            found[heading[1]] = rows = {}
        elif row := re.match(r"  ([a-z]+)  +(\S.*)", line):
            rows[row[1]] = row[2]
    return found


def test_help_lists_commands_by_what_they_are_for_in_short_lines(spiral):
    told = listed(spiral("--help")[1])
    assert list(told) == ["Start", "Look inside", "Ask what if", "Fit and score", "Files"]
    assert list(told["Start"])[:2] == ["new", "scenarios"]
    for rows in told.values():
        for name, line in rows.items():
            assert line.endswith("."), name  # nothing was wrapped
            assert len(line) < 60, name


def test_a_command_that_no_group_names_is_listed_nonetheless():
    told = {"run": "Run.", "unheard": "Of."}
    assert dict(grouped(told)) == {"Start": [("run", "Run.")], "Others": [("unheard", "Of.")]}


HELP = """
import sys
from sim.cli.main import cli
heavy = {'numba', 'scipy', 'pandas', 'matplotlib', 'pyarrow', 'mesa', 'panel', 'bokeh'}
for words in sys.argv[1:]:
    assert cli.main([*words.split(), "--help"], prog_name="spiral", standalone_mode=False) in (None, 0)
    print(words, sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


def test_help_loads_no_heavy_library(here):
    asked = [
        "",
        *(name for name in COMMANDS if name not in kinds() or name == "why"),
        "results verify",
        "record from-csv",
    ]
    command = [sys.executable, "-c", HELP, *asked]
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, timeout=PATIENCE, check=True)
    for words in asked:
        assert f"Usage: {' '.join(['spiral', *words.split()])} [" in done.stdout
    assert done.stderr.splitlines() == [f"{words} []" for words in asked]


def test_help_of_a_question_loads_what_declares_it_and_nothing_that_draws(here):
    asked = [name for name in COMMANDS if name in kinds()]
    command = [sys.executable, "-c", HELP, *asked]
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, timeout=PATIENCE, check=True)
    for words in asked:
        assert f"Usage: spiral {words} [" in done.stdout
    assert len(done.stderr.splitlines()) == len(asked)
    assert not re.search("matplotlib|mesa", done.stderr)


def test_the_version_is_told(spiral):
    from sim import __version__

    assert spiral("--version") == (0, f"spiral, version {__version__}\n", "")


# The progress bar


def on_a_terminal(command: list[str], cwd: Path) -> tuple[int, str]:
    """Run a command with a terminal as its stderr; gives the exit code, and what the terminal was sent."""
    master, slave = pty.openpty()
    child = Forked(command, cwd, env=os.environ | {"TERM": "xterm", "COLUMNS": "100"}, stderr=slave)
    os.close(slave)
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # as Linux tells that the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(master)
    return child.wait(PATIENCE), shown.decode(errors="replace")


def test_a_terminal_is_shown_progress(here):
    command = [*OCTOBER, "--runs", "2000", "--no-figures", *TINY, "--out", "r"]
    code, shown = on_a_terminal(command, here)
    assert code == 0
    assert "simulating" in shown
    assert "runs, " in shown
    assert " a second" in shown


@pytest.mark.parametrize(
    "closed", [">&-", *(pytest.param(other, marks=pytest.mark.verification) for other in ("2>&-", "<&-"))]
)
def test_a_closed_stream_stops_no_run_and_a_pipe_is_shown_no_progress(here, closed):
    command = f'"{SPIRAL}" run october-2023 {" ".join((*QUICK, *TINY))} --out x {closed}'
    done = subprocess.run(
        ["sh", "-c", command], cwd=here, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, unwaited(done.stderr)) == (0, "")
    assert (here / "x" / "manifest.json").is_file()
