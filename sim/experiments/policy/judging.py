"""Policies judged: the points that are simulated on fresh rows, and what each policy comes to there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.estimates.by_row import difference, mean, of_point, probability
from sim.experiments.policy.levers import LEVERS, NAMED, REFERENCES, Policy
from sim.outcomes import OUTCOMES
from sim.parameters import PACKS, only
from sim.scenario import Scenario, with_parameters
from sim.simulate.job import Parameters
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.spans import Point, Task, point_tasks

ALL = "all together"
WORLDS = (ALL, *PACKS)
WEIGHED = ("risk", "killed", "attacks")
"""What a policy is to keep low; `risk` is that of the scenario's headline."""
RISKS = ("spiral", "anyway")
"""The two parts of the risk: what comes by reactions, and what would come without the amplifying ones too."""
TOLD = (*RISKS, "wounded", "strikes", "strikes_in_iraq")
UNITS = {
    "risk": "probability",
    **{name: f"{OUTCOMES[name].label.removesuffix(' in Iraq')} a run" for name in (*WEIGHED[1:], *TOLD)},
    **dict.fromkeys(RISKS, "probability"),
}


@dataclass(frozen=True)
class Judged:
    """What policies came to on fresh rows.

    Attributes
    ----------
    policies : named ones and found ones; the first `handful` of them are also tried under every rival explanation
    handful : how many
    event : what counts as risk
    found : ndarray of RESPONSE, points numbered as `points_of_policies` has them
    """

    policies: Sequence[Policy]
    handful: int
    event: str
    found: npt.NDArray[np.void]

    def rows(self, policy: int, world: str = ALL) -> npt.NDArray[np.void]:
        """What a policy came to in a world, row by row."""
        return of_point(
            self.found, point_number(policy, WORLDS.index(world), len(self.policies), self.handful)
        )

    def rows_without(self, lever: int) -> npt.NDArray[np.void]:
        """What the first found policy came to with a lever put back to the record."""
        return of_point(self.found, point_number(lever, len(WORLDS), len(self.policies), self.handful))

    def column(self, name: str) -> str:
        """Field of RESPONSE that holds a quantity."""
        return self.event if name == "risk" else name

    def values(self, name: str, world: str = ALL) -> npt.NDArray[np.float64]:
        """A quantity of the handful, as means over each row's runs; shape (handful, rows)."""
        column = self.column(name)
        parts = [self.rows(policy, world) for policy in range(self.handful)]
        return np.stack([part[column] / part["runs"] for part in parts])


def point_number(policy: int, world: int, policies: int, handful: int) -> int:
    """Number of the point at which a policy is tried in a world; past the worlds, that of a lever put back."""
    return policy if world == 0 else policies + (world - 1) * handful + policy


def tasks_of_policies(
    scenario: Scenario,
    policies: Sequence[Policy],
    handful: int,
    rows: tuple[int, int],
    parameters: Parameters,
) -> list[Task]:
    """Everything that is simulated to judge policies, as one list of tasks.

    Parameters
    ----------
    scenario : Scenario
    policies : sequence of Policy
    handful : int
        How many of the first are tried under every rival explanation too.
    rows : tuple of int
        Rows for each policy, and for each of the handful under each explanation: the first of the same rows.
    parameters : 'prior' or 'default'
    """
    taken = policies[len(NAMED)].values
    without = [with_parameters(scenario, {**taken, v.name: v.record}) for v in LEVERS]
    worlds = [with_parameters(scenario, policy.values) for policy in policies]
    main = [Point(number, world) for number, world in enumerate(worlds)]
    rival = [
        Point(point_number(number, place, len(policies), handful), worlds[number], only(pack))
        for place, pack in enumerate(PACKS, start=1)
        for number in range(handful)
    ]
    main += [
        Point(point_number(number, len(WORLDS), len(policies), handful), world)
        for number, world in enumerate(without)
    ]
    tasks = point_tasks(main, rows[0] * RUNS_PER_ROW, parameters)
    further = point_tasks(rival, rows[1] * RUNS_PER_ROW, parameters)
    return [*tasks, *(replace(task, number=task.number + len(tasks)) for task in further)]


