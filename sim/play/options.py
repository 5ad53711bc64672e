"""What an actor can be ordered on a day: exactly what a scenario can impose on it, within what it has."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.play.game import GameError
from sim.play.seats import seat_of
from sim.scenario import Action
from sim.scenario.actions import action_problems
from sim.scenario.countries import by_role, of_strikes
from sim.scenario.errors import did_you_mean

if TYPE_CHECKING:
    from sim.play.game import Game

MODEL = "let the model decide"
USUAL_PLACE = {1: "syria", 2: "iraq", 3: "syria", 4: "iran"}
STRIKES = ((1, "syria"), (2, "iraq"), (3, "syria"), (3, "iraq"), (4, "iran"))
"""Strikes that the model itself makes, places by the identifier of their role; others can be ordered too."""

MOST_SHOWN = 7


@dataclass(frozen=True)
class Option:
    """One thing to do today; without an action the model decides."""

    label: str
    action: Action | None


def offered(game: Game) -> list[Option]:
    """What can be done today: first doing nothing, last leaving it to the model.

    Of a strike's places only the usual ones are listed, and of many numbers of attacks a few; the others can be ordered
    all the same.
    """
    actions = [action for action in _usual(game) if not wrong_today(game, action)]
    return [*(Option(label_of(action), action) for action in actions), Option(MODEL, None)]


def _usual(game: Game) -> Iterator[Action]:
    seat = seat_of(game.actor)
    yield order_of(game, seat.inaction)
    if seat.kind == "us":
        names = by_role(game.scenario.countries)
        for level, place in STRIKES:
            yield order_of(game, "strike", level=level, place=names[place])
    elif seat.kind == "militia":
        most = most_attacks(game)
        step = max(1, math.ceil(most / MOST_SHOWN))
        for number in sorted({*range(1, most + 1, step), most} - {0}):
            yield order_of(game, "attack", attacks=number)
    else:
        yield order_of(game, "press" if seat.kind == "iraq" else "answer")


def order_of(game: Game, action: str, **details: Any) -> Action:
    """Make an order for today, of a kind that the schema knows; see `check_order` for what is allowed."""
    given = {"date": game.date_of(game.day), "actor": game.actor, "action": action, **details}
    return Action.model_validate(given)


def check_order(game: Game, order: Action) -> None:
    """Refuse an order that cannot be given today.

    Raises
    ------
    GameError
        In one line that says what is wrong, and what is allowed.
    """
    wrong = wrong_today(game, order)
    if wrong:
        raise GameError(wrong)


def wrong_today(game: Game, order: Action) -> str:
    """Say why an order cannot be given today, in one line; nothing if it can."""
    scenario = game.scenario
    if order.actor != game.actor:
        return f"it is an order to {order.actor}, and the seat is that of {game.actor}"
    if order.span != (game.date_of(game.day),) * 2 or order.forbid:
        return f"it is no order for {game.date_of(game.day)} alone"
    places = of_strikes(scenario.countries)
    for problem in action_problems(order, scenario.actors.militias, scenario.sites, places):
        field = ".".join(map(str, problem.at))
        return f"{field} = {getattr(order, field, '')}: {problem.text}{did_you_mean(problem.given, problem.allowed)}"
    if game.imposed():
        return game.settled() + ("" if game.at_an_end() else " that day")
    if order.action == "strike":
        return _beyond_limits(game, order)
    return _beyond_stocks(game, order) if order.action == "attack" else ""


def _beyond_limits(game: Game, order: Action) -> str:
    today, level = game.free.timeline[game.day], order.level or 0
    if level > today["level_limit"]:
        return f"the scenario forbids strikes above level {today['level_limit']} that day"
    host, neighbour, sponsor = of_strikes(game.scenario.countries)
    if order.place == host and level > today["iraq_limit"]:
        return f"the scenario forbids strikes above level {today['iraq_limit']} inside Iraq that day"
    return "" if order.place else f"a strike needs a place: {neighbour}, {host}, or for level 4 {sponsor}"


def _beyond_stocks(game: Game, order: Action) -> str:
    if order.killed is not None or order.wounded is not None:
        return "what an attack does cannot be ordered, only how many there are and at which site"
    most = most_attacks(game)
    return "" if order.attacks <= most else f"capacity and stocks allow {most or 'no'} attacks that day"


def most_attacks(game: Game) -> int:
    """Most attacks that the militia that is played can launch today."""
    stocks = float(game.moment()["militias"]["arsenal"][0, game.militia])
    return min(int(game.played.setting["militias"]["capacity"][0, game.militia]), math.floor(stocks))


def label_of(order: Action) -> str:
    """Write an order as the person would type it."""
    if order.action == "strike":
        return f"strike {order.level} {order.place}"
    if order.action == "attack":
        return f"attack {order.attacks}" + (f" {order.site}" if order.site else "")
    return {"keep-quiet": "quiet", "no-answer": "no answer"}.get(order.action, order.action)
