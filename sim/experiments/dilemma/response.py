"""The response curve: what a forced strike does to the attacks of the weeks that follow, and to the risk."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.estimates.by_row import difference, mean
from sim.experiments.dilemma.forced import BRANCHES
from sim.experiments.dilemma.worlds import LEVELS, WEEK, WORLDS

LEVEL = 0.05
TRIALS = 10_000
WAYS = {-1: "fewer", 0: "no change", 1: "more"}


def response_tables(followed: int, found: npt.NDArray[np.void]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Attacks after a strike of each level less those after none, week by week; and what it comes to.

    Parameters
    ----------
    followed : int
        Days after the strike.
    found : ndarray of `sim.experiments.dilemma.forced.forced_dtype`

    Returns
    -------
    tuple of DataFrame
        `response`, one row a world, level and week: `pack`, `level`, `week`, `first_day` and `last_day`
        after the strike, `held` (attacks a day where Washington held), `change` a day with `change_low` and
        `change_high`, a 95% band for all weeks of a level together, and `excludes_zero`. `response_summary`,
        one row a world and level: `attacks_change` over all days followed with its ends (95%),
        `held_attacks`; `way`, `from_day`, `to_day` of the weeks in which the band excludes zero, in one run
        from the first (see `stretch`), -1 where there are none; `later_way`, how the band lies in any later
        week; `risk_held`, `risk_change` with its ends, and `is_the_spiral`: whether the strike itself counts
        as the headline spiral or half of it, so that its change of risk is no effect.
    """
    weeks, summary = [], []
    for place, world in enumerate(WORLDS):
        by_level = {level: _of_level(found, place, level) for level in BRANCHES}
        for level in LEVELS:
            mine = _weeks(followed, by_level[level], by_level[0])
            weeks += [{"pack": world, "level": level, **week} for week in mine]
            summary.append({"pack": world, "level": level, **_summary(followed, level, by_level, mine)})
    response, total = pd.DataFrame(weeks), pd.DataFrame(summary)
    daily = dict.fromkeys(("held", "change", "change_low", "change_high"), "attacks a day")
    response.attrs["units"] = daily | {"first_day": "days after", "last_day": "days after"}
    total.attrs["units"] = {
        **{name: "attacks a run" for name in total if "attacks" in name},
        **{name: "probability" for name in total if name.startswith("risk")},
        **dict.fromkeys(("from_day", "to_day"), "days after"),
    }
    return response, total


def _of_level(found: npt.NDArray[np.void], world: int, level: int) -> npt.NDArray[np.void]:
    mine = found[(found["world"] == world) & (found["level"] == level)]
    return mine[np.argsort(mine["row"], kind="stable")]


def _spans(followed: int) -> list[tuple[int, int]]:
    """First and last day of each week after the strike, from day 1 on; the last may be short."""
    return [(first, min(first + WEEK - 1, followed)) for first in range(1, followed + 1, WEEK)]


def _in_span(rows: npt.NDArray[np.void], span: tuple[int, int]) -> npt.NDArray[np.float64]:
    return np.asarray(sum(rows[f"day_{day}"] for day in range(span[0], span[1] + 1)), dtype=np.float64)


def _weeks(followed: int, mine: npt.NDArray[np.void], held: npt.NDArray[np.void]) -> list[dict[str, Any]]:
    spans, runs = _spans(followed), mine["runs"].astype(np.float64)
    days = np.array([last - first + 1 for first, last in spans], dtype=np.float64)
    without = np.stack([_in_span(held, span) for span in spans], axis=1) / days
    change = np.stack([_in_span(mine, span) for span in spans], axis=1) / days - without
    value, half = band(change, runs)
    return [
        {
            "week": week + 1,
            "first_day": first,
            "last_day": last,
            "held": without[:, week].sum() / runs.sum(),
            "change": value[week],
            "change_low": value[week] - half[week],
            "change_high": value[week] + half[week],
            "excludes_zero": bool(abs(value[week]) > half[week]),
        }
        for week, (first, last) in enumerate(spans)
    ]


def band(
    totals: npt.NDArray[np.float64], runs: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Means over runs, and half the width of a band that holds all of them together in 95 cases of 100.

    Errors are taken as normal, with the correlation seen between rows: the band's half-width is the same number of
    standard errors everywhere, so many as the largest of the correlated errors stays within.

    Parameters
    ----------
    totals : ndarray of float, shape (rows, k)
        Sums over the runs of each row.
    runs : ndarray of float, shape (rows,)

    Returns
    -------
    tuple of ndarray, each of shape (k,)
    """
    count, value = len(runs), totals.sum(axis=0) / runs.sum()
    if count < 2:
        return value, np.full(len(value), np.inf)
    apart = totals - value * runs[:, None]
    error = np.sqrt((apart**2).sum(axis=0) * count / (count - 1)) / runs.sum()
    alike = apart / np.where(error > 0, np.sqrt((apart**2).sum(axis=0)), 1.0)
    weights, axes = np.linalg.eigh(alike.T @ alike)
    root = (axes * np.sqrt(np.maximum(weights, 0.0))) @ axes.T
    largest = np.abs(np.random.default_rng(0).standard_normal((TRIALS, len(value))) @ root).max(axis=1)
    return value, np.quantile(largest, 1 - LEVEL) * error


def _summary(
    followed: int, level: int, by_level: dict[int, npt.NDArray[np.void]], weeks: list[dict[str, Any]]
) -> dict[str, Any]:
    mine, held = (_totals(by_level[n], followed) for n in (level, 0))
    attacks, risk = difference(mine, held, "attacks"), difference(mine, held, "came")
    way, first, last = stretch(weeks)
    later = [w for w in weeks if w["excludes_zero"] and w["first_day"] > last] if way else []
    return {
        "days": followed,
        "held_attacks": mean(held, "attacks").value,
        **attacks.columns("attacks_change"),
        "way": WAYS[way],
        "from_day": first,
        "to_day": last,
        "later_way": WAYS[int(np.sign(later[0]["change"]))] if later else WAYS[0],
        "risk_held": mean(held, "came").value,
        **risk.columns("risk_change"),
        "is_the_spiral": level == max(LEVELS),
    }


def stretch(weeks: list[dict[str, Any]]) -> tuple[int, int, int]:
    """The first unbroken stretch of weeks in which the band excludes zero on one side: sign, first and last day."""
    way, first, last = 0, -1, -1
    for week in weeks:
        sign = int(np.sign(week["change"])) if week["excludes_zero"] else 0
        if way == 0 and sign != 0:
            way, first, last = sign, week["first_day"], week["last_day"]
        elif way != 0 and sign == way:
            last = week["last_day"]
        elif way != 0:
            break
    return way, first, last


def _totals(rows: npt.NDArray[np.void], followed: int) -> npt.NDArray[np.void]:
    kept = np.zeros(len(rows), [*((n, np.int64) for n in ("row", "runs", "came")), ("attacks", np.float64)])
    for name in ("row", "runs", "came"):
        kept[name] = rows[name]
    kept["attacks"] = _in_span(rows, (1, followed))
    return kept