def policies_table(judged: Judged, by_row: bool) -> pd.DataFrame:
    """One row a policy: its levers, what it comes to with 95% intervals, and how it stands to the others.

    `standing` is `front` where no other policy is better in all that is weighed, `perhaps` where one is by the
    estimates and luck may have made it so, and `beaten` where one surely is: all its paired 95% intervals say so.
    """
    found = []
    for number, policy in enumerate(judged.policies):
        mine = judged.rows(number)
        risk = probability(mine, judged.event, by_row)
        row = {"policy": policy.name, "found": policy.found, "words": policy.words, **policy.values}
        row |= _ends("risk", risk.probability, *risk.chance)
        for name in (*WEIGHED[1:], *TOLD):
            average = mean(mine, name)
            row |= _ends(name, average.value, average.low, average.high)
        for name in WEIGHED:
            change = difference(mine, judged.rows(0), judged.column(name))
            row |= _ends(f"{name}_change", change.value, change.low, change.high)
        row["risk_change_searched"] = policy.searched.get("risk", np.nan)
        found.append(row | _standing(judged, number))
    table = pd.DataFrame(found)
    table.attrs["units"] = _units(table)
    return table


def _ends(name: str, value: float, low: float, high: float) -> dict[str, float]:
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _standing(judged: Judged, number: int) -> dict[str, str]:
    by_estimate, surely = [], []
    for other in range(len(judged.policies)):
        gaps = [difference(judged.rows(number), judged.rows(other), judged.column(name)) for name in WEIGHED]
        if other != number and all(gap.value > 0 for gap in gaps):
            by_estimate.append(other)
            if all(gap.low > 0 for gap in gaps):
                surely.append(other)
    beaten = surely or by_estimate
    standing = "beaten" if surely else "perhaps" if by_estimate else "front"
    return {"standing": standing, "beaten_by": judged.policies[beaten[0]].name if beaten else ""}


def _units(table: pd.DataFrame) -> dict[str, str]:
    units = {lever.name: lever.unit for lever in LEVERS}
    for column in table.columns:
        base = column.removesuffix("_searched").removesuffix("_low").removesuffix("_high")
        if (name := base.removesuffix("_change")) in UNITS:
            units[column] = UNITS[name]
    return units


def parts_table(judged: Judged) -> pd.DataFrame:
    """What each lever does in the first found policy: that policy less the same with the lever put back to the record.

    Returns
    -------
    DataFrame
        One row a lever and weighed quantity, paired by run.
    """
    taken = judged.policies[len(NAMED)]
    found = []
    for number, lever in enumerate(LEVERS):
        for quantity in WEIGHED:
            change = difference(judged.rows(len(NAMED)), judged.rows_without(number), judged.column(quantity))
            found.append(
                {"policy": taken.name, "lever": lever.name, "value": taken.values[lever.name]}
                | {"record": lever.record, "quantity": quantity}
                | _ends("difference", change.value, change.low, change.high)
                | {"unit": UNITS[quantity]}
            )
    return pd.DataFrame(found)


def against_table(judged: Judged) -> pd.DataFrame:
    """Every policy less each policy of reference, with the same runs: one row a pair and quantity."""
    names = [policy.name for policy in judged.policies]
    found = []
    for reference in (names.index(name) for name in REFERENCES):
        for number, name in enumerate(names):
            for quantity in (*WEIGHED, *TOLD) if number != reference else ():
                change = difference(judged.rows(number), judged.rows(reference), judged.column(quantity))
                found.append(
                    {"policy": name, "reference": names[reference], "quantity": quantity}
                    | _ends("difference", change.value, change.low, change.high)
                    | {"unit": UNITS[quantity]}
                )
    return pd.DataFrame(found)
