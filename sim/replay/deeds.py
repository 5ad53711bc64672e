"""The deeds of a run that its course can hang on: strikes, lethal attacks, open answers and pressings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.replay.replay import Change, Replay
from sim.replay.stages import attacks_of
from sim.simulate.setting import militias_in_order
from sim.simulate.timeline import PLACES

if TYPE_CHECKING:
    from sim.scenario import Scenario

KINDS = ("lethal attack", "strike", "answer", "pressing")


@dataclass(frozen=True)
class Deed:
    """Something that an actor did on a day.

    Attributes
    ----------
    day : index of the day, from the scenario's start
    actor : us, iraq, iran, or a militia's name
    kind : one of KINDS
    level, place : of a strike, 1 to 4, and iraq, syria or iran
    militia, item : of a lethal attack, the militia's index and the attack's place in its day
    killed : by a lethal attack or an answer
    """

    day: int
    actor: str
    kind: str
    level: int = 0
    place: str = ""
    militia: int = -1
    item: int = 0
    killed: int = 0

    @property
    def severe(self) -> bool:
        """Whether it crosses the border: it kills, strikes in Iraq or at level 3 or more, or is avowed by Iran."""
        strike = self.kind == "strike" and (self.level >= 3 or self.place == "iraq")
        return strike or self.kind in ("lethal attack", "answer")


def deeds_of(played: Replay) -> list[Deed]:
    """Every strike, lethal attack, open answer and pressing of a run, in order."""
    names = list(militias_in_order(played.job.scenario))
    evenings = played.mornings[1:]
    bargains = np.diff(played.mornings["outcome"]["bargains"])
    days = np.flatnonzero(
        (bargains > 0)
        | (evenings["us"]["level"] > 0)
        | (evenings["today"]["avowed"] > 0)
        | evenings["militias"]["deadly"].any(axis=1)
    )
    return [deed for day in days for deed in _deeds_on(played, int(day), names, bargains[day] > 0)]


def _deeds_on(played: Replay, day: int, names: list[str], pressed: bool) -> Iterator[Deed]:
    evening = played.mornings[day + 1]
    if pressed:
        yield Deed(day, "iraq", "pressing")
    if evening["militias"]["deadly"].any():
        for attack in attacks_of(played, day):
            if attack.killed:
                yield Deed(
                    day, names[attack.militia], "lethal attack",
                    militia=attack.militia, item=attack.item, killed=attack.killed,
                )  # fmt: skip
    level = int(evening["us"]["level"])
    if level:
        yield Deed(day, "us", "strike", level=level, place=PLACES[int(evening["us"]["place"])])
    if evening["today"]["avowed"]:
        by_militias = sum(a.killed for a in attacks_of(played, day))
        yield Deed(day, "iran", "answer", killed=int(evening["today"]["killed"]) - by_militias)


def without(deed: Deed, played: Replay) -> Change:
    """The change that takes a deed out of its run, all else left to happen as it then does.

    A strike is called off, its impulse spent; an attack is not launched; Baghdad keeps quiet; Tehran does not answer.
    """
    if deed.kind == "strike":
        return Change(deed.day, "called_off", 1)
    if deed.kind == "lethal attack":
        spared = int(played.timeline["orders"]["spared"][deed.day, deed.militia])
        return Change(deed.day, "spared", spared | 1 << deed.item, deed.militia)
    return Change(deed.day, {"answer": "answer", "pressing": "press"}[deed.kind], 0)


def deed_text(deed: Deed, scenario: Scenario) -> str:
    """What was done, without its day: `US strike of level 2 in Iraq`, `lethal attack by Badr (2 killed)`."""
    if deed.kind == "strike":
        return f"US strike of level {deed.level} in {deed.place.capitalize()}"
    if deed.kind == "answer":
        killed = f" ({deed.killed} killed)" if deed.killed else ""
        return f"Tehran's open answer{killed}"
    if deed.kind == "pressing":
        return "Baghdad's pressing"
    return f"lethal attack by {scenario.actors.militias[deed.actor].title} ({deed.killed} killed)"
