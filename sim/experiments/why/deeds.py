"""What one spiral hung on: its deeds taken out one at a time, with the same luck in all else.

A deed is a US strike, a lethal attack, an open answer of Tehran's or a pressing of Baghdad's. A spiral hung on a deed
if without it the run comes to no spiral by the scenario's end. That is a cause in the sense of the counterfactual
(but-for) test, within the model: several deeds can each be necessary, and none may be when two would have done alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes import OUTCOMES
from sim.replay.deeds import Deed, deeds_of, without
from sim.replay.replay import Change, Replay, branch

if TYPE_CHECKING:
    from sim.scenario import Scenario

NO_SPIRAL = -1
BOTH_AT_ONCE = 6
"""The rung that takes a strike on Iran and an open answer; either alone reaches the one below."""


@dataclass(frozen=True)
class Removal:
    """A deed that is taken out of a run that spiralled, and what comes without it.

    Attributes
    ----------
    deed : what is taken out
    day : index of the day on which the run spiralled
    otherwise : index of the day on which it spirals without the deed, -1 if it never does
    last_step : whether the deed is the spiral itself, by definition
    """

    deed: Deed
    day: int
    otherwise: int
    last_step: bool

    @property
    def necessary(self) -> bool:
        """Whether the deed is a pivotal event: the spiral hung on it."""
        return self.otherwise == NO_SPIRAL

    @property
    def lead(self) -> int:
        """Days from the deed to the spiral."""
        return self.day - self.deed.day

    @property
    def delay(self) -> int:
        """Days by which the spiral comes later without the deed; below zero, sooner; 0 too where it never comes."""
        return 0 if self.necessary else self.otherwise - self.day


def spiral_day(outcome: np.ndarray, scenario: Scenario) -> int:
    """Index of the day on which the scenario's headline spiral came, -1 if it never did."""
    return int(OUTCOMES[scenario.headline].of(outcome))


def day_with(played: Replay, changes: Sequence[Change]) -> int:
    """Index of the day on which a run spirals when something is changed in it, -1 if it never does."""
    return spiral_day(branch(played, changes)[0]["outcome"], played.job.scenario)


def cut_after(played: Replay, day: int) -> Replay:
    """The same run as far as the evening of a day; what comes after a spiral can be long, and is slow to go through."""
    return replace(played, mornings=played.mornings[: day + 2], timeline=played.timeline[: day + 1])


def removals_of(played: Replay) -> list[Removal]:
    """Take every deed up to the day of the headline spiral out of a run, one at a time; none where none came."""
    scenario = played.job.scenario
    day = spiral_day(played.outcome, scenario)
    if day == NO_SPIRAL:
        return []
    return [
        Removal(deed, day, day_with(played, [without(deed, played)]), is_last_step(deed, scenario, day))
        for deed in deeds_of(cut_after(played, day))
    ]


def day_without(played: Replay, deeds: Sequence[Deed]) -> int:
    """Index of the day on which a run spirals when several deeds are taken out at once, -1 if it never does."""
    # Attacks of one militia on one day share a field, a bit each.
    values: dict[tuple[int, str, int | None], int] = {}
    for change in (without(deed, played) for deed in deeds):
        where = (change.day, change.field, change.militia)
        values[where] = values.get(where, 0) | change.value
    return day_with(played, [Change(day, field, value, at) for (day, field, at), value in values.items()])


def is_last_step(deed: Deed, scenario: Scenario, day: int) -> bool:
    """Tell whether a deed makes the headline spiral that came on this day by definition."""
    return deed.day == day and makes_spiral(deed.kind, deed.level, deed.place, scenario)


def makes_spiral(kind: str, level: int, place: str, scenario: Scenario) -> bool:
    """Tell whether a deed of this kind can be the headline spiral by definition, be it the last of several parts."""
    rung = scenario.rung_of(scenario.headline)
    return _rung(kind, level, place) >= min(rung, BOTH_AT_ONCE - 1)


def _rung(kind: str, level: int, place: str) -> int:
    """Highest rung of the ladder that such a deed can complete."""
    if kind == "strike":
        return level + 1 if level >= 3 else 3 if place == "iraq" else 2
    return {"answer": 5, "lethal attack": 3, "pressing": 0}[kind]
