"""Hold-out: forecasters fitted to a record up to a date, and scored on what it reports of the days after."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.estimates.intervals import wilson
from sim.experiments.validate.baselines import Fitted, foresee
from sim.experiments.validate.scoring import Score, event_scores, log_score, scored
from sim.experiments.validate.strikes import StrikeCount, log_likelihoods_of_strikes, strikes_after
from sim.inference.events import EVENTS, JULY
from sim.inference.foresight import TIMELINES, Foresight
from sim.inference.observation import Record, Report, increments, log_likelihoods, would_report
from sim.inference.observation.model import COLUMNS, Counts
from sim.inference.observation.record import DISCRETE

MODEL, BLIND, OFF = "this model", "this model, priors blind to the last article", "this model, couplings off"
MODELS = (MODEL, BLIND, OFF)
ONE_DAY = datetime.timedelta(days=1)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Split:
    """A date up to which forecasters are fitted, and the reports of the days after that they are scored on.

    Attributes
    ----------
    as_of : the last day that is fitted
    record : what is fitted to, and whether it counts Jordan apart
    held_out : what is reported of the days after it, in order: increments that begin after it, and what has been
        counted of the wounded and killed in all
    strikes : what is on record of strikes after it
    """

    as_of: datetime.date
    record: Record
    held_out: tuple[Report, ...]
    strikes: tuple[StrikeCount, ...] = ()

    @property
    def attacks(self) -> tuple[Report, ...]:
        """The held-out increments that every forecaster can be scored on."""
        return tuple(report for report in self.held_out if report.series in DISCRETE)

    @property
    def dates(self) -> tuple[datetime.date, ...]:
        """Days after which counts are wanted, in order."""
        spans = [(r.first, r.last) for r in self.held_out] + [(s.first, s.last) for s in self.strikes]
        days = {day for first, last in spans for day in (last, first - ONE_DAY) if day >= self.record.start}
        return tuple(sorted({self.as_of, *days}))


def split_of(fitted: Record, tested: Record, as_of: datetime.date) -> Split:
    """Give the split of a record at a date.

    Parameters
    ----------
    fitted : Record
        What is reported up to the date is fitted to.
    tested : Record
        What is reported of the days after is scored. A report of attacks that also counts earlier days is left out,
        and so is one in retrospect.
    as_of : date
    """
    held_out = tuple(r for r in increments(tested.reports) if _is_held_out(r, as_of))
    return Split(as_of, fitted, held_out, strikes_after(tested, as_of))


def _is_held_out(report: Report, as_of: datetime.date) -> bool:
    if report.series == "bargains" or report.last <= as_of:
        return False
    return report.first > as_of or (report.series in ("wounded", "killed") and not report.in_retrospect)


def counts_of_rival(fitted: Fitted, split: Split, seed: int) -> Counts:
    """What a rival foresees on the days that are scored, counted from the as-of date on."""
    days = (split.dates[-1] - split.as_of).days
    total = np.cumsum(foresee(fitted, days, seed), axis=1)
    values = np.zeros((len(total), len(split.dates), len(COLUMNS)))
    for place, date in enumerate(split.dates):
        if date > split.as_of:
            values[:, place, :2] = total[:, (date - split.as_of).days - 1]
    return Counts(split.as_of, split.dates, values)


def increment_rows(
    name: str, split: Split, counts: Counts, reports: Sequence[Report], seed: int
) -> list[dict[str, Any]]:
    """Score a forecaster on increments one by one.

    Returns
    -------
    list of dict
        `as_of`, `forecaster`, `series`, `first`, `last`, `recorded`, `bound`, and what `scored` gives.
    """
    generator = np.random.Generator(np.random.Philox(seed))
    rows = []
    for report in reports:
        would = would_report(report, counts, split.record.counts_jordan, generator)
        likelihoods = log_likelihoods([report], counts, split.record.counts_jordan)[:, 0]
        rows.append(
            {
                "as_of": split.as_of, "forecaster": name, "series": report.series, "first": report.first,
                "last": report.last, "recorded": report.value, "bound": report.bound,
                **scored(would, likelihoods, report.value, report.bound == "at_least", generator),
            }
        )  # fmt: skip
    return rows


def score_rows(
    split: Split, foreseen: Mapping[str, Counts], rows: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Score all forecasters on the attack counts of a split together.

    Returns
    -------
    list of dict
        `as_of`, `forecaster`, `counts` (how many), joint `log_score` with its error and the effective number of draws
        behind it, `withheld` (why there is no score, or empty), `ahead` (by how much this model's is higher) with its
        error, mean `crps`, `in50` and `in90` (shares of counts inside).
    """
    joint = {
        name: log_score(log_likelihoods(split.attacks, counts, split.record.counts_jordan))
        for name, counts in foreseen.items()
    }
    found = []
    for name in joint:
        mine = [r for r in rows if r["forecaster"] == name and r["as_of"] == split.as_of]
        own = [r for r in mine if r["series"] in DISCRETE]
        distances = [r["crps"] for r in own if r["crps"] is not None]
        found.append(
            {
                "as_of": split.as_of, "forecaster": name, "counts": len(split.attacks), **joint_score(name, joint),
                "crps": float(np.mean(distances)) if distances else None,
                "in50": float(np.mean([r["in50"] for r in own])), "in90": float(np.mean([r["in90"] for r in own])),
            }
        )  # fmt: skip
    return found


