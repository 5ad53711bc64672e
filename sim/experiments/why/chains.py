"""Chains of acts that end on the headline spiral, and how many escalatory acts the first one of a run brings about."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.core.acts import ACTS, DAY, KIND, MILITIA
from sim.core.chains import BEFORE, find_chains
from sim.estimates.intervals import Estimate
from sim.estimates.sampled import sampled
from sim.experiments.why.cascades import Cascades, cascade_table, summaries
from sim.experiments.why.ranking import Progress, share_of_spirals
from sim.simulate.job import Job, prepare
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.pools import on_threads

LEAST = 3
"""Acts after its root that a chain must have."""

SAMPLE = 300
CHUNK = 25
RUNG_OF_ACT = (1, 2, 3, 3, 4, 5, 5)  # the rung that each kind of act can complete; 6 takes two of rung 5


@dataclass(frozen=True)
class Link:
    """An act of a chain: index of its day, its kind (of `sim.core.acts.ACTS`), its militia's index or -1."""

    day: int
    kind: str
    militia: int


@dataclass(frozen=True)
class Chains:
    """What came of runs 0 to `runs` - 1.

    Attributes
    ----------
    runs, reached, searched : number of runs, of those that came to the headline spiral, of those searched for chains
    chain : probability that a run comes to it at the end of a chain of at least LEAST acts after its root
    given : the share of such runs among those searched; None without one
    lengths : runs searched by the length of the longest chain that ends on the spiral, from 0 on
    example : the first run with such a chain, and the chain; None without one
    cascades : of all runs with an escalatory act, and of those that came to the spiral (`all`, `spiralled`; one
        without a run is missing)
    by_run : DataFrame, one row a run: run, row (of parameters), spiral_day and first_day (of its first escalatory act;
        -1: none), with, without (later escalatory acts with that act and without it), length (of its chain, -1: not
        searched)
    """

    runs: int
    reached: int
    searched: int
    chain: Estimate
    given: Estimate | None
    lengths: tuple[int, ...]
    example: tuple[int, tuple[Link, ...]] | None
    cascades: dict[str, Cascades]
    by_run: pd.DataFrame


def chains(
    job: Job,
    runs: int,
    sample: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Chains:
    """Search runs for chains of acts, and count what their first escalatory act brought about.

    Parameters
    ----------
    job : Job
    runs : int
        At least 1; the runs are 0 to `runs` - 1.
    sample : int, optional
        Most runs that are searched for chains, at least 1, drawn at random among those that came to the headline
        spiral: each costs a life for each of its acts. SAMPLE by default.
    threads : int, optional
        Number of threads; all processors by default. It changes no number.
    progress : callable, optional
        Told what is being done, how many runs of it are done, and how many there are.
    """
    tell = progress or (lambda *_: None)
    workers = threads or os.cpu_count() or 1
    table = cascade_table(job, runs, workers, tell)
    reached = table.loc[table["spiral_day"] >= 0, "run"].to_numpy()
    chosen = _drawn_from(reached, sample or SAMPLE)
    found = _chains_of(job, chosen, table["spiral_day"].to_numpy()[chosen], workers, tell)
    lengths = np.array([max(0, len(chain) - 1) for chain in found], np.int64)
    table["length"] = -1
    table.loc[chosen, "length"] = lengths
    long = lengths >= LEAST
    by_row = job.parameters != "default"
    return Chains(
        runs=runs,
        reached=len(reached),
        searched=len(chosen),
        chain=sampled(reached, chosen, long, runs, RUNS_PER_ROW if by_row else 1),
        given=share_of_spirals(chosen, chosen[long].tolist(), runs, by_row),
        lengths=tuple(np.bincount(lengths).tolist()),
        example=next(((int(r), c) for r, c in zip(chosen, found, strict=True) if len(c) > LEAST), None),
        cascades=summaries(table, runs, by_row),
        by_run=table,
    )


def _drawn_from(runs: npt.NDArray[np.int64], most: int) -> npt.NDArray[np.int64]:
    """At most so many of some runs, drawn at random and the same every time, in order."""
    if len(runs) <= most:
        return runs
    return np.sort(np.random.default_rng(0).choice(runs, most, replace=False))


def _chains_of(
    job: Job, runs: npt.NDArray[np.int64], days: npt.NDArray[np.int64], threads: int, tell: Progress
) -> list[tuple[Link, ...]]:
    parts = [(runs[i : i + CHUNK], days[i : i + CHUNK]) for i in range(0, len(runs), CHUNK)]
    found: list[tuple[Link, ...]] = []
    for part in on_threads(partial(_chains_of_part, job), parts, threads):
        found += part
        tell("living runs without each of their acts", len(found), len(runs))
    return found


def _chains_of_part(
    job: Job, part: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
) -> list[tuple[Link, ...]]:
    runs, days = part
    worlds, table, rows, segment = prepare(job, runs.astype(np.uint64))
    trace = partial(_acts_of, job, segment, np.zeros(len(segment.timeline), worlds.dtype))
    rung = job.scenario.rung_of(job.scenario.headline)
    found = []
    for place, day in enumerate(days):
        acts = trace(np.asarray(worlds)[place : place + 1], np.asarray(table)[rows[place]], int(day))
        found.append(chain_to(acts, int(day), rung))
    return found


def _acts_of(
    job: Job, segment: Any, mornings: np.ndarray, start: np.ndarray, p: Any, last: int
) -> npt.NDArray[np.int64]:
    timeline, most = np.asarray(segment.timeline), 1_000
    while True:
        acts = np.zeros((most, 6), np.int64)
        count = find_chains(
            start, p, last, timeline, np.asarray(segment.setting), np.uint64(job.random_seed), mornings,
            np.zeros(1, mornings.dtype), np.zeros(1, timeline.dtype), acts,
        )  # fmt: skip
        if count <= most:
            return acts[:count]
        most = int(count)


def acts_of_run(job: Job, run: int, last: int) -> npt.NDArray[np.int64]:
    """Every act of a run up to a day, in order, with the chain that ends on it; see `sim.core.chains.find_chains`."""
    worlds, table, rows, segment = prepare(job, np.array([run], np.uint64))
    room = np.zeros(len(segment.timeline), worlds.dtype)
    return _acts_of(job, segment, np.asarray(room), np.asarray(worlds), np.asarray(table)[rows[0]], last)


def chain_to(acts: npt.NDArray[np.int64], day: int, rung: int) -> tuple[Link, ...]:
    """The longest chain, root first, that ends on the act by which the rung is reached; empty without such an act.

    That is the first act of the day that can complete the rung; of rung 6, which takes two, the last.

    Parameters
    ----------
    acts : ndarray of int64, shape (n, 6)
        See `sim.core.chains.find_chains`.
    day : int
        Index of the day on which the rung was reached.
    rung : int
        1 to 6.
    """
    both = rung > max(RUNG_OF_ACT)
    makes = np.array(RUNG_OF_ACT)[acts[:, KIND]] >= min(rung, max(RUNG_OF_ACT))
    ends = np.flatnonzero((acts[:, DAY] == day) & makes)
    if not len(ends):
        return ()
    at, links = int(ends[-1 if both else 0]), []
    while at >= 0:
        links.append(Link(int(acts[at, DAY]), ACTS[acts[at, KIND]], int(acts[at, MILITIA])))
        at = int(acts[at, BEFORE])
    return tuple(reversed(links))
