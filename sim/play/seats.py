"""The seats that can be taken: when in the day each decides, and what it may order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.errors import did_you_mean, printable

if TYPE_CHECKING:
    from sim.scenario import Scenario

GOVERNMENTS = ("us", "iraq", "iran")
CAPITALS = {"washington": "us", "usa": "us", "america": "us", "baghdad": "iraq", "tehran": "iran"}


@dataclass(frozen=True)
class Seat:
    """An actor's place in the day.

    Attributes
    ----------
    kind : us, iraq, iran or militia
    stage : the stage of the day at which it decides (see `sim.replay.stages`)
    field : the field of DAY that its order is written to
    inaction : what it does when it does nothing, as a scenario's action
    """

    kind: str
    stage: str
    field: str
    inaction: str


SEATS = {
    "us": Seat("us", "engaged", "level", "hold"),
    "iraq": Seat("iraq", "led", "press", "keep-quiet"),
    "iran": Seat("iran", "felt", "answer", "no-answer"),
    "militia": Seat("militia", "pressed", "orders", "hold"),
}


def seat_of(actor: str) -> Seat:
    """The seat of an actor; whoever is no government is a militia."""
    return SEATS[actor if actor in GOVERNMENTS else "militia"]


def check_actor(actor: str, scenario: Scenario) -> str:
    """Say what is wrong with the name of an actor, in one line; nothing if it takes part."""
    allowed = (*GOVERNMENTS, *scenario.actors.militias)
    if actor in allowed:
        return ""
    near = CAPITALS.get(actor.lower())
    hint = f"; did you mean '{near}'?" if near else did_you_mean(actor.lower(), allowed)
    given = printable(actor) or "(empty)"
    return f"{given} is no actor of {scenario.name}; it must be one of {', '.join(allowed)}{hint}"
