"""What a question is made of: events within dates, joined by and, or and not, and a condition."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

ONE_DAY = datetime.timedelta(days=1)
HIGHEST_LEVEL = 4
LEAST_MET = 200
"""Runs that must meet a condition; with fewer a question is not answered."""


@dataclass(frozen=True)
class Event:
    """Something that comes on a day, or never, of `sim.scenario.questions.kinds`.

    Attributes
    ----------
    kind : key of its kind
    least : at least so many, from `first` on
    daily : whether so many are to come in one day
    place : only there; '' is anywhere
    levels : of a strike, lowest and highest
    commander : '' for any strike, 'any' for one on a commander, 'iranian' for one on an Iranian commander
    days : length of a pause or of quiet
    of : what attacks return after, 'pause' or 'quiet'
    within : days within which they do
    rung : of the ladder
    first, last : days on which it counts, both included; None is the scenario's own first or last
    """

    kind: str
    least: int = 1
    daily: bool = False
    place: str = ""
    levels: tuple[int, int] = (1, HIGHEST_LEVEL)
    commander: str = ""
    days: int = 0
    of: str = ""
    within: int = 0
    rung: int = 0
    first: datetime.date | None = None
    last: datetime.date | None = None


@dataclass(frozen=True)
class Both:
    """All parts come; known on the day on which the last of them does."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Either:
    """One part comes at least; known on the day on which the first of them does."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Opposite:
    """The part does not come; known on the last day on which it could have."""

    part: Tree


Tree = Event | Both | Either | Opposite


@dataclass(frozen=True)
class Question:
    """An event, and the condition under which it is asked about.

    Attributes
    ----------
    name : by which it is told apart from others
    event : what is asked about
    given : only runs count in which this comes; None counts all
    title : as a forecasting platform would word it; '' where nobody has said
    resolves : how it would be told from what is reported, in plain words
    """

    name: str
    event: Tree
    given: Tree | None = None
    title: str = ""
    resolves: str = ""


def events_of(tree: Tree) -> Iterator[Event]:
    """All events of a tree, as they are written."""
    if isinstance(tree, Event):
        yield tree
    elif isinstance(tree, Opposite):
        yield from events_of(tree.part)
    else:
        for part in tree.parts:
            yield from events_of(part)


def changed(tree: Tree, change: Callable[[Event], Event]) -> Tree:
    """The tree with each event changed."""
    if isinstance(tree, Event):
        return change(tree)
    if isinstance(tree, Opposite):
        return Opposite(changed(tree.part, change))
    return type(tree)(tuple(changed(part, change) for part in tree.parts))


def dated(tree: Tree, first: datetime.date | None, last: datetime.date | None) -> Tree:
    """The tree, whose events that have no dates at all take these."""
    return changed(
        tree, lambda e: replace(e, first=first, last=last) if e.first is None and e.last is None else e
    )


def within(tree: Tree, first: datetime.date, last: datetime.date) -> Tree:
    """The tree, in which what is left open of dates is from the first to the last day of a scenario."""
    return changed(tree, lambda e: replace(e, first=e.first or first, last=e.last or last))


def none_before(tree: Tree) -> Tree | None:
    """That the same does not come before; None where nothing says before which day."""
    starts = [event.first for event in events_of(tree)]
    if not starts or None in starts:
        return None
    day = min(start for start in starts if start is not None)
    return Opposite(changed(tree, lambda e: replace(e, first=None, last=day - ONE_DAY)))


def span_of(tree: Tree) -> tuple[datetime.date | None, datetime.date | None]:
    """First and last day of all its events together; None where one of them leaves it open."""
    events = [*events_of(tree)]
    firsts, lasts = [e.first for e in events], [e.last for e in events]
    first = None if None in firsts else min(day for day in firsts if day)
    last = None if None in lasts else max(day for day in lasts if day)
    return first, last
