"""Questions put back into plain English, whoever wrote them, and as they can be written again."""

from __future__ import annotations

import datetime

from sim.scenario.questions.kinds import KINDS
from sim.scenario.questions.tree import (
    HIGHEST_LEVEL,
    Both,
    Either,
    Event,
    Opposite,
    Question,
    Tree,
    events_of,
)

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NAMES = {"iraq": "Iraq", "syria": "Syria", "jordan": "Jordan", "iran": "Iran"}


def said(question: Question, start: datetime.date, end: datetime.date) -> str:
    """A question as a phrase: `US killed from 21 Nov to 31 Dec 2023, given no US killed by 20 Nov 2023`."""
    told = tree_said(question.event, start, end)
    if question.given is None:
        return told
    return f"{told}, given {tree_said(question.given, start, end)}"


def tree_said(tree: Tree, start: datetime.date, end: datetime.date) -> str:
    """A tree as a phrase, its dates once where they are the same of all events."""
    spans = {(event.first, event.last) for event in events_of(tree)}
    if len(spans) == 1:
        return f"{_joined(tree)} {_span(*spans.pop(), start, end)}"
    return _joined(tree, (start, end))


def _joined(tree: Tree, whole: tuple[datetime.date, datetime.date] | None = None) -> str:
    if isinstance(tree, Event):
        return _event(tree) + (f" {_span(tree.first, tree.last, *whole)}" if whole else "")
    if isinstance(tree, Opposite):
        inner = _joined(tree.part, whole)
        return f"no {inner}" if isinstance(tree.part, Event) else f"not ({inner})"
    word = " and " if isinstance(tree, Both) else " or "
    parts = (_joined(part, whole) for part in tree.parts)
    return word.join(
        f"({t})" if isinstance(p, Both | Either) else t for p, t in zip(tree.parts, parts, strict=True)
    )


def _event(event: Event) -> str:
    kind = KINDS[event.kind]
    name = kind.said or kind.name.replace("us ", "US ", 1)
    if event.kind in ("quiet", "pause"):
        return f"a {name} of {_days(event.days)}"
    if event.kind == "again":
        return f"attacks again within {_days(event.within)} of a {event.of} of {_days(event.days)}"
    if event.kind == "rung":
        return f"rung {event.rung}"
    number = f"at least {event.least:,} " if event.least > 1 else ""
    if event.kind == "avowed" and number:
        name = "attacks that Iran avows"
    if event.least == 1 and event.kind in ("attacks", "strikes"):
        name, number = name.removesuffix("s"), "an " if event.kind == "attacks" else "a "
    daily = " in a day" if event.daily and event.least > 1 else ""
    return f"{number}{name}{_of_strike(event)}{daily}"


def _of_strike(event: Event) -> str:
    low, high = event.levels
    whom = {"": "", "any": " on a commander", "iranian": " on an Iranian commander"}[event.commander]
    level = "" if (low, high) == (1, HIGHEST_LEVEL) else f" of level {low}{' or more' if high > low else ''}"
    where = f" in {NAMES[event.place]}" if event.place else ""
    return f"{where}{whom}{level}"


def _days(number: int) -> str:
    return f"{number:,} day{'' if number == 1 else 's'}"


def _span(
    first: datetime.date | None, last: datetime.date | None, start: datetime.date, end: datetime.date
) -> str:
    first, last = first or start, last or end
    if first == start:
        return f"by {_day(last)}"
    if first == last:
        return f"on {_day(first)}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"from {first.day} {MONTHS[first.month - 1]}{year} to {_day(last)}"


def _day(day: datetime.date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