def joint_score(name: str, joint: Mapping[str, Score]) -> dict[str, Any]:
    """A joint score and by how much this model's is higher; neither where they rest on too few draws."""
    score, model = joint[name], joint[MODEL]
    known = not score.withheld
    compared = known and not model.withheld
    error = float(np.hypot(model.error, score.error)) if name != MODEL else 0.0
    return {
        "log_score": score.value if known else None,
        "log_score_error": score.error if known else None,
        "effective": score.effective,
        "withheld": score.withheld,
        "ahead": model.value - score.value if compared else None,
        "ahead_error": error if compared else None,
    }


def whole_rows(split: Split, seen: Mapping[str, Foresight]) -> list[dict[str, Any]]:
    """Score the model, and it without couplings, on all that a split holds together.

    Returns
    -------
    list of dict
        `as_of`, `forecaster`, `counts`, and what `joint_score` gives.
    """
    joint = {}
    for name, each in seen.items():
        told = log_likelihoods(split.held_out, each.counts, split.record.counts_jordan)
        joint[name] = log_score(
            np.concatenate([told, log_likelihoods_of_strikes(split.strikes, each)], axis=1)
        )
    count = len(split.held_out) + len(split.strikes)
    return [
        {"as_of": split.as_of, "forecaster": name, "counts": count, **joint_score(name, joint)}
        for name in joint
    ]


def as_table(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame | None:
    """A table of rows; None where there are none."""
    return pd.DataFrame(list(rows)) if rows else None


def event_rows(name: str, seen: Foresight) -> list[dict[str, Any]]:
    """Probability of every event; its interval is over draws of the outside pressures and of the parameters.

    Returns
    -------
    list of dict
        `forecaster`, `event`, `facts`, `probability` with its 95% interval, `brier` and `log_score`.
    """
    rows = []
    for event in EVENTS:
        came = event.came(seen)
        if "given some" in event.name:
            given = seen.outcome("any_killed", JULY) >= 0
            came = came[given]
        low, high = _interval(came)
        brier, score = event_scores(float(came.mean()), True)
        rows.append(
            {
                "forecaster": name, "event": event.name, "facts": " ".join(event.facts),
                "probability": float(came.mean()), "probability_low": low, "probability_high": high,
                "brier": brier, "log_score": score,
            }
        )  # fmt: skip
    return rows


def _interval(came: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Interval of a share of runs that come in groups, one a draw of the outside pressures."""
    groups = [group.mean() for group in np.array_split(came, TIMELINES)]
    share = float(came.mean())
    variance = float(np.var(groups, ddof=1) / len(groups))
    trials = min(float(len(came)), share * (1.0 - share) / variance) if variance > 0 else float(len(came))
    return wilson(share, max(trials, 1.0))
