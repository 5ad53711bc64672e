"""The short answer: one screen of 80 columns and 24 lines, its warnings first, its tables behind --full."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.report.terminal import MOST_LINES

Run = Callable[..., tuple[int, str, str]]
SHORT = ("--set", "end=2023-12-15", "--threads", "1", "--no-figures")
FEW = ("--runs", "25")
QUESTIONS = {
    "run": ("run", "october-2023", "--runs", "200", "--prevented", "50"),
    "run, at the defaults": ("run", "tower-22", "--runs", "50", "--parameters", "default", "--prevented", "50"),
    "comparison": ("compare", "october-2023", "decisive-doctrine", "restraint-doctrine", "--runs", "100"),
    "comparison of many": ("compare", "october-2023", "decisive-doctrine", "restraint-doctrine", "baghdad-presses",
                           "informal-agreement", "--runs", "50"),
    "comparison with itself": ("compare", "october-2023", "--set", "us.readiness=1", "--runs", "100"),
    "sweep": ("sweep", "october-2023", "--vary", "us.readiness=-2:2:5", *FEW),
    "map": ("sweep", "october-2023", "--vary", "us.readiness=-2:2:3", "--vary", "iraq.pressing=-5:-1:3", *FEW),
    "design": ("sweep", "october-2023", "--vary", "us.readiness=-2:2", "--design", "lhs", "--points", "6", *FEW),
    "question": ("ask", "october-2023", "us killed from 2023-11-21 given none before", "--against",
                 "decisive-doctrine", "--runs", "500"),
    "questions": ("ask", "october-2023", "us killed", "us strike", "attacks", "20 attacks", "us strike in iraq",
                  "us wounded", "quiet of 9 days", "avowed attack given us killed", "--runs", "250"),
    "signs": ("warnings", "october-2023", "--runs", "500", "--ahead", "7"),
    "screening": ("sensitivity", "october-2023", "--method", "morris", "--samples", "4", "--runs", "2"),
    "policies": ("policy", "october-2023", "--rows", "2", "--generations", "2", "--judged", "8"),
}  # fmt: skip


def answered(spiral: Run, question: tuple[str, ...], *more: str) -> list[str]:
    code, out, _ = spiral(*question, *(() if question[1] == "tower-22" else SHORT), *more)
    assert code == 0
    return [line for line in out.splitlines() if line.strip()]


def without_warnings(lines: list[str]) -> list[str]:
    """The lines but for those, and their indented ends, that come before the answer."""
    answer = " ".join(line if not line.startswith("    ") else line[3:] for line in lines)
    first = next(
        i for i, line in enumerate(lines) if not line.startswith(("Warning:", "With ", "Not what", "    "))
    )
    assert "Warning:" not in " ".join(lines[first:]), answer
    return lines[first:]


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_it_fits_on_a_screen_and_its_tables_come_on_request(
    spiral: Run, here: Path, monkeypatch: pytest.MonkeyPatch, question: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = answered(spiral, question)
    short = without_warnings(said)
    assert 3 <= len(short) <= MOST_LINES, "\n".join(short)
    assert len(said) < 20
    assert max(map(len, short)) <= 80
    assert short[-1].endswith("--full shows the tables.")
    full = answered(spiral, question, "--full")
    kept = said[: -next(i for i, line in enumerate(reversed(said), 1) if " runs" in line)]
    assert full[: len(kept)] == kept
    assert len(full) > len(said)


def test_the_headline_says_where_its_parameters_come_from(spiral: Run, here: Path) -> None:
    first = {
        kind: " ".join(without_warnings(answered(spiral, QUESTIONS["run"], "--parameters", kind, "--fresh")))
        for kind in ("posterior", "prior", "default")
    }
    assert ", fitted to the record up to 17 Nov 2023." in first["posterior"]
    assert "drawn from their priors." in first["prior"]
    assert "parameters at their defaults." in first["default"]


def test_a_last_step_that_is_set_is_not_said_to_vary(spiral: Run, here: Path) -> None:
    held = {"us.level_4_base=-2": "over the prior of iran.answer.", "iran.answer=-2": ""}
    settings: list[str] = []
    for setting, told in held.items():
        settings += ["--set", setting]
        said = " ".join(" ".join(answered(spiral, QUESTIONS["run"], *settings, "--fresh")).split())
        assert told in said
        assert "last step" not in said
    assert "over the prior of" not in said


def test_few_draws_are_a_warning_above_the_numbers(spiral: Run, here: Path) -> None:
    said = answered(spiral, QUESTIONS["run"])
    assert said[0].startswith("Warning: 8 draws of the parameters are few")
    assert not re.search(r"Warning", " ".join(answered(spiral, QUESTIONS["run, at the defaults"])))


@pytest.mark.parametrize("kind", ["comparison with itself", "map"])
def test_a_mean_over_very_few_draws_is_warned_of_too(spiral: Run, here: Path, kind: str) -> None:
    draws = {"comparison with itself": "4 draws of the parameters are", "map": "1 draw of the parameters is"}
    said = " ".join(answered(spiral, QUESTIONS[kind]))
    assert f"Warning: {draws[kind]} few, so that ranges are rough; 1,000 runs" in said


def test_a_short_sweep_shows_the_point_from_which_changes_count(spiral: Run, here: Path) -> None:
    said = answered(spiral, QUESTIONS["map"])
    first = next(i for i, line in enumerate(said) if line.startswith("us.readiness"))
    assert said[first + 1].split()[:2] == ["-2", "-5"]


def test_a_short_sweep_shows_the_point_that_changes_nothing(spiral: Run, here: Path) -> None:
    said = answered(spiral, QUESTIONS["sweep"])
    heads = next(i for i, line in enumerate(said) if line.startswith("us.readiness  "))
    shown = {line.split()[0] for line in said[heads + 1 : heads + 5]}
    assert {"-2", "0"} < shown


def test_keys_are_never_cut(spiral: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    said = "".join(answered(spiral, QUESTIONS["map"]))
    assert "us.readiness" in said
    assert "iraq.pressing" in said
    assert "…" not in said
