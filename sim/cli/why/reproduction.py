"""What `spiral why --reproduction` prints: how severe events bring on one another, by kind and by day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from sim.errors import InputError, SpiralError
from sim.experiments.why.reproduction import (
    FEWEST_ROWS,
    PHASES,
    WINDOW,
    Reproduction,
    estimate_text,
    reproduction,
)
from sim.simulate.job import Job
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.wording import day_text

if TYPE_CHECKING:
    from rich.table import Table

DEFAULT_RUNS = 2_000
EVERY = 14  # days between the rows of the table by day
SEVERE = (
    "A severe event is a US death by a militia's attack, a US strike in Iraq or of level 3 or more, or an open answer "
    "by Iran."
)
DIRECT = (
    "What an event brings on: severe events that follow it, less those that would have come without it, with the same "
    "luck; those that follow are taken out in turn, so that none counts for what another did."
)
NUMBER = (
    "The reproduction number is the dominant eigenvalue of the mean offspring by kind, at least 0: above one, severe "
    "events bring on more than their own number, and the conflict feeds itself."
)


def reproduction_command(job: Job, runs: int | None, as_json: bool, place: Path | None = None) -> None:
    """Estimate the reproduction number of a scenario, and print it.

    Parameters
    ----------
    job : Job
    runs : int or None
        Number of runs, from 0 on; 2,000 when None.
    as_json : bool
        Print one JSON object, with every day, and nothing else.
    place : Path, optional
        Folder to draw the figure into.
    """
    if place is not None:
        _check(place)
    found = reproduction(job, np.arange(runs or DEFAULT_RUNS, dtype=np.uint64))
    if as_json:
        click.echo(json.dumps(as_object(found, job)))
    else:
        _print(found, job)
    if place is not None and found.phases:
        files = _draw(found, job, place)
        if not as_json:
            for file in files:
                click.echo(f"Figure: {file}")


def _check(place: Path) -> None:
    from sim.report.figures.place import PlaceTakenError, check_place

    try:
        check_place(place, "reproduction")
    except PlaceTakenError as error:
        raise InputError(str(error)) from error


def _draw(found: Reproduction, job: Job, place: Path) -> list[Path]:
    from sim.report.figures.reproduction import draw_reproduction

    try:
        return draw_reproduction(found, job, place)
    except OSError as error:
        raise SpiralError(f"{place}: cannot be written: {error.strerror or error}") from error


def as_object(found: Reproduction, job: Job | None = None) -> dict[str, Any]:
    """Plain numbers and lists, for JSON."""
    by_day = found.by_day.assign(date=found.by_day["date"].dt.strftime("%Y-%m-%d"))
    return {
        **({} if job is None else {"scenario": job.scenario.name, "parameters": job.parameters}),
        "runs": found.runs,
        "numbers": {
            name: {"number": e.number, "chance": [e.low, e.high], "events": e.events}
            for name, e in found.phases.items()
        },
        "unknown": found.unknown,
        "mean_offspring": {
            "columns_bring_on_rows": ["militias", "us", "iran"],
            "matrix": found.matrix.tolist(),
        },
        "by_kind": found.by_kind.to_dict("records"),
        "by_day": by_day.to_dict("records"),
    }


def _print(found: Reproduction, job: Job) -> None:
    from sim.report.terminal.screen import Screen

    screen = Screen()
    if "all" not in found.phases:
        screen.say(
            f"No severe event came in {found.runs:,} runs of {job.scenario.name}: nothing to follow up."
        )
        return
    number = _number(found, job.parameters != "default")
    screen.say(f"Escalation reproduction number of {job.scenario.name}: {number}", "bold")
    for name in PHASES[1:]:
        if name in found.phases:
            e = found.phases[name]
            screen.say(
                f"{name.replace('the', 'the ' + job.scenario.headline)}: {estimate_text(e)} ({e.events:,} events)"
            )
    screen.say(f"{SEVERE} {NUMBER}")
    screen.print(_kinds(found))
    screen.say(DIRECT)
    screen.print(_days(found))
    screen.say(
        f"Events within {WINDOW} days to either side. Towards the end of the scenario what events bring on is cut "
        "short. Every event counts once, so that runs with long exchanges weigh most. "
        f"{found.runs:,} runs, seed {job.random_seed}; intervals are 95% by chance."
    )


def _number(found: Reproduction, drawn: bool) -> str:
    text = f"{estimate_text(found.phases['all'])} by chance"
    if found.unknown is None:
        least = FEWEST_ROWS * RUNS_PER_ROW
        few = f"too few rows of parameters to say how far not knowing them moves it: take {least} runs"
        return f"{text}, {few if drawn else 'parameters at their defaults'}"
    low, high = found.unknown
    return f"{text}, [{low:.2f}, {high:.2f}] with the parameters unknown (each row of them from its 25 runs: rough)"


def _kinds(found: Reproduction) -> Table:
    from rich.table import Table

    table = Table(title="What a severe event brings on, less what it prevents", title_justify="left")
    for heading in ("severe event", "a run", "deaths", "strikes", "answers", "in all [95%]"):
        table.add_column(heading, justify="left" if heading == "severe event" else "right")
    for row in found.by_kind.itertuples():
        brings = (f"{value:+.2f}" for value in (row.brings_militias, row.brings_us, row.brings_iran))
        total = f"{row.brings:+.2f} [{row.low:+.2f}, {row.high:+.2f}]"
        table.add_row(row.kind.replace("strike of level", "strike"), f"{row.a_run:.2f}", *brings, total)
    return table


def _days(found: Reproduction) -> Table:
    from rich.table import Table

    table = Table(title="By day", title_justify="left")
    for heading in ("around", "severe events", "reproduction number [95%]"):
        table.add_column(heading, justify="left" if heading == "around" else "right")
    for row in found.by_day.iloc[::EVERY].itertuples():
        number = f"{row.number:.2f} [{row.low:.2f}, {row.high:.2f}]"
        table.add_row(day_text(row.date.date()), f"{row.events:,}", number)
    return table
