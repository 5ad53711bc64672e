"""The same runs of several scenarios, a task a block of run numbers: what each came to, and which runs were tipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.outcomes import SPIRALS
from sim.scenario import Scenario
from sim.simulate.job import Parameters, make_job, simulate
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.points import TASK_RUNS
from sim.simulate.responses import RESPONSE, responses

LUCK = 1 << 40
"""First of the run numbers by which the sign is told: their luck is in no other estimate."""

ESTIMATE, SIGN = 0, 1
"""Stages: runs with rows of their own, from which everything is estimated; many runs of the first rows."""

PAIRED = np.dtype(
    [
        ("stage", np.int64),
        *((name, RESPONSE[name]) for name in RESPONSE.names or ()),
        *((f"{spiral}_{way}", np.int64) for spiral in SPIRALS for way in ("into", "out")),
    ]
)
"""One row of parameters in one scenario (`point`, 0 the first one): as `RESPONSE`, and how many of its runs spiral
where the same run of the first scenario does not (into), or the other way round (out)."""


@dataclass(frozen=True)
class PairedTask:
    """Consecutive runs, to be simulated in every scenario.

    Attributes
    ----------
    number : in the job
    scenarios : the first is the one that the others are held against
    parameters : 'prior' or 'default'
    first, each : the first run, which opens a parameter row, and how many
    first_row, runs_per_row : at the sign stage the parameter row of the first run, and how many runs take each
    """

    number: int
    scenarios: tuple[Scenario, ...]
    parameters: Parameters
    first: int
    each: int
    first_row: int = 0
    runs_per_row: int = 0

    @property
    def runs(self) -> int:
        """Runs of all scenarios."""
        return self.each * len(self.scenarios)


def paired_tasks(
    scenarios: Sequence[Scenario], runs: int, sign_rows: int, sign_runs: int, parameters: Parameters
) -> list[PairedTask]:
    """Cut a comparison into tasks of at most about `TASK_RUNS` runs, smaller ones when there are few.

    Parameters
    ----------
    scenarios : sequence of Scenario
    runs : int
        Of each scenario.
    sign_rows, sign_runs : int
        How many rows get runs for their sign, and how many each.
    parameters : 'prior' or 'default'
    """
    several = tuple(scenarios)
    size = min(TASK_RUNS, len(several) * runs // 16) // len(several)
    whole = max(1, size // RUNS_PER_ROW) * RUNS_PER_ROW
    tasks = [
        PairedTask(number, several, parameters, first, min(whole, runs - first))
        for number, first in enumerate(range(0, runs, whole))
    ]
    rows = max(1, whole // sign_runs) if sign_rows else 1
    for start in range(0, sign_rows, rows):
        count, first = min(rows, sign_rows - start), LUCK + start * sign_runs
        tasks.append(PairedTask(len(tasks), several, parameters, first, count * sign_runs, start, sign_runs))
    return tasks


def carry_out_paired(task: PairedTask) -> npt.NDArray[np.void]:
    """Simulate the runs of a task in every scenario.

    Returns
    -------
    ndarray of PAIRED, in order of scenario and row
    """
    found: list[npt.NDArray[np.void]] = []
    first: dict[str, npt.NDArray[np.bool_]] = {}
    for point, scenario in enumerate(task.scenarios):
        worlds, rows = _simulated(task, scenario)
        came = {name: np.asarray(worlds["outcome"][f"{name}_day"] >= 0) for name in SPIRALS}
        first = first or came
        counted = responses(worlds, rows, point)
        paired = np.zeros(len(counted), PAIRED)
        paired["stage"] = SIGN if task.runs_per_row else ESTIMATE
        for name in RESPONSE.names or ():
            paired[name] = counted[name]
        starts = np.concatenate([[0], np.cumsum(counted["runs"])[:-1]])
        for name in SPIRALS:
            paired[f"{name}_into"] = np.add.reduceat(came[name] & ~first[name], starts, dtype=np.int64)
            paired[f"{name}_out"] = np.add.reduceat(first[name] & ~came[name], starts, dtype=np.int64)
        found.append(paired)
    return np.concatenate(found)


def _simulated(task: PairedTask, scenario: Scenario) -> tuple[np.ndarray, npt.NDArray[np.int64] | None]:
    """Worlds after the last day, and their rows; None where runs have the rows that are theirs by number."""
    job = make_job(scenario, task.parameters)
    runs = np.arange(task.first, task.first + task.each, dtype=np.uint64)
    if not task.runs_per_row:
        return simulate(job, runs), None
    place = np.arange(task.each, dtype=np.int64) // task.runs_per_row
    rows = task.first_row + place
    return simulate(job, runs, row_numbers=rows), rows


def by_stage(found: npt.NDArray[np.void], stage: int) -> npt.NDArray[np.void]:
    """Records of a stage, in order of scenario and row whatever the order of tasks."""
    chosen = found[found["stage"] == stage]
    return chosen[np.argsort(chosen["point"], kind="stable")]
