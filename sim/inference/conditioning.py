"""A scenario's first days led along a record: what is steered, what is weighed, what is counted."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.core import conditioned
from sim.core.state import FREE
from sim.inference.observation import Record, Report, Strike, increments
from sim.inference.observation.model import days_needed
from sim.simulate.segment import Segment
from sim.simulate.timeline import PLACES

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Conditioning:
    """The days of a scenario from its start to an as-of date, and how a record bears on them.

    Attributes
    ----------
    record : the record up to the as-of date
    start : the scenario's first day
    timeline : records of DAY, shape (days,), with what is steered written in
    weigh : shape (days, 2), see `sim.core.conditioned.advance_steered`
    kept : days after which counts are kept, in order
    at : shape (days,), index in `kept` of each day, -1 for others
    """

    record: Record
    start: datetime.date
    timeline: np.ndarray
    weigh: npt.NDArray[np.int64]
    kept: tuple[datetime.date, ...]
    at: npt.NDArray[np.int64]

    @property
    def scored(self) -> tuple[Report, ...]:
        """Increments that are weighed by the observation model: all but the deaths that worlds are steered past."""
        return tuple(report for report in increments(self.record.reports) if not spares_lives(report))

    @property
    def days(self) -> int:
        """Number of days that are led."""
        return len(self.timeline)


def condition(segment: Segment, start: datetime.date, record: Record, as_of: datetime.date) -> Conditioning:
    """Lead the first days of a scenario along a record.

    What the scenario itself imposes stays as it is, and is neither weighed nor scored.

    Parameters
    ----------
    segment : Segment
        The scenario's own, which begins on `start`.
    record : Record
        Up to the as-of date.
    as_of : date
        The last day that is led; within the segment.
    """
    days = (as_of - start).days + 1
    timeline, weigh = segment.timeline[:days].copy(), np.zeros((days, 2), np.int64)
    _lead_washington(timeline, weigh, start, record)
    _spare_lives(timeline, weigh, start, record)
    kept = tuple(day for day in days_needed(record) if start <= day <= as_of)
    at = np.full(days, -1, np.int64)
    at[[(day - start).days for day in kept]] = range(len(kept))
    return Conditioning(record, start, timeline.view(np.recarray), weigh, kept, at)


def _lead_washington(timeline: np.ndarray, weigh: np.ndarray, start: datetime.date, record: Record) -> None:
    """Order the strikes on record, and where they are complete no other; not where the scenario has orders."""
    free = (timeline["level"] == FREE) & (timeline["level_limit"] == 4) & (timeline["iraq_limit"] == 4)
    days = len(timeline)
    if record.strikes_until is not None:
        for day in _span(record.start, record.strikes_until, start, days):
            if free[day]:
                timeline["level"][day], weigh[day, 0] = 0, conditioned.LEVEL
    for strike in record.strikes:
        for day in _span(strike.date, strike.date, start, days):
            if free[day]:
                _lead_strike(timeline[day], weigh[day], strike)


def _lead_strike(day: np.void, weigh: np.ndarray, strike: Strike) -> None:
    day["level"] = strike.level
    weigh[0] = conditioned.LEVEL
    if strike.country is not None:
        day["place"] = PLACES.index(strike.country)
        weigh[0] = conditioned.LEVEL_AND_PLACE


def _spare_lives(timeline: np.ndarray, weigh: np.ndarray, start: datetime.date, record: Record) -> None:
    """Let nobody die by fire where the record has it so."""
    for report in increments(record.reports):
        if spares_lives(report):
            for day in _span(report.first, report.last, start, len(timeline)):
                if timeline["deaths"][day] == 1:
                    timeline["deaths"][day], weigh[day, 1] = 0, 1


def spares_lives(report: Report) -> bool:
    """Whether a report says that nobody was killed in its span."""
    return report.series == "killed" and report.value == 0 and report.bound != "at_least"


def _span(first: datetime.date, last: datetime.date, start: datetime.date, days: int) -> range:
    return range(max(0, (first - start).days), min(days, (last - start).days + 1))
