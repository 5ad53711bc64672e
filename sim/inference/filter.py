"""A particle filter: worlds are led along a record, weighed at its dates, resampled, and given fresh luck.

A particle is a world with a row of parameters. Its lineage, the run numbers that it and its ancestors lived under, is
kept: with its row it replays any particle's whole past.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.core import advance, conditioned
from sim.core.chance import ENVIRONMENT, PURPOSES
from sim.core.draws import address_uniform
from sim.core.state import MAX_STAGES, new_worlds
from sim.inference.conditioning import Conditioning
from sim.inference.observation.model import COLUMNS, Counts, log_likelihoods

RESAMPLING = PURPOSES["resampling"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint64]


@dataclass
class Particles:
    """Weighted worlds, and where they come from.

    Attributes
    ----------
    worlds : recarray of WORLD, shape (n,)
    rows : shape (n,), index of the row of parameters of each
    lineage : shape (n, stages), run number under which it lived each stage
    unseen : shape (n,), wounded that are not counted yet
    values : shape (n, days kept, columns), what happened, see `sim.inference.observation.model.COLUMNS`
    log_weights : shape (n,)
    """

    worlds: np.ndarray
    rows: Integers
    lineage: Numbers
    unseen: Floats
    values: Floats
    log_weights: Floats

    def taken(self, index: Integers) -> Particles:
        """The particles at an index, of equal weight."""
        return Particles(
            self.worlds[index], self.rows[index], self.lineage[index], self.unseen[index], self.values[index],
            np.zeros(len(index)),
        )  # fmt: skip

    @property
    def weights(self) -> Floats:
        """Weights that add up to 1."""
        w = np.exp(self.log_weights - self.log_weights.max())
        return np.asarray(w / w.sum())

    @property
    def shares(self) -> Floats:
        """Weight of every row of parameters that is left, adding up to 1."""
        return np.asarray(np.bincount(self.rows, self.weights))


@dataclass(frozen=True)
class Filtered:
    """What a filter leaves.

    Attributes
    ----------
    particles : weighted, after the last day
    stages : first day of every stage, as index from the scenario's start
    log_evidence : log of the estimated probability (density) of the record; the estimate itself is unbiased
    effective : effective number of particles at the end of every stage, before resampling
    """

    particles: Particles
    stages: tuple[int, ...]
    log_evidence: float
    effective: tuple[float, ...]


def stages_of(conditioning: Conditioning) -> tuple[int, ...]:
    """First day of every stage, as index.

    A new one begins after each date on which something is reported, and on the first day of a span of deaths, of
    which many lucks have to be tried. A strike ends none: worlds are led through it, and a stage that it cut short
    would leave a few days to meet the next counts. Of more than a world can remember the shortest is put together with
    the shorter of its neighbours, again and again.
    """
    deadly = {r.first for r in conditioning.scored if r.series == "killed" and r.value > 0}
    starts = {(r.last - conditioning.start).days + 1 for r in conditioning.scored}
    starts |= {(first - conditioning.start).days for first in deadly}
    stages = [0, *sorted(day for day in starts if 0 < day < conditioning.days)]
    while len(stages) > MAX_STAGES:
        edges = [*stages, conditioning.days]
        both = [edges[i + 1] - edges[i - 1] for i in range(1, len(stages))]
        del stages[1 + both.index(min(both))]
    return tuple(stages)


def run_filter(
    conditioning: Conditioning,
    setting: np.ndarray,
    random_seed: int,
    first_run: int,
    table: np.ndarray,
    lags: Floats,
    stages: tuple[int, ...] | None = None,
) -> Filtered:
    """Lead particles along a record, one a row of parameters to begin with.

    Parameters
    ----------
    conditioning : Conditioning
    setting : recarray of SETTING, shape (1,)
    random_seed : int
    first_run : int
        First of the run numbers that are used up: as many as there are rows, times the number of stages.
    table : recarray of PARAMETERS, shape (n,)
    lags : ndarray, shape (n,)
        Days until the wounded are counted.
    stages : tuple of int, optional
        First day of every stage; those of `stages_of` by default. With (0,) nothing is resampled.
    """
    n, stages = len(table), stages or stages_of(conditioning)
    particles = _new(conditioning, setting, table, n, len(stages))
    log_evidence, effective = 0.0, []
    for stage, (first, last) in enumerate(zip(stages, (*stages[1:], conditioning.days), strict=True)):
        runs = np.arange(n, dtype=np.uint64) + np.uint64(first_run + stage * n)
        if stage > 0:
            u = address_uniform(np.uint64(random_seed), runs[0], ENVIRONMENT, RESAMPLING)
            particles = particles.taken(systematic(particles.weights, n, u))
        particles.worlds["run"], particles.lineage[:, stage] = runs, runs
        _live(particles, conditioning, setting, random_seed, table, lags, first, last)
        top = particles.log_weights.max()
        log_evidence += float(top + np.log(np.exp(particles.log_weights - top).mean()))
        effective.append(float(1.0 / (particles.weights**2).sum()))
    return Filtered(particles, stages, log_evidence, tuple(effective))


def replayed(
    conditioning: Conditioning,
    setting: np.ndarray,
    random_seed: int,
    table: np.ndarray,
    lags: Floats,
    lineage: Numbers,
    stages: tuple[int, ...],
) -> Particles:
    """Live whole pasts again under given luck, one a row of parameters: without resampling, weighed by all on record.

    Parameters
    ----------
    lineage : ndarray of uint64, shape (n, len(stages))
        Run number of each stage.
    stages : tuple of int
        First day of each.
    conditioning, setting, random_seed, table, lags
        As of `run_filter`.
    """
    particles = _new(conditioning, setting, table, len(table), 1)
    past, first = particles.worlds["past"], int(conditioning.timeline["date"][0])
    past["seed"], past["until"] = random_seed, first + conditioning.days
    past["ends"][:, : len(stages)] = [first + end for end in (*stages[1:], conditioning.days)]
    past["runs"][:, : len(stages)] = lineage
    _live(particles, conditioning, setting, random_seed, table, lags, 0, conditioning.days)
    return particles


def systematic(weights: Floats, count: int, u: float) -> Integers:
    """Indices drawn by systematic resampling: each as often as `count` times its weight, rounded up or down.

    Parameters
    ----------
    weights : ndarray, adding up to 1
    count : int
    u : float
        One uniform number in (0, 1).
    """
    edges = np.cumsum(weights)
    places = (np.arange(count) + u) / count * edges[-1]
    return np.minimum(np.searchsorted(edges, places, side="right"), len(weights) - 1).astype(np.int64)


def _new(
    conditioning: Conditioning, setting: np.ndarray, table: np.ndarray, n: int, stages: int
) -> Particles:
    worlds, rows = new_worlds(np.zeros(n, np.uint64)), np.arange(n)
    advance.start(worlds, table, rows, setting)
    return Particles(
        worlds, rows, np.zeros((n, stages), np.uint64), np.zeros(n),
        np.zeros((n, len(conditioning.kept), len(COLUMNS))), np.zeros(n),
    )  # fmt: skip


def _live(
    particles: Particles,
    conditioning: Conditioning,
    setting: np.ndarray,
    random_seed: int,
    table: np.ndarray,
    lags: Floats,
    first: int,
    last: int,
) -> None:
    """Lead particles through a stage, and weigh them by what is reported by its end."""
    particles.log_weights = particles.log_weights + live_stage(
        conditioning, setting, random_seed, (first, last), particles.worlds, table, lags, particles.rows,
        particles.unseen, particles.values,
    )  # fmt: skip


def live_stage(
    conditioning: Conditioning,
    setting: np.ndarray,
    random_seed: int,
    days: tuple[int, int],
    worlds: np.ndarray,
    table: np.ndarray,
    lags: Floats,
    rows: Integers,
    unseen: Floats,
    values: Floats,
) -> Floats:
    """Lead worlds through days, the last excluded, in place.

    Returns
    -------
    ndarray, shape (n,)
        Log likelihood of what is on record of these days: of what is steered, and of the reports due by their end.
    """
    steps = np.zeros((len(worlds), 2))
    conditioned.advance_steered(
        worlds, table, rows, conditioning.timeline, setting, np.uint64(random_seed), *days,
        conditioning.weigh, np.exp(-1.0 / lags), unseen, steps, values, conditioning.at,
    )  # fmt: skip
    dates = [conditioning.start + datetime.timedelta(days=day) for day in range(*days)]
    due = [report for report in conditioning.scored if report.last in dates]
    counts = Counts(conditioning.start, conditioning.kept, values)
    scores = log_likelihoods(due, counts, conditioning.record.counts_jordan)
    return np.asarray(steps.sum(1) + scores.sum(1))
