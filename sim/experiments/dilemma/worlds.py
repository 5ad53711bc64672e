"""What the dilemma is asked over: values of Washington's levers, worlds, draws, and the day of a forced strike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from sim.parameters import PACKS, REGISTRY, couplings, only
from sim.scenario import Scenario
from sim.wording import day_text

LEAST_RUNS = 50
RUNS = 2_000
"""Runs of a point of the curve, unless others are asked for."""

POINTS = 13
MOST_POINTS = 101
DRAWS = 240
DRAW_VALUES = (-6.0, -3.0, 0.0, 3.0, 6.0)
"""Values of readiness at which single draws of the parameters are tried, in logits."""

DAY = dt.date(2023, 11, 20)
WEEK, WEEKS = 7, 13
LEVELS = (1, 2, 3, 4)

READINESS, CEILING = "us.readiness", "us.ceiling"
LEVERS = (READINESS, CEILING)
TOGETHER, NO_FEEDBACK = "all together", "no feedback"
WORLDS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {TOGETHER: {}, NO_FEEDBACK: couplings(), **{pack: only(pack) for pack in PACKS}}
)
"""What is held at which value in each world: nothing, all mechanisms off, all but those of a pack off."""

PAIRS = tuple(combinations(range(len(DRAW_VALUES)), 2))
"""Every two of the values that draws are tried at, the lower one first."""


class DilemmaError(ValueError):
    """What cannot be asked; the message is one line."""


@dataclass(frozen=True)
class Plan:
    """The question, checked and ready.

    Attributes
    ----------
    scenario : that is asked of
    runs : of each point of the curve
    points : values of each lever, an odd number, so that 0 is the middle one
    day : of the forced strike, counted from the scenario's start
    draws : rows of parameters whose curves are told apart by shape
    """

    scenario: Scenario
    runs: int
    points: int
    day: int
    draws: int = DRAWS

    @property
    def values(self) -> npt.NDArray[np.float64]:
        """Values of a lever, from end to end of its range, in logits; shape (points,)."""
        low, high = REGISTRY[READINESS].low, REGISTRY[READINESS].high
        return np.linspace(low, high, self.points)

    @property
    def draw_runs(self) -> int:
        """Runs of a draw at each value of readiness, with feedback and again without."""
        return max(25, self.runs // 8)

    @property
    def forced_runs(self) -> int:
        """Runs that are lived with a strike of each level, and with none, all together; in other worlds `runs`."""
        return 5 * self.runs

    @property
    def followed(self) -> int:
        """Days after the forced strike that are followed one by one."""
        return min(WEEK * WEEKS, self.scenario.days - 1 - self.day)

    @property
    def date(self) -> dt.date:
        """Date of the forced strike."""
        return self.scenario.start + dt.timedelta(days=self.day)

    @property
    def total(self) -> int:
        """Runs in all, those with a forced strike counted once for each level."""
        curve = len(LEVERS) * len(WORLDS) * self.points * self.runs
        forced = (1 + len(LEVELS)) * (self.forced_runs + (len(WORLDS) - 1) * self.runs)
        return curve + 2 * self.draws * len(DRAW_VALUES) * self.draw_runs + forced


def plan_dilemma(
    scenario: Scenario,
    runs: int = RUNS,
    points: int = POINTS,
    day: dt.date | None = None,
    draws: int = DRAWS,
) -> Plan:
    """Check what is asked.

    Parameters
    ----------
    scenario : Scenario
    runs : int
        Of each point of the curve; a draw gets an eighth as many at each value, the forced strike five times as many.
    points : int
        Values of each lever: odd, 3 or more.
    day : date, optional
        Of the forced strike; 20 November 2023, or where that is not in the scenario its 35th day or its middle.
    draws : int
        With parameters at their defaults there is one, whatever is asked for.

    Raises
    ------
    DilemmaError
        When the question makes no sense of this scenario.
    """
    if scenario.headline == "runaway":
        raise DilemmaError(
            f"{scenario.name} asks about the runaway spiral, which counts rounds of strikes and so rises "
            "with readiness by its definition; ask with --set headline=direct"
        )
    if not (runs >= LEAST_RUNS and runs == int(runs)):
        raise DilemmaError(f"runs: {runs} must be a whole number from {LEAST_RUNS}")
    if not (3 <= points <= MOST_POINTS and points % 2):
        near = min(MOST_POINTS, max(3, points + 1 - points % 2))
        raise DilemmaError(
            f"--points: {points} must be odd, 3 to {MOST_POINTS}, so that 0, the doctrine on record, is among the "
            f"values; take {near}"
        )
    return Plan(scenario, runs, points, _day_of(scenario, day), draws)


def read_day(text: str) -> dt.date:
    """Read the day of the forced strike.

    Raises
    ------
    DilemmaError
        When it is no date.
    """
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise DilemmaError(f"--day: {text} is no date; write it as 2023-11-20") from None


def _day_of(scenario: Scenario, day: dt.date | None) -> int:
    """Index of the day of the forced strike; at least one whole week follows it."""
    first = scenario.start
    if scenario.history is not None:
        first = max(first, scenario.history.release)
    last = scenario.end - dt.timedelta(days=WEEK)
    if last < first:
        raise DilemmaError(
            f"{scenario.name}: leaves no week free after any day, which a forced strike needs; move its end"
        )
    if day is None:
        usual = DAY if first <= DAY <= last else first + dt.timedelta(days=34)
        day = usual if usual <= last else first + (last - first) // 2
    if not first <= day <= last:
        raise DilemmaError(
            f"--day: {day} must be from {first} to {last} ({day_text(first)} to {day_text(last)}): in the "
            "scenario, not in its history, and a week before its end"
        )
    return (day - scenario.start).days
