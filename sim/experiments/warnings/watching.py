"""Runs lived day by day, and what was to be seen on the evenings that are looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.core import advance
from sim.experiments.warnings.observables import OBSERVABLES, Days, events_of
from sim.outcomes import OUTCOMES
from sim.scenario import Scenario
from sim.simulate.job import NOTHING, Parameters, make_job, prepare
from sim.simulate.parameter_draws import RUNS_PER_ROW

EVERY = 7
"""Days from one evening that is looked at to the next."""
TASK_RUNS = 1_000
ONE_IN = 4
"""Of the runs, this many for one of which a stretch without a spiral is looked at day by day."""

WEEKLY, BEFORE, QUIET = 1, 2, 4
"""Why a record is there: an evening of the weekly look; one of the days before a spiral; one of a quiet stretch."""

RECORD = np.dtype(
    [
        *((name, np.int32) for name in ("row", "run", "day")),
        ("why", np.int8),
        ("until", np.int16),
        *((name, np.int16) for name in OBSERVABLES),
    ]
)
"""One evening of one run. `day` counts from the start; `until` is the days to the spiral, -1 where none comes."""


@dataclass(frozen=True)
class Watch:
    """Runs that are watched together: their number in the job, and how far ahead spirals are looked for."""

    number: int
    scenario: Scenario
    parameters: Parameters
    first: int
    runs: int
    ahead: int


def watches(scenario: Scenario, runs: int, ahead: int, parameters: Parameters) -> list[Watch]:
    """Cut runs into tasks."""
    starts = range(0, runs, TASK_RUNS)
    return [
        Watch(number, scenario, parameters, first, min(TASK_RUNS, runs - first), ahead)
        for number, first in enumerate(starts)
    ]


def watch(task: Watch) -> npt.NDArray[np.void]:
    """Live the runs of a task, and note what was to be seen.

    Returns
    -------
    ndarray of RECORD
        By run and day: every seventh evening on which no spiral has come yet and which lies `ahead` days or more before
        the last; the `ahead` evenings before each spiral; and, of one run in four, as many evenings in a row after
        which no spiral comes for another `ahead` days.
    """
    events, spiral = lived(task)
    days = np.arange(events["attacks"].shape[1])
    why = reasons(spiral, len(days), task)
    run, day = np.nonzero(why)
    found = np.zeros(len(run), RECORD)
    found["run"] = run + task.first
    found["row"], found["day"], found["why"] = found["run"] // RUNS_PER_ROW, day, why[run, day]
    found["until"] = np.where(spiral[run] >= 0, spiral[run] - day, -1)
    for name, observable in OBSERVABLES.items():
        found[name] = np.clip(observable.read(events)[run, day], -30_000, 30_000)
    return found


def lived(task: Watch) -> tuple[dict[str, Days], npt.NDArray[np.int32]]:
    """Events of every day, each of shape (runs, days), and the day of the headline spiral, -1 if none."""
    job = make_job(task.scenario, task.parameters)
    numbers = np.arange(task.first, task.first + task.runs, dtype=np.uint64)
    worlds, table, rows, last = prepare(job, numbers)
    seed = np.uint64(job.random_seed)
    seen = []
    for day in range(job.days):
        advance.advance(worlds, table, rows, last.timeline, last.setting, seed, day, day + 1, *NOTHING)
        seen.append(events_of(worlds))
    events = {name: np.stack([today[name] for today in seen], axis=1) for name in seen[0]}
    spiral = OUTCOMES[task.scenario.headline].of(np.asarray(worlds)["outcome"])
    return events, spiral.astype(np.int32)


def reasons(spiral: npt.NDArray[np.int32], days: int, task: Watch) -> npt.NDArray[np.int8]:
    """Why each evening of each run is looked at, 0 where it is not; shape (runs, days)."""
    day, end = np.arange(days), np.where(spiral < 0, days, spiral)[:, None]
    weekly = (day % EVERY == EVERY - 1) & (day + task.ahead < days) & (day < end)
    before = (spiral >= 0)[:, None] & (day < end) & (day >= end - task.ahead)
    first = _quiet_start(spiral, days, task)[:, None]
    quiet = (first >= 0) & (day >= first) & (day < first + task.ahead)
    return np.asarray(weekly * WEEKLY + before * BEFORE + quiet * QUIET, np.int8)


def _quiet_start(spiral: npt.NDArray[np.int32], days: int, task: Watch) -> npt.NDArray[np.int64]:
    """First evening of each run's quiet stretch, -1 where it has none: spread over the days by the run's number.

    Nothing may come for `ahead` days after the stretch, so that an alarm in it is false.
    """
    number = np.arange(task.first, task.first + task.runs)
    free = days - 2 * task.ahead
    if free < 1:
        return np.full(len(spiral), -1)
    first = (number // ONE_IN) * 61 % free
    calm = (spiral < 0) | (spiral > first + 2 * task.ahead)
    return np.where((number % ONE_IN == 0) & calm, first, -1)
