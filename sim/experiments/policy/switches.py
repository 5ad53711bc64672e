"""Switch points: values of a parameter at which two policies change places, and how much of the prior lies beyond."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.experiments.policy.regret import Rows, mean_with_ends

QUARTER = 0.25
BINS = 5
LEVEL = 0.05
RESAMPLES = 400
Column = npt.NDArray[np.float64]

COLUMNS = (
    "first", "second", "parameter", "quantile", "quantile_low", "quantile_high", "value", "value_low", "value_high",
    "below", "below_low", "below_high", "above", "above_low", "above_high", "p", "p_adjusted",
)  # fmt: skip


def quantiles_of(values: Column) -> Column:
    """Where each row lies among the rows, from 0 to 1."""
    return (np.argsort(np.argsort(values, kind="stable"), kind="stable") + 0.5) / len(values)


def candidates(values: Rows, names: Sequence[str], columns: Mapping[str, Column]) -> pd.DataFrame:
    """Test every pair of policies and every parameter for a change of places.

    A parameter counts if the pair's mean difference is of one sign in its lowest quarter of the prior and of the other
    in its highest: both must be beyond chance, so that the larger of the two p-values is that of the change. Over all
    pairs and parameters Holm's correction holds the chance that any is a false alarm to the level.

    Parameters
    ----------
    values : ndarray, shape (policies, rows)
    names : sequence of str
    columns : mapping of ndarray, each of shape (rows,)
        What each row has of every parameter.

    Returns
    -------
    DataFrame
        One row a pair and parameter, the least p first: `below` and `above` are the mean differences (first less
        second) in the two quarters, with their 95% intervals.
    """
    masks = {name: _quarters(quantiles_of(column)) for name, column in columns.items() if np.ptp(column) > 0}
    found = []
    for one, two in combinations(range(len(names)), 2):
        apart = values[one] - values[two]
        for parameter, (low, high) in masks.items():
            row: dict[str, Any] = {"first": names[one], "second": names[two], "parameter": parameter}
            for side, mask in (("below", low), ("above", high)):
                row |= dict(
                    zip((side, f"{side}_low", f"{side}_high"), mean_with_ends(apart[mask]), strict=True)
                )
            row["p"] = _p_of_change(apart[low], apart[high])
            found.append(row)
    if not found:
        return pd.DataFrame(columns=[c for c in COLUMNS if not c.startswith(("quantile", "value"))])
    table = pd.DataFrame(found).sort_values("p", kind="stable", ignore_index=True)
    table["p_adjusted"] = holm(table["p"].to_numpy())
    return table


def _quarters(quantile: Column) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    return quantile < QUARTER, quantile > 1 - QUARTER


def _p_of_change(low: Column, high: Column) -> float:
    if low.mean() * high.mean() >= 0:
        return 1.0
    return max(_p_of_mean(low), _p_of_mean(high))


def _p_of_mean(values: Column) -> float:
    from scipy import special

    spread, count = float(values.std(ddof=1)) if len(values) > 1 else 0.0, len(values)
    if spread == 0:
        return 1.0
    t = abs(float(values.mean())) / (spread / count**0.5)
    return float(2 * special.stdtr(count - 1, -t))


def holm(p: Column) -> Column:
    """Holm's adjusted p-values, for p from the least on."""
    return np.minimum(1.0, np.maximum.accumulate(p * np.arange(len(p), 0, -1)))


def flips_table(worlds: Mapping[str, Rows], names: Sequence[str]) -> pd.DataFrame:
    """Difference of every pair of policies in every world, and which pairs change places between two worlds.

    Returns
    -------
    DataFrame
        One row a pair and world: `difference` (first less second) with its 95% interval, `p_adjusted` by Holm over all
        rows, and `flips`: whether the pair differs beyond chance one way here, and the other way in another world.
    """
    found = []
    for one, two in combinations(range(len(names)), 2):
        for world, values in worlds.items():
            apart = values[one] - values[two]
            ends = zip(("difference", "low", "high"), mean_with_ends(apart), strict=True)
            row = {"first": names[one], "second": names[two], "world": world, **dict(ends)}
            found.append(row | {"p": _p_of_mean(apart)})
    table = pd.DataFrame(found).sort_values("p", kind="stable")
    table["p_adjusted"] = holm(table["p"].to_numpy())
    table = table.sort_index()
    sign = np.sign(table["difference"]) * (table["p_adjusted"] < LEVEL)
    pairs = [table["first"], table["second"]]
    both = (sign.groupby(pairs).transform("max") > 0) & (sign.groupby(pairs).transform("min") < 0)
    table["flips"] = both & (sign != 0)
    return table


