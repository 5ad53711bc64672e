"""How many runs a scenario needs, how long they take and how large they are, told from a pilot.

What is decided by the pilot's runs is decided by other random streams and other parameter draws than the answer.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from sim.errors import InputError
from sim.estimates import Estimate
from sim.estimates.planning import Counts, foreseen, runs_needed
from sim.estimates.tables import estimate_event
from sim.outcomes import EVENTS
from sim.pipeline.checkpoints import FOLDED_BLOCKS
from sim.pipeline.cost import BYTES_OF_REPORT, PILOT_FIRST, SECONDS_OF_REPORT, Cost, free_bytes
from sim.simulate import Tallies, make_job, new_tallies, simulate
from sim.simulate.blocks import Block
from sim.simulate.job import Job, Parameters
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.parts import counts_part, outcomes_part
from sim.wording import points_text

if TYPE_CHECKING:
    from sim.experiments.run import Run
    from sim.pipeline.request import Request
    from sim.scenario import Scenario

Sized = TypeVar("Sized", bound="Run")

PILOT_RUNS, CHUNK = 10_000, 2_000
"""Runs of a pilot, and how many are timed at a time; all whole rows."""

MOST_RUNS = 1_000_000_000

BYTES_OF_DAY = 9_400  # tables, and 100 runs day by day
GROWTH_OF_COUNTS = 3  # from the pilot's to those of a million runs, with the altered worlds'


@dataclass(frozen=True)
class Pilot:
    """What some runs tell of a job, before any of its own are simulated.

    Attributes
    ----------
    estimate : of the headline
    rows : its whole rows by the number of their runs in which the headline came, shape (RUNS_PER_ROW + 1,)
    runs : how many there were
    seconds_per_run : on one thread, with counting and encoding, without compiling
    bytes_per_run, bytes_of_counts : of the outcome table, and of the pilot's own counts
    """

    estimate: Estimate
    rows: Counts
    runs: int
    seconds_per_run: float
    bytes_per_run: float
    bytes_of_counts: int


@dataclass(frozen=True)
class RunCost(Cost):
    """What a scenario's runs take, and how precise they make the headline.

    Attributes
    ----------
    pilot : what it is told from
    precision : the half-width that was asked for, if any
    needed : runs that the precision needs; None where none was asked for
    capped : whether that is more than is allowed
    own_runs, rows : of the scenario itself; one row where parameters are not drawn
    lives : of the sample of which it is asked what restraint averts
    most_rows : fitted or own rows that there are, which come again beyond that; None where rows are drawn anew
    keep : whether the outcome table is kept
    half_width, half_width_at_most : of the Monte Carlo interval, as expected and as 95% of such jobs keep below
    """

    pilot: Pilot
    precision: float | None
    needed: int | None
    capped: bool
    own_runs: int
    rows: int
    lives: int
    most_rows: int | None
    half_width: float
    half_width_at_most: float
    keep: str

    @property
    def altered_runs(self) -> int:
        """Runs of all altered worlds together."""
        return self.runs - self.own_runs - self.lives

    def as_object(self) -> Mapping[str, Any]:
        """Plain values, for JSON."""
        found = self.pilot
        pilot = {"runs": found.runs, **found.estimate.as_dict(), "seconds_per_run": found.seconds_per_run}
        names = (
            "precision", "needed", "capped", "rows", "most_rows", "altered_runs", "lives", "half_width",
            "half_width_at_most", "keep", "threads", "seconds", "bytes", "most_bytes", "free_bytes",
        )  # fmt: skip
        plain = {name: getattr(self, name) for name in names}
        return {"pilot": pilot, "runs": self.own_runs, "blocks": self.tasks, **plain}


def pilot_of(scenario: Scenario, parameters: Parameters) -> Pilot:
    """Simulate and count the pilot's runs, on this thread; all but the times is the same on every machine."""
    job = make_job(scenario, parameters)
    tallies, outcomes, seconds = new_tallies(job.days), [], []
    # The first runs may have to be compiled: the median leaves them out.
    for first in range(PILOT_FIRST, PILOT_FIRST + PILOT_RUNS, CHUNK):
        began = time.perf_counter()
        outcomes.append(_add_runs(job, first, tallies))
        seconds.append((time.perf_counter() - began) / CHUNK)
    event, by_row = EVENTS.index(scenario.headline), parameters != "default"
    block = Block(PILOT_FIRST, np.concatenate(outcomes), tallies)
    began = time.perf_counter()
    part, counts = outcomes_part(block, scenario, by_row), counts_part({scenario.name: tallies})
    return Pilot(
        estimate=estimate_event(tallies, event, -1, by_row),
        rows=tallies.rows[event, -1].copy(),
        runs=PILOT_RUNS,
        seconds_per_run=median(seconds) + (time.perf_counter() - began) / PILOT_RUNS,
        bytes_per_run=len(part) / PILOT_RUNS,
        bytes_of_counts=len(counts),
    )


