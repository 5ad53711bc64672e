"""Search for policies that hold up under any explanation.

Washington's and Baghdad's levers are searched, what is found is judged anew on fresh parameter draws, and tried in
rival worlds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.policy.findings import PolicyFinding, findings_of
from sim.experiments.policy.judging import WORLDS, Judged, tasks_of_policies
from sim.experiments.policy.levers import LEVERS, NAMED, RECORD, Policy, by_name, named_policies
from sim.experiments.policy.search import Values, chosen, require_library, search
from sim.pipeline.experiment import Experiment
from sim.pipeline.options import Whole, option
from sim.pipeline.runner import Runner
from sim.scenario import with_parameters
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.reducers import respond
from sim.simulate.spans import Point, Task

SEARCH_FIRST = RUNS_PER_ROW * 2**42
"""First run of the search, far from those that policies are judged on."""

FOUND, SPANNING, RIVAL_SHARE = 7, 4, 4
MOST_ROWS = 100_000


@dataclass(frozen=True)
class PolicySearch(Experiment):
    """A search for policies; what the scenario says of the levers is replaced. `size`: policies of a generation."""

    kind = "policy"
    finding = PolicyFinding
    choices = ("prior", "default")

    rows: int = option(40, Whole(2, MOST_ROWS), help="Rows of parameters that a policy is tried under.")
    generations: int = option(20, Whole(1, 10_000), help="Generations of the search.")
    judged: int = option(
        1_000,
        Whole(8, MOST_ROWS),
        help="Fresh rows that what was found is judged on; a quarter of them under each rival explanation.",
    )
    size: int = 20

    def __post_init__(self) -> None:
        """See that the library is there."""
        super().__post_init__()
        require_library()

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

    @property
    def identity(self) -> Mapping[str, Any]:
        """Size of the search, and the levers."""
        return {
            "rows": self.rows,
            "generations": self.generations,
            "judged": self.judged,
            "size": self.size,
            "levers": [[lever.name, lever.low, lever.high] for lever in LEVERS],
        }

    @property
    def task_count(self) -> int:
        """How many tasks judge policies; their number does not hang on which were found."""
        found = [Policy(str(i), RECORD, {}) for i in range(self.found)]
        return len(self._tasks([*named_policies(), *found]))

    @property
    def title(self) -> str:
        """Both parts."""
        return "The search and the judging"

    def answer(self, runner: Runner) -> PolicyFinding:
        """Search, judge on fresh rows, and conclude."""
        policies, tried = self._searched(runner)
        found = runner.rows(self._tasks(policies), respond)
        by_point = found[np.argsort(found["point"], kind="stable")]
        judged = Judged(policies, self.handful, self.scenario.headline, by_point)
        return findings_of(self.scenario, judged, tried, self.parameters == "prior", self._sizes)

    def _searched(self, runner: Runner) -> tuple[list[Policy], pd.DataFrame]:
        """Policies to be judged, the named ones first, and all that the search tried; kept generation by generation."""
        record = np.array([list(RECORD.values())])
        base = self._step(runner, 0, record)[0]
        steps = iter(range(1, self.generations + 1))

        def evaluate(levers: Values) -> Values:
            return self._step(runner, next(steps), levers)

        levers, came = search(evaluate, self.size, self.generations, self.scenario.random_seed)
        policies = named_policies()
        for letter, row in zip("ABCDEFGHIJKLMNOP", chosen(levers, came[:, :3], self.found), strict=False):
            policies.append(Policy(letter, by_name(levers[row]), {"risk": float(came[row, 0] - base[0])}))
        table = pd.DataFrame(levers, columns=[lever.name for lever in LEVERS])
        table.insert(0, "generation", np.arange(len(levers)) // self.size)
        table[["risk", "log2_killed", "log2_attacks"]] = came
        table.attrs["units"] = {lever.name: lever.unit for lever in LEVERS} | {"risk": "probability"}
        return policies, table

    def _step(self, runner: Runner, number: int, levers: Values) -> Values:
        """What the policies of a generation come to, tried now or as it was kept."""
        values = runner.remembered(f"search-{number:05d}", lambda: self._tried(runner, levers).tolist())
        runner.advance(len(levers) * self.rows * RUNS_PER_ROW)
        return np.array(values)

    def _tried(self, runner: Runner, levers: Values) -> Values:
        """Risk, and means over rows of log2(1 + killed) and of log2(1 + attacks); shape (n, 3).

        The plain mean of the killed over a few dozen rows is that of the two or three worst, whatever the policy. Each
        row counts as a row here; what is suffered in all, the plain mean, is for the judging on many rows.
        """
        points = [Point(i, with_parameters(self.scenario, by_name(row))) for i, row in enumerate(levers)]
        found = runner.respond(points, self.rows * RUNS_PER_ROW, self.parameters, SEARCH_FIRST)
        by_point = found.reshape(len(points), self.rows)
        shares = {n: by_point[n] / by_point["runs"] for n in (self.scenario.headline, "killed", "attacks")}
        risk, killed, attacks = shares.values()
        return np.stack(
            [risk.mean(axis=1), np.log2(1 + killed).mean(axis=1), np.log2(1 + attacks).mean(axis=1)], axis=1
        )

    def _tasks(self, policies: list[Policy]) -> list[Task]:
        rows = (self.judged, self.rival_rows)
        return tasks_of_policies(self.scenario, policies, self.handful, rows, self.parameters)

    @property
    def _sizes(self) -> dict[str, int]:
        return {
            "rows_searched": self.rows,
            "generations": self.generations,
            "policies_tried": self.size * self.generations,
            "rows_judged": self.judged,
            "rows_rival": self.rival_rows,
        }
