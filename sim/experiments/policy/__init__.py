"""Robust policy: Washington's and Baghdad's levers searched, judged anew on fresh rows, and tried in rival worlds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.experiments.analysis import Asked, answer, responses_of
from sim.experiments.policy.findings import findings_of
from sim.experiments.policy.judging import WORLDS, Judged, tasks_of_policies
from sim.experiments.policy.levers import LEVERS, NAMED, RECORD, Policy, by_name, named_policies
from sim.experiments.policy.search import SearchMissing, Values, chosen, require_library, search
from sim.scenario import Scenario, with_parameters
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.points import Point, carry_out_points, respond
from sim.store import Analysis, Findings, Work

__all__ = ["Plan", "SearchMissing", "policy_in_memory", "require_library", "run_policy"]

SEARCH_FIRST = RUNS_PER_ROW * 2**42
"""First run of the search, far from those that policies are judged on."""

FOUND, SPANNING, RIVAL_SHARE = 7, 4, 4

Keep = Callable[[int, Callable[[], Values]], Values]
"""Gives what a step of the search came to, by its number: computed, or as it was kept."""


@dataclass(frozen=True)
class Plan:
    """A search for policies.

    Attributes
    ----------
    scenario : that policies are tried in; what it says of the levers is replaced
    rows : of parameters that the search tries a policy under
    generations : of the search
    judged : fresh rows that policies are judged on; a quarter of them under each rival explanation
    size : policies of a generation
    """

    scenario: Scenario
    rows: int = 40
    generations: int = 20
    judged: int = 1_000
    size: int = 20

    @property
    def search_runs(self) -> int:
        """Runs of the search."""
        return (1 + self.size * self.generations) * self.rows * RUNS_PER_ROW

    @property
    def rival_rows(self) -> int:
        """Rows of a policy under each rival explanation."""
        return max(2, self.judged // RIVAL_SHARE)

    @property
    def found(self) -> int:
        """Policies of the search that are judged."""
        return min(FOUND, self.size)

    @property
    def handful(self) -> int:
        """Policies that are tried under every explanation: the named ones, and those that span the front."""
        return len(NAMED) + min(SPANNING, self.found)

    @property
    def total(self) -> int:
        """Runs of all."""
        main = len(NAMED) + self.found + len(LEVERS)
        rows = main * self.judged + (len(WORLDS) - 1) * self.handful * self.rival_rows
        return self.search_runs + rows * RUNS_PER_ROW


def run_policy(plan: Plan, asked: Asked, place: Path) -> Analysis:
    """Search for policies and judge them in a result folder, going on with what is there.

    Raises
    ------
    SearchMissing
        When pymoo is not installed.
    StoreError
        When the folder cannot be worked in.
    """
    identity = {
        "rows": plan.rows, "generations": plan.generations, "judged": plan.judged, "size": plan.size,
        "levers": [[lever.name, lever.low, lever.high] for lever in LEVERS],
    }  # fmt: skip

    def make(work: Work) -> Findings:
        policies, tried = _searched(plan, asked, _kept_in(work))
        tasks = _tasks(plan, asked, policies)
        found = responses_of(work, tasks, carry_out_points, asked.counting_on(plan.search_runs, plan.total))
        return _findings(plan, asked, policies, tried, found)

    return answer("policy", plan.scenario, asked, identity, place, make, plan.total, _task_count(plan, asked))


def policy_in_memory(
    scenario: Scenario,
    asked: Asked,
    rows: int = 40,
    generations: int = 20,
    judged: int = 1_000,
) -> dict[str, pd.DataFrame]:
    """Search for policies and judge them, and keep nothing.

    Returns
    -------
    dict of DataFrame
        `policies`, `against`, `parts`, `regret`, `robust`, `flips`, `switches`, `switch_bins`, `shares` and `search`;
        see `sim.experiments.policy.findings`.

    Raises
    ------
    SearchMissing
        When pymoo is not installed.
    """
    plan = Plan(scenario, rows, generations, judged)
    policies, tried = _searched(plan, asked, lambda _number, compute: compute())
    tasks = _tasks(plan, asked, policies)
    found = np.concatenate([*asked.workers(carry_out_points, tasks)])
    return _findings(plan, asked, policies, tried, found).tables


def _searched(plan: Plan, asked: Asked, keep: Keep) -> tuple[list[Policy], pd.DataFrame]:
    """Policies to be judged, the named ones first, and all that the search tried."""
    record = np.array([list(RECORD.values())])
    base = keep(0, lambda: _tried(plan, asked, record))[0]
    steps = iter(range(1, plan.generations + 1))

    def evaluate(levers: Values) -> Values:
        number = next(steps)
        came = keep(number, lambda: _tried(plan, asked, levers))
        if asked.progress is not None:
            done = (1 + number * plan.size) * plan.rows * RUNS_PER_ROW
            asked.progress(done, plan.total, 0, 0)
        return came

    levers, came = search(evaluate, plan.size, plan.generations, plan.scenario.random_seed)
    policies = named_policies()
    for letter, row in zip("ABCDEFGHIJKLMNOP", chosen(levers, came[:, :3], plan.found), strict=False):
        policies.append(Policy(letter, by_name(levers[row]), {"risk": float(came[row, 0] - base[0])}))
    table = pd.DataFrame(levers, columns=[lever.name for lever in LEVERS])
    table.insert(0, "generation", np.arange(len(levers)) // plan.size)
    table[["risk", "log2_killed", "log2_attacks"]] = came
    table.attrs["units"] = {lever.name: lever.unit for lever in LEVERS} | {"risk": "probability"}
    return policies, table


def _tried(plan: Plan, asked: Asked, levers: Values) -> Values:
    """Risk, and means over rows of log2(1 + killed) and of log2(1 + attacks); shape (n, 3).

    The plain mean of the killed over a few dozen rows is that of the two or three worst, whatever the policy. Each
    row counts as a row here; what is suffered in all, the plain mean, is for the judging on many rows.
    """
    points = [
        Point(i, with_parameters(plan.scenario, by_name(row))) for i, row in enumerate(np.atleast_2d(levers))
    ]
    found = respond(points, plan.rows * RUNS_PER_ROW, asked.parameters, SEARCH_FIRST, pool=asked.workers)
    by_point = found.reshape(len(points), plan.rows)
    shares = {n: by_point[n] / by_point["runs"] for n in (plan.scenario.headline, "killed", "attacks")}
    risk, killed, attacks = shares.values()
    return np.stack(
        [risk.mean(axis=1), np.log2(1 + killed).mean(axis=1), np.log2(1 + attacks).mean(axis=1)], axis=1
    )


def _kept_in(work: Work) -> Keep:
    """Keep every generation in the folder at work, so that a search cut short goes on where it was."""

    def keep(number: int, compute: Callable[[], Values]) -> Values:
        name = f"{work.hidden}/search-{number:05d}.json"
        if name in work.kept:
            return np.array(json.loads(work.read(name)))
        values = compute()
        work.keep(name, json.dumps(values.tolist()).encode())
        return values

    return keep


def _tasks(plan: Plan, asked: Asked, policies: list[Policy]) -> list[Any]:
    rows = (plan.judged, plan.rival_rows)
    return tasks_of_policies(plan.scenario, policies, plan.handful, rows, asked.parameters)


def _task_count(plan: Plan, asked: Asked) -> int:
    """How many tasks judge policies; their number does not hang on which were found."""
    found = [Policy(str(i), RECORD, {}) for i in range(plan.found)]
    return len(_tasks(plan, asked, [*named_policies(), *found]))


def _findings(
    plan: Plan, asked: Asked, policies: list[Policy], tried: pd.DataFrame, found: npt.NDArray[np.void]
) -> Findings:
    by_point = found[np.argsort(found["point"], kind="stable")]
    judged = Judged(policies, plan.handful, plan.scenario.headline, by_point)
    return findings_of(plan.scenario, judged, tried, asked.parameters == "prior", _sizes(plan))


def _sizes(plan: Plan) -> dict[str, int]:
    return {
        "rows_searched": plan.rows, "generations": plan.generations, "policies_tried": plan.size * plan.generations,
        "rows_judged": plan.judged, "rows_rival": plan.rival_rows,
    }  # fmt: skip
