"""The form of record and timeline files: which keys there are, and what one entry may say by itself."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, PlainValidator, model_validator

from sim.core.state import DRIVERS
from sim.evidence import fact_ids, load_evidence
from sim.inference.observation.record import BOUNDS, Bound
from sim.scenario.drivers import Driver
from sim.scenario.fields import Basis, Day, Facts, Problem, Text, Within, named, refuse
from sim.scenario.fields import Record as Part

MOST = 1_000_000
PLACES = ("iraq", "syria", "jordan", "total")
COUNTED = ("attacks", "wounded", "killed", "bargains")
WHERE = {1: "syria", 2: "iraq", 4: "iran"}
"""Where strikes of a level fall; those of level 3 fall in Iraq or in Syria."""

IN_TWO = (2, 3)
"""Levels of strikes that can fall in Iraq and in Syria on one day."""


@dataclass(frozen=True)
class ByFact:
    """A number, and its bound, that a fact of the ledger gives."""

    fact: str

    @property
    def value(self) -> float:
        """The fact's number."""
        value = load_evidence().facts[self.fact].value
        assert value is not None
        return value

    @property
    def bound(self) -> Bound | None:
        """The fact's bound."""
        return next((b for b in BOUNDS if b == load_evidence().facts[self.fact].bound), None)


def _number(value: Any) -> ByFact | int:
    if not isinstance(value, dict):
        return int(Within(0, MOST, whole=True).check(value))
    unknown = [key for key in value if key != "fact"]
    if unknown:
        refuse(*(Problem("unknown key", (k,), of_key=True, given=k, allowed=("fact",)) for k in unknown))
    if "fact" not in value:
        refuse(Problem("is missing", ("fact",)))
    fact, facts = value["fact"], load_evidence().facts
    if not isinstance(fact, str) or fact not in facts:
        text = "must be the id of a fact in seeds/facts.yaml"
        refuse(Problem(text, ("fact",), given=str(fact), allowed=tuple(sorted(facts))))
    if facts[fact].value is None:
        refuse(Problem("has no number in seeds/facts.yaml", ("fact",)))
    return ByFact(fact)


Number = Annotated[ByFact | int, PlainValidator(_number)]


class Written(Part):
    """Base of all parts of a record: a key is given with a value, or left out."""

    model_config = ConfigDict(populate_by_name=False)

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, value: Any) -> Any:
        if isinstance(value, dict):
            optional = [name for name, field in cls.model_fields.items() if field.default is None]
            keys = [cls.model_fields[name].alias or name for name in optional]
            blank = [key for key in keys if key in value and value[key] is None]
            if blank:
                refuse(*(Problem("must have a value, or be left out", (key,)) for key in blank))
        return value


class OwnSource(Written):
    """A source of the user's own, which entries may cite as they cite facts of the ledger."""

    title: Text
    where: Annotated[Text, Field(description="where it can be found: a publisher, an address, a checksum")]
    date: Annotated[Day, Field(description="the day on which it was published, or up to which it tells")]


MOST_SOURCES = 1_000


def _own_sources(value: Any) -> Any:
    """Check the ids: none may be that of a fact, or an entry could mean either."""
    if value == {}:
        refuse(Problem("must list at least one source, or be left out"))
    found = named(value, MOST_SOURCES, "sources")
    taken = [id for id in found if id in fact_ids()]
    if taken:
        text = "must not be the id of a fact in seeds/facts.yaml; choose another"
        refuse(*(Problem(text, (id,), of_key=True) for id in taken))
    return found


Sources = Annotated[dict[str, OwnSource], BeforeValidator(_own_sources)]


class Dated(Written, ABC):
    """A report of what was counted up to the end of a day."""

    date: Day
    from_: Annotated[
        Day | None, Field(alias="from", description="the first day counted, if the number is of a span alone")
    ] = None
    told: Annotated[Day | None, Field(description="the day on which it was told, if later than date")] = None
    bound: Bound | None = None
    basis: Basis | None = None
    evidence: Facts = ()
    note: Text | None = None

    @abstractmethod
    def numbers(self) -> Iterator[tuple[str, ByFact | int]]:
        """Give what is counted, by key."""

    def bound_of(self, number: ByFact | int) -> Bound:
        """Give the bound of one of its numbers."""
        told = number.bound if isinstance(number, ByFact) else None
        return self.bound or told or "exact"


