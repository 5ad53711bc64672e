"""A comparison: scenarios held against the first of them, run by run with the same luck, and in what they differ."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.estimates.by_row import of_point, probability
from sim.experiments.analysis import Asked, answer, responses_of
from sim.experiments.compare.paired import ESTIMATE, PairedTask, by_stage, carry_out_paired, paired_tasks
from sim.experiments.compare.plan import RUNS, SIGN_RUNS, CompareError, Plan, notes_of, plan_compare
from sim.scenario import Scenario, dump_resolved
from sim.store import Analysis, Findings, Work

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RUNS", "CompareError", "Plan", "compare_in_memory", "plan_compare", "run_compare"]


def run_compare(plan: Plan, asked: Asked, place: Path) -> Analysis:
    """Carry out a comparison in a result folder, going on with what is there.

    Raises
    ------
    StoreError
        When the folder cannot be worked in.
    """
    tasks = _tasks(plan, asked)

    def make(work: Work) -> Findings:
        found = responses_of(work, tasks, carry_out_paired, asked)
        for number, scenario in enumerate(plan.scenarios[1:], start=1):
            work.keep(f"compared-{number}/{scenario.name}.yaml", dump_resolved(scenario).encode())
        return _findings(plan, found, asked.parameters != "default")

    total = plan.total(asked.parameters != "default")
    return answer("compare", plan.scenarios[0], asked, _identity(plan), place, make, total, len(tasks))


def compare_in_memory(scenarios: Sequence[Scenario], asked: Asked, runs: int = RUNS) -> pd.DataFrame:
    """Hold scenarios against the first and keep nothing.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Two or more.
    asked : Asked
    runs : int
        Of each scenario.

    Returns
    -------
    DataFrame
        One row an outcome and scenario: see `sim.experiments.compare.tables.outcome_table`. `attrs["tips"]` and
        `attrs["assumptions"]` hold the other two tables as lists of mappings, `attrs["notes"]` what must be known.

    Raises
    ------
    CompareError
        When they cannot be held against each other.
    """
    plan = plan_compare(scenarios, runs)
    found = np.concatenate([*asked.workers(carry_out_paired, _tasks(plan, asked))])
    whole = _findings(plan, found, asked.parameters != "default")
    table = whole.tables["outcomes"]
    for name in ("tips", "assumptions"):
        table.attrs[name] = whole.tables[name].to_dict("records")
    table.attrs["notes"] = whole.estimates["notes"]
    return table


def _tasks(plan: Plan, asked: Asked) -> list[PairedTask]:
    sign_rows = plan.sign_rows(asked.parameters != "default")
    return paired_tasks(plan.worlds, plan.runs, sign_rows, SIGN_RUNS, asked.parameters)


def _identity(plan: Plan) -> dict[str, Any]:
    others = {
        label: hashlib.sha256(dump_resolved(scenario).encode()).hexdigest()
        for label, scenario in zip(plan.labels[1:], plan.scenarios[1:], strict=True)
    }
    return {"first": plan.labels[0], "against_it": others, "runs": plan.runs}


def _findings(plan: Plan, found: npt.NDArray[np.void], drawn: bool) -> Findings:
    from sim.experiments.compare.tables import assumption_table, outcome_table, tip_table

    tables = {
        "outcomes": outcome_table(plan, found, drawn),
        "tips": tip_table(plan, found, drawn),
        "assumptions": assumption_table(plan),
    }
    first = of_point(by_stage(found, ESTIMATE), 0)
    headline = probability(first, plan.definition, drawn, with_ignorance=drawn)
    estimates = {
        "headline": {"definition": plan.definition, **headline.as_dict()},
        "definition": plan.definition,
        "runs": plan.runs,
        "first": plan.labels[0],
        "others": list(plan.labels[1:]),
        "questions": {
            label: scenario.question
            for label, scenario in zip(plan.labels, plan.scenarios, strict=True)
            if scenario.question != plan.scenarios[0].question
        },
        "start": plan.start.isoformat(),
        "end": plan.scenarios[0].end.isoformat(),
        "notes": notes_of(plan),
    }
    return Findings(estimates, tables)
