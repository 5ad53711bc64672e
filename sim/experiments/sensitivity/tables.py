"""What was found about sensitivity, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.sensitivity.design import Array
from sim.experiments.sensitivity.elementary import Effects
from sim.experiments.sensitivity.factors import LUCK, Factor
from sim.experiments.sensitivity.indices import Indices
from sim.experiments.sensitivity.tenths import Alone, Told

SHARE = "share of variance"
UNITS = {"risk": "probability", "attacks": "log(1 + attacks) a run", "spiral": "probability"}


def indices_table(
    factors: Sequence[Factor],
    output: str,
    each: tuple[Indices, Indices],
    last: tuple[Indices, Indices],
    of: Alone,
) -> pd.DataFrame:
    """Indices of every factor.

    Parameters
    ----------
    factors : sequence of Factor
    output : 'risk', 'attacks' or 'spiral'
    each, last : pair of Indices
        Of the design of all factors, and of that of the strongest: averaged over chance, and with chance.
    of : Alone

    Returns
    -------
    DataFrame
        One row a factor, luck among them, by total index; see docs/howto/find-what-matters.md.
    """
    names, rows = each[0].names, []
    for number, name in enumerate(names):
        fresh = name in last[0].names and name != LUCK
        free, raw = last if fresh else each
        at = free.names.index(name)
        row: dict[str, Any] = _about(factors, name)
        if name != LUCK:
            row |= (
                _told("alone", of.share[number])
                | _told("first", free.first[at])
                | _told("total", free.total[at])
            )
            row |= _told("interaction", _less(free.total[at], of.share[number]))
        row |= _told("first_with_luck", raw.first[at]) | _told("total_with_luck", raw.total[at])
        if name != LUCK:
            row |= _told("at_low", of.low[number]) | _told("at_high", of.high[number])
            row |= _told("change", of.change[number])
        rows.append(row | {"fresh": fresh})
    table = pd.DataFrame(rows).sort_values("total", ascending=False, kind="stable", ignore_index=True)
    shares = ("alone", "first", "total", "interaction", "first_with_luck", "total_with_luck")
    return _with_units(
        table, dict.fromkeys(shares, SHARE) | dict.fromkeys(("at_low", "at_high", "change"), UNITS[output])
    )


def groups_table(
    found: dict[str, tuple[Indices, Indices]], counts: dict[str, int], heading: str
) -> pd.DataFrame:
    """Indices of groups, one row a group of each output: averaged over chance, and with chance."""
    rows = []
    for output, (free, raw) in found.items():
        for number, name in enumerate(free.names):
            row: dict[str, Any] = {"output": output, heading: name, "parameters": counts.get(name, 0)}
            if name != LUCK:
                row |= _told("first", free.first[number]) | _told("total", free.total[number])
            row |= _told("first_with_luck", raw.first[number]) | _told("total_with_luck", raw.total[number])
            rows.append(row)
    table = pd.DataFrame(rows)
    return _with_units(table, dict.fromkeys(("first", "total", "first_with_luck", "total_with_luck"), SHARE))


def pairs_table(
    found: dict[str, tuple[Indices, Indices]], beyond: dict[tuple[str, str, str], Told]
) -> pd.DataFrame:
    """Second-order indices, one row a pair of each output, by size: from cells (`together`), and Saltelli's.

    Factors come in the registry's order in `found` as in `beyond`; pairs with luck, or with all others, are Saltelli's
    alone.
    """
    rows = []
    for output, (free, raw) in found.items():
        assert free.pairs is not None
        assert raw.pairs is not None
        for j, k in combinations(range(len(free.names)), 2):
            row: dict[str, Any] = {"output": output, "one": free.names[j], "other": free.names[k]}
            key = (output, row["one"], row["other"])
            row |= _told("together", beyond.get(key, (np.nan, np.nan)))
            if LUCK not in (row["one"], row["other"]):
                row |= _told("second", free.pairs[j, k])
            rows.append(row | _told("second_with_luck", raw.pairs[j, k]))
    table = pd.DataFrame(rows)
    for column in ("second", "second_low", "second_high"):
        table[column] = table.get(column, np.nan)
    table = table.sort_values(
        ["output", "together"], ascending=[False, False], kind="stable", ignore_index=True
    )
    return _with_units(table, dict.fromkeys(("together", "second", "second_with_luck"), SHARE))


def effects_table(
    factors: Sequence[Factor], output: str, names: Sequence[str], found: Effects
) -> pd.DataFrame:
    """Elementary effects of every factor, one row each, by mean size; luck among them."""
    rows = [
        _about(factors, name)
        | _told("size", found.size[number])
        | _told("mean", found.mean[number])
        | _told("sigma", found.sigma[number])
        for number, name in enumerate(names)
    ]
    table = pd.DataFrame(rows).sort_values("size", ascending=False, kind="stable", ignore_index=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return _with_units(table, dict.fromkeys(("size", "mean", "sigma"), UNITS[output]))


def _about(factors: Sequence[Factor], name: str) -> dict[str, Any]:
    """What a factor is, and the values at the middle of its lowest and of its highest tenth."""
    if name == LUCK:
        return {"factor": LUCK, "unit": "", "basis": LUCK, "actor": LUCK, "low": np.nan, "high": np.nan}
    factor = next(factor for factor in factors if factor.name == name)
    low, high = factor.at([0.05, 0.95])
    return {
        "factor": name,
        "unit": factor.unit,
        "basis": factor.basis,
        "actor": factor.actor,
        "low": float(low),
        "high": float(high),
    }


def _told(name: str, told: Array | Told) -> dict[str, float]:
    value, half = float(told[0]), float(told[1])
    return {name: value, f"{name}_low": value - half, f"{name}_high": value + half}


def _less(one: Array, other: Array) -> Array:
    return np.array([one[0] - other[0], np.hypot(one[1], other[1])])


def _with_units(table: pd.DataFrame, units: dict[str, str]) -> pd.DataFrame:
    table.attrs["units"] = {
        f"{name}{end}": unit for name, unit in units.items() for end in ("", "_low", "_high")
    }
    return table
