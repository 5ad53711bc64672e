"""Events counted by date and country, and written as a record file."""

from __future__ import annotations

import datetime
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sim.records.sorting import Event

ONE_DAY = datetime.timedelta(days=1)
PLACES = ("iraq", "syria", "jordan")
SOURCE = "event-list"
"""The id under which a record cites the list that it was made from."""


@dataclass(frozen=True)
class Struck:
    """The strikes of one day, as a record holds them."""

    date: datetime.date
    level: int
    countries: tuple[str, ...]
    rows: tuple[int, ...]


def strikes_by_day(events: Iterable[Event]) -> tuple[list[Struck], list[tuple[int, str]]]:
    """One strike a day: the highest level of the day, in the country or the two countries that it can fall in.

    Returns
    -------
    list of Struck
        In order of their day.
    list of (int, str)
        Rows that find no place beside a higher one of their day, and why.
    """
    by_day: dict[datetime.date, list[Event]] = {}
    for event in events:
        by_day.setdefault(event.date, []).append(event)
    found, left = [], []
    for date, own in sorted(by_day.items()):
        level = max(event.level for event in own)
        fits = [e for e in own if e.level == level or (level in (2, 3) and e.level in (1, 2))]
        countries = tuple(sorted({e.country for e in fits if e.country is not None}))
        found.append(Struck(date, level, countries, tuple(e.row for e in fits)))
        left += [
            (e.row, f"a strike of level {e.level} beside one of level {level} on its day")
            for e in own
            if e not in fits
        ]
    return found, left


def knots(start: datetime.date, last: datetime.date, every: int) -> list[datetime.date]:
    """Days after which attacks are counted: every so many from the start on, and the last."""
    days = [start + (n * every - 1) * ONE_DAY for n in range(1, (last - start).days // every + 2)]
    return [*(day for day in days if day < last), last]


def between(events: Sequence[Event], first: datetime.date, last: datetime.date) -> Sequence[Event]:
    """Events of a span of days, of events in order of their day."""
    begin = bisect_left(events, first, key=lambda event: event.date)
    return events[begin : bisect_right(events, last, key=lambda event: event.date)]


def attack_lines(events: Sequence[Event], days: Sequence[datetime.date], bound: str) -> Iterator[str]:
    """Cumulative counts by country at each knot; of countries in which the list has any attack."""
    by_place = {place: [e for e in events if e.country == place] for place in PLACES}
    there = {place: own for place, own in by_place.items() if own} or {"total": list(events)}
    for day in days:
        counts = {place: len(between(own, datetime.date.min, day)) for place, own in there.items()}
        told = ", ".join(f"{place}: {count}" for place, count in counts.items())
        yield f"  - {{date: {day}, {told}{_bound(bound)}, evidence: [{SOURCE}]}}"


def wounded_lines(
    events: Sequence[Event], start: datetime.date, days: Sequence[datetime.date]
) -> Iterator[str]:
    """Wounded of each span between two knots, counted in retrospect; a lower bound where some are not told."""
    first = start
    for day in days:
        own = between(events, first, day)
        bound = "at_least" if any(e.wounded is None for e in own) else "exact"
        count = sum(e.wounded or 0 for e in own)
        if count or bound == "exact":
            yield f"  - {{from: {first}, date: {day}, count: {count}{_bound(bound)}, evidence: [{SOURCE}]}}"
        first = day + ONE_DAY


def killed_lines(events: Sequence[Event], start: datetime.date, last: datetime.date) -> Iterator[str]:
    """Deaths by their day, and the spans without any between; nothing of spans in which some are not told."""
    days = sorted({e.date for e in events if e.killed})
    first = start
    for day in (*days, last + ONE_DAY):
        gap = between(events, first, day - ONE_DAY) if first < day else ()
        if first < day and all(e.killed is not None for e in gap):
            bound = "about" if any(e.rough for e in gap) else "exact"
            span = f"from: {first}, date: {day - ONE_DAY}"
            yield f"  - {{{span}, count: 0{_bound(bound)}, evidence: [{SOURCE}]}}"
        own = between(events, day, day)
        if day <= last:
            bound = (
                "at_least"
                if any(e.killed is None for e in own)
                else "about"
                if any(e.rough for e in own)
                else "exact"
            )
            count = sum(e.killed or 0 for e in own)
            yield f"  - {{from: {day}, date: {day}, count: {count}{_bound(bound)}, evidence: [{SOURCE}]}}"
        first = day + ONE_DAY


def strike_lines(strikes: Sequence[Struck], complete: datetime.date | None) -> Iterator[str]:
    """Strikes, and up to when they are complete."""
    if complete is not None:
        yield f"  complete_until: {complete}"
    if strikes:
        yield "  listed:"
    for struck in strikes:
        two = len(struck.countries) > 1
        where = (
            f", countries: [{', '.join(struck.countries)}]"
            if two
            else "".join(f", country: {c}" for c in struck.countries)
        )
        yield f"    - {{date: {struck.date}, level: {struck.level}{where}, evidence: [{SOURCE}]}}"


def _bound(bound: str) -> str:
    return "" if bound == "exact" else f", bound: {bound}"


def quoted(text: str) -> str:
    """A text as YAML writes it in quotes."""
    return json.dumps(text, ensure_ascii=False)
