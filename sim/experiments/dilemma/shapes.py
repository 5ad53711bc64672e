"""The shape of a draw's curve of risk against readiness, told beyond chance; and whether the dilemma holds in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.estimates.intervals import independent
from sim.experiments.dilemma.draws import SUMS
from sim.experiments.dilemma.worlds import DRAW_VALUES, PAIRS

SHAPES = ("falling", "rising", "U-shaped", "hump-shaped", "several turns", "flat")
FALSE_ALARM = 0.01
"""Chance, at most, that a draw whose risk does not depend on readiness is not called flat."""

NEAR_END = 0.02
DILEMMA = "dilemma"
Signs = npt.NDArray[np.int64]


def risk_signs(found: npt.NDArray[np.void], aside: str = "") -> Signs:
    """Which pairs of values differ in risk beyond chance: +1 where it is higher at the higher value, -1 lower, else 0.

    An exact test of the runs that spiral at one of the two values only (McNemar 1947), at `FALSE_ALARM` shared evenly
    among the pairs, so that the chance of any false alarm in a draw is at most that.

    Parameters
    ----------
    found : ndarray of DRAW, shape (n,)
    aside : str
        `_aside` for the world without feedback.

    Returns
    -------
    ndarray of int, shape (n, pairs)
    """
    from scipy.stats import binom

    signs = []
    for i, j in PAIRS:
        into, out = found[f"into{aside}_{i}_{j}"], found[f"out{aside}_{i}_{j}"]
        tail = 2 * binom.cdf(np.minimum(into, out), into + out, 0.5)
        signs.append(np.where(tail <= FALSE_ALARM / len(PAIRS), np.sign(into - out), 0))
    return np.stack(signs, axis=1).astype(np.int64)


def mean_signs(found: npt.NDArray[np.void], name: str) -> Signs:
    """The same for attacks, for credibility, or for what feedback adds to the risk (fed), by Student's t."""
    from scipy.special import stdtrit

    count = found["runs"].astype(np.float64)
    quantile = stdtrit(count - 1, 1 - FALSE_ALARM / len(PAIRS) / 2)
    signs = []
    for i, j in PAIRS:
        total, squares = found[f"{name}_d_{i}_{j}"], found[f"{name}_q_{i}_{j}"]
        spread = np.maximum(squares - total**2 / count, 0.0) * count / (count - 1)
        signs.append(np.where(np.abs(total) > quantile * np.sqrt(spread), np.sign(total), 0))
    return np.stack(signs, axis=1).astype(np.int64)


def shapes_of(signs: Signs) -> npt.NDArray[np.str_]:
    """Shape of each draw's curve.

    Falling or rising: some pairs of values differ, and all of these in that direction. U-shaped: it falls to
    a value and rises from it; hump-shaped: the other way round; several turns: both, or changes that no one
    value parts.

    Parameters
    ----------
    signs : ndarray of int, shape (n, pairs)
        See `risk_signs`.

    Returns
    -------
    ndarray of str, shape (n,)
        One of `SHAPES`.
    """
    up, down = (signs > 0).any(axis=1), (signs < 0).any(axis=1)
    dips, humps = _turns(signs, -1), _turns(signs, +1)
    chosen = [up & ~down, down & ~up, dips & ~humps, humps & ~dips, up & down]
    names = ["rising", "falling", "U-shaped", "hump-shaped", "several turns"]
    return np.select(chosen, names, "flat").astype(np.str_)


def _turns(signs: Signs, first: int) -> npt.NDArray[np.bool_]:
    """Whether the risk moves one way up to some value, and the other way from there."""
    at = {pair: signs[:, place] for place, pair in enumerate(PAIRS)}
    found = np.zeros(len(signs), np.bool_)
    for i, j in PAIRS:
        for k in range(j + 1, len(DRAW_VALUES)):
            found |= (at[i, j] == first) & (at[j, k] == -first)
    return found


