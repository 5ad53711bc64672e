"""A list of events made into a record: read, sorted, counted, written, and read back as any record is."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path

from sim.errors import InputError
from sim.inference.observation import BOUNDS
from sim.inference.observation.reading import record_of_text
from sim.records.cells import ORDERS, Order
from sim.records.counting import (
    SOURCE,
    Struck,
    attack_lines,
    killed_lines,
    knots,
    quoted,
    strike_lines,
    strikes_by_day,
    wounded_lines,
)
from sim.records.layouts import columns_of
from sim.records.made import MadeRecord
from sim.records.mapping import EventMap, read_map
from sim.records.sorting import Drop, Event, Reading, Sorted, sort_rows
from sim.records.table import read_table
from sim.records.telling import told
from sim.scenario.errors import did_you_mean, printable

WEEK = 7


def record_from_csv(
    path: str | PathLike[str],
    map: str | Mapping[str, object] | EventMap | Sequence[str | Mapping[str, object] | EventMap] = (),
    *,
    name: str | None = None,
    start: datetime.date | None = None,
    until: datetime.date | None = None,
    every: int = WEEK,
    bound: str = "exact",
    complete_until: datetime.date | None = None,
    dates: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    decimal_comma: bool = False,
    drop_unreadable: bool = False,
) -> MadeRecord:
    """Make a record of a list of events.

    Parameters
    ----------
    path : the list, as CSV with the columns of ACLED, of UCDP GED or of a plain list, or those that the map names
    map : who is who, which kinds are what: the path of a YAML or CSV file, settings such as `actor.NAME=us`, a
        mapping of sections, or several of these, a later one going before an earlier one
    name : the record's; by default the file's
    start : the day from which is counted; by default that of the first event that counts
    until : the last day that is counted; by default the last of the list
    every : days between counts of attacks, 1 to 366
    bound : of the counts of attacks: 'exact', 'about' or 'at_least'
    complete_until : the day up to which no US strike is missing from the list; None where some may be
    dates : 'day-first' or 'month-first', where dates are numbers with the year last
    encoding, separator : of the file; by default UTF-8, and the mark that cuts the header into most cells
    decimal_comma : whether 2,0 is two
    drop_unreadable : whether rows with a cell that cannot be read are dropped; else the list is refused

    Raises
    ------
    InputError
        In one line that says where, for whatever cannot be read or could be read in two ways.
    """
    _check(every, bound, dates)
    given = [map] if isinstance(map, str | Mapping | EventMap) else list(map)
    events = read_map(given)
    table = read_table(path, encoding, separator)
    order: Order | None = next((known for known in ORDERS if known == dates), None)
    reading = Reading(
        table, columns_of(table, events), events, order, decimal_comma, drop_unreadable, start, until
    )
    found = sort_rows(reading)
    strikes, left = strikes_by_day(event for event in found.events if event.act == "strike")
    first, last = start or min(event.date for event in found.events), until or found.last
    kept = _without(found, [row for row, _ in left])
    lines = _lines(reading, kept, strikes, first, last, every, bound, complete_until, name or Path(path).stem)
    text = "\n".join(lines) + "\n"
    drops = sorted([*found.dropped, *(Drop(row, why) for row, why in left)], key=lambda drop: drop.row)
    record = record_of_text(text, f"the record made of {table.name}")
    made = MadeRecord(record, text, reading, kept, tuple(strikes), tuple(drops), first, last, every)
    return replace(made, summary="\n".join(told(made)))


def _check(every: int, bound: str, dates: str | None) -> None:
    if isinstance(every, bool) or not isinstance(every, int) or not 1 <= every <= 366:
        raise InputError(f"every = {every!r}: must be a whole number of days from 1 to 366")
    if bound not in BOUNDS:
        raise InputError(
            f"bound = {bound!r}: must be one of {', '.join(BOUNDS)}{did_you_mean(bound, BOUNDS)}"
        )
    if dates is not None and dates not in ORDERS:
        raise InputError(
            f"dates = {dates!r}: must be one of {', '.join(ORDERS)}{did_you_mean(dates, ORDERS)}"
        )


def _without(found: Sorted, rows: Iterable[int]) -> tuple[Event, ...]:
    left = set(rows)
    return tuple(sorted((e for e in found.events if e.row not in left), key=lambda e: (e.date, e.row)))


def _lines(
    reading: Reading,
    events: Sequence[Event],
    strikes: Sequence[Struck],
    first: datetime.date,
    last: datetime.date,
    every: int,
    bound: str,
    complete: datetime.date | None,
    name: str,
) -> Iterator[str]:
    """The record file, line by line."""
    if last < first:
        raise InputError(f"the last day that is counted, {last}, is before the first, {first}")
    table, attacks = reading.table, [event for event in events if event.act == "attack"]
    yield f"# Made of {table.name} by `spiral record from-csv`; see docs/howto/make-a-record-from-events.md."
    yield f"name: {quoted(printable(name, 200))}"
    yield f"start: {first}"
    yield "sources:"
    yield f"  {SOURCE}:"
    yield f"    title: {quoted(f'{printable(Path(table.name).name, 200)}, {reading.columns.layout.title}')}"
    yield f"    where: {quoted(f'SHA-256 {table.sha256}')}"
    yield f"    date: {last}"
    if attacks:
        days = knots(first, last, every)
        yield "attacks:"
        yield from attack_lines(attacks, days, bound)
        for field, own in (
            ("wounded", wounded_lines(attacks, first, days) if reading.has("wounded") else ()),
            ("killed", killed_lines(attacks, first, last) if _tells_deaths(reading) else ()),
        ):
            if written := list(own):
                yield f"{field}:"
                yield from written
    if strikes or complete:
        yield "strikes:"
        yield from strike_lines(strikes, complete)


def _tells_deaths(reading: Reading) -> bool:
    return reading.has("killed") or reading.columns.own_deaths is not None
