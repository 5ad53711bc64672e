"""Blocks of runs on a pool of threads, handed back in order of run number."""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Literal, TypeVar

import numpy as np

from sim.engines.job import Job, simulate
from sim.parameter_rows import RUNS_PER_ROW
from sim.runs.tallies import EVENTS, Tallies, new_tallies

MOST_RUNS, LEAST_ROWS = 5_000, 10

Engine = Literal["compiled", "mesa"]
Told = Callable[[int], None]
Item = TypeVar("Item")
Done = TypeVar("Done")


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
    engine: Engine = "compiled",
    told: Told | None = None,
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
    engine : 'compiled' or 'mesa'
        What lives the runs. It changes no number; Mesa takes some eighty times as long, on one thread.
    told : callable, optional
        Told how many more runs are done, as they are; under Mesa only.

    Yields
    ------
    Block
        Each with tallies of its own, to be merged by the caller.
    """
    size = block_size(runs)
    firsts = range(0, runs, size)

    def live(first: int) -> Block:
        return _run_block(job, first, min(size, runs - first), daily, engine, told)

    # Python holds Mesa to one thread; this one can be interrupted between two days.
    in_turn = engine == "mesa"
    blocks = _in_turn(live, firsts) if in_turn else on_threads(live, firsts, threads or os.cpu_count() or 1)
    with closing(blocks):
        for block in blocks:
            yield block
            if enough is not None and enough(block.first + len(block.outcomes)):
                return


def _in_turn(live: Callable[[int], Block], firsts: Iterable[int]) -> Generator[Block, None, None]:
    for first in firsts:
        yield live(first)


def on_threads(
    work: Callable[[Item], Done], items: Iterable[Item], threads: int
) -> Generator[Done, None, None]:
    """Do work on a pool of threads, handed back in order, a few items ahead of whoever takes it and no more."""
    left, waiting = iter(items), deque[Future[Done]]()
    with ThreadPoolExecutor(threads) as pool:
        try:
            waiting.extend(pool.submit(work, item) for item in islice(left, threads + 1))
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(pool.submit(work, item) for item in islice(left, 1))
        finally:
            for future in waiting:
                future.cancel()


def block_size(runs: int) -> int:
    """Runs of a block: whole parameter rows, few enough that several threads have work; the same on any machine."""
    rows = max(LEAST_ROWS, math.ceil(runs / (8 * RUNS_PER_ROW)))
    return min(MOST_RUNS, rows * RUNS_PER_ROW)


def _run_block(job: Job, first: int, count: int, daily: bool, engine: Engine, told: Told | None) -> Block:
    tallies, runs = new_tallies(job.days, daily), np.arange(first, first + count, dtype=np.uint64)
    if engine == "mesa":
        from sim.runs.watched import watch  # loads Mesa

        worlds = watch(job, runs, tallies.daily, told)
    else:
        worlds = simulate(job, runs, tallies.daily)
    outcomes = np.asarray(worlds)["outcome"].copy()
    tallies.add(outcomes, EVENTS.index(job.scenario.headline))
    return Block(first, outcomes, tallies)
