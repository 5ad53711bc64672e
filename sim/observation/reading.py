"""Records and timelines read from files, with the errors of scenario files: one line, and where it is written."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, model_validator

from sim.evidence import load_evidence
from sim.observation.record import SERIES, Bound, Record, Report, Series, Strike
from sim.paths import data_folder
from sim.scenario.complaints import first_complaint
from sim.scenario.composing import Node
from sim.scenario.drivers import DRIVERS, Driver
from sim.scenario.errors import complaint
from sim.scenario.fields import Basis, Day, Facts, Problem, Text, Within, refuse
from sim.scenario.fields import Record as Part
from sim.scenario.reading import read_file

MOST = 1_000_000
WHERE = {1: "syria", 2: "iraq", 4: "iran"}
"""Where strikes of a level fall; those of level 3 fall in Iraq or in Syria."""


class ByFact(Part):
    """A number, and its bound, that a fact of the ledger gives."""

    fact: str


def _number(value: Any) -> Any:
    return value if isinstance(value, dict) else Within(0, MOST, whole=True).check(value)


def _known(value: ByFact | int) -> ByFact | int:
    if isinstance(value, ByFact):
        facts = load_evidence().facts
        fact = facts.get(value.fact)
        if fact is None:
            text = "must be the id of a fact in seeds/facts.yaml"
            refuse(Problem(text, ("fact",), given=value.fact, allowed=tuple(sorted(facts))))
        if fact.value is None:
            refuse(Problem("has no number in seeds/facts.yaml", ("fact",)))
    return value


Number = Annotated[ByFact | int, BeforeValidator(_number), AfterValidator(_known)]


class Dated(Part):
    """A report of one day: what was counted up to its end."""

    date: Day
    told: Annotated[Day | None, Field(description="the day on which it was told, if later than date")] = None
    bound: Bound | None = None
    basis: Basis | None = None
    evidence: Facts = ()
    note: Text | None = None


class Attacks(Dated):
    """Attacks counted up to the end of a day, by country."""

    from_: Annotated[
        Day | None, Field(alias="from", description="the first day counted, if not the record's start")
    ] = None
    iraq: Number | None = None
    syria: Number | None = None
    jordan: Number | None = None
    total: Number | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Attacks:
        if all(value is None for _, value in self.numbers()):
            refuse(Problem("counts nothing; it needs at least one of iraq, syria, jordan, total"))
        return self

    def numbers(self) -> Iterator[tuple[str, ByFact | int | None]]:
        """The numbers, by place."""
        for place in ("iraq", "syria", "jordan", "total"):
            yield place, getattr(self, place)


class Counted(Dated):
    """People, or bargains, counted up to the end of a day."""

    from_: Annotated[
        Day | None, Field(alias="from", description="the first day counted, if not the record's start")
    ] = None
    count: Number


class StruckOn(Part):
    """A US strike."""

    date: Day
    level: Annotated[int, Within(1, 4, whole=True)]
    country: Literal["iraq", "syria", "iran"] | None = None
    evidence: Facts = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _where_such_strikes_fall(self) -> StruckOn:
        usual = WHERE.get(self.level)
        if self.country and usual and self.country != usual:
            refuse(
                Problem(f"must be {usual} for a strike of level {self.level}, or be left out", ("country",))
            )
        if self.level == 3 and self.country == "iran":
            refuse(
                Problem(
                    "must be iraq or syria for a strike of level 3; one on Iran is of level 4", ("country",)
                )
            )
        return self


class Strikes(Part):
    """US strikes, and up to when they are complete."""

    complete_until: Day | None = None
    listed: tuple[StruckOn, ...] = ()


class RecordFile(Part):
    """A record as it is written."""

    name: Text | None = None
    start: Day
    attacks: tuple[Attacks, ...] = ()
    wounded: tuple[Counted, ...] = ()
    killed: tuple[Counted, ...] = ()
    bargains: tuple[Counted, ...] = ()
    strikes: Strikes = Strikes()

    @model_validator(mode="after")
    def _in_order(self) -> RecordFile:
        problems = [
            *_date_problems(self),
            *_span_problems(self),
            *_fact_problems(self),
            *_bargain_problems(self),
        ]
        if not problems:
            problems = [*_falls(self)]
        if problems:
            refuse(*problems)
        if not any((self.attacks, self.wounded, self.killed, self.bargains, self.strikes.listed)) and not (
            self.strikes.complete_until
        ):
            refuse(
                Problem(
                    "reports nothing; it needs at least one of attacks, wounded, killed, bargains, strikes"
                )
            )
        return self


COUNTED = ("attacks", "wounded", "killed", "bargains")


def _date_problems(record: RecordFile) -> Iterator[Problem]:
    lists: dict[tuple[str | int, ...], tuple[Any, ...]] = {(name,): getattr(record, name) for name in COUNTED}
    lists[("strikes", "listed")] = record.strikes.listed
    for path, entries in lists.items():
        before: datetime.date | None = None
        for index, entry in enumerate(entries):
            at = (*path, index, "date")
            if entry.date < record.start:
                yield Problem(f"must be {record.start}, the record's start, or later", at)
            if getattr(entry, "from_", None) is not None:
                continue
            if before is not None and entry.date <= before:
                yield Problem(f"must be after the date of the entry before it, {before}", at)
            before = entry.date
    complete = record.strikes.complete_until
    if complete is not None and complete < record.start:
        yield Problem(f"must be {record.start}, the record's start, or later", ("strikes", "complete_until"))


def _span_problems(record: RecordFile) -> Iterator[Problem]:
    for name in COUNTED:
        for index, entry in enumerate(getattr(record, name)):
            if entry.told is not None and entry.told < entry.date:
                yield Problem(f"must be {entry.date}, the entry's date, or later", (name, index, "told"))
            if entry.from_ is None:
                continue
            if not record.start <= entry.from_ <= entry.date:
                text = f"must be from {record.start}, the record's start, to {entry.date}, the entry's date"
                yield Problem(text, (name, index, "from"))


def _fact_problems(record: RecordFile) -> Iterator[Problem]:
    for name in COUNTED:
        for index, entry in enumerate(getattr(record, name)):
            numbers = entry.numbers() if name == "attacks" else [("count", entry.count)]
            for key, number in numbers:
                if isinstance(number, ByFact):
                    last = _last_day(number.fact)
                    if last != entry.date:
                        yield Problem(
                            f"counts to {last}, and not to {entry.date}", (name, index, key, "fact")
                        )


def _bargain_problems(record: RecordFile) -> Iterator[Problem]:
    for index, entry in enumerate(record.bargains):
        if entry.bound != "at_least":
            yield Problem(
                "must be at_least: a bargain is a secret, of which some may be told",
                ("bargains", index, "bound"),
            )


def _falls(record: RecordFile) -> Iterator[Problem]:
    """Cumulative counts that are lower than an earlier one."""
    for name in COUNTED:
        most: dict[str, tuple[float, datetime.date]] = {}
        for index, entry in enumerate(getattr(record, name)):
            if entry.from_ is not None:
                continue
            numbers = entry.numbers() if name == "attacks" else [("count", entry.count)]
            for key, number in numbers:
                if number is None:
                    continue
                value = _value(number)
                if key in most and value < most[key][0]:
                    text = f"must be at least {most[key][0]:g}, the count of {most[key][1]}: counts are cumulative"
                    yield Problem(text, (name, index, key))
                most[key] = (value, entry.date)


def _value(number: ByFact | int) -> float:
    if isinstance(number, ByFact):
        value = load_evidence().facts[number.fact].value
        assert value is not None
        return value
    return float(number)


def _last_day(fact: str) -> datetime.date | None:
    found = load_evidence().facts[fact]
    return found.end or found.date or found.as_of


def load_record(path: str | PathLike[str], shown: str | None = None) -> Record:
    """Read a record from a file.

    Parameters
    ----------
    path : the file, as docs/reference/record-format.md describes it
    shown : how errors call it, by default as given

    Raises
    ------
    ScenarioError
        At the first thing that is wrong, in one line that says where.
    """
    tree = read_file(path, shown)
    written = _checked(RecordFile, tree)
    assert isinstance(written, RecordFile)
    reports = [
        report
        for name in COUNTED
        for entry in getattr(written, name)
        for report in _reports(name, entry, written)
    ]
    strikes = [Strike(s.date, s.level, s.country, s.evidence) for s in written.strikes.listed]
    return Record(
        name=written.name or Path(path).stem,
        start=written.start,
        reports=tuple(sorted(reports, key=lambda r: (r.last, SERIES.index(r.series)))),
        strikes=tuple(sorted(strikes, key=lambda s: s.date)),
        strikes_until=written.strikes.complete_until,
    )


def shipped_record() -> Record:
    """The record of the project's own articles up to 17 November 2023, seeds/record.yaml."""
    return load_record(data_folder("seeds") / "record.yaml", "seeds/record.yaml")


