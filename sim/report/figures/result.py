"""What a figure needs of a result: its tables, and what they were made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.scenario import Scenario


@dataclass(frozen=True)
class Result:
    """The tables of a finished run of a scenario; figures draw them and compute nothing else.

    Attributes
    ----------
    scenario : that was run
    manifest : at least `runs`, `random_seed`, `parameters`, `rows` and `version`
    estimates : `headline`, and `spirals` by definition: probability, chance, ignorance, seen, runs
    daily : cumulative counts: series, date, mean, q05, q25, q50, q75, q95
    rungs : share of runs on each rung: date, rung, share
    incidence : what has come by a day: event, date, probability, low, high, unknown_low, unknown_high
    distributions : how many runs ended with a value: quantity, value, runs
    """

    scenario: Scenario
    manifest: Mapping[str, Any]
    estimates: Mapping[str, Any]
    daily: pd.DataFrame
    rungs: pd.DataFrame
    incidence: pd.DataFrame
    distributions: pd.DataFrame


@dataclass(frozen=True)
class Drawing:
    """A figure, the name of its files, its title and subtitle in plain text, and the table of all that it shows."""

    stem: str
    title: str
    figure: Figure
    data: pd.DataFrame
    subtitle: str = ""


def values_of(result: Result, quantity: str) -> pd.DataFrame:
    """Values of a quantity, ascending, and how many runs ended with each; -1, for never, is left out."""
    table = result.distributions
    chosen = table[(table["quantity"] == quantity) & (table["value"] >= 0) & (table["runs"] > 0)]
    columns = [name for name in ("value", "runs", "or_more") if name in chosen]
    return chosen.sort_values("value")[columns].reset_index(drop=True)


def quantile(values: pd.DataFrame, q: float) -> int:
    """Least value that at least a share q of the runs do not exceed."""
    reached = values["runs"].cumsum() >= q * values["runs"].sum()
    return int(values["value"][reached.idxmax()])
