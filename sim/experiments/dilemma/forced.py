"""A strike forced on one day against none, all else free and with the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.core import advance
from sim.core.state import FREE
from sim.experiments.dilemma.worlds import LEVELS, WORLDS
from sim.outcomes import OUTCOMES
from sim.replay.replay import Change, impose
from sim.scenario import Scenario
from sim.simulate.job import NOTHING, Job, Parameters, prepare
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.spans import Point, Span, Task

TASK_WORLDS = 2_500


BRANCHES = (0, *LEVELS)
"""Level of the strike that a run is branched with; 0 is none."""


def forced_dtype(followed: int) -> np.dtype:
    """One draw of the parameters in one branch.

    Returns
    -------
    dtype
        `world` (its place among `WORLDS`), `level` (0 for no strike), `row`, `runs`; `came` (runs with the
        headline spiral by the end); `day_1` and on, the attacks of its runs on each day after the strike.
    """
    days = [(f"day_{d}", np.float64) for d in range(1, followed + 1)]
    return np.dtype([*((name, np.int64) for name in ("world", "level", "row", "runs", "came")), *days])


def forced_tasks(
    scenario: Scenario, runs: Mapping[str, int], parameters: Parameters, first_number: int
) -> list[Task]:
    """Tasks of the forced strike, with so many runs of each world: the same runs once for each branch, as points."""
    pieces = [
        (world, first, min(TASK_WORLDS, number - first))
        for world, number in runs.items()
        for first in range(0, number, TASK_WORLDS)
    ]
    return [
        Task(
            number,
            tuple(Span(_branch(scenario, world, level), first, each) for level in BRANCHES),
            parameters,
        )
        for number, (world, first, each) in enumerate(pieces, start=first_number)
    ]


def _branch(scenario: Scenario, world: str, level: int) -> Point:
    place = [*WORLDS].index(world)
    return Point(place * len(BRANCHES) + level, scenario, WORLDS[world])


@dataclass(frozen=True)
class Forced:
    """Lives the runs of a task up to a day, and from there once with no strike and once with one of each level.

    Attributes
    ----------
    day, followed : the day, from the scenario's start, and how many days after it are followed one by one
    """

    day: int
    followed: int

    def __call__(self, task: Task) -> npt.NDArray[np.void]:
        """An array of `forced_dtype`, in order of level and row."""
        job, runs = task.spans[0].job(task.parameters), task.spans[0].numbers
        worlds, table, rows, last = prepare(job, runs)
        base = np.asarray(worlds)
        _live(job, base, table, rows, last.timeline, 0, self.day)
        numbers = (runs // np.uint64(RUNS_PER_ROW)).astype(np.int64)
        found = []
        for span in task.spans:
            world, level = divmod(span.point.number, len(BRANCHES))
            branch, days = base.copy(), np.asarray(last.timeline).copy()
            impose(days, Change(self.day, "level", level))
            impose(days, Change(self.day, "place", FREE))
            counted = self._followed(job, (branch, table, rows, days), numbers, span.point.scenario.headline)
            counted["world"], counted["level"] = world, level
            found.append(counted)
        return np.concatenate(found)

    def _followed(
        self,
        job: Job,
        live: tuple[np.ndarray, np.ndarray, npt.NDArray[np.int64], np.ndarray],
        numbers: npt.NDArray[np.int64],
        headline: str,
    ) -> npt.NDArray[np.void]:
        """Live a branch from its day on, and count by row."""
        worlds = live[0]
        starts = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))
        found = np.zeros(len(starts), forced_dtype(self.followed))
        found["row"] = numbers[starts]
        found["runs"] = np.diff(np.append(starts, len(numbers)))
        _live(job, *live, self.day, self.day + 1)
        for day in range(1, self.followed + 1):
            _live(job, *live, self.day + day, self.day + day + 1)
            found[f"day_{day}"] = np.add.reduceat(worlds["today"]["attacks"].astype(np.float64), starts)
        _live(job, *live, self.day + self.followed + 1, len(live[3]))
        came = OUTCOMES[headline].of_worlds(worlds).astype(np.int64)
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
