"""What each sign is worth: its alarm chosen on one half of the rows, and judged on the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.experiments.warnings.observables import OBSERVABLES
from sim.experiments.warnings.scoring import Bools, Curve, Ranking, Scores, Share, curve, ranking, share
from sim.experiments.warnings.together import Together, fit
from sim.experiments.warnings.watching import BEFORE, QUIET, WEEKLY

Records = npt.NDArray[np.void]

TOGETHER, DATE = "together", "date"
POINTS = 200
"""Thresholds of a curve that are kept, at most."""

SHARES = {
    "hit_rate": "share of spirals",
    "quiet_rate": "share of quiet stretches",
    "hit_evenings": "share of evenings before a spiral",
    "false_alarms": "share of other evenings",
    "precision": "share of evenings under alarm",
}
UNITS = {
    **{f"{name}{end}": unit for name, unit in SHARES.items() for end in ("", "_low", "_high")},
    **dict.fromkeys(("lead_q25", "lead_median", "lead_q75"), "days before the spiral"),
    **{f"{name}{end}": "area under the curve" for name in ("auc", "over_date") for end in ("", "_low", "_high")},
    "searched_auc": "area under the curve",
}  # fmt: skip
CURVE_UNITS = {name: SHARES[name] for name in ("hit_evenings", "false_alarms")}


@dataclass(frozen=True)
class Looks:
    """Evenings of some rows, for the question whether a spiral comes within `ahead` days."""

    records: Records
    ahead: int

    def of(self, why: int) -> Records:
        """Evenings that are there for a reason."""
        return self.records[(self.records["why"] & why) > 0]

    def followed(self, records: Records) -> Bools:
        """Whether a spiral comes within `ahead` days."""
        return np.asarray((records["until"] >= 1) & (records["until"] <= self.ahead))


@dataclass(frozen=True)
class Sign:
    """A sign, which way it warns, and the threshold of its alarm, all chosen on the rows searched in."""

    name: str
    way: int
    threshold: float
    searched_auc: float
    model: Together | None = None

    def score(self, records: Records) -> Scores:
        """Values of which the higher warn."""
        if self.model is not None:
            return self.model.score(records)
        return np.asarray(records[self.name] * np.int16(self.way))

    def alarm(self, records: Records) -> Bools:
        """Whether the alarm sounds."""
        return np.asarray(self.score(records) >= self.threshold)


def halves(records: Records, ahead: int) -> tuple[Looks, Looks]:
    """Rows to search in (even numbers) and rows to judge by (odd ones)."""
    even = records["row"] % 2 == 0
    return Looks(records[even], ahead), Looks(records[~even], ahead)


def choose(searched: Looks) -> list[Sign]:
    """Signs that differ from evening to evening, the best first, and all of them together before them."""
    weekly = searched.of(WEEKLY)
    positive = searched.followed(weekly)
    names = tuple(name for name in OBSERVABLES if weekly[name].min() < weekly[name].max())
    signs = []
    for name in names:
        score = weekly[name]
        area = ranking(score, positive, weekly["row"]).area
        way = 1 if area >= 0.5 else -1
        best = curve(np.asarray(score * np.int16(way)), positive).best
        signs.append(Sign(name, way, best, max(area, 1 - area)))
    signs.sort(key=lambda sign: -sign.searched_auc)
    if not names:
        return signs
    model = fit(weekly, positive, names)
    score = model.score(weekly)
    area = ranking(score, positive, weekly["row"]).area
    return [Sign(TOGETHER, 1, curve(score, positive).best, area, model), *signs]


def sign_table(signs: list[Sign], judged: Looks) -> pd.DataFrame:
    """What each sign is worth on rows that had no part in its choice.

    Returns
    -------
    DataFrame
        One row a sign, all of them `together` first, then by their area on the rows searched in (`searched_auc`).
        `alarm` is the rule; `auc` the area under the curve over evenings a week apart; `over_date` how much that
        exceeds the date's; `hit_rate` the share of spirals before which it sounded within `ahead` days; `quiet_rate`
        the share of stretches as long, with no spiral until `ahead` days after, in which it sounded; `hit_evenings`,
        `false_alarms`, `precision` by evenings; `lead_` days from the first alarm to the spiral, where there was one.
        Each with `_low` and `_high` (95%, rows as units).
    """
    weekly = judged.of(WEEKLY)
    positive = judged.followed(weekly)
    ranks = {sign.name: ranking(sign.score(weekly), positive, weekly["row"]) for sign in signs}
    rows = [_row(sign, judged, ranks[sign.name], ranks[DATE]) for sign in signs]
    table = pd.DataFrame(rows)
    table.attrs["units"] = UNITS
    return table


def curve_table(signs: list[Sign], judged: Looks) -> pd.DataFrame:
    """Hits and false alarms of each sign over its thresholds, by evenings: one row a threshold, the highest first."""
    weekly = judged.of(WEEKLY)
    positive = judged.followed(weekly)
    parts = []
    for sign in signs:
        found = curve(sign.score(weekly), positive)
        kept = _thinned(found)
        part = pd.DataFrame({"sign": sign.name, "threshold": found.thresholds[kept] * sign.way + 0.0})
        parts.append(part.assign(hit_evenings=found.hits[kept], false_alarms=found.false[kept]))
    table = pd.concat(parts, ignore_index=True)
    table.attrs["units"] = CURVE_UNITS
    return table


def eve_shares(looks: Looks, rungs: int, sudden: int) -> dict[str, Any]:
    """On which rung the evening before a spiral was, and how often on `sudden` or lower: shares with 95% intervals."""
    eve = looks.of(BEFORE)
    eve = eve[eve["until"] == 1]

    def told(hit: Bools) -> dict[str, Any]:
        if not len(eve):
            return {"share": None, "low": 0.0, "high": 1.0, "spirals": 0}
        found = share(hit, eve["row"])
        return {"share": found.value, "low": found.low, "high": found.high, "spirals": len(eve)}

    return {
        "eve": [{"rung": rung, **told(eve["rung"] == rung)} for rung in range(rungs)],
        "sudden": told(eve["rung"] <= sudden),
    }


def _row(sign: Sign, judged: Looks, rank: Ranking, date: Ranking) -> dict[str, Any]:
    weekly = judged.of(WEEKLY)
    positive, alarm, rows = judged.followed(weekly), sign.alarm(weekly), weekly["row"]
    gap = rank.above(date)
    spirals, quiet, leads = _stretches(sign, judged)
    return {
        "sign": sign.name,
        "meaning": "all signs together" if sign.model else OBSERVABLES[sign.name].meaning,
        "unit": "log odds" if sign.model else OBSERVABLES[sign.name].unit,
        "alarm": _rule(sign),
        "threshold": sign.threshold * sign.way + 0.0,
        **_named("auc", Share(rank.area, *rank.interval)),
        "searched_auc": sign.searched_auc,
        **_named("over_date", Share(*gap)),
        **_named("hit_rate", spirals),
        **_named("quiet_rate", quiet),
        **_named("hit_evenings", share(alarm[positive], rows[positive])),
        **_named("false_alarms", share(alarm[~positive], rows[~positive])),
        **_named("precision", share(positive[alarm], rows[alarm])),
        **dict(zip(("lead_q25", "lead_median", "lead_q75"), leads, strict=True)),
    }


def _rule(sign: Sign) -> str:
    """The alarm in words, such as `6 or more`."""
    value = sign.threshold * sign.way + 0.0  # no minus before a zero
    if sign.name == "bargain":
        return "none" if sign.way < 0 else "one"
    return f"{value:.3g} or {'more' if sign.way > 0 else 'less' if sign.model or sign.name == 'date' else 'fewer'}"


def _stretches(sign: Sign, judged: Looks) -> tuple[Share, Share, list[float]]:
    """In which stretches before spirals, and in which quiet ones, the alarm sounded; quartiles of days of warning."""
    shares, leads = [], [float("nan")] * 3
    for why in (BEFORE, QUIET):
        looks = judged.of(why)
        runs, place = np.unique(looks["run"], return_inverse=True)
        alarm = sign.alarm(looks)
        first = np.zeros(len(runs), np.int64)
        np.maximum.at(first, place[alarm], looks["until"][alarm] if why == BEFORE else 1)
        rows = np.zeros(len(runs), np.int32)
        rows[place] = looks["row"]
        shares.append(share(first > 0, rows))
        if why == BEFORE and (first > 0).any():
            leads = [
                float(q) for q in np.quantile(first[first > 0], (0.25, 0.5, 0.75), method="inverted_cdf")
            ]
    return shares[0], shares[1], leads


def _thinned(found: Curve) -> npt.NDArray[np.int64]:
    """Places of the points that are kept: not too close together, and the last."""
    if len(found.thresholds) <= POINTS:
        return np.arange(len(found.thresholds))
    step = np.floor((found.hits + found.false) / 2 * POINTS).astype(np.int64)
    return np.unique([*np.flatnonzero(np.diff(step, prepend=-1)), len(step) - 1])


def _named(name: str, value: Share) -> dict[str, float]:
    return {name: value.value, f"{name}_low": value.low, f"{name}_high": value.high}
