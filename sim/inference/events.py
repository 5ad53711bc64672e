"""What the articles tell of after November 2023: events that came or not, in worlds that were foreseen."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.inference.foresight import Foresight
from sim.inference.observation.model import COLUMNS

Came = npt.NDArray[np.bool_]

FEW = 5
"""Attacks in five months that would still be called a pause; assumed."""

FIRST_DEATH, COMMANDER = datetime.date(2024, 1, 28), datetime.date(2024, 2, 7)
PAUSE_ENDS, JULY = datetime.date(2024, 7, 15), datetime.date(2024, 7, 26)
DATES = (datetime.date(2024, 1, 27), FIRST_DEATH, COMMANDER, PAUSE_ENDS, JULY)
"""Days after which worlds are looked at."""


@dataclass(frozen=True)
class Event:
    """Something that the articles tell of; in worlds that were foreseen it came or not."""

    name: str
    facts: tuple[str, ...]
    came: Callable[[Foresight], Came]


def _more(seen: Foresight, first: datetime.date, last: datetime.date) -> npt.NDArray[np.float64]:
    """Counts of the days after one to another, shape (runs, len(COLUMNS))."""
    values, at = seen.counts.values, seen.counts.at
    return np.asarray(values[:, at.index(last)] - values[:, at.index(first)])


def _attacks(seen: Foresight, first: datetime.date, last: datetime.date) -> npt.NDArray[np.float64]:
    return np.asarray(_more(seen, first, last)[:, :3].sum(1))


def _nobody_hurt(seen: Foresight) -> Came:
    hurt = [COLUMNS.index(name) for name in ("wounded", "killed")]
    return np.asarray(_more(seen, PAUSE_ENDS, JULY)[:, hurt].sum(1) == 0)


def _hard_strikes(seen: Foresight, last: datetime.date) -> npt.NDArray[np.float64]:
    return seen.outcome("strikes_level_3", last) + seen.outcome("strikes_level_4", last)


EVENTS = (
    Event(
        "some US death by fire by 28 January",
        ("tower-22-killed",),
        lambda s: np.asarray(s.outcome("any_killed", FIRST_DEATH) >= 0),
    ),
    Event(
        "none of them before 28 January, given some by the end of July",
        ("tower-22-killed",),
        lambda s: np.asarray(s.outcome("any_killed", DATES[0]) < 0),
    ),
    Event(
        "a strike of level 3 or more by 7 February",
        ("strikes-after-tower-22", "commander-killed-7-feb"),
        lambda s: np.asarray(_hard_strikes(s, COMMANDER) > 0),
    ),
    Event(
        "no strike on Iran, and no attack that it avows, by 26 July",
        ("irgc-commanders-avoided",),
        lambda s: np.asarray(s.outcome("direct", JULY) < 0),
    ),
    Event(
        f"a pause from 8 February to 15 July: at most {FEW} attacks",
        ("lull-after-strikes", "six-months-calm"),
        lambda s: np.asarray(_attacks(s, COMMANDER, PAUSE_ENDS) <= FEW),
    ),
    Event(
        "attacks again from 16 to 26 July",
        ("attacks-resume-16-july", "attack-25-july", "attack-26-july"),
        lambda s: np.asarray(_attacks(s, PAUSE_ENDS, JULY) > 0),
    ),
    Event(
        "and nobody hurt by them",
        ("no-injuries-july",),
        lambda s: np.asarray((_attacks(s, PAUSE_ENDS, JULY) > 0) & _nobody_hurt(s)),
    ),
    Event(
        "the pause, and attacks again after it",
        ("lull-after-strikes", "attacks-resume-16-july"),
        lambda s: np.asarray(
            (_attacks(s, COMMANDER, PAUSE_ENDS) <= FEW) & (_attacks(s, PAUSE_ENDS, JULY) > 0)
        ),
    ),
)
