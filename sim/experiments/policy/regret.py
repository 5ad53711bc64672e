"""Regret: how much worse a policy is than the best one in the same world, and which policy regrets least in any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Rows = npt.NDArray[np.float64]
"""A mean over runs, or a share of them, by policy and row; shape (policies, rows)."""

RESAMPLES = 1_000


def mean_with_ends(values: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Mean over rows and its 95% interval by Student's t; shape (rows,)."""
    from scipy import special

    value, count = round(float(values.mean()), 12), len(values)  # where rows cancel, exactly zero
    if count < 2:
        return value, float("-inf"), float("inf")
    half = float(special.stdtrit(count - 1, 0.975)) * float(values.std(ddof=1)) / count**0.5
    return value, value - half, value + half


def regret_rows(values: Rows, rivals: Sequence[int]) -> Rows:
    """How much worse each policy is, row by row, than the one that is best on the other half of the rows.

    The least of several estimates is too low, since luck helped to pick it. So the policy with the least mean is
    picked on the even rows for the odd ones, and on the odd ones for the even ones. What it is held against is then
    free of that luck, and never better than the best in truth: a regret is if anything too small, and can come out
    below zero.

    Parameters
    ----------
    values : ndarray
        Of one world, shape (policies, rows), 2 rows or more.
    rivals : sequence of int
        Policies among which the best is looked for.

    Returns
    -------
    ndarray, the same shape
    """
    even = np.arange(values.shape[1]) % 2 == 0
    among = np.asarray(rivals)
    best_of_even, best_of_odd = (
        int(among[values[among][:, half].mean(axis=1).argmin()]) for half in (even, ~even)
    )
    return np.asarray(values - np.where(even, values[best_of_odd], values[best_of_even]))


def regret_table(
    worlds: Mapping[str, Rows], names: Sequence[str], rivals: Sequence[int], quantity: str
) -> pd.DataFrame:
    """Value and regret of every policy in every world, each with its 95% interval.

    Parameters
    ----------
    worlds : mapping of ndarray, each of shape (policies, rows)
    names : sequence of str
        Of the policies.
    rivals : sequence of int
        Policies among which the best is looked for.
    quantity : str
        Noted with each.
    """
    found = []
    for world, values in worlds.items():
        regrets = regret_rows(values, rivals)
        for name, mine, regret in zip(names, values, regrets, strict=True):
            found.append(
                {"policy": name, "world": world, "quantity": quantity}
                | _with_ends("value", mine)
                | _with_ends("regret", regret)
            )
    table = pd.DataFrame(found)
    table["value_low"] = table["value_low"].clip(lower=0.0)
    return table


def _with_ends(name: str, values: npt.NDArray[np.float64]) -> dict[str, Any]:
    return dict(zip((name, f"{name}_low", f"{name}_high"), mean_with_ends(values), strict=True))


def robust_table(
    worlds: Mapping[str, Rows], names: Sequence[str], rivals: Sequence[int], quantity: str, seed: int
) -> pd.DataFrame:
    """Largest and mean regret over the worlds, and how often each policy has the least of them when rows are resampled.

    Parameters
    ----------
    worlds : mapping of ndarray, each of shape (policies, rows)
        The same rows in each.
    names : sequence of str
    rivals : sequence of int
        Policies among which the best is looked for.
    quantity : str
    seed : int
        Of the resampling.

    Returns
    -------
    DataFrame
        By policy: `largest` and the world `where` it is, `mean`, and `largest_often` and `mean_often`, the shares of
        resamples in which no other rival has a smaller one; 0 for a policy that is no rival.
    """
    together = np.stack([values.mean(axis=1) for values in worlds.values()])
    largest, average = _summaries(together[None], rivals)
    count = next(iter(worlds.values())).shape[1]
    weights = np.random.default_rng([seed, 1]).multinomial(count, np.full(count, 1 / count), RESAMPLES)
    resampled = np.stack([weights @ values.T / count for values in worlds.values()], axis=1)
    often = [_often(summary, rivals) for summary in _summaries(resampled, rivals)]
    where = [list(worlds)[i] for i in _regrets(together[None], rivals)[0].argmax(axis=0)]
    return pd.DataFrame(
        {
            "policy": list(names), "quantity": quantity, "largest": largest[0], "where": where,
            "mean": average[0], "largest_often": often[0], "mean_often": often[1],
        }
    )  # fmt: skip


def _regrets(means: npt.NDArray[np.float64], rivals: Sequence[int]) -> npt.NDArray[np.float64]:
    return means - means[:, :, list(rivals)].min(axis=2, keepdims=True)


def _summaries(means: npt.NDArray[np.float64], rivals: Sequence[int]) -> tuple[Rows, Rows]:
    """Largest and mean regret, each of shape (n, policies), from means of shape (n, worlds, policies)."""
    regrets = _regrets(means, rivals)
    return regrets.max(axis=1), regrets.mean(axis=1)


def _often(summary: Rows, rivals: Sequence[int]) -> Rows:
    """Share of resamples in which a rival has the least; ties are shared."""
    often = np.zeros(summary.shape[1])
    among = summary[:, list(rivals)]
    least = among <= among.min(axis=1, keepdims=True)
    often[list(rivals)] = (least / least.sum(axis=1, keepdims=True)).mean(axis=0)
    return often
