"""What an outcome is: what it is called, how it is read from the records that runs leave, what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Kind = Literal["event", "count", "level", "category"]
Use = Literal["column", "flag", "first_day", "total", "distribution", "row", "compared"]
"""What is made of an outcome.

`column`: a column of the outcome table, of an event its first day; `flag`: whether it came, as a column too.
`first_day`: runs by the day of its first coming, and so its probability by every day and at the end.
`total`: a sum over runs, and so a mean.
`distribution`: runs by its value on the last day; of an outcome that is counted daily.
`row`: how many runs of a row of parameters it came in, or its sum over them: what a sweep and its like tell.
`compared`: told by a comparison of scenarios, of those that are kept by row.
"""

DAY, TRUTH, NAME = "days from the start", "true or false", "name"
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Column:
    """A column of the outcome table."""

    name: str
    unit: str
    description: str
    holds: Literal["flag", "day", "number", "name"]


@dataclass(frozen=True)
class Outcome:
    """Something that a run comes to, declared once.

    Attributes
    ----------
    key : its name in code and in tables
    kind : 'event' (it has a first day, or never comes), 'count', 'level' or 'category'
    label : for people, as short as is clear where it stands alone
    unit : of its value in a run
    description : what it is, as a phrase without a capital and a full stop
    uses : what is made of it
    short : the label in a table that says the rest; the label itself by default
    field : the field of the record of outcomes that holds it; '' where it is worked out from others
    size, index : of a field of several numbers how many, and which of them it is
    read : what works it out from records of outcomes
    state : group and field of the world's own state, where it is read from there, on the last day
    daily : place among the series that `sim.core.counting` counts day by day
    names : what the codes of a category stand for; empty where the scenario decides
    lived_again : whether it is told by a second life of the run, and the days of the first leave it blank
    column, told : names of the column of its day, and of the event in the tables by day, where these are not `key_day`
        and `key`
    """

    key: str
    kind: Kind
    label: str
    unit: str
    description: str
    uses: frozenset[Use]
    short: str = ""
    field: str = ""
    size: int = 0
    index: int | None = None
    read: Callable[[Array], Array] | None = None
    state: tuple[str, str] | None = None
    daily: int | None = None
    names: tuple[str, ...] = ()
    lived_again: bool = False
    column: str = ""
    told: str = ""

    def of(self, outcomes: Array) -> Array:
        """Read it from records of outcomes: numbers, codes, or first days from the start (-1: never)."""
        if self.read is not None:
            return np.asarray(self.read(outcomes))
        values = outcomes[self.field]
        return np.asarray(values if self.index is None else values[..., self.index])

    def of_worlds(self, worlds: Array) -> Array:
        """Read it from worlds after the last day; of an event whether it has come."""
        if self.state is not None:
            group, field = self.state
            return np.asarray(worlds[group][field])
        values = self.of(worlds["outcome"])
        return values >= 0 if self.kind == "event" else values

    @property
    def heading(self) -> str:
        """Its label with a capital."""
        return self.label[0].upper() + self.label[1:]

    @property
    def per_run(self) -> str:
        """Unit of its mean over runs."""
        return f"{self.unit} a run" if self.kind == "count" else self.unit

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns of the outcome table."""
        if "column" not in self.uses:
            return ()
        if self.kind == "category":
            names = f" ({', '.join(self.names)})" if self.names else ""
            return (Column(self.key, self.unit, self.description + names, "name"),)
        if self.kind != "event":
            return (Column(self.key, self.unit, self.description, "number"),)
        day = Column(self.column, DAY, f"first day with {self.description}; null: never", "day")
        flag = Column(self.key, TRUTH, f"whether there was {self.description}", "flag")
        return (flag, day) if "flag" in self.uses else (day,)


def event(
    key: str,
    label: str,
    description: str,
    uses: tuple[Use, ...] = ("column", "first_day", "row", "compared"),
    *,
    column: str = "",
    told: str = "",
    **how: Any,
) -> Outcome:
    """Declare an event; its field is `key_day` unless another is given, or `read`."""
    how = how if "read" in how else {"field": f"{key}_day"} | how
    names = {"column": column or f"{key}_day", "told": told or key}
    return _declared(key, "event", label, "probability", description, uses, how | names)


def count(
    key: str, label: str, unit: str, description: str, uses: tuple[Use, ...] = ("column",), **how: Any
) -> Outcome:
    """Declare a count over the whole run; its field is named as it is unless another is given, or `read`."""
    return _declared(key, "count", label, unit, description, uses, _field(key, how))


def level(
    key: str, label: str, unit: str, description: str, uses: tuple[Use, ...] = ("column",), **how: Any
) -> Outcome:
    """Declare a number that is no count."""
    return _declared(key, "level", label, unit, description, uses, _field(key, how))


def category(
    key: str, label: str, description: str, names: tuple[str, ...] = (), *, field: str = ""
) -> Outcome:
    """Declare what has one of some names; without a field it is worked out by the outcome table."""
    return _declared(key, "category", label, NAME, description, ("column",), {"field": field, "names": names})


def _field(key: str, how: dict[str, Any]) -> dict[str, Any]:
    return how if {"read", "state"} & how.keys() else {"field": key} | how


def _declared(
    key: str, kind: Kind, label: str, unit: str, description: str, uses: tuple[Use, ...], how: dict[str, Any]
) -> Outcome:
    short = how.pop("short", label)
    return Outcome(key, kind, label, unit, description, frozenset(uses), short, **how)
