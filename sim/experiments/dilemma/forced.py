"""A strike forced on one day against none, all else free and with the same luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.core import advance
from sim.core.state import FREE
from sim.experiments.dilemma.plan import LEVELS, TOGETHER, WORLDS, Plan
from sim.replay.replay import Change, impose
from sim.simulate.job import NOTHING, make_job, prepare
from sim.simulate.parameter_draws import RUNS_PER_ROW

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.simulate.job import Job, Parameters

TASK_WORLDS = 2_500


@dataclass(frozen=True)
class ForcedTask:
    """Consecutive runs, lived up to a day and from there once with no strike and once with one of each level.

    Attributes
    ----------
    number : in the job
    scenario : that is asked of
    parameters : 'prior' or 'default'
    day, followed : the day, from the scenario's start, and how many days after it are followed one by one
    first, each : the first run, which opens a parameter row, and how many
    world : one of `WORLDS`
    """

    number: int
    scenario: Scenario
    parameters: Parameters
    day: int
    followed: int
    first: int
    each: int
    world: str = TOGETHER

    @property
    def runs(self) -> int:
        """Runs, each counted once for each branch."""
        return self.each * (1 + len(LEVELS))


def forced_dtype(followed: int) -> np.dtype:
    """One row of parameters in one branch.

    Returns
    -------
    dtype
        `world` (its place among `WORLDS`), `level` (0 for no strike), `row`, `runs`; `came` (runs with the
        headline spiral by the end); `day_1` and on, the attacks of its runs on each day after the strike.
    """
    days = [(f"day_{d}", np.float64) for d in range(1, followed + 1)]
    return np.dtype([*((name, np.int64) for name in ("world", "level", "row", "runs", "came")), *days])


def forced_tasks(plan: Plan, parameters: Parameters, first_number: int) -> list[ForcedTask]:
    """Tasks of the forced strike, by world."""
    spans = [
        (world, first, min(TASK_WORLDS, runs - first))
        for world in WORLDS
        for runs in (plan.forced_runs if world == TOGETHER else plan.runs,)
        for first in range(0, runs, TASK_WORLDS)
    ]
    return [
        ForcedTask(first_number + n, plan.scenario, parameters, plan.day, plan.followed, first, each, world)
        for n, (world, first, each) in enumerate(spans)
    ]


def carry_out_forced(task: ForcedTask) -> npt.NDArray[np.void]:
    """Live the runs of a task, and branch them.

    Returns
    -------
    ndarray of `forced_dtype`, in order of level and row
    """
    job = make_job(task.scenario, task.parameters, WORLDS[task.world])
    runs = np.arange(task.first, task.first + task.each, dtype=np.uint64)
    worlds, table, rows, last = prepare(job, runs)
    base = np.asarray(worlds)
    _live(job, base, table, rows, last.timeline, 0, task.day)
    numbers = (runs // np.uint64(RUNS_PER_ROW)).astype(np.int64)
    found = []
    for level in (0, *LEVELS):
        branch, days = base.copy(), np.asarray(last.timeline).copy()
        impose(days, Change(task.day, "level", level))
        impose(days, Change(task.day, "place", FREE))
        found.append(_followed(task, job, (branch, table, rows, days), numbers, level))
    return np.concatenate(found)


def _followed(
    task: ForcedTask,
    job: Job,
    live: tuple[np.ndarray, np.ndarray, npt.NDArray[np.int64], np.ndarray],
    numbers: npt.NDArray[np.int64],
    level: int,
) -> npt.NDArray[np.void]:
    """Live a branch from its day on, and count by row."""
    worlds = live[0]
    starts = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))
    found = np.zeros(len(starts), forced_dtype(task.followed))
    found["world"], found["level"] = [*WORLDS].index(task.world), level
    found["row"] = numbers[starts]
    found["runs"] = np.diff(np.append(starts, len(numbers)))
    _live(job, *live, task.day, task.day + 1)
    for day in range(1, task.followed + 1):
        _live(job, *live, task.day + day, task.day + day + 1)
        found[f"day_{day}"] = np.add.reduceat(worlds["today"]["attacks"].astype(np.float64), starts)
    _live(job, *live, task.day + task.followed + 1, len(live[3]))
    came = (worlds["outcome"][f"{task.scenario.headline}_day"] >= 0).astype(np.int64)
    found["came"] = np.add.reduceat(came, starts)
    return found


def _live(
    job: Job,
    worlds: np.ndarray,
    table: np.ndarray,
    rows: npt.NDArray[np.int64],
    days: np.ndarray,
    first: int,
    last: int,
) -> None:
    setting, seed = job.segments[-1].setting, np.uint64(job.random_seed)
    advance.advance(worlds, table, rows, days, setting, seed, first, last, *NOTHING)
