"""What newspapers could tell of a day: counts, dates and levels of what happened, nothing of what anybody thinks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.core.state import IRAQ_PLACE

Days = npt.NDArray[np.signedinteger[Any]]
"""Shape (runs, days)."""


@dataclass(frozen=True)
class Observable:
    """Something that can be read off the news on the evening of a day.

    Attributes
    ----------
    meaning : in words
    unit : of its values
    read : from the events of every day, its value on every evening, shape (runs, days)
    """

    meaning: str
    unit: str
    read: Callable[[Mapping[str, Days]], Days]


def events_of(worlds: np.ndarray) -> dict[str, npt.NDArray[np.int16]]:
    """What happened in worlds on the day just lived, each of shape (runs,)."""
    plain = np.asarray(worlds)
    today, us, iraq = plain["today"], plain["us"], plain["iraq"]
    struck = us["level"] > 0
    found = {
        "attacks": today["attacks"],
        "attacks_iraq": today["attacks_iraq"],
        "wounded": today["wounded"],
        "killed": today["killed"],
        "avowed": today["avowed"],
        "level": us["level"],
        "struck": struck,
        "struck_iraq": struck & (us["place"] == IRAQ_PLACE),
        "rung": plain["ladder"]["rung"],
        "status": iraq["status"],
        "bargain": iraq["bargain"] > 0,
    }
    return {name: np.minimum(values, 30_000).astype(np.int16) for name, values in found.items()}


def last_days(values: Days, length: int) -> Days:
    """Sum over the last so many days, today's among them; fewer where the scenario has not lasted so long."""
    total = np.cumsum(values, axis=1, dtype=np.int32)
    earlier = np.zeros_like(total)
    earlier[:, length:] = total[:, :-length]
    return total - earlier


def highest(values: Days, length: int) -> Days:
    """Highest over the last so many days, today's among them."""
    found = values.astype(np.int32)
    for back in range(1, min(length, values.shape[1])):
        found[:, back:] = np.maximum(found[:, back:], values[:, :-back])
    return found


def since(happened: npt.NDArray[np.bool_]) -> Days:
    """Days since something last happened, 0 on the day itself; if it never has, as if it had on the eve of the start.

    Shape (runs, days), as `happened`.
    """
    days = np.arange(happened.shape[1], dtype=np.int32)
    last = np.maximum.accumulate(np.where(happened, days, -1), axis=1)
    return np.asarray(days - last, np.int32)


def _within(name: str, length: int) -> Callable[[Mapping[str, Days]], Days]:
    return lambda events: last_days(events[name], length)


def _today(name: str) -> Callable[[Mapping[str, Days]], Days]:
    return lambda events: events[name].astype(np.int32)


def _elsewhere(events: Mapping[str, Days]) -> Days:
    return last_days(events["attacks"] - events["attacks_iraq"], 14)


def _trend(events: Mapping[str, Days]) -> Days:
    week = last_days(events["attacks"], 7)
    return 2 * week - last_days(events["attacks"], 14)


def _date(events: Mapping[str, Days]) -> Days:
    shape = events["attacks"].shape
    return np.broadcast_to(np.arange(shape[1], dtype=np.int32), shape)


OBSERVABLES: dict[str, Observable] = {
    "attacks_7": Observable("attacks in the last 7 days", "attacks", _within("attacks", 7)),
    "attacks_14": Observable("attacks in the last 14 days", "attacks", _within("attacks", 14)),
    "attacks_28": Observable("attacks in the last 28 days", "attacks", _within("attacks", 28)),
    "attacks_iraq_14": Observable(
        "attacks in Iraq in the last 14 days", "attacks", _within("attacks_iraq", 14)
    ),
    "attacks_syria_14": Observable("attacks in Syria or Jordan in the last 14 days", "attacks", _elsewhere),
    "trend": Observable("attacks in the last 7 days, less those in the 7 before", "attacks", _trend),
    "since_attack": Observable("days since the last attack", "days", lambda e: since(e["attacks"] > 0)),
    "wounded_14": Observable("US wounded in the last 14 days", "persons", _within("wounded", 14)),
    "wounded_28": Observable("US wounded in the last 28 days", "persons", _within("wounded", 28)),
    "killed_14": Observable("US killed by fire in the last 14 days", "persons", _within("killed", 14)),
    "killed_28": Observable("US killed by fire in the last 28 days", "persons", _within("killed", 28)),
    "strikes_14": Observable("US strikes in the last 14 days", "strikes", _within("struck", 14)),
    "strikes_28": Observable("US strikes in the last 28 days", "strikes", _within("struck", 28)),
    "strikes_iraq_28": Observable(
        "US strikes inside Iraq in the last 28 days", "strikes", _within("struck_iraq", 28)
    ),
    "level_28": Observable(
        "highest level of a US strike in the last 28 days", "level 0-4", lambda e: highest(e["level"], 28)
    ),
    "since_strike": Observable("days since the last US strike", "days", lambda e: since(e["struck"] > 0)),
    "avowed_28": Observable("attacks avowed by Iran in the last 28 days", "attacks", _within("avowed", 28)),
    "rung": Observable("today's rung of the ladder", "rung 0-6", _today("rung")),
    "withdrawal": Observable("a withdrawal: 0 none, 1 talked of, 2 ordered", "stage 0-2", _today("status")),
    "bargain": Observable("a bargain of Baghdad's with the militias stands", "no or yes", _today("bargain")),
    "date": Observable("the date alone", "days from the start", _date),
}
"""By name; all that has happened since the scenario began, and nothing before."""
