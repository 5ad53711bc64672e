"""Blocks of runs on a pool of threads, handed back in order of run number."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from sim.parameter_rows import RUNS_PER_ROW
from sim.runs.job import Job, simulate
from sim.runs.tallies import EVENTS, Tallies, new_tallies

BLOCK = 5_000
assert BLOCK % RUNS_PER_ROW == 0


@dataclass(frozen=True)
class Block:
    """Finished runs `first` to `first + len(outcomes)`, in order."""

    first: int
    outcomes: np.ndarray
    tallies: Tallies


def run_blocks(
    job: Job, runs: int, threads: int | None = None, enough: Callable[[int], bool] | None = None
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

    Yields
    ------
    Block
        Each with tallies of its own, to be merged by the caller.
    """
    threads = threads or os.cpu_count() or 1
    starts = iter(range(0, runs, BLOCK))
    waiting: deque[Future[Block]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            while True:
                while len(waiting) <= threads and (first := next(starts, None)) is not None:
                    waiting.append(pool.submit(_run_block, job, first, min(BLOCK, runs - first)))
                if not waiting:
                    return
                block = waiting.popleft().result()
                yield block
                if enough is not None and enough(block.first + len(block.outcomes)):
                    return
        finally:
            for future in waiting:
                future.cancel()


def _run_block(job: Job, first: int, count: int) -> Block:
    tallies = new_tallies(job.days)
    worlds = simulate(job, np.arange(first, first + count, dtype=np.uint64), tallies)
    outcomes = np.asarray(worlds)["outcome"].copy()
    tallies.add(outcomes, EVENTS.index(job.scenario.headline))
    return Block(first, outcomes, tallies)
