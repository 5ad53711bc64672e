"""The plan of a job: how many runs it needs, how long they take and how large they are, told from a pilot.

The pilot's runs have numbers of their own, which no result uses: what is decided by them is decided by other luck and
other rows of parameters than the answer.
"""

from __future__ import annotations

import math
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from sim.estimates import Estimate
from sim.estimates.planning import Counts, foreseen, runs_needed
from sim.estimates.tables import estimate_event
from sim.experiments.keeping import FOLDED
from sim.experiments.run import Keep, Settings, batches_of
from sim.outcomes import EVENTS
from sim.scenario import Scenario
from sim.simulate import Tallies, make_job, new_tallies, simulate
from sim.simulate.batches import tasks_of
from sim.simulate.blocks import Block, block_size
from sim.simulate.job import Job, Parameters
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.parts import counts_part, outcomes_part

PILOT_RUNS, PILOT_FIRST, CHUNK = 10_000, RUNS_PER_ROW * 2**40, 2_000
"""Runs of a pilot, the first of them, and how many are timed at a time; all whole rows."""

SECONDS_OF_REPORT = 5.0  # tables and figures
BYTES_OF_FIGURES = 2_600_000
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
class Plan:
    """What a job will take.

    Attributes
    ----------
    pilot : what it is told from
    precision : the half-width that was asked for, if any
    needed : runs that the precision needs; None where none was asked for
    capped : whether that is more than is allowed
    runs, rows : of the scenario itself; one row where parameters are not drawn
    most_rows : fitted rows that there are, which come again beyond that; None where rows are drawn anew
    altered_runs : runs of all altered worlds together
    blocks : of both
    half_width, half_width_at_most : of the interval by chance, as expected and as 95% of such jobs keep below
    threads, seconds : how many work, and the wall time that they are estimated to take
    bytes, most_bytes, free_bytes : of the result folder when it is whole and while it is worked on, and what is free
        at its place
    """

    pilot: Pilot
    precision: float | None
    needed: int | None
    capped: bool
    runs: int
    rows: int
    most_rows: int | None
    altered_runs: int
    blocks: int
    half_width: float
    half_width_at_most: float
    threads: int
    seconds: float
    bytes: int
    most_bytes: int
    free_bytes: int

    @property
    def beyond_rows(self) -> bool:
        """Whether the precision takes more rows of parameters than were fitted."""
        return bool(self.most_rows and self.needed and self.needed > self.most_rows * RUNS_PER_ROW)


def pilot(scenario: Scenario, parameters: Parameters) -> Pilot:
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


def plan(
    scenario: Scenario,
    parameters: Parameters,
    precision: float | None,
    threads: int,
    keep: Keep,
    most_runs: int,
    place: Path,
) -> Plan:
    """Plan a job from a pilot.

    Parameters
    ----------
    scenario : Scenario
    parameters : 'prior' or 'default'
    precision : float or None
        Half the width that is wanted; the scenario's number of runs when None.
    threads : int
        How many will work; more than there are processors, or blocks, gain nothing.
    keep : 'outcomes' or 'summary'
        Whether the outcome table is kept.
    most_runs : int
        The plan keeps to them whatever the precision needs.
    place : Path
        Of the result folder, there or not.
    """
    found, by_row = pilot(scenario, parameters), parameters != "default"
    needed = None if precision is None else runs_needed(found.rows, precision, by_row)
    runs = scenario.runs if needed is None else min(needed, most_runs)
    batches = batches_of(scenario.model_copy(update={"runs": runs}), Settings(parameters, keep=keep))
    simulated, blocks = sum(batch.runs for batch in batches), len(tasks_of(batches, block_size(runs)))
    fitted = make_job(scenario, parameters).posterior
    most_rows = None if fitted is None else fitted.rows
    rows = min(math.ceil(runs / RUNS_PER_ROW), most_rows or runs)
    expected, at_most = foreseen(found.rows, min(runs, rows * RUNS_PER_ROW), by_row)
    at_work = min(threads, os.cpu_count() or 1, blocks)
    size = _bytes(found, runs if keep == "outcomes" else 0, scenario.days)
    return Plan(
        pilot=found,
        precision=precision,
        needed=needed,
        capped=needed is not None and needed > most_runs,
        runs=runs,
        rows=rows if by_row else 1,
        most_rows=most_rows,
        altered_runs=simulated - runs,
        blocks=blocks,
        half_width=expected,
        half_width_at_most=at_most,
        threads=threads,
        seconds=simulated * found.seconds_per_run / at_work + SECONDS_OF_REPORT,
        bytes=size,
        most_bytes=size + min(blocks, FOLDED) * found.bytes_of_counts,
        free_bytes=free_bytes(place),
    )


def _bytes(found: Pilot, runs: int, days: int) -> int:
    """Size of a result folder that keeps the outcomes of so many runs."""
    fixed = BYTES_OF_FIGURES + days * BYTES_OF_DAY + GROWTH_OF_COUNTS * found.bytes_of_counts
    return fixed + math.ceil(runs * found.bytes_per_run)


def free_bytes(place: Path) -> int:
    """Bytes that are free where a folder stands, or would stand."""
    home = Path(os.path.realpath(place))
    return shutil.disk_usage(next(folder for folder in (home, *home.parents) if folder.exists())).free
