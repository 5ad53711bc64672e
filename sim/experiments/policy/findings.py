"""What a search for policies found: the form of the answer, and how it is concluded."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.experiments.policy.judging import (
    ALL,
    UNITS,
    WEIGHED,
    WORLDS,
    Judged,
    against_table,
    parts_table,
    policies_table,
)
from sim.experiments.policy.levers import LEVERS, YARDSTICKS
from sim.experiments.policy.regret import regret_table, robust_table
from sim.experiments.policy.switches import bins_table, candidates, flips_table, shares_table, switch_table
from sim.parameters import REGISTRY
from sim.pipeline.experiment import Finding, Part
from sim.scenario import Scenario
from sim.scenario.given import fixed_by, own_priors
from sim.simulate.parameter_draws import prior_rows


class LeverPart(Part):
    """A lever: what is searched, where the record has it, and what its ends are called."""

    name: str
    low: float
    high: float
    record: float
    unit: str
    ends: tuple[str, str]


class PolicyPart(Part):
    """A policy: found by the search or named, in words, and where it sets each lever."""

    policy: str
    found: bool
    words: str
    settings: str
    values: dict[str, float]


class LeastRegret(Part):
    """The policy that regrets least, how much and where, and in what share of resampled rows it still does."""

    policy: str
    regret: float
    often: float
    where: Any


class Nearest(Part):
    """The pair and parameter that come nearest to a change of places, with its p alone and among all."""

    first: str
    second: str
    parameter: str
    p: float
    p_adjusted: float


class PolicyFinding(Finding):
    """Policies, what each regrets, and where they change places."""

    definition: str
    levers: list[LeverPart]
    replaced: dict[str, float]
    policies: list[PolicyPart]
    least_largest_regret: dict[str, LeastRegret]
    least_mean_regret: dict[str, LeastRegret]
    at_an_end: dict[str, str]
    switch_tests: int
    nearest_switch: Nearest | None
    switches: int
    worlds: list[str]
    yardsticks: list[str]
    units: dict[str, str]
    rows_searched: int
    generations: int
    policies_tried: int
    rows_judged: int
    rows_rival: int

    policy_table: Annotated[pd.DataFrame, "policies"]
    against: pd.DataFrame
    parts: pd.DataFrame
    regret: pd.DataFrame
    robust: pd.DataFrame
    flips: pd.DataFrame
    switch_table: Annotated[pd.DataFrame, "switches"]
    switch_bins: pd.DataFrame
    shares: pd.DataFrame
    search: pd.DataFrame


SHOWN = 6
"""Switch points, or what comes nearest to one, that are drawn."""


def findings_of(
    scenario: Scenario, judged: Judged, tried: pd.DataFrame, by_row: bool, sizes: dict[str, int]
) -> PolicyFinding:
    """Conclude.

    Parameters
    ----------
    scenario : Scenario
    judged : Judged
    tried : DataFrame
        All that the search tried.
    by_row : bool
        Whether parameters are drawn; there are no switch points otherwise.
    sizes : dict
        How much was tried, for the record.
    """
    names = [policy.name for policy in judged.policies[: judged.handful]]
    regret, robust = _regrets(judged, names, scenario.random_seed)
    values = judged.values("risk")
    columns = _columns(scenario, values.shape[1]) if by_row else {}
    tested = candidates(values, names, columns)
    switches = switch_table(tested, values, names, columns, scenario.random_seed)
    shown = (switches if len(switches) else tested[tested["p"] < 1]).head(SHOWN)
    bins = bins_table(shown, values, names, columns)
    units = {"difference": "probability", "low": "probability", "high": "probability"}
    bins.attrs["units"] = units
    tables = {
        "policy_table": policies_table(judged, by_row), "against": against_table(judged), "parts": parts_table(judged),
        "regret": regret,
        "robust": robust, "flips": _flips(judged, names),
        "switch_table": switches, "switch_bins": bins, "shares": shares_table(values, names),
        "search": tried,
    }  # fmt: skip
    return PolicyFinding(**_estimates(scenario, judged, tables, tested, sizes), **tables)


def _regrets(judged: Judged, names: list[str], seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Regret in each world and over all, on the same rows in each."""
    regrets, robust = [], []
    rivals = [i for i, name in enumerate(names) if name not in YARDSTICKS]
    for quantity in WEIGHED:
        worlds = {world: judged.values(quantity, world) for world in WORLDS}
        fewest = min(values.shape[1] for values in worlds.values())
        same = {world: values[:, :fewest] for world, values in worlds.items()}
        regrets.append(regret_table(same, names, rivals, quantity))
        robust.append(robust_table(same, names, rivals, quantity, seed))
    return pd.concat(regrets, ignore_index=True), pd.concat(robust, ignore_index=True)