def switch_table(
    tested: pd.DataFrame, values: Rows, names: Sequence[str], columns: Mapping[str, Column], seed: int
) -> pd.DataFrame:
    """Where the changes of places lie that are beyond chance.

    Returns
    -------
    DataFrame
        Of COLUMNS; empty when there is none. `quantile` is the share of the prior below the point, and `value` the
        parameter there, each with a 95% interval over resampled rows.
    """
    found = []
    for row in tested[tested["p_adjusted"] < LEVEL].to_dict("records"):
        column = columns[row["parameter"]]
        one, two = (names.index(row[side]) for side in ("first", "second"))
        at = crossing(quantiles_of(column), values[one] - values[two], seed)
        points = zip(("", "_low", "_high"), at, strict=True)
        for end, quantile in points:
            row |= {f"quantile{end}": quantile, f"value{end}": float(np.quantile(column, quantile))}
        found.append(row)
    return pd.DataFrame(found, columns=list(COLUMNS))


def crossing(quantile: Column, apart: Column, seed: int) -> tuple[float, float, float]:
    """Quantile at which a difference changes sign, with a 95% interval.

    The difference is fitted as a parabola of the quantile, by least squares. The interval is that of the fit's root
    over resampled rows; a resample whose fit does not change sign has it at an end.

    Parameters
    ----------
    quantile, apart : ndarray, shape (rows,)
        Where each row lies from 0 to 1, and the difference of two policies in it.
    seed : int
        Of the resampling.
    """
    count = len(quantile)
    weights = np.random.default_rng([seed, 2]).multinomial(count, np.full(count, 1 / count), RESAMPLES)
    powers = np.stack([np.ones(count), quantile, quantile**2], axis=1)
    moments = (powers[:, :, None] * powers[:, None, :]).reshape(count, 9)
    rising = bool(apart[quantile > 0.5].mean() > apart[quantile <= 0.5].mean())
    every = np.concatenate([np.ones((1, count)), weights])
    left = (every @ moments).reshape(-1, 3, 3) + 1e-9 * np.eye(3)
    fits = np.linalg.solve(left, (every @ (powers * apart[:, None]))[:, :, None])[:, :, 0]
    roots = np.array([_root(fit, rising) for fit in fits])
    low, high = np.quantile(roots[1:], (0.025, 0.975))
    return float(roots[0]), float(low), float(high)


def _root(fit: Column, rising: bool) -> float:
    """Where a fit changes sign in the direction that the data take."""
    grid = np.linspace(0.0, 1.0, 401)
    heights = fit @ np.stack([np.ones_like(grid), grid, grid**2])
    if not rising:
        heights = -heights
    up = np.flatnonzero((heights[:-1] < 0) & (heights[1:] >= 0))
    if len(up) == 0:
        return 0.0 if heights.mean() > 0 else 1.0
    before, after = heights[up[0]], heights[up[0] + 1]
    return float(grid[up[0]] + (grid[1] - grid[0]) * -before / (after - before))


def bins_table(
    shown: pd.DataFrame, values: Rows, names: Sequence[str], columns: Mapping[str, Column]
) -> pd.DataFrame:
    """Mean difference of a pair in each fifth of a parameter's prior, with its 95% interval, for the figure."""
    found = []
    for row in shown.to_dict("records"):
        one, two = (names.index(row[side]) for side in ("first", "second"))
        column = columns[row["parameter"]]
        bins = np.minimum((quantiles_of(column) * BINS).astype(int), BINS - 1)
        for number in range(BINS):
            ends = mean_with_ends((values[one] - values[two])[bins == number])
            found.append(
                {key: row[key] for key in ("first", "second", "parameter")}
                | {"from_quantile": number / BINS, "to_quantile": (number + 1) / BINS}
                | {"from_value": float(np.quantile(column, number / BINS))}
                | {"to_value": float(np.quantile(column, (number + 1) / BINS))}
                | dict(zip(("difference", "low", "high"), ends, strict=True))
            )
    names_of = ("first", "second", "parameter", "from_quantile", "to_quantile", "from_value", "to_value")
    return pd.DataFrame(found, columns=[*names_of, "difference", "low", "high"])


def shares_table(values: Rows, names: Sequence[str]) -> pd.DataFrame:
    """For every pair the share of rows in which each has the lower value, as counted, with the luck of a row's runs."""
    found = []
    for one, two in combinations(range(len(names)), 2):
        apart = values[one] - values[two]
        shares = {"first_lower": apart < 0, "second_lower": apart > 0, "equal": apart == 0}
        row: dict[str, Any] = {"first": names[one], "second": names[two]}
        row |= {name: float(mask.mean()) for name, mask in shares.items()}
        ends = mean_with_ends(apart)
        found.append(row | dict(zip(("difference", "difference_low", "difference_high"), ends, strict=True)))
    return pd.DataFrame(found)
