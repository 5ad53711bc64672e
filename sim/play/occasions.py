"""Which days of a game call for a decision, and why."""

from __future__ import annotations

from sim.play.game import Game
from sim.play.seats import seat_of
from sim.replay.washington_log import PREPARED_HARD

OPENS = 1e-9  # a driver that rises by less stands still


def occasion(game: Game) -> str:
    """Say why today calls for a decision of the actor; nothing if it does not."""
    find = {"us": _harm, "iraq": _turn_in_baghdad, "iran": _hard_strike, "militia": _turn_for_a_militia}
    return "" if game.imposed() else find[seat_of(game.actor).kind](game)


OCCASIONS = {
    "us": "an American is wounded or killed",
    "iraq": "a US strike, or one prepared, a breach of the bargain, or US diplomacy that begins to rise",
    "iran": "a US strike of level 3 or 4",
    "militia": "a US strike, Baghdad's pressing, or a pause that is declared or revoked",
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
    steps = [int(step) for step in game.played.mornings["us"]["step"][max(0, day - 1) : day + 1]]
    if steps[0] < PREPARED_HARD <= steps[-1]:
        return "Washington is seen to prepare a hard strike."
    return "Washington's diplomacy towards Baghdad begins to rise." if rises == [False, True] else ""


def _turn_for_a_militia(game: Game) -> str:
    if struck_yesterday(game):
        return "Washington struck yesterday."
    before, after = (
        int(game.played.mornings["pause"]["by"][max(0, day)]) for day in (game.day - 1, game.day)
    )
    if before != after:
        return "A pause was declared yesterday." if after else "The pause was revoked yesterday."
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