def _flips(judged: Judged, names: list[str]) -> pd.DataFrame:
    return flips_table({world: judged.values("risk", world) for world in WORLDS}, names)


def _columns(scenario: Scenario, count: int) -> dict[str, npt.NDArray[np.float64]]:
    """What each row that policies are judged on has of every parameter that is drawn, but for the levers."""
    fixed = fixed_by(scenario)
    table = prior_rows(np.arange(count), scenario.random_seed, fixed, own_priors(scenario))
    levers = {lever.name for lever in LEVERS}
    drawn = [n for n, p in REGISTRY.items() if p.prior is not None and n not in fixed and n not in levers]
    return {name: np.asarray(table[name.split(".")[0]][name.split(".")[1]]) for name in drawn}


def _estimates(
    scenario: Scenario,
    judged: Judged,
    tables: dict[str, pd.DataFrame],
    tested: pd.DataFrame,
    sizes: dict[str, int],
) -> dict[str, Any]:
    return {
        "definition": scenario.headline,
        "levers": [
            {"name": v.name, "low": v.low, "high": v.high, "record": v.record, "unit": v.unit, "ends": v.ends}
            for v in LEVERS
        ],
        "replaced": {n: v for n, v in fixed_by(scenario).items() if n in {lever.name for lever in LEVERS}},
        "policies": [
            {"policy": p.name, "found": p.found, "words": p.words, "settings": p.settings, "values": p.values}
            for p in judged.policies
        ],
        "least_largest_regret": _least(tables["robust"], "largest"),
        "least_mean_regret": _least(tables["robust"], "mean"),
        "at_an_end": _at_an_end(judged),
        "switch_tests": len(tested),
        "nearest_switch": _nearest(tested),
        "switches": len(tables["switch_table"]),
        "worlds": [ALL, *WORLDS[1:]],
        "yardsticks": list(YARDSTICKS),
        "units": UNITS,
        **sizes,
    }


def _at_an_end(judged: Judged) -> dict[str, str]:
    """Levers that most found policies have at the same end of what is searched, and which end."""
    found = [policy for policy in judged.policies if policy.found]
    ends = {}
    for lever in LEVERS:
        for side in ("low", "high"):
            near = [abs(p.values[lever.name] - getattr(lever, side)) < 0.25 for p in found]
            if sum(near) > len(found) / 2:
                ends[lever.name] = side
    return ends


def _nearest(tested: pd.DataFrame) -> dict[str, Any] | None:
    """The pair and parameter that come nearest to a change of places, whether beyond chance or not."""
    if tested.empty or tested["p"].iloc[0] >= 1:
        return None
    row = tested.iloc[0]
    values = {name: float(row[name]) for name in ("p", "p_adjusted")}
    return {**{name: row[name] for name in ("first", "second", "parameter")}, **values}


def _least(robust: pd.DataFrame, by: str) -> dict[str, dict[str, Any]]:
    """For each quantity the policy that regrets least, how much, and how often it still does in resampled rows."""
    found = {}
    for quantity, part in robust.groupby("quantity", sort=False):
        rivals = part[~part["policy"].isin(YARDSTICKS)]
        best = rivals.loc[rivals[by].idxmin()]
        found[str(quantity)] = {
            "policy": best["policy"], "regret": float(best[by]), "often": float(best[f"{by}_often"]),
            "where": best["where"],
        }  # fmt: skip
    return found
