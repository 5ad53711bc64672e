"""The kinds of field that a scenario is made of: bounded numbers, days, names, evidence."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NoReturn, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationInfo,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

FIRST_DAY = datetime.date(2000, 1, 1)
LAST_DAY = datetime.date(2100, 12, 31)


@dataclass(frozen=True)
class Problem:
    """Something that a scenario may not say, and where: `at` is a path from the value being checked."""

    text: str
    at: tuple[str | int, ...] = ()
    of_key: bool = False
    given: str = ""
    allowed: tuple[str, ...] = ()


def refuse(*problems: Problem) -> NoReturn:
    """Make pydantic refuse the value being checked, for the reasons given."""
    raise PydanticCustomError("refused", "{text}", {"text": problems[0].text, "problems": problems})


class Record(BaseModel):
    """Base of all parts of a scenario: frozen, and without room for unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


@dataclass(frozen=True)
class Within:
    """A number from `low` to `high`; `above` leaves `low` itself out; `whole` allows 7 and 7.0 and 1e5."""

    low: float
    high: float
    unit: str = ""
    above: bool = False
    whole: bool = False

    def __str__(self) -> str:
        """Say in words what is allowed."""
        kind, form = ("a whole number", "d") if self.whole else ("a number", ".12g")
        low = f"above {self.low:{form}} and at most" if self.above else f"from {self.low:{form}} to"
        unit = f" ({self.unit})" if self.unit not in ("", "1") else ""
        return f"{kind} {low} {self.high:{form}}{unit}"

    def check(self, value: Any) -> float:
        """Give the number, or refuse it."""
        good = isinstance(value, int | float) and not isinstance(value, bool)
        good = good and (self.low < value if self.above else self.low <= value) and value <= self.high
        if not good or (self.whole and value != int(value)):
            refuse(Problem(f"must be {self}"))
        return int(value) if self.whole else float(value)

    def json_schema(self) -> dict[str, Any]:
        """Say the same as a JSON Schema."""
        low = "exclusiveMinimum" if self.above else "minimum"
        kind = "integer" if self.whole else "number"
        return {"type": kind, low: self.low, "maximum": self.high, "x-allowed": f"{self}"}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check before pydantic's own conversion."""
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        """Put the range into the schema for editors."""
        return self.json_schema()


def _day(value: Any) -> datetime.date:
    if type(value) is not datetime.date:
        refuse(Problem("must be a date such as 2023-10-17, without quotes"))
    if not FIRST_DAY <= value <= LAST_DAY:
        refuse(Problem(f"must be a date from {FIRST_DAY} to {LAST_DAY}"))
    return value


def is_text(value: object) -> bool:
    """Tell whether something is a text on one line of 1 to 500 characters."""
    return isinstance(value, str) and bool(value.strip()) and len(value) <= 500 and value.isprintable()


def _text(value: Any) -> str:
    if not is_text(value):
        refuse(Problem("must be a text on one line of 1 to 500 characters"))
    return value


OWN_SOURCES = "own_sources"
"""Key of the context of a validation: the ids of the sources that the file itself lists."""


def _facts(value: Any, info: ValidationInfo) -> Any:
    from sim.evidence import fact_ids

    if not isinstance(value, list | tuple):
        refuse(Problem("must be a list of fact ids"))
    own = (info.context or {}).get(OWN_SOURCES, ())
    facts = {*fact_ids(), *own}
    unknown = [i for i, fact in enumerate(value) if not isinstance(fact, str) or fact not in facts]
    if unknown:
        text = f"must be the id of a fact in seeds/facts.yaml{', or of a source of this file' if own else ''}"
        refuse(*(Problem(text, (i,), given=str(value[i]), allowed=tuple(sorted(facts))) for i in unknown))
    return value


Share = Annotated[float, Within(0.0, 1.0)]
Day = Annotated[datetime.date, BeforeValidator(_day)]
Text = Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=500)]
Facts = Annotated[tuple[str, ...], BeforeValidator(_facts)]
Basis = Literal["reported", "derived", "assumed"]

KEBAB = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"


def is_name(text: object) -> bool:
    """Tell whether a text is a name in kebab-case of at most 60 characters."""
    return isinstance(text, str) and len(text) <= 60 and re.fullmatch(KEBAB, text) is not None


def named(value: Any, most: int, what: str) -> Any:
    """Check the keys of a mapping of 1 to `most` named things."""
    if not isinstance(value, Mapping):
        refuse(Problem(f"must be a mapping of {what} by name"))
    if not 1 <= len(value) <= most:
        refuse(Problem(f"must hold 1 to {most} {what}"))
    text = "must be a name in lower-case words joined by hyphens, such as tower-22"
    problems = [Problem(text, (key,), of_key=True) for key in value if not is_name(key)]
    if problems:
        refuse(*problems)
    return value


class Sourced(Record):
    """Something said about the world, and what it rests on."""

    basis: Annotated[Basis, Field(description="reported or derived from facts, or assumed")]
    evidence: Annotated[Facts, Field(description="ids of facts in seeds/facts.yaml")] = ()

    @model_validator(mode="after")
    def _rests_on_facts(self) -> Self:
        if self.basis != "assumed" and not self.evidence:
            refuse(Problem(f"must name at least one fact, since the basis is {self.basis}", ("evidence",)))
        return self
