"""A job: a scenario made ready for the engine, and the one way to simulate runs of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from sim.engines import compiled
from sim.parameter_rows import default_rows, fixed_by, prior_rows, rows_of_runs
from sim.timeline import timeline_of
from sim.world import new_worlds, reseat, setting_of

if TYPE_CHECKING:
    from sim.scenario import Scenario

Parameters = Literal["prior", "default"]


@dataclass(frozen=True)
class Segment:
    """A stretch of days under one scenario: what it fixes, its days, and the parameters it sets."""

    setting: np.ndarray
    timeline: np.ndarray
    fixed: Mapping[str, float]


@dataclass(frozen=True)
class Job:
    """A scenario made ready: its past segments in order and, last, its own.

    Attributes
    ----------
    parameters : 'prior' (a row of draws for every 25 runs) or 'default' (one row for all)
    random_seed : the seed of every draw
    """

    scenario: Scenario
    segments: tuple[Segment, ...]
    parameters: Parameters
    random_seed: int

    @property
    def days(self) -> int:
        """Days of the scenario itself, without its past."""
        return len(self.segments[-1].timeline)


def make_job(
    scenario: Scenario, parameters: Parameters = "prior", override: Mapping[str, float] | None = None
) -> Job:
    """Make a scenario ready for the engine.

    Parameters
    ----------
    scenario : Scenario
    parameters : 'prior' or 'default'
    override : mapping, optional
        Parameters held at a value in all segments whatever the scenario says, by registry name: such as
        `sim.parameters.couplings()` for the world with its couplings off.
    """
    chain = [scenario]
    while chain[0].past is not None:
        chain.insert(0, chain[0].past)
    segments = tuple(
        Segment(setting_of(part), timeline_of(part), {**fixed_by(part), **(override or {})}) for part in chain
    )
    return Job(scenario, segments, parameters, scenario.random_seed)


Counts = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Histograms, sums and rungs, as `compiled.advance` adds to them."""

NOTHING: Counts = (np.zeros((0, 0, 0), np.int32), np.zeros((0, 0), np.int64), np.zeros((0, 0), np.int64))


def simulate(job: Job, runs: npt.NDArray[np.uint64], counts: Counts = NOTHING) -> np.ndarray:
    """Simulate runs from the first day to the last.

    Parameters
    ----------
    job : Job
    runs : ndarray of uint64, shape (n,)
        Run numbers, in any order; a run is the same in whatever company it is simulated.
    counts : tuple of ndarray, optional
        Daily counts to add to.

    Returns
    -------
    recarray of WORLD, shape (n,)
        The worlds after the last day.
    """
    worlds, table, rows, last = prepare(job, runs)
    _advance(job, worlds, table, rows, last, counts)
    return worlds


def prepare(
    job: Job, runs: npt.NDArray[np.uint64], row_numbers: npt.NDArray[np.int64] | None = None
) -> tuple[np.ndarray, np.ndarray, npt.NDArray[np.int64], Segment]:
    """Worlds at the scenario's start, its past behind them.

    Parameters
    ----------
    job : Job
    runs : ndarray of uint64, shape (n,)
    row_numbers : ndarray of int64, shape (n,), optional
        The parameter row of each run, where it is not its own.

    Returns
    -------
    tuple
        The worlds, the table of parameter rows, the row that each world takes, and the segment to come.
    """
    worlds = new_worlds(runs)
    wanted = rows_of_runs(runs) if row_numbers is None else row_numbers
    numbers, rows = np.unique(wanted, return_inverse=True)
    if job.parameters == "default":
        rows = np.zeros(len(runs), np.int64)
    first = job.segments[0]
    table = _table(job, first, numbers)
    compiled.start(worlds, table, rows, first.setting)
    for before, after in pairwise(job.segments):
        _advance(job, worlds, table, rows, before, NOTHING)
        reseat(worlds, before.setting, after.setting)
        table = _table(job, after, numbers)
        compiled.seat(worlds, table, rows, after.setting)
    return worlds, table, rows, job.segments[-1]


def _advance(
    job: Job,
    worlds: np.ndarray,
    table: np.ndarray,
    rows: npt.NDArray[np.int64],
    segment: Segment,
    counts: Counts,
) -> None:
    seed, days = np.uint64(job.random_seed), len(segment.timeline)
    compiled.advance(worlds, table, rows, segment.timeline, segment.setting, seed, 0, days, *counts)


def _table(job: Job, segment: Segment, numbers: npt.NDArray[np.int64]) -> np.ndarray:
    if job.parameters == "default":
        return default_rows(segment.fixed)
    return prior_rows(numbers, job.random_seed, segment.fixed)