class Attacks(Dated):
    """Attacks counted up to the end of a day, by country."""

    iraq: Number | None = None
    syria: Number | None = None
    jordan: Number | None = None
    total: Number | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Attacks:
        if not any(True for _ in self.numbers()):
            refuse(Problem(f"counts nothing; it needs at least one of {', '.join(PLACES)}"))
        return self

    def numbers(self) -> Iterator[tuple[str, ByFact | int]]:
        """Give the numbers by place."""
        return ((place, getattr(self, place)) for place in PLACES if getattr(self, place) is not None)


class Counted(Dated):
    """People, or bargains, counted up to the end of a day."""

    count: Number

    def numbers(self) -> Iterator[tuple[str, ByFact | int]]:
        """Give the one number."""
        yield "count", self.count


class StruckOn(Written):
    """A US strike, in one country or, on one day, in Iraq and in Syria."""

    date: Day
    level: Annotated[int, Within(1, 4, whole=True)]
    country: Literal["iraq", "syria", "iran"] | None = None
    countries: tuple[Literal["iraq", "syria"], ...] | None = None
    basis: Basis | None = None
    evidence: Facts = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _where_such_strikes_fall(self) -> StruckOn:
        usual = WHERE.get(self.level)
        if self.country and usual and self.country != usual:
            text = f"must be {usual} for a strike of level {self.level}, or be left out"
            refuse(Problem(text, ("country",)))
        if self.level == 3 and self.country == "iran":
            text = "must be iraq or syria for a strike of level 3; one on Iran is of level 4"
            refuse(Problem(text, ("country",)))
        if self.countries is not None:
            self._in_two()
        return self

    def _in_two(self) -> None:
        if self.country is not None:
            refuse(Problem("must be left out where country is given", ("countries",)))
        if len(set(self.countries or ())) < 2 or len(self.countries or ()) > 2:
            refuse(Problem("must be [iraq, syria]; one country goes under country", ("countries",)))
        if self.level not in IN_TWO:
            text = "must be left out for a strike of level 1 or 4, which falls in one country"
            refuse(Problem(text, ("countries",)))

    @property
    def place(self) -> str | None:
        """The country that the model takes it for: of two Iraq, where strikes are the rarer."""
        return "iraq" if self.countries else self.country

    @property
    def also(self) -> tuple[str, ...]:
        """Where it fell besides."""
        return ("syria",) if self.countries else ()


class Strikes(Written):
    """US strikes, and up to when they are complete."""

    complete_until: Day | None = None
    listed: tuple[StruckOn, ...] = ()


class RecordFile(Written):
    """A record as it is written."""

    name: Text | None = None
    start: Day
    sources: Sources | None = None
    attacks: tuple[Attacks, ...] = ()
    wounded: tuple[Counted, ...] = ()
    killed: tuple[Counted, ...] = ()
    bargains: tuple[Counted, ...] = ()
    strikes: Strikes = Strikes()

    def entries(self) -> Iterator[tuple[str, int, Dated]]:
        """Give all that is counted: the list it stands in, its place there, and the entry."""
        for name in COUNTED:
            for index, entry in enumerate(getattr(self, name)):
                yield name, index, entry


class TimelineFile(Written):
    """Some of a scenario's drivers."""

    sources: Sources | None = None
    gaza: Driver | None = None
    lebanon: Driver | None = None
    diplomacy: Driver | None = None
    talks: Driver | None = None
    posture: Driver | None = None
    troops: Driver | None = None

    def drivers(self) -> dict[str, Driver]:
        """Give those that are written, by name, in the order of a scenario."""
        return {name: getattr(self, name) for name in DRIVERS if getattr(self, name) is not None}

    @model_validator(mode="after")
    def _in_range(self) -> TimelineFile:
        problems = [
            Problem("must be a number from 0 to 1", (name, "knots", index, "level"))
            for name, driver in self.drivers().items()
            if name != "troops"
            for index, knot in enumerate(driver.knots)
            if knot.level > 1.0
        ]
        if problems:
            refuse(*problems)
        return self


def value_of(number: ByFact | int) -> float:
    """Give a number, from its fact if it has one."""
    return number.value if isinstance(number, ByFact) else float(number)


def day_of(fact: str) -> tuple[datetime.date | None, datetime.date | None]:
    """Give the first and the last day that a fact counts, as far as it says them."""
    found = load_evidence().facts[fact]
    return found.start or found.date, found.end or found.date or found.as_of
