"""What `spiral why --feeding` prints: what escalatory acts bring on and, apart from it, what they prevent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from sim.cli.cautioned import say_caution, with_caution
from sim.cli.lone_figure import check, drawn
from sim.core.offspring import KINDS
from sim.experiments.why.excitation import FEWEST_ROWS, Part, Parts
from sim.experiments.why.feeding import PHASES, WINDOW, Feeding, feeding
from sim.scenario.titles import told_all
from sim.simulate.job import Job
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.wording import day_text, parameters_text

if TYPE_CHECKING:
    from rich.table import Table

DEFAULT_RUNS = 2_000
EVERY = 28  # days between the rows of the table by day
ESCALATORY = (
    "An escalatory act is a US death by a militia's attack, a US strike in Iraq or of level 3 or more, or an open "
    "answer by Iran."
)
DIRECT = (
    "What it brings on: escalatory acts that follow it and, with the same luck, would not have come without it; "
    "what it prevents: those that come without it only. Those that follow are taken out in turn, so that none "
    "counts for what another did. Of each kind the mean is taken, and the means above 0 and below 0 are added up "
    "apart: excitation and inhibition."
)
BOUND = (
    "Bound: the spectral radius of the excitation alone, which is what acts would bring on from generation to "
    "generation did none prevent any. Below one, the conflict does not feed itself."
)


def feeding_command(job: Job, runs: int | None, as_json: bool, place: Path | None = None) -> None:
    """Estimate excitation and inhibition of a scenario, and print them.

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
    check(place, "feeding")
    found = feeding(job, np.arange(runs or DEFAULT_RUNS, dtype=np.uint64))
    if as_json:
        click.echo(json.dumps(told_all(with_caution(job.scenario, as_object(found, job)))))
    else:
        say_caution(job.scenario)
        _print(found, job)
    if found.phases:
        from sim.report.figures.feeding import draw_feeding

        for file in drawn(lambda folder: draw_feeding(found, job, folder), place):
            if not as_json:
                click.echo(f"Figure: {file}")


def as_object(found: Feeding, job: Job | None = None) -> dict[str, Any]:
    """Plain numbers and lists, for JSON."""
    by_day = found.by_day.assign(date=found.by_day["date"].dt.strftime("%Y-%m-%d"))
    by_kind = found.by_kind.astype(object).where(found.by_kind.notna(), None)
    return {
        **({} if job is None else {"scenario": job.scenario.name, "parameters": job.parameters}),
        "runs": found.runs,
        "escalatory_acts": {name: _parts(parts) for name, parts in found.phases.items()},
        "mean_offspring": {"columns_bring_on_rows": list(KINDS), "matrix": found.matrix.tolist()},
        "by_kind": by_kind.to_dict("records"),
        "by_day": by_day.to_dict("records"),
    }


def _parts(parts: Parts) -> dict[str, Any]:
    def plain(part: Part) -> dict[str, Any]:
        unknown = None if part.unknown is None else list(part.unknown)
        return {"mean": part.mean, "chance": list(part.chance), "unknown": unknown}

    return {
        "acts": parts.acts,
        "excitation": plain(parts.excitation),
        "inhibition": plain(parts.inhibition),
        "bound_of_excitation_alone": {"value": parts.bound.mean, "chance": list(parts.bound.chance)},
    }


def _print(found: Feeding, job: Job) -> None:
    from sim.report.terminal.screen import Screen

    screen = Screen()
    if "all" not in found.phases:
        screen.say(
            f"No escalatory act came in {found.runs:,} runs of {job.scenario.name}: nothing to follow up."
        )
        return
    whole = found.phases["all"]
    screen.say(
        f"Each escalatory act of {job.scenario.name} brings on {_text(whole.excitation)} others and prevents "
        f"{_text(whole.inhibition)}",
        "bold",
    )
    for name in PHASES[1:]:
        if name in found.phases:
            e = found.phases[name]
            when = name.replace("the", "the " + job.scenario.headline)
            screen.say(f"{when}: {e.excitation} and {e.inhibition} ({e.acts:,} acts)")
    screen.say(f"{ESCALATORY} {DIRECT}")
    screen.print(_kinds(found))
    screen.say(f"Bound {whole.bound}. {BOUND}")
    screen.print(_days(found))
    screen.say(_how(found, job))


def _how(found: Feeding, job: Job) -> str:
    few = ""
    if job.parameters != "default" and found.phases["all"].excitation.unknown is None:
        few = f"; {FEWEST_ROWS * RUNS_PER_ROW} runs or more tell how far not knowing the parameters moves it"
    return (
        f"By day: acts within {WINDOW} days to either side. Towards the end of the scenario what acts bring on is cut "
        "short. Every act counts once, so that runs with long exchanges weigh most. "
        f"{found.runs:,} runs, seed {job.random_seed}, parameters {parameters_text(job.parameters)}; intervals [] are "
        f"95% by chance, ranges are the central 90% over draws of the parameters{few}."
    )


def _text(part: Part) -> str:
    unknown = "" if part.unknown is None else f" (90%: {_range(*part.unknown)})"
    return f"{part}{unknown}"


def _range(low: float, high: float) -> str:
    return "" if np.isnan(low) else f"{low:.2f} to {high:.2f}"


def _kinds(found: Feeding) -> Table:
    from rich.table import Table

    table = Table(title="What an escalatory act brings on, and what it prevents", title_justify="left")
    table.add_column("escalatory act")
    for heading in ("a run", "brings on [95%]", "90%", "prevents [95%]", "90%"):
        table.add_column(heading, justify="right")
    for row in found.by_kind.to_dict("records"):
        cells = []
        for name in ("excitation", "inhibition"):
            cells.append(str(Part(row[name], (row[f"{name}_low"], row[f"{name}_high"]))))
            cells.append(_range(row[f"{name}_unknown_low"], row[f"{name}_unknown_high"]))
        table.add_row(str(row["kind"]), f"{row['a_run']:.2f}", *cells)
    return table


def _days(found: Feeding) -> Table:
    from rich.table import Table

    table = Table(title="By day", title_justify="left")
    table.add_column("around")
    for heading in ("escalatory acts", "bring on [95%]", "prevent [95%]"):
        table.add_column(heading, justify="right")
    for row in found.by_day.iloc[::EVERY].itertuples():
        more = Part(row.excitation, (row.excitation_low, row.excitation_high))
        less = Part(row.inhibition, (row.inhibition_low, row.inhibition_high))
        table.add_row(day_text(row.date.date()), f"{row.acts:,}", str(more), str(less))
    return table
