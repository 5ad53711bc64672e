"""Small words for what happens in a run: counts, lists, names, dates and factors."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.wording import MONTHS, day_text, number_text

if TYPE_CHECKING:
    from sim.scenario import Scenario

GOVERNMENTS: Mapping[str, str] = {"us": "Washington", "iraq": "Baghdad", "iran": "Tehran"}
PLACE_NAMES: Mapping[str, str] = {"iraq": "Iraq", "syria": "Syria", "jordan": "Jordan", "iran": "Iran"}

MOST, LEAST = 1_000, 0.001
"""Beyond these no number is written: it would not be read."""


def counted(count: int, noun: str) -> str:
    """Write a count with its noun: `1 attack`, `2 attacks`, `1,200 attacks`."""
    return f"{count:,} {noun if count == 1 else noun + 's'}"


def some(count: int, noun: str) -> str:
    """Write a count with its noun, none as `no attack`."""
    return counted(count, noun) if count else f"no {noun}"


def times(count: int) -> str:
    """Write how often: `never`, `once`, `twice`, `3 times`."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def listed(parts: Sequence[str]) -> str:
    """Join parts as in a sentence: `a`, `a and b`, `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def actor_name(actor: str, scenario: Scenario) -> str:
    """Name an actor: `Washington`, or a militia by its title."""
    return GOVERNMENTS.get(actor) or scenario.actors.militias[actor].title


def date_of(day: int, scenario: Scenario) -> datetime.date:
    """Date of a day that counts from the scenario's start."""
    return scenario.start + datetime.timedelta(days=day)


def on_day(day: int, scenario: Scenario) -> str:
    """Write a day of a run: `8 Nov 2023`."""
    return day_text(date_of(day, scenario))


def short_day(day: int, scenario: Scenario) -> str:
    """Write a day of a run without its year: `8 Nov`; what came before the start by that."""
    if day < 0:
        return "before the start"
    date = date_of(day, scenario)
    return f"{date.day} {MONTHS[date.month - 1]}"


def span_text(first: int, last: int, scenario: Scenario) -> str:
    """Write a span of days: `12-19 Nov 2023`, `28 Nov - 3 Dec 2023`."""
    begin, end = date_of(first, scenario), date_of(last, scenario)
    if first == last:
        return day_text(end)
    if (begin.year, begin.month) == (end.year, end.month):
        return f"{begin.day}-{day_text(end)}"
    start = day_text(begin) if begin.year != end.year else f"{begin.day} {MONTHS[begin.month - 1]}"
    return f"{start} - {day_text(end)}"


def factor_text(value: float) -> str:
    """Write a factor, a rate or odds with two digits: `1.4`, `0.082`, `over 1,000`, `under 0.001`."""
    shown = float(f"{value:.2g}")
    if shown > MOST:
        return f"over {MOST:,}"
    return f"under {LEAST}" if 0.0 < shown < LEAST else number_text(shown)
