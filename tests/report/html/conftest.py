"""Small results, made once, whose reports are looked at."""

from pathlib import Path
from typing import Any

import pytest

from sim.cli.main import cli
from sim.experiments import open_answer
from sim.pipeline.answers import Answer
from sim.report.html import report_of
from tests.report.html.reading import Read, read

SHORT = ("--set", "end=2023-12-15", "--no-figures")
MADE = {
    # enough runs, and long enough ones, that some come to the headline
    "run": ("run", "october-2023", "--runs", "250", "--random-seed", "1", "--set", "end=2024-01-31"),
    "sweep": ("sweep", "october-2023", "--vary", "us.readiness=-2:2:3", "--vary", "us.ceiling=0,2", "--runs", "50"),
    "scattered": (
        "sweep", "october-2023", "--vary", "us.readiness=-2:2", "--vary", "us.ceiling=-2:2", "--design", "lhs",
        "--points", "5", "--runs", "50",
    ),
    "compare": ("compare", "october-2023", "decisive-doctrine", "--runs", "100"),
    "forecast": (
        "forecast", "october-2023", "--as-of", "2023-10-24", "--islands", "2", "--particles", "100", "--runs", "100",
    ),
}  # fmt: skip


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The answer of a question by its name, carried out when it is first asked for."""
    home, found = tmp_path_factory.mktemp("reported"), dict[str, Answer[Any]]()

    def answer(name: str) -> Answer[Any]:
        if name not in found:
            folder: Path = home / name
            assert (
                cli.main([MADE[name][0], *SHORT, *MADE[name][1:], "--out", str(folder)], prog_name="spiral")
                == 0
            )
            found[name] = open_answer(folder)
        return found[name]

    return answer


@pytest.fixture(scope="session")
def page(made: Any) -> Any:
    """The report of a question by its name, read."""
    found = dict[str, Read]()

    def report(name: str) -> Read:
        if name not in found:
            found[name] = read(report_of(made(name)))
        return found[name]

    return report
