"""Blocks of runs on a pool of threads, handed back in order of run number."""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from sim.parameter_rows import RUNS_PER_ROW
from sim.runs.job import Job, simulate
from sim.runs.tallies import EVENTS, Tallies, new_tallies

MOST_RUNS, LEAST_ROWS = 5_000, 10


@dataclass(frozen=True)
class Block:
    """Finished runs `first` to `first + len(outcomes)`, in order."""

    first: int
    outcomes: np.ndarray
    tallies: Tallies


def run_blocks(
    job: Job,
    runs: int,
    threads: int | None = None,
    enough: Callable[[int], bool] | None = None,
    daily: bool = True,
) -> Iterator[Block]:
    """Simulate runs 0 to `runs`, block by block, in order of run number.

    Parameters
    ----------
    job : Job
    runs : int
        Most runs to simulate.
    threads : int, optional
        Number of threads; all processors by default. It changes no number.
    enough : callable, optional
        Asked after each block has been taken, with the number of runs so far; True ends the job.
    daily : bool
        Whether to count the daily series too.

    Yields
    ------
    Block
        Each with tallies of its own, to be merged by the caller.
    """
    threads = threads or os.cpu_count() or 1
    size = block_size(runs)
    starts = iter(range(0, runs, size))
    waiting: deque[Future[Block]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            while True:
                while len(waiting) <= threads and (first := next(starts, None)) is not None:
                    waiting.append(pool.submit(_run_block, job, first, min(size, runs - first), daily))
                if not waiting:
                    return
                block = waiting.popleft().result()
                yield block
                if enough is not None and enough(block.first + len(block.outcomes)):
                    return
        finally:
            for future in waiting:
                future.cancel()


def block_size(runs: int) -> int:
    """Runs of a block: whole parameter rows, few enough that several threads have work; the same on any machine."""
    rows = max(LEAST_ROWS, math.ceil(runs / (8 * RUNS_PER_ROW)))
    return min(MOST_RUNS, rows * RUNS_PER_ROW)


def _run_block(job: Job, first: int, count: int, daily: bool) -> Block:
    tallies = new_tallies(job.days, daily)
    worlds = simulate(job, np.arange(first, first + count, dtype=np.uint64), tallies)
    outcomes = np.asarray(worlds)["outcome"].copy()
    tallies.add(outcomes, EVENTS.index(job.scenario.headline))
    return Block(first, outcomes, tallies)