def _add_runs(job: Job, first: int, tallies: Tallies) -> np.ndarray:
    runs = np.arange(first, first + CHUNK, dtype=np.uint64)
    outcomes = np.asarray(simulate(job, runs, tallies.daily))["outcome"].copy()
    tallies.add(outcomes, EVENTS.index(job.scenario.headline))
    return outcomes


def sized(run: Sized, request: Request) -> Sized:
    """The run with as many histories as its precision needs, or as many as were allowed.

    Raises
    ------
    InputError
        When it needs more runs or rows than there can be, and fewer were not asked for.
    """
    assert run.precision is not None
    found = pilot_of(run.scenario, run.parameters)
    needed = runs_needed(found.rows, run.precision, run.drawn)
    most_rows = run.most_rows
    if not (chosen := sets_runs(request.settings)):
        if most_rows and needed > most_rows * RUNS_PER_ROW:
            half_width, _ = foreseen(found.rows, most_rows * RUNS_PER_ROW, run.drawn)
            which, more = _which_draws(run)
            raise InputError(
                f"--precision: {run.precision} takes more than the {most_rows:,} {which}, "
                f"which leave {points_text(half_width)} to either side whatever the runs; ask for a wider one, or "
                f"{more}"
            )
        if needed > MOST_RUNS:
            raise InputError(
                f"--precision: {run.precision} needs about {_few_digits(needed)} runs, and at most "
                f"{MOST_RUNS:,} can be simulated; ask for a wider one, or cap the runs with --runs"
            )
    runs = min(needed, run.scenario.runs if chosen else MOST_RUNS)
    scenario = run.scenario.model_copy(update={"runs": runs})
    return replace(run, scenario=scenario, runs_needed=needed, pilot=found)


def _which_draws(run: Run) -> tuple[str, str]:
    """What the draws are of which there are so many only, and how to have more."""
    if (own := run.scenario.draws) is not None:
        return f"draws of {own.file}", "give more draws"
    return "fitted draws of the parameters", "for --parameters prior, whose rows are drawn without end"


def sets_runs(settings: Sequence[str]) -> bool:
    """Whether the number of runs was given, so that a precision keeps to it."""
    return any(text.partition("=")[0].strip() == "runs" for text in settings)


def _few_digits(count: int) -> str:
    return f"{float(f'{count:.2g}'):,.0f}"


def cost_of_run(run: Run, found: Pilot, threads: int, place: Path) -> RunCost:
    """What the runs of a scenario take, by its pilot.

    Parameters
    ----------
    run : Run
        As `sized` gives it.
    found : Pilot
    threads : int
        How many will work; more than there are processors, or blocks, gain nothing.
    place : Path
        Of the result folder, there or not.
    """
    runs, needed = run.scenario.runs, run.runs_needed
    most_rows = run.most_rows
    rows = min(math.ceil(runs / RUNS_PER_ROW), most_rows or runs)
    expected, at_most = foreseen(found.rows, min(runs, rows * RUNS_PER_ROW), run.drawn)
    at_work = min(threads, os.cpu_count() or 1, run.task_count)
    size = _bytes(found, runs if run.keep == "outcomes" else 0, run.scenario.days)
    return RunCost(
        runs=run.total,
        tasks=run.task_count,
        threads=threads,
        seconds=run.total * found.seconds_per_run / at_work + SECONDS_OF_REPORT,
        bytes=size,
        most_bytes=size + min(run.task_count, FOLDED_BLOCKS) * found.bytes_of_counts,
        free_bytes=free_bytes(place),
        pilot=found,
        precision=run.precision,
        needed=needed,
        capped=needed is not None and needed > runs,
        own_runs=runs,
        rows=rows if run.drawn else 1,
        lives=run.lives,
        most_rows=most_rows,
        half_width=expected,
        half_width_at_most=at_most,
        keep=run.keep,
    )


def _bytes(found: Pilot, runs: int, days: int) -> int:
    """Size of a result folder that keeps the outcomes of so many runs."""
    fixed = BYTES_OF_REPORT + days * BYTES_OF_DAY + GROWTH_OF_COUNTS * found.bytes_of_counts
    return fixed + math.ceil(runs * found.bytes_per_run)
