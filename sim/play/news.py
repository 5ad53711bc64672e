"""What is known of a day by everybody, and what an actor knows of its own part in it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.core.state import IRAN_PLACE
from sim.outcomes import OUTCOMES
from sim.play.occasions import bargain_broke, pressed_today
from sim.play.seats import seat_of
from sim.replay.stages import attacks_of
from sim.simulate.setting import militias_in_order, sites_in_order
from sim.simulate.timeline import PLACES

if TYPE_CHECKING:
    from sim.play.game import Game

SEEN_BEFORE_DECIDING = {
    "us": ("pressing", "attacks"),
    "iraq": (),
    "iran": ("pressing", "attacks", "strike"),
    "militia": ("pressing",),
}
"""What a seat has seen of the day on which it decides, by kind of seat."""


@dataclass(frozen=True)
class Hit:
    """An attack as it was seen; who made it is known only to the militia that did (`own`)."""

    site: str
    wounded: int
    killed: int
    own: bool


@dataclass(frozen=True)
class News:
    """What was seen of a day; authors of attacks are nobody's knowledge but their own, as is who is behind a pause."""

    date: datetime.date
    hits: tuple[Hit, ...] = ()
    alarm_deaths: int = 0
    level: int = 0
    place: str = ""
    struck: str = ""
    commander: bool = False
    iraqis_killed: bool = False
    answered: bool = False
    answer_harm: int = 0
    pressed: bool = False
    paused: bool = False
    returned: bool = False
    broke: bool = False
    rung: int | None = None
    first_reached: int | None = None
    spiral: bool = False

    @property
    def quiet(self) -> bool:
        """Whether nothing happened."""
        turns = (self.pressed, self.broke, self.paused, self.returned)
        events = (self.hits, self.level, self.answered, *turns)
        return not any(events) and self.first_reached is None and not self.spiral


def news_of(game: Game, day: int) -> News:
    """What the person knows of a day: of a past one, all that is public; of today, what has been seen so far."""
    played, scenario = game.played, game.scenario
    kind = seat_of(game.actor).kind
    past = day < game.day
    seen = ("attacks", "strike") if past else SEEN_BEFORE_DECIDING[kind]
    evening = played.mornings[day + 1]
    known: dict[str, object] = {}
    if "attacks" in seen:
        known |= {"hits": _hits(game, day), "alarm_deaths": int(evening["today"]["alarm_deaths"])}
    if "strike" in seen and evening["us"]["level"] > 0:
        place = int(evening["us"]["place"])
        names = list(militias_in_order(scenario).values())
        struck = "" if place == IRAN_PLACE else names[int(evening["us"]["culprit"])].title
        known |= {"level": int(evening["us"]["level"]), "place": PLACES[place], "struck": struck}
        known["commander"] = bool(evening["us"]["kind"])
        known["iraqis_killed"] = bool(evening["today"]["iraqis_killed"])
    if past:
        known |= _known_by_evening(game, day)
    elif "pressing" in seen:
        known["pressed"] = pressed_today(game)
    return News(game.date_of(day), **known)  # type: ignore[arg-type]


def _hits(game: Game, day: int) -> tuple[Hit, ...]:
    sites = list(sites_in_order(game.scenario).values())
    return tuple(
        Hit(sites[a.site].title, a.wounded, a.killed, a.militia == game.militia)
        for a in attacks_of(game.played, day)
    )


def _known_by_evening(game: Game, day: int) -> dict[str, object]:
    morning, evening = game.played.mornings[day], game.played.mornings[day + 1]
    headline = OUTCOMES[game.scenario.headline]
    peak = int(evening["outcome"]["peak_rung"])
    return {
        "answered": bool(evening["today"]["avowed"]),
        "answer_harm": int(evening["today"]["avowed_harm"]),
        "pressed": bool(evening["outcome"]["bargains"] > morning["outcome"]["bargains"]),
        "paused": bool(evening["outcome"]["pauses"] > morning["outcome"]["pauses"]),
        "returned": bool(evening["outcome"]["returns"] > morning["outcome"]["returns"]),
        "broke": bargain_broke(game, day),
        "rung": int(evening["ladder"]["rung"]),
        "first_reached": peak if peak > morning["outcome"]["peak_rung"] else None,
        "spiral": bool(headline.of(evening["outcome"]) == day),
    }
