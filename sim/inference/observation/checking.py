"""What the entries of a record may say together: days in order, counts that grow, facts that fit."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from pydantic import model_validator

from sim.evidence import load_evidence
from sim.inference.observation.written import PLACES, ByFact, Dated, RecordFile, day_of, value_of
from sim.scenario.fields import Problem, refuse

Path = tuple[str | int, ...]

FIELD = ("iraq", "syria", "jordan", "iraq-and-syria")
"""Places of facts that count what militias did in the field."""

FITTING: dict[str, tuple[str, tuple[str, ...]]] = {
    "iraq": ("attacks", ("iraq",)),
    "syria": ("attacks", ("syria",)),
    "jordan": ("attacks", ("jordan",)),
    "total": ("attacks", ("iraq-and-syria",)),
    "wounded": ("people wounded", FIELD),
    "killed": ("people killed", FIELD),
    "bargains": ("bargains", FIELD),
}
"""Unit and places of the facts that can stand for a number."""


class WholeRecord(RecordFile):
    """A record whose entries agree with one another."""

    @model_validator(mode="after")
    def _agrees(self) -> WholeRecord:
        problems = [
            *_days(self),
            *_spans(self),
            *_bargains(self),
            *_facts(self),
        ]
        if not problems:
            problems = [*_falls(self), *_sums(self), *_missed_deaths(self)]
        if problems:
            refuse(*problems)
        if not (any(True for _ in self.entries()) or self.strikes.listed or self.strikes.complete_until):
            text = "reports nothing; it needs at least one of attacks, wounded, killed, bargains, strikes"
            refuse(Problem(text))
        return self


def _days(record: RecordFile) -> Iterator[Problem]:
    """Days before the start, and days out of order; spans stand where they like."""
    before: dict[Path, datetime.date] = {}
    for path, date, in_order in _dated(record):
        last = before.get(path[:-1])
        if date < record.start:
            yield Problem(f"must be {record.start}, the record's start, or later", (*path, "date"))
        elif in_order and last is not None and date <= last:
            yield Problem(f"must be after the date of the entry before it, {last}", (*path, "date"))
        if in_order:
            before[path[:-1]] = date
    complete = record.strikes.complete_until
    if complete is not None and complete < record.start:
        text = f"must be {record.start}, the record's start, or later"
        yield Problem(text, ("strikes", "complete_until"))


def _dated(record: RecordFile) -> Iterator[tuple[Path, datetime.date, bool]]:
    """Give every entry's path and day, and whether its list must have it in order."""
    for name, index, entry in record.entries():
        yield (name, index), entry.date, entry.from_ is None
    for index, strike in enumerate(record.strikes.listed):
        yield ("strikes", "listed", index), strike.date, True


def _spans(record: RecordFile) -> Iterator[Problem]:
    """Spans that end before they begin, or that are counted twice; things told before they happened."""
    seen: set[tuple[str, str, datetime.date, datetime.date]] = set()
    for name, index, entry in record.entries():
        if entry.told is not None and entry.told < entry.date:
            yield Problem(f"must be {entry.date}, the entry's date, or later", (name, index, "told"))
        if entry.from_ is None:
            continue
        if not record.start <= entry.from_ <= entry.date:
            text = f"must be from {record.start}, the record's start, to {entry.date}, the entry's date"
            yield Problem(text, (name, index, "from"))
        same = {(name, key, entry.from_, entry.date) for key, _ in entry.numbers()}
        if same & seen:
            text = f"must not count {entry.from_} to {entry.date} again: an entry before it does"
            yield Problem(text, (name, index, "from"))
        seen |= same


def _bargains(record: RecordFile) -> Iterator[Problem]:
    for index, entry in enumerate(record.bargains):
        if entry.bound != "at_least":
            text = "must be at_least: a bargain is a secret, of which some may be told"
            yield Problem(text, ("bargains", index, "bound"))


def _facts(record: RecordFile) -> Iterator[Problem]:
    """Facts that count other days, or something else, than the number they stand for."""
    for name, index, entry in record.entries():
        start = entry.from_ or record.start
        for key, number in entry.numbers():
            counted = key if key in PLACES else name
            text = _misfit(number.fact, entry, start, counted) if isinstance(number, ByFact) else ""
            if text:
                yield Problem(text, (name, index, key, "fact"))


def _misfit(fact: str, entry: Dated, start: datetime.date, counted: str) -> str:
    """Say why a fact cannot stand for a number, or nothing."""
    first, last = day_of(fact)
    if last != entry.date:
        return f"counts to {last}, and not to {entry.date}"
    if first is not None and first != start:
        return f"counts from {first}, and not from {start}"
    found, (unit, places) = load_evidence().facts[fact], FITTING[counted]
    if found.unit != unit:
        return f"counts {found.unit}, and not {unit}"
    if found.actor != "militias":
        return f"is of actor {found.actor}, and not of the militias"
    if found.place not in places:
        return f"is of place {found.place}, and not of {' or '.join(places)}"
    return ""


def _falls(record: RecordFile) -> Iterator[Problem]:
    """Cumulative counts that are lower than an earlier one."""
    before: dict[tuple[str, str], tuple[float, datetime.date]] = {}
    for name, index, entry in record.entries():
        if entry.from_ is not None:
            continue
        for key, number in entry.numbers():
            value, (least, date) = value_of(number), before.get((name, key), (0.0, entry.date))
            if value < least:
                text = f"must be at least {least:.12g}, the count of {date}: counts are cumulative"
                yield Problem(text, (name, index, key))
            before[name, key] = value, entry.date


def _sums(record: RecordFile) -> Iterator[Problem]:
    """Exact totals below the sum of what the same entry counts by country."""
    for index, entry in enumerate(record.attacks):
        numbers = dict(entry.numbers())
        total = numbers.pop("total", None)
        if total is None or entry.bound_of(total) != "exact":
            continue
        parts = sum(value_of(number) for number in numbers.values())
        if value_of(total) < parts:
            text = f"must be at least {parts:.12g}, the sum of the entry's countries"
            yield Problem(text, ("attacks", index, "total"))


def _missed_deaths(record: RecordFile) -> Iterator[Problem]:
    """More killed in a span than in all the time to a later day: a death is not overlooked."""
    exact = [
        (e.date, value_of(e.count))
        for e in record.killed
        if e.from_ is None and e.bound_of(e.count) == "exact"
    ]
    for index, entry in enumerate(record.killed):
        if entry.from_ is None or entry.bound_of(entry.count) == "about":
            continue
        most = next(((date, value) for date, value in exact if date >= entry.date), None)
        if most and value_of(entry.count) > most[1]:
            text = f"must be at most {most[1]:.12g}, the count from {record.start} to {most[0]}"
            yield Problem(text, ("killed", index, "count"))
