"""The observation model: how reports scatter about what happened.

Attacks are counted by officials who round, are late and correct themselves: a count scatters normally about the true
increment with a standard deviation of `COUNT_SD`. The wounded are counted late, since injuries to the brain show late:
of those wounded `t` days ago a share 1 - exp(-t / lag) has been counted, and that count scatters by a standard
deviation of its log. Where nobody was hurt nobody is reported, and a death is never missed. Reports are whole numbers,
not below zero; "at least" is censored: any true report from that value on fits. A bargain is a secret of which one
voice told: where the model has none in the span, a report of one has probability `MISTAKEN`.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.inference.observation.record import DISCRETE, Record, Report, increments
from sim.parameters.parameter import lognormal

COUNT_SD = 2.0
"""Attacks; the counts of one date differ by one or two between articles (see `claims-two-dozen-more`)."""

LOG_SD: Mapping[str, float] = {"exact": 0.25, "about": 0.25, "at_least": 0.15}
"""Scatter of the log of a number of people, by bound: 21 and dozens are told of the same days."""

LEAST_PEOPLE = 0.25
"""Fewer, though some, scatter as so many do: hardly ever to one."""

MISTAKEN = 0.1
IMPOSSIBLE = -1e5
"""Log probability of what cannot be: finite, so that it can be told that nothing fits."""

LAG = "observation.wounded_lag"
LAG_PRIOR, LAG_RANGE = lognormal(8.0, 0.5), (0.5, 60.0)
"""Days; assumed: injuries to the brain are diagnosed over days and weeks (see `wounded-brain-injuries`)."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """What happened in some worlds up to some days: cumulative from the first day of the scenario.

    Attributes
    ----------
    start : the first day
    at : days by their place along the last axis but one of `values`
    values : shape (worlds, len(at), len(COLUMNS)), after each of those days
    """

    start: datetime.date
    at: tuple[datetime.date, ...]
    values: Floats

    def of(self, report: Report, jordan_apart: bool) -> Floats:
        """Count of a report's span in every world, shape (worlds,)."""
        names = _columns(report, jordan_apart)
        total = self._through(report.last)[:, names].sum(1)
        if report.first <= self.start:
            return np.asarray(total)
        return np.asarray(total - self._through(report.first - datetime.timedelta(days=1))[:, names].sum(1))

    def _through(self, date: datetime.date) -> Floats:
        return np.asarray(self.values[:, self.at.index(date)])


COLUMNS = ("attacks_iraq", "attacks_syria", "attacks_jordan", "wounded", "wounded_seen", "killed", "bargains")
"""What is kept of a world after a day; `wounded_seen` are those that have been counted by then."""


def days_needed(record: Record) -> tuple[datetime.date, ...]:
    """Days after which a world's counts are wanted, to be held against a record; in order."""
    found = set()
    for report in increments(record.reports):
        found |= {report.last, report.first - datetime.timedelta(days=1)}
    return tuple(sorted(found))


def _columns(report: Report, jordan_apart: bool) -> list[int]:
    attacks = ["attacks_iraq", "attacks_syria", "attacks_jordan"]
    by_series = {
        "attacks": attacks,
        "attacks_syria": attacks[1:2] if jordan_apart else attacks[1:],
        "wounded": ["wounded" if report.in_retrospect else "wounded_seen"],
    }
    return [COLUMNS.index(name) for name in by_series.get(report.series, [report.series])]


def log_likelihoods(reports: Iterable[Report], counts: Counts, jordan_apart: bool = False) -> Floats:
    """Log probability of each report, given what happened.

    Parameters
    ----------
    reports : iterable of Report
        As `increments` gives them.
    counts : Counts
    jordan_apart : bool
        Whether the record counts attacks in Jordan apart.

    Returns
    -------
    ndarray, shape (worlds, number of reports)
    """
    found = [log_likelihood(report, counts.of(report, jordan_apart)) for report in reports]
    return np.stack(found, axis=1) if found else np.zeros((len(counts.values), 0))


def log_likelihood(report: Report, true: Floats) -> Floats:
    """Log probability of a report, given the true count of its span; same shape as `true`."""
    if report.series == "bargains":
        fits = true >= report.value if report.bound == "at_least" else true == report.value
        return np.where(fits, math.log1p(-MISTAKEN), math.log(MISTAKEN))
    low, high = _edges(report)
    if report.series in DISCRETE:
        return _log_between((low - true) / COUNT_SD, (high - true) / COUNT_SD)
    sd, some = LOG_SD[report.bound], np.log(np.maximum(true, LEAST_PEOPLE))
    scattered = _log_between((_log(low) - some) / sd, (_log(high) - some) / sd)
    nobody = 0.0 if report.value < 0.5 else IMPOSSIBLE
    missed = report.series == "killed" and high < 1.0
    return np.where(true > 0.0, IMPOSSIBLE if missed else scattered, nobody)


def reported(report: Report, true: Floats, uniforms: Floats) -> Floats:
    """What would be reported of a span with these true counts: whole numbers, one a uniform number.

    A report that is only a lower bound is drawn as if it were exact: the count that it bounds.
    """
    z = special.ndtri(uniforms)
    if report.series in DISCRETE:
        return np.asarray(np.maximum(np.rint(true + COUNT_SD * z), 0.0))
    if report.series == "bargains":
        return np.asarray(true)
    scattered = np.rint(np.maximum(true, LEAST_PEOPLE) * np.exp(LOG_SD[report.bound] * z))
    least = 1.0 if report.series == "killed" else 0.0
    return np.asarray(np.where(true > 0.0, np.maximum(scattered, least), 0.0))


def would_report(
    report: Report, counts: Counts, jordan_apart: bool, generator: np.random.Generator
) -> Floats:
    """What would be reported of each world, of the span of a report."""
    true = counts.of(report, jordan_apart)
    exact = replace(report, bound="exact") if report.bound == "at_least" else report
    return reported(exact, true, generator.random(len(true)))


def _edges(report: Report) -> tuple[float, float]:
    """Between which unrounded numbers a report lies; the least that can be reported takes all below it."""
    least = 1.0 if report.series == "killed" and report.value > 0.0 else 0.0
    low = report.value - 0.5 if report.value > least else -math.inf
    return low, math.inf if report.bound == "at_least" else report.value + 0.5


def _log(x: float) -> float:
    return math.log(x) if x > 0.0 else -math.inf


def _log_between(low: Floats, high: Floats) -> Floats:
    """Log probability that a standard normal number lies between two, low < high."""
    upper = low > 0.0  # taken from the tail that is the smaller, for its digits
    far, near = np.where(upper, -high, low), np.where(upper, -low, high)
    log_near = special.log_ndtr(near)
    return np.asarray(log_near + np.log1p(-np.exp(special.log_ndtr(far) - log_near)))


__all__ = [
    "COLUMNS",
    "COUNT_SD",
    "Counts",
    "Record",
    "days_needed",
    "log_likelihood",
    "log_likelihoods",
    "reported",
    "would_report",
]
