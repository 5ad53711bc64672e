"""Which parameters the answer rests on: shares of its variance by Sobol's method, or a ranking by Morris's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.experiments.analysis import Asked, answer, responses_of
from sim.experiments.sensitivity.concluding import conclude_morris, conclude_sobol, strongest_of
from sim.experiments.sensitivity.plan import Method, Plan, SensitivityError, plan_sensitivity
from sim.experiments.sensitivity.responding import Slice, carry_out, slices_of
from sim.scenario import Scenario
from sim.store import Analysis, Findings, Work

__all__ = ["Plan", "SensitivityError", "plan_sensitivity", "run_sensitivity", "sensitivity_in_memory"]

Simulate = Callable[[Sequence[Slice]], npt.NDArray[np.void]]


def run_sensitivity(plan: Plan, asked: Asked, place: Path) -> Analysis:
    """Find what the answer rests on, in a result folder, going on with what is there.

    Raises
    ------
    SensitivityError
        When parameters are not drawn.
    StoreError
        When the folder cannot be worked in.
    """
    _check(asked)

    def make(work: Work) -> Findings:
        return _found(
            plan, lambda tasks: responses_of(work, tasks, carry_out, _told_from(asked, plan, tasks))
        )

    return answer("sensitivity", plan.scenario, asked, _identity(plan), place, make, plan.total, plan.tasks)


def sensitivity_in_memory(
    scenario: Scenario,
    asked: Asked,
    method: Method = "sobol",
    samples: int | None = None,
    runs: int | None = None,
) -> Any:
    """Find what the answer rests on, and keep nothing.

    Returns
    -------
    DataFrame
        One row a factor: the table `indices` of Sobol's method, or `effects` of Morris's. `attrs["units"]` names the
        units of its columns, and `attrs["estimates"]` holds all that is not a table.

    Raises
    ------
    SensitivityError
        When the question cannot be asked.
    """
    _check(asked)
    plan = plan_sensitivity(scenario, method, samples, runs)
    found = _found(plan, lambda tasks: np.concatenate([*asked.workers(carry_out, tasks)]))
    table = found.tables["indices" if method == "sobol" else "effects"]
    table.attrs["estimates"] = found.estimates
    return table


def _found(plan: Plan, simulate: Simulate) -> Findings:
    opening = slices_of(plan.scenario, plan.factors, list(plan.opening.values()), plan.runs, 0)
    answers = _by_pass(plan.opening, simulate(opening))
    if plan.method == "morris":
        return conclude_morris(plan, answers["steps"])
    strongest = strongest_of(plan, answers["each"])
    last = plan.closing(strongest)
    closing = slices_of(plan.scenario, plan.factors, [last], plan.runs, len(opening))
    return conclude_sobol(plan, answers | {"strongest": simulate(closing)}, last, strongest)


def _by_pass(designs: Mapping[str, Any], found: npt.NDArray[np.void]) -> dict[str, npt.NDArray[np.void]]:
    ends = np.cumsum([design.points for design in designs.values()])
    return dict(zip(designs, np.split(found, ends[:-1]), strict=True))


def _told_from(asked: Asked, plan: Plan, tasks: Sequence[Slice]) -> Asked:
    """Progress of some tasks shown as that of the whole job."""
    before = 0 if tasks[0].number == 0 else plan.total - sum(task.runs for task in tasks)
    return asked.counting_on(before, plan.total)


def _check(asked: Asked) -> None:
    if asked.parameters != "prior":
        raise SensitivityError(
            "--parameters: default leaves nothing to vary; leave it out, or fix some by --set"
        )


def _identity(plan: Plan) -> dict[str, Any]:
    return {"method": plan.method, "samples": plan.samples, "runs": plan.runs}