def draws_table(found: npt.NDArray[np.void]) -> pd.DataFrame:
    """Every draw at every value.

    Returns
    -------
    DataFrame
        One row a draw and value: `row`; `shape`, and `shape_without_feedback`; whether the risk `rises` or `falls`
        somewhere through feedback, and whether the `dilemma` holds, by attacks or `by_credibility` (see
        `shape_table`); `attacks_end`, fewer, more or no change from the least readiness to the most; `value`, `runs`,
        `risk`, `risk_without_feedback`, `attacks`, `credibility`, `any_killed`.
    """
    told = _told(found)
    parts = []
    for k, value in enumerate(DRAW_VALUES):
        columns = {"risk": "seen", "risk_without_feedback": "seen_aside", **{name: name for name in SUMS}}
        means = {name: found[f"{column}_{k}"] / found["runs"] for name, column in columns.items()}
        parts.append(pd.DataFrame({**told, "value": value, "runs": found["runs"], **means}))
    table = pd.concat(parts).sort_values(["row", "value"], ignore_index=True)
    table.attrs["units"] = {
        "value": "logits",
        **dict.fromkeys(("risk", "risk_without_feedback", "any_killed"), "probability"),
        "attacks": "attacks a run",
        "credibility": "0 to 1",
    }
    return table


def _told(found: npt.NDArray[np.void]) -> dict[str, Any]:
    """What is told of every draw."""
    risk, attacks, credibility = (
        risk_signs(found),
        mean_signs(found, "attacks"),
        mean_signs(found, "credibility"),
    )
    fed = mean_signs(found, "fed")
    rises, falls = (risk > 0) & (fed > 0), (risk < 0) & (fed < 0)
    ends = attacks[:, PAIRS.index((0, len(DRAW_VALUES) - 1))]
    return {
        "row": found["row"],
        "shape": shapes_of(risk),
        "shape_without_feedback": shapes_of(risk_signs(found, "_aside")),
        "rises": rises.any(axis=1),
        "falls": falls.any(axis=1),
        "dilemma": (rises & (attacks < 0)).any(axis=1),
        "by_credibility": (rises & (credibility > 0)).any(axis=1),
        "attacks_end": np.select([ends < 0, ends > 0], ["fewer", "more"], "no change"),
    }


def shape_table(draws: pd.DataFrame) -> pd.DataFrame:
    """How the draws divide.

    Through feedback: between two values of readiness the risk moves beyond chance, and moves so by more than it does
    between the same two without feedback, beyond chance as well.

    Returns
    -------
    DataFrame
        One row a shape, and one each for what cuts across shapes; `draws`, `share` with `share_low` and
        `share_high` (95% by chance over the prior); `without_feedback`, how many draws have that shape there; how
        many suffer `fewer_attacks` or `more_attacks` at the most readiness than at the least; mean risks by value.
        Rows that cut across: `flat, hardly ever` and `flat, nearly always`; `rises through feedback` (answering
        more feeds a spiral), `falls through feedback` (answering more averts one), `both`, `neither`; `dilemma`
        (between two values the risk rises through feedback, and the attacks suffered become fewer, beyond chance);
        `dilemma, by credibility` (the same, where credibility grows).
    """
    one = draws[draws["value"] == DRAW_VALUES[0]].set_index("row")
    risk = draws.pivot_table(index="row", columns="value", values="risk")
    rows = [_group(name, inside, one, risk) for name, inside in _groups(one, risk).items()]
    table = pd.DataFrame(rows)
    table.attrs["units"] = dict.fromkeys((c for c in table if c.startswith(("share", "risk"))), "probability")
    return table


def _groups(one: pd.DataFrame, risk: pd.DataFrame) -> dict[str, pd.Series]:
    groups = {shape: one["shape"] == shape for shape in SHAPES}
    return groups | {
        "flat, hardly ever": groups["flat"] & (risk.max(axis=1) <= NEAR_END),
        "flat, nearly always": groups["flat"] & (risk.min(axis=1) >= 1 - NEAR_END),
        "rises through feedback": one["rises"],
        "falls through feedback": one["falls"],
        "both": one["rises"] & one["falls"],
        "neither": ~one["rises"] & ~one["falls"],
        DILEMMA: one["dilemma"],
        "dilemma, by credibility": one["by_credibility"],
    }


def _group(name: str, inside: pd.Series, one: pd.DataFrame, risk: pd.DataFrame) -> dict[str, Any]:
    estimate = independent(int(inside.sum()), len(one))
    ends = one.loc[inside, "attacks_end"]
    return {
        "shape": name,
        "draws": int(inside.sum()),
        "share": estimate.probability,
        "share_low": estimate.chance[0],
        "share_high": estimate.chance[1],
        "without_feedback": int((one["shape_without_feedback"] == name).sum()) if name in SHAPES else -1,
        "fewer_attacks": int((ends == "fewer").sum()),
        "more_attacks": int((ends == "more").sum()),
        **{f"risk_at_{value:g}": risk.loc[inside, value].mean() for value in DRAW_VALUES},
    }
