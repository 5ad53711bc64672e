"""A record: what was reported of a campaign, by date. Every part of it may be missing."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Series = Literal[
    "attacks_iraq", "attacks_syria", "attacks_jordan", "attacks", "wounded", "killed", "bargains"
]
Bound = Literal["exact", "about", "at_least"]

SERIES: tuple[Series, ...] = (
    "attacks_iraq", "attacks_syria", "attacks_jordan", "attacks", "wounded", "killed", "bargains",
)  # fmt: skip
"""What is counted. `attacks_syria` takes in Jordan in a record that does not count Jordan apart."""

COUNTRIES: tuple[Series, ...] = ("attacks_iraq", "attacks_syria", "attacks_jordan")
DISCRETE: tuple[Series, ...] = ("attacks_iraq", "attacks_syria", "attacks_jordan", "attacks")
BOUNDS: tuple[Bound, ...] = ("exact", "about", "at_least")
COUNTRIES_OF_STRIKES = ("iraq", "syria", "iran")
ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Report:
    """A number reported of a span of days.

    Attributes
    ----------
    series : what is counted
    first, last : the first and the last day that are counted
    value : the number reported
    bound : 'exact', 'about' (rounded) or 'at_least'
    facts : identifiers of the facts it rests on
    in_retrospect : whether the span was counted long after: then all its wounded are known, and not only those that
        had been counted by its last day
    told : the day on which it was told, where that is later than its last day
    """

    series: Series
    first: datetime.date
    last: datetime.date
    value: float
    bound: Bound = "exact"
    facts: tuple[str, ...] = ()
    in_retrospect: bool = False
    told: datetime.date | None = None


@dataclass(frozen=True)
class Strike:
    """A US strike reported.

    Attributes
    ----------
    date : its day
    level : its level on the ladder of responses, 1 to 4
    country : where; None where no source says, and level 1 or 3 then counts wherever it fell
    facts : identifiers of the facts it rests on
    also : where else on that day; the model has one place a day, and that is `country`
    """

    date: datetime.date
    level: int
    country: str | None = None
    facts: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """What was reported of a campaign.

    Attributes
    ----------
    name : short name
    start : the day from which cumulative counts run
    reports : numbers reported, in order of their last day; cumulative ones begin on `start`
    strikes : strikes, in order of their day
    strikes_until : the last day on which no strike can be missing from `strikes`; None when they are not complete
    """

    name: str
    start: datetime.date
    reports: tuple[Report, ...] = ()
    strikes: tuple[Strike, ...] = ()
    strikes_until: datetime.date | None = None

    @property
    def end(self) -> datetime.date:
        """The last day that anything is reported of."""
        days = [r.last for r in self.reports] + [s.date for s in self.strikes]
        return max([*days, self.strikes_until or self.start, self.start])

    @property
    def dates(self) -> tuple[datetime.date, ...]:
        """The last days of its reports, in order, each once."""
        return tuple(sorted({report.last for report in self.reports}))

    @property
    def counts_jordan(self) -> bool:
        """Whether attacks in Jordan are counted apart from those in Syria."""
        return any(report.series == "attacks_jordan" for report in self.reports)


def until(record: Record, date: datetime.date) -> Record:
    """Give what a record had told by the end of a day."""
    last = None if record.strikes_until is None else min(record.strikes_until, date)
    return replace(
        record,
        reports=tuple(report for report in record.reports if (report.told or report.last) <= date),
        strikes=tuple(strike for strike in record.strikes if strike.date <= date),
        strikes_until=last if last is None or last >= record.start else None,
    )


def increments(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Turn cumulative reports of one series into what each adds to the one before; others stay as they are.

    A cumulative report follows another of its series that begins on the same day and ends earlier. Nothing is taken
    off one that is, or follows, no more than a lower bound: its difference would bound nothing; nor of the wounded, who
    are counted late and anew each time, nor of any killed but those told exactly. A total follows the
    counts of all countries of one earlier day as it does an earlier total; one of their own day says nothing new, and
    is left out.

    Returns
    -------
    tuple of Report
        In order of their last day.
    """
    found: list[Report] = []
    previous: dict[tuple[Series, datetime.date], Report] = {}
    for report in sorted(reports, key=lambda r: (r.last, SERIES.index(r.series))):
        plain = _can_be_followed(report)
        before = previous.get((report.series, report.first)) if plain else None
        if before is not None and before.last == report.last:
            continue
        if before is not None:
            report_of_span = replace(report, first=before.last + ONE_DAY, value=report.value - before.value)
            found.append(report_of_span)
        else:
            found.append(report)
        if plain:
            previous[report.series, report.first] = report
            _add_up(previous, report)
    return tuple(found)


def _can_be_followed(report: Report) -> bool:
    """Whether what a report adds to the one before it, or the next one to it, is a number by itself."""
    bounds = {"killed": ("exact",), **dict.fromkeys(DISCRETE, ("exact", "about"))}
    return report.bound in bounds.get(report.series, ()) and not report.in_retrospect


def _add_up(previous: dict[tuple[Series, datetime.date], Report], report: Report) -> None:
    """Once all countries are counted to one day, take note of what they are together."""
    own = [
        found for (series, first), found in previous.items() if series in COUNTRIES and first == report.first
    ]
    if report.series in COUNTRIES and len(own) > 1 and {found.last for found in own} == {report.last}:
        total = replace(report, series="attacks", value=sum(found.value for found in own))
        previous["attacks", report.first] = total