def later_record() -> Record:
    """What the project's articles report of the time after 17 November 2023, seeds/later.yaml."""
    return load_record(data_folder("seeds") / "later.yaml", "seeds/later.yaml")


def load_timeline(path: str | PathLike[str]) -> dict[str, Driver]:
    """Read outside pressures from a file: any of a scenario's drivers, in the form of its key `timeline`.

    Raises
    ------
    ScenarioError
        At the first thing that is wrong, in one line that says where.
    """
    tree = read_file(path)
    written = _checked(TimelineFile, tree)
    found = {name: getattr(written, name) for name in DRIVERS}
    return {name: driver for name, driver in found.items() if driver is not None}


class TimelineFile(Part):
    """Some of a scenario's drivers."""

    gaza: Driver | None = None
    lebanon: Driver | None = None
    diplomacy: Driver | None = None
    talks: Driver | None = None
    posture: Driver | None = None
    troops: Driver | None = None

    @model_validator(mode="after")
    def _in_range(self) -> TimelineFile:
        problems = [
            Problem("must be a number from 0 to 1", (name, "knots", index, "level"))
            for name in DRIVERS
            if name != "troops"
            for index, knot in enumerate(getattr(self, name).knots if getattr(self, name) else ())
            if knot.level > 1.0
        ]
        if problems:
            refuse(*problems)
        if all(getattr(self, name) is None for name in DRIVERS):
            refuse(Problem(f"says nothing; it needs at least one of {', '.join(DRIVERS)}"))
        return self


