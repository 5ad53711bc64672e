"""The seats that can be taken: when in the day each decides, what it may order, and which days call for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.errors import did_you_mean, printable

if TYPE_CHECKING:
    from sim.play.game import Game
    from sim.scenario import Scenario

GOVERNMENTS = ("us", "iraq", "iran")
CAPITALS = {"washington": "us", "usa": "us", "america": "us", "baghdad": "iraq", "tehran": "iran"}
OPENS = 1e-9  # a driver that rises by less stands still


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


def occasion(game: Game) -> str:
    """Say why today calls for a decision of the actor; nothing if it does not."""
    find = {"us": _harm, "iraq": _turn_in_baghdad, "iran": _hard_strike, "militia": _turn_for_a_militia}
    return "" if game.imposed() else find[seat_of(game.actor).kind](game)


OCCASIONS = {
    "us": "an American is wounded or killed",
    "iraq": "a US strike, a breach of the bargain, or US diplomacy that begins to rise",
    "iran": "a US strike of level 3 or 4",
    "militia": "a US strike, or Baghdad's pressing",
}
"""What calls for a decision, by kind of seat."""


def _harm(game: Game) -> str:
    events = game.moment()["today"][0]
    return "Americans were hurt today." if events["wounded"] + events["killed"] > 0 else ""


def _hard_strike(game: Game) -> str:
    level = int(game.moment()["us"]["level"][0])
    return f"Washington has struck at level {level} today." if level >= 3 else ""


def _turn_in_baghdad(game: Game) -> str:
    diplomacy, day = game.played.timeline["diplomacy"], game.day
    rises = [d > 0 and diplomacy[d] > diplomacy[d - 1] + OPENS for d in (day - 1, day)]
    if bargain_broke(game, day - 1):
        return "The bargain was broken yesterday."
    if struck_yesterday(game):
        return "Washington struck yesterday."
    return "Washington's diplomacy towards Baghdad begins to rise." if rises == [False, True] else ""


def _turn_for_a_militia(game: Game) -> str:
    if struck_yesterday(game):
        return "Washington struck yesterday."
    return "Baghdad presses the militias today." if pressed_today(game) else ""


def struck_yesterday(game: Game) -> bool:
    """Tell whether a US strike was made the day before."""
    return bool(game.played.mornings["us"]["level"][game.day] > 0)


def pressed_today(game: Game) -> bool:
    """Tell whether Baghdad has opened or renewed a bargain this morning."""
    morning = game.played.mornings["outcome"]["bargains"][game.day]
    return bool(game.stages().pressed["outcome"]["bargains"][0] > morning)


def bargain_broke(game: Game, day: int) -> bool:
    """Tell whether a bargain was broken on a day that has been lived."""
    if day < 0:
        return False
    before, after = game.played.mornings[day], game.played.mornings[day + 1]
    stood = before["iraq"]["bargain"] > 0 or after["outcome"]["bargains"] > before["outcome"]["bargains"]
    return bool(stood and after["iraq"]["bargain"] <= 0)
