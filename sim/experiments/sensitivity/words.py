"""Findings about sensitivity in words, for the screen and for figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.experiments.sensitivity.factors import LUCK
from sim.experiments.sensitivity.finding import SensitivityFinding
from sim.experiments.sensitivity.indices import QUANTILE
from sim.wording import change_with_chance, number_text


def share_text(row: Mapping[str, Any], name: str) -> str:
    """Write a share of variance and its 95% interval: `27% [19, 36]`; the ends may pass 0 and 100."""
    values = [100 * float(row[f"{name}{end}"]) for end in ("", "_low", "_high")]
    if not all(map(math.isfinite, values)):
        return "unknown"
    places = 0 if values[2] - values[1] >= 3 else 1
    value, low, high = (_plain(f"{value:.{places}f}") for value in values)
    return f"{value}% [{low}, {high}]"


def told_from_zero(row: Mapping[str, Any], name: str) -> bool:
    """Whether the whole 95% interval lies on one side of zero."""
    low, high = float(row[f"{name}_low"]), float(row[f"{name}_high"])
    return low > 0 or high < 0


def told_among(row: Mapping[str, Any], name: str, many: int) -> bool:
    """Whether a value lies above zero even as the largest of so many looked at (Bonferroni, 5% in all)."""
    from scipy import special

    value, half = float(row[name]), float(row[f"{name}_high"]) - float(row[name])
    return value > half / QUANTILE * float(special.ndtri(1 - 0.025 / many))


def direction_text(row: Mapping[str, Any]) -> str:
    """Say how the risk goes from the factor's low end to its high end: `15% to 41%: +26 [+22, +29]`."""
    change = (row[f"change{end}"] for end in ("", "_low", "_high"))
    return f"{_risk(row['at_low'])} to {_risk(row['at_high'])}: {change_with_chance(*change)}"


def values_text(row: Mapping[str, Any]) -> str:
    """Write the factor's values at both ends, with their unit."""
    unit = "" if pd.isna(row["unit"]) or not row["unit"] else f" {row['unit']}"
    return f"{number_text(row['low'], 2)} to {number_text(row['high'], 2)}{unit}"


def resting_sentence(groups: pd.DataFrame) -> str:
    """Say in one sentence how much of the variance of the risk rests on assumed parameters."""
    mine = groups[(groups["output"] == "risk") & (groups["basis"] != LUCK)]
    if mine["total"].isna().any():
        return "These runs do not tell how the risk varies between draws of the parameters, nor what it rests on."
    count = int(mine["parameters"].sum())
    assumed = mine[mine["basis"] == "assumed"]
    if assumed.empty:
        return f"None of the {count} parameters that vary is assumed."
    row = assumed.iloc[0]
    number = int(row["parameters"])
    if number == count:
        return f"All {count} parameters that vary are assumed: the whole variance of the risk rests on them."
    return (
        f"Assumed parameters ({number} of {count}) carry {share_text(row, 'first')} of the variance of the risk by "
        f"themselves, and {share_text(row, 'total')} with what they share with the others."
    )


def one_run_sentence(of: SensitivityFinding) -> str:
    """Say how much of whether one run spirals the parameters explain."""
    if of.explained_of_one_run is None:
        return "Too few runs came to the exchange, or too few did not, to tell parameters from chance."
    share, low, high = of.explained_of_one_run
    told = share_text({"x": share, "x_low": low, "x_high": high}, "x")
    return (
        f"Of whether one run comes to it, the parameters explain {told} of the variance; the rest is chance."
    )


def _risk(value: float) -> str:
    return "unknown" if not math.isfinite(value) else _plain(f"{100 * value:.0f}") + "%"


def _plain(text: str) -> str:
    return text.lstrip("-") if float(text) == 0 else text
