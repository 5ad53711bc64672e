"""Single draws of the parameters: many runs of each at a few values of readiness, with the same luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.core import advance
from sim.experiments.dilemma.plan import DRAW_VALUES, NO_FEEDBACK, PAIRS, READINESS, TOGETHER, WORLDS, Plan
from sim.outcomes import OUTCOMES
from sim.scenario.varying import with_parameters
from sim.simulate.job import NOTHING, make_job, prepare
from sim.simulate.points import TASK_RUNS

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.simulate.job import Parameters

LUCK = 1 << 45
"""First of the run numbers of the draws: their luck is in no other estimate."""

SUMS = ("attacks", "credibility", "any_killed")
COMPARED = ("attacks", "credibility", "fed")
WAYS = ("into", "out", "into_aside", "out_aside")

DRAW = np.dtype(
    [
        ("row", np.int64),
        ("runs", np.int64),
        *((f"{name}_{k}", np.int64) for name in ("seen", "seen_aside") for k in range(len(DRAW_VALUES))),
        *((f"{name}_{k}", np.float64) for name in SUMS for k in range(len(DRAW_VALUES))),
        *((f"{way}_{i}_{j}", np.int64) for i, j in PAIRS for way in WAYS),
        *(
            (f"{name}_{kind}_{i}_{j}", np.float64)
            for name in COMPARED
            for i, j in PAIRS
            for kind in ("d", "q")
        ),
    ]
)
"""A draw. By value of readiness k: runs that spiral, and sums over runs. By pair of values i < j: runs that spiral at j
and not at i (into), or the other way round (out); sum (d) and sum of squares (q) over runs of the difference, j less i,
in attacks, in credibility, and in what feedback adds to coming to a spiral (fed). Aside: without feedback."""


@dataclass(frozen=True)
class DrawsTask:
    """Consecutive rows of parameters, each tried at every value.

    Attributes
    ----------
    number : in the job
    scenario : that is asked of
    parameters : 'prior' or 'default'
    first, rows : the first row, and how many
    each : runs of a row at each value
    """

    number: int
    scenario: Scenario
    parameters: Parameters
    first: int
    rows: int
    each: int

    @property
    def runs(self) -> int:
        """Runs of all rows and values, with feedback and without."""
        return 2 * self.rows * self.each * len(DRAW_VALUES)


def draws_tasks(plan: Plan, parameters: Parameters, first_number: int) -> list[DrawsTask]:
    """Tasks of the draws; with parameters at their defaults there is one draw."""
    draws = plan.draws if parameters == "prior" else 1
    rows = max(1, TASK_RUNS // (2 * plan.draw_runs * len(DRAW_VALUES)))
    return [
        DrawsTask(
            first_number + n, plan.scenario, parameters, first, min(rows, draws - first), plan.draw_runs
        )
        for n, first in enumerate(range(0, draws, rows))
    ]


def carry_out_draws(task: DrawsTask) -> npt.NDArray[np.void]:
    """Simulate the draws of a task at every value, with feedback and without.

    Returns
    -------
    ndarray of DRAW, one a row of parameters
    """
    values = [_at(task, value, TOGETHER) for value in DRAW_VALUES]
    aside = [_at(task, value, NO_FEEDBACK)["came"] for value in DRAW_VALUES]
    found = np.zeros(task.rows, DRAW)
    found["row"], found["runs"] = task.first + np.arange(task.rows), task.each
    for k, at in enumerate(values):
        found[f"seen_{k}"], found[f"seen_aside_{k}"] = at["came"].sum(axis=1), aside[k].sum(axis=1)
        for name in SUMS:
            found[f"{name}_{k}"] = at[name].sum(axis=1)
    for i, j in PAIRS:
        came = [at["came"] for at in values]
        for ending, world in (("", came), ("_aside", aside)):
            found[f"into{ending}_{i}_{j}"] = (world[j] & ~world[i]).sum(axis=1)
            found[f"out{ending}_{i}_{j}"] = (world[i] & ~world[j]).sum(axis=1)
        changes = {name: values[j][name] - values[i][name] for name in ("attacks", "credibility")}
        with_feedback, without = (world[j].astype(np.float64) - world[i] for world in (came, aside))
        for name, change in (changes | {"fed": with_feedback - without}).items():
            found[f"{name}_d_{i}_{j}"] = change.sum(axis=1)
            found[f"{name}_q_{i}_{j}"] = (change * change).sum(axis=1)
    return found


def _at(task: DrawsTask, value: float, world: str) -> dict[str, npt.NDArray]:
    """What every run came to at one value of readiness, each of shape (rows, each)."""
    job = make_job(with_parameters(task.scenario, {READINESS: value}), task.parameters, WORLDS[world])
    numbers = np.repeat(task.first + np.arange(task.rows, dtype=np.int64), task.each)
    first = LUCK + task.first * task.each
    runs = np.arange(first, first + task.rows * task.each, dtype=np.uint64)
    worlds, table, rows, last = prepare(job, runs, numbers)
    seed, days = np.uint64(job.random_seed), len(last.timeline)
    advance.advance(worlds, table, rows, last.timeline, last.setting, seed, 0, days, *NOTHING)
    came = {"came": OUTCOMES[task.scenario.headline].of_worlds(worlds)}
    came |= {name: OUTCOMES[name].of_worlds(worlds).astype(np.float64) for name in SUMS}
    return {name: values.reshape(task.rows, task.each) for name, values in came.items()}
