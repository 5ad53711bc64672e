"""What an experiment costs: its runs, the time that they take, and the room of its result, before any of it is done."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.simulate.job import make_job, simulate
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.responses import responses

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.simulate.job import Parameters

PILOT_FIRST = RUNS_PER_ROW * 2**40
"""First run of a pilot: its runs have numbers that no result uses."""

PILOT_RUNS, PILOT_CHUNK = 2_000, 500
SECONDS_OF_REPORT = 5.0  # tables and figures
BYTES_OF_RUN, BYTES_OF_REPORT = 8.0, 2_600_000
"""Of the responses of a run, as they are kept; of tables and figures."""


@dataclass(frozen=True)
class Cost:
    """What an experiment takes.

    Attributes
    ----------
    runs, tasks : simulated in all, and in how many tasks that are kept one by one
    threads, seconds : how many work, and the wall time that they are estimated to take
    bytes, most_bytes, free_bytes : of the result folder when it is whole and while it is worked on, and what is free
        at its place
    """

    runs: int
    tasks: int
    threads: int
    seconds: float
    bytes: int
    most_bytes: int
    free_bytes: int

    def as_object(self) -> Mapping[str, Any]:
        """Plain values, for JSON."""
        return vars(self)

    @property
    def has_room(self) -> bool:
        """Whether the result will fit where it is to stand."""
        return self.most_bytes <= self.free_bytes


@dataclass(frozen=True)
class Size:
    """How much an experiment simulates: its scenario, runs and tasks, and the share of the days that a run takes."""

    scenario: Scenario
    parameters: Parameters
    runs: int
    tasks: int
    share_of_days: float = 1.0


def cost_of(size: Size, threads: int, place: Path) -> Cost:
    """Estimate what an experiment costs from a pilot of its scenario's runs, on this thread.

    Parameters
    ----------
    size : Size
    threads : int
        How many will work; more than there are processors, or tasks, gain nothing.
    place : Path
        Of the result folder, there or not.
    """
    at_work = min(threads, os.cpu_count() or 1, size.tasks)
    lived = size.runs * size.share_of_days
    room = BYTES_OF_REPORT + round(size.runs * BYTES_OF_RUN)
    return Cost(
        runs=size.runs,
        tasks=size.tasks,
        threads=threads,
        seconds=lived * _seconds_per_run(size) / at_work + SECONDS_OF_REPORT,
        bytes=room,
        most_bytes=room,
        free_bytes=free_bytes(place),
    )


def _seconds_per_run(size: Size) -> float:
    """Of one run and the counting of it; the first ones may have to be compiled, and the median leaves them out."""
    job, seconds = make_job(size.scenario, size.parameters), []
    for first in range(PILOT_FIRST, PILOT_FIRST + PILOT_RUNS, PILOT_CHUNK):
        began = time.perf_counter()
        responses(simulate(job, np.arange(first, first + PILOT_CHUNK, dtype=np.uint64)))
        seconds.append((time.perf_counter() - began) / PILOT_CHUNK)
    return median(seconds)


def free_bytes(place: Path) -> int:
    """Bytes that are free where a folder stands, or would stand."""
    home = Path(os.path.realpath(place))
    return shutil.disk_usage(next(folder for folder in (home, *home.parents) if folder.exists())).free
