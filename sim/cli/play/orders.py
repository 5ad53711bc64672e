"""What a person types, read as an order of today."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from sim.play import Game, GameError, order_of, seat_of
from sim.play.options import USUAL_PLACE
from sim.scenario import Action
from sim.scenario.countries import by_role, of_strikes
from sim.scenario.errors import did_you_mean, printable

WORDS = {
    "us": {"hold": "hold", "strike": "strike"},
    "iraq": {"press": "press", "quiet": "keep-quiet", "keep-quiet": "keep-quiet", "keep quiet": "keep-quiet"},
    "iran": {"answer": "answer", "no answer": "no-answer", "no-answer": "no-answer", "no": "no-answer"},
    "militia": {"hold": "hold", "attack": "attack"},
}
"""What can be typed, and the scenario's action that it means, by kind of seat."""

USAGE = {
    "us": "hold, or strike LEVEL PLACE (level 1 to 4; {neighbour}, {host}, or for level 4 {sponsor})",
    "iraq": "press, or quiet",
    "iran": "answer, or no answer",
    "militia": "hold, or attack NUMBER SITE (the site may be left out)",
}


def usage(game: Game, kind: str = "") -> str:
    """What can be typed in a seat, by default that of the game, with the places of its scenario."""
    host, neighbour, sponsor = of_strikes(game.scenario.countries)
    return USAGE[kind or seat_of(game.actor).kind].format(host=host, neighbour=neighbour, sponsor=sponsor)


def read_order(game: Game, line: str, others: tuple[str, ...]) -> Action:
    """Read an order from a line.

    Parameters
    ----------
    game : Game
    line : what was typed
    others : other words that could have been meant, for the hint

    Raises
    ------
    GameError
        In one line that says what can be ordered.
    """
    kind = seat_of(game.actor).kind
    words = line.lower().split()
    known = WORDS[kind]
    action = known.get(" ".join(words)) or known.get(words[0])
    if action is None:
        hint = did_you_mean(words[0], [word for word in (*known, *others) if " " not in word])
        raise GameError(f"'{printable(line)}' is nothing you can do; you can {usage(game)}{hint}")
    if action in ("strike", "attack"):
        return _made(game, action, _details(game, action, words[1:]))
    if len(words) > 1 and " ".join(words) not in known:
        raise GameError(f"'{printable(line)}' says too much; you can {usage(game)}")
    return _made(game, action, {})


def _details(game: Game, action: str, words: list[str]) -> dict[str, Any]:
    told = usage(game, "us" if action == "strike" else "militia")
    words = [word for word in words if word not in ("level", "in", "on", "at")]
    if len(words) > 2:
        raise GameError(f"{action} takes two words at most; you can {told}")
    number = _number(words[0], told) if words else None
    rest = words[1] if len(words) > 1 else None
    if action == "attack":
        return {"attacks": number or 1} | ({"site": rest} if rest else {})
    if number is None:
        raise GameError(f"a strike needs its level; you can {told}")
    usual = by_role(game.scenario.countries)[USUAL_PLACE.get(number, "syria")]
    return {"level": number, "place": rest or usual}


def _number(word: str, usage: str) -> int:
    if not (word.isascii() and word.isdecimal() and 0 < len(word) < 4 and int(word) > 0):
        raise GameError(f"'{printable(word)}' is no number from 1 up; you can {usage}")
    return int(word)


def _made(game: Game, action: str, details: dict[str, Any]) -> Action:
    try:
        return order_of(game, action, **details)
    except ValidationError as error:
        item = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in item["loc"])
        problems = item.get("ctx", {}).get("problems")
        raise GameError(
            f"{field}: {problems[0].text if problems else item['msg'].replace('Input should', 'must')}"
        ) from None
