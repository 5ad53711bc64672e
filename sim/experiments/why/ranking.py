"""What kinds of act the spirals of many runs hung on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.estimates.intervals import Estimate, ratio
from sim.experiments.why.deeds import NO_SPIRAL, Removal, removals_of
from sim.outcomes import OUTCOMES
from sim.replay.replay import replay
from sim.simulate import run_blocks
from sim.simulate.job import Job
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.pools import on_threads

if TYPE_CHECKING:
    from sim.replay.deeds import Deed
    from sim.scenario import Scenario

CHUNK = 20
"""Runs that a thread takes at a time."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Rank:
    """A kind of act, and how spirals hung on it.

    Attributes
    ----------
    kind : such as `US strike of level 3 in Syria`
    last_step : whether these acts are the spiral itself, by definition
    share : of the spirals, that hung on at least one such act
    deeds : such acts up to the spirals, in all
    hinges : the pivotal events among them
    delays : those without which it came later
    lead : median days from a pivotal one to the spiral; None without one
    """

    kind: str
    last_step: bool
    share: Estimate
    deeds: int
    hinges: int
    delays: int
    lead: float | None


@dataclass(frozen=True)
class Ranking:
    """What the spirals of runs 0 to `runs` - 1 hung on.

    Attributes
    ----------
    runs, spirals : number of runs, and of those that came to the headline spiral
    ranks : by kind, last steps last, then the larger share first
    nothing : share of the spirals that hung on no single act at all
    nothing_before : share that hung on none but its last step, or on none at all
    """

    runs: int
    spirals: int
    ranks: tuple[Rank, ...]
    nothing: Estimate | None
    nothing_before: Estimate | None


def ranking(job: Job, runs: int, threads: int | None = None, progress: Progress | None = None) -> Ranking:
    """Take every act out of every spiral of runs 0 to `runs` - 1, and count by kind of act.

    Parameters
    ----------
    job : Job
    runs : int
        At least 1.
    threads : int, optional
        Number of threads; all processors by default. It changes no number.
    progress : callable, optional
        Told what is being done, how many runs of it are done, and how many there are.
    """
    tell = progress or (lambda *_: None)
    spiralled = _spiralled(job, runs, threads, tell)
    by_kind: dict[tuple[bool, str], list[tuple[int, Removal]]] = {}
    single, before = [], []
    for run, removals in zip(spiralled.tolist(), _removals(job, spiralled, threads, tell), strict=True):
        for removal in removals:
            key = removal.last_step, kind_text(removal.deed, job.scenario)
            by_kind.setdefault(key, []).append((run, removal))
        necessary = [removal for removal in removals if removal.necessary]
        if not necessary:
            single.append(run)
        if all(removal.last_step for removal in necessary):
            before.append(run)

    def share(of: list[int]) -> Estimate | None:
        return share_of_spirals(spiralled, of, runs, by_row=job.parameters != "default")

    ranks = [_rank(kind, last, found, share) for (last, kind), found in by_kind.items()]
    ranks.sort(key=lambda rank: (rank.last_step, -rank.share.probability, -rank.deeds, rank.kind))
    return Ranking(runs, len(spiralled), tuple(ranks), share(single), share(before))


def kind_text(deed: Deed, scenario: Scenario) -> str:
    """The kind that an act is ranked under: strikes by level and place, lethal attacks by militia."""
    if deed.kind == "strike":
        return f"US strike of level {deed.level} in {deed.place.capitalize()}"
    if deed.kind == "lethal attack":
        return f"lethal attack by {scenario.actors.militias[deed.actor].title}"
    return "Tehran's open answer" if deed.kind == "answer" else "Baghdad's pressing"


def share_of_spirals(
    spiralled: npt.NDArray[np.int64], of: list[int], runs: int, by_row: bool
) -> Estimate | None:
    """Share of the runs that spiralled that are among others; None when none spiralled.

    Parameters
    ----------
    spiralled : ndarray of int64
        Numbers of the runs that spiralled.
    of : list of int
        Some of them, each once.
    runs : int
        Number of runs in all, from 0.
    by_row : bool
        Whether runs of a row share drawn parameters, so that rows are what counts.
    """
    whole, rows = runs // RUNS_PER_ROW, -(-runs // RUNS_PER_ROW)
    given = np.bincount(spiralled // RUNS_PER_ROW, minlength=rows)
    both = np.bincount(np.array(of, np.int64) // RUNS_PER_ROW, minlength=rows)
    pairs = np.zeros((RUNS_PER_ROW + 1, RUNS_PER_ROW + 1), np.int64)
    np.add.at(pairs, (given[:whole], both[:whole]), 1)
    short = np.array([given[whole:].sum(), both[whole:].sum()], np.int64)
    return ratio(pairs, short, by_row)


def _rank(
    kind: str,
    last: bool,
    found: list[tuple[int, Removal]],
    share: Callable[[list[int]], Estimate | None],
) -> Rank:
    necessary = [(run, removal) for run, removal in found if removal.necessary]
    estimate = share(sorted({run for run, _ in necessary}))
    assert estimate is not None
    lead = float(np.median([removal.lead for _, removal in necessary])) if necessary else None
    delays = sum(removal.delay > 0 for _, removal in found)
    return Rank(kind, last, estimate, len(found), len(necessary), delays, lead)


def _spiralled(job: Job, runs: int, threads: int | None, tell: Progress) -> npt.NDArray[np.int64]:
    """Numbers of the runs that came to the headline spiral."""
    found, headline = [np.zeros(0, np.int64)], OUTCOMES[job.scenario.headline]
    for block in run_blocks(job, runs, threads, daily=False):
        found.append(block.first + np.flatnonzero(headline.of(block.outcomes) != NO_SPIRAL))
        tell("simulating", block.first + len(block.outcomes), runs)
    return np.concatenate(found)


def _removals(
    job: Job, runs: npt.NDArray[np.int64], threads: int | None, tell: Progress
) -> Iterator[list[Removal]]:
    """What the spiral of each run hung on, in the order of the runs."""
    parts, done = np.split(runs, range(CHUNK, len(runs), CHUNK)), 0
    for found in on_threads(partial(_of_runs, job), parts, threads or os.cpu_count() or 1):
        yield from found
        done += len(found)
        tell("taking acts out", done, len(runs))


def _of_runs(job: Job, runs: npt.NDArray[np.int64]) -> list[list[Removal]]:
    return [removals_of(replay(job, int(run))) for run in runs]
