"""Blocks of runs: simulated by one call of the engine, and counted."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from sim.outcomes import EVENTS
from sim.simulate.job import Counts, Job, live_again, lived
from sim.simulate.pools import on_threads
from sim.simulate.spans import block_size
from sim.simulate.tallies import Tallies, new_tallies

Told = Callable[[int], None]
Live = Callable[[Job, npt.NDArray[np.uint64], Counts, Told | None], np.ndarray]
"""Lives runs once, from the first day to the last, adding to daily counts and telling how many more are done."""


@dataclass(frozen=True)
class Block:
    """Finished runs `first` to `first + len(outcomes)`, in order."""

    first: int
    outcomes: np.ndarray
    tallies: Tallies


def simulate_block(
    job: Job,
    first: int,
    count: int,
    daily: bool = True,
    live: Live | None = None,
    told: Told | None = None,
) -> Block:
    """Simulate and count consecutive runs.

    Parameters
    ----------
    job : Job
    first, count : int
        The first run, which opens a parameter row, and the number of runs.
    daily : bool
        Whether to count the daily series too.
    live : callable, optional
        What lives the runs in place of the compiled engine, such as `sim.mesa.watched.watch`; second lives it leaves to
        that one. It changes no number.
    told : callable, optional
        Told how many more runs are done, as they are.
    """
    tallies, runs = new_tallies(job.days, daily), np.arange(first, first + count, dtype=np.uint64)
    worlds = (live or _live)(job, runs, tallies.daily, told)
    live_again(job, runs, worlds)
    outcomes = np.asarray(worlds)["outcome"].copy()
    tallies.add(outcomes, EVENTS.index(job.scenario.headline))
    return Block(first, outcomes, tallies)


def _live(job: Job, runs: npt.NDArray[np.uint64], counts: Counts, told: Told | None) -> np.ndarray:
    worlds = lived(job, runs, counts)
    if told is not None:
        told(len(runs))
    return worlds


def run_blocks(job: Job, runs: int, threads: int | None = None, daily: bool = True) -> Iterator[Block]:
    """Simulate runs 0 to `runs` on threads, and keep nothing of them.

    Parameters
    ----------
    job : Job
    runs : int
    threads : int, optional
        Number of threads; all processors by default. It changes no number.
    daily : bool
        Whether to count the daily series too.

    Yields
    ------
    Block
        In order of run number, each with tallies of its own, to be merged by the caller.
    """
    size = block_size(runs)
    firsts = [(first, min(size, runs - first)) for first in range(0, runs, size)]
    with closing(on_threads(partial(_of, job, daily), firsts, threads or os.cpu_count() or 1)) as blocks:
        yield from blocks


def _of(job: Job, daily: bool, span: tuple[int, int]) -> Block:
    return simulate_block(job, *span, daily)