def _checked(model: type[BaseModel], tree: Node) -> BaseModel:
    if tree.value == {}:
        raise complaint(tree.place, "is empty")
    try:
        return model.model_validate(tree.plain())
    except ValidationError as error:
        raise first_complaint(error, tree, model) from None


def _reports(name: str, entry: Attacks | Counted, record: RecordFile) -> Iterator[Report]:
    if isinstance(entry, Attacks):
        names: dict[str, Series] = {
            "iraq": "attacks_iraq", "syria": "attacks_syria", "jordan": "attacks_jordan", "total": "attacks",
        }  # fmt: skip
        for place, number in entry.numbers():
            if number is not None:
                yield _report(names[place], number, entry, record)
    else:
        series: dict[str, Series] = {"wounded": "wounded", "killed": "killed", "bargains": "bargains"}
        yield _report(series[name], entry.count, entry, record)


def _report(series: Series, number: ByFact | int, entry: Attacks | Counted, record: RecordFile) -> Report:
    facts, bound = entry.evidence, entry.bound
    if isinstance(number, ByFact):
        facts = (number.fact, *facts)
        told = load_evidence().facts[number.fact].bound
        bound = bound or next((b for b in ("exact", "about", "at_least") if b == told), None)
    first = entry.from_ or record.start
    return Report(
        series,
        first,
        entry.date,
        _value(number),
        bound or "exact",
        facts,
        entry.from_ is not None,
        entry.told,
    )
