"""Washington's dilemma: what never answering costs and what answering everything costs, and in which draws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.estimates.by_row import of_point, probability
from sim.experiments.analysis import Asked, Task, answer, responses_of
from sim.experiments.dilemma.curve import carry_out_curve, curve_table, curve_tasks
from sim.experiments.dilemma.draws import carry_out_draws, draws_tasks
from sim.experiments.dilemma.forced import carry_out_forced, forced_tasks
from sim.experiments.dilemma.plan import POINTS, RUNS, DilemmaError, Plan, plan_dilemma, read_day
from sim.scenario import Scenario
from sim.store import Analysis, Findings, Work
from sim.store.naming import rows_name

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["POINTS", "RUNS", "DilemmaError", "Plan", "dilemma_in_memory", "plan_dilemma", "run_dilemma"]

Stage = tuple[Sequence[Task], Callable[[Any], npt.NDArray[np.void]]]


def run_dilemma(plan: Plan, asked: Asked, place: Path) -> Analysis:
    """Answer the question in a result folder, going on with what is there.

    Raises
    ------
    StoreError
        When the folder cannot be worked in.
    """
    stages = _stages(plan, asked)
    total, tasks = _runs(stages), sum(len(tasks) for tasks, _ in stages)

    def make(work: Work) -> Findings:
        there, found = frozenset(work.kept), []
        for number, (own, carry_out) in enumerate(stages):
            counting = _counting_on(asked, stages[:number], total, there)
            found.append(responses_of(work, own, carry_out, counting))
        return _findings(plan, found, asked.parameters == "prior")

    identity = {"runs": plan.runs, "points": plan.points, "day": plan.date.isoformat(), "draws": plan.draws}
    return answer("dilemma", plan.scenario, asked, identity, place, make, total, tasks)


def dilemma_in_memory(
    scenario: Scenario, asked: Asked, runs: int = RUNS, points: int = POINTS, day: dt.date | str | None = None
) -> dict[str, pd.DataFrame]:
    """Answer the question and keep nothing.

    Parameters
    ----------
    scenario : Scenario
    asked : Asked
    runs, points, day : see `plan_dilemma`; a day may be text, such as 2023-11-20

    Returns
    -------
    dict of DataFrame
        `curve`, `shapes`, `draws`, `where`, `response` and `response_summary`; `attrs["units"]` names units.

    Raises
    ------
    DilemmaError
        When the question makes no sense of the scenario.
    """
    plan = plan_dilemma(scenario, runs, points, read_day(day) if isinstance(day, str) else day)
    found = [np.concatenate([*asked.workers(carry_out, own)]) for own, carry_out in _stages(plan, asked)]
    return _findings(plan, found, asked.parameters == "prior").tables


def _stages(plan: Plan, asked: Asked) -> list[Stage]:
    """What is simulated, in order: every stage has its own kind of record, every task its own number."""
    curve = curve_tasks(plan, asked.parameters)
    draws = draws_tasks(plan, asked.parameters, len(curve))
    forced = forced_tasks(plan, asked.parameters, len(curve) + len(draws))
    return [(curve, carry_out_curve), (draws, carry_out_draws), (forced, carry_out_forced)]


def _runs(stages: Sequence[Stage]) -> int:
    return sum(task.runs for tasks, _ in stages for task in tasks)


def _counting_on(asked: Asked, done_before: Sequence[Stage], total: int, there: frozenset[str]) -> Asked:
    """The same, with progress told over all stages."""
    tasks = [task for own, _ in done_before for task in own]
    old = sum(task.runs for task in tasks if rows_name(task.number) in there)
    return asked.counting_on(sum(task.runs for task in tasks), total, old)


def _findings(plan: Plan, found: Sequence[npt.NDArray[np.void]], drawn: bool) -> Findings:
    from sim.experiments.dilemma.response import response_tables
    from sim.experiments.dilemma.shapes import draws_table, shape_table
    from sim.experiments.dilemma.where import where_table

    curve, draws = curve_table(plan, found[0], drawn), draws_table(found[1])
    response, summary = response_tables(plan, found[2])
    tables = {
        "curve": curve,
        "shapes": shape_table(draws),
        "draws": draws,
        "where": where_table(plan.scenario, draws),
        "response": response,
        "response_summary": summary,
    }
    middle = probability(
        of_point(found[0], plan.points // 2), plan.scenario.headline, drawn, with_ignorance=drawn
    )
    estimates = {
        "headline": {"definition": plan.scenario.headline, **middle.as_dict()},
        "definition": plan.scenario.headline,
        "runs": plan.runs,
        "draws": int(draws["row"].nunique()),
        "draw_runs": plan.draw_runs,
        "forced_runs": plan.forced_runs,
        "day": plan.date.isoformat(),
        "days": plan.scenario.days,
    }
    return Findings(estimates, tables)
