"""Who sees what. A seat's screen is written from what `seen_by` gives, and from the news, and from nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.core import phases
from sim.play.seats import seat_of
from sim.replay.washington_log import PREPARED_HARD

if TYPE_CHECKING:
    from sim.play.game import Game

EVERYBODY = ("us", "iraq", "iran", "militia")


@dataclass(frozen=True)
class Moment:
    """A world at the point of a day at which an actor decides, with what its scenario fixes; all arrays of one."""

    world: np.ndarray
    today: np.ndarray
    setting: np.ndarray
    row: np.ndarray
    militia: int = -1

    @property
    def own(self) -> np.void:
        """The record of the militia that is played."""
        return self.world["militias"][0, self.militia]


@dataclass(frozen=True)
class Sight:
    """Something that can be seen: what it is, who sees it, and how it is read off the moment."""

    meaning: str
    seen_by: tuple[str, ...]
    read: Callable[[Moment], float]


def _driver(name: str) -> Callable[[Moment], float]:
    return lambda moment: float(moment.today[name][0])


def _state(group: str, name: str) -> Callable[[Moment], float]:
    return lambda moment: float(moment.world[group][name][0])


def _own(name: str) -> Callable[[Moment], float]:
    return lambda moment: float(moment.own[name])


def _weighed(moment: Moment) -> np.ndarray:
    """The world with today's harm felt, as it stands before any response: what holding would leave of it."""
    world, today = moment.world.copy(), moment.today.copy()
    today["level"] = 0
    phases.washington_responds(world, today, moment.setting, moment.row, np.uint64(0))
    world["us"]["step"] = moment.world["us"]["step"]
    return world


def _after_harm(name: str) -> Callable[[Moment], float]:
    return lambda moment: float(_weighed(moment)["us"][name][0])


def _provoked(moment: Moment) -> float:
    return float(phases.provoked_today(_weighed(moment), moment.row))


def _next_step(moment: Moment) -> float:
    """Chance of the next step of the model's own decision; none without a provocation."""
    world = _weighed(moment)
    if not phases.provoked_today(world, moment.row):
        return 0.0
    step = int(world["us"]["step"][0])
    return float(phases.chance_of_next_step(world, moment.row, step))


def _chance(asked: Callable[[np.ndarray, np.ndarray], float]) -> Callable[[Moment], float]:
    return lambda moment: float(asked(_weighed(moment), moment.row))


def _threat(moment: Moment) -> float:
    return float(moment.world["us"]["step"][0] >= PREPARED_HARD)


SIGHTS: dict[str, Sight] = {
    "gaza": Sight("intensity of the war in Gaza, 0 to 1", EVERYBODY, _driver("gaza")),
    "lebanon": Sight("intensity of the front in Lebanon, 0 to 1", EVERYBODY, _driver("lebanon")),
    "diplomacy": Sight("US diplomacy towards Baghdad, 0 to 1", EVERYBODY, _driver("diplomacy")),
    "posture": Sight("US reinforcement, 0 to 1", EVERYBODY, _driver("posture")),
    "talks": Sight("talks on a withdrawal, 0 to 1", EVERYBODY, _state("iraq", "talks")),
    "troops": Sight("US troops, relative to October 2023", EVERYBODY, _state("us", "troops")),
    "withdrawal": Sight("0 none, 1 talks, 2 ordered", EVERYBODY, _state("iraq", "status")),
    "bargain_stands": Sight(
        "whether a bargain of Baghdad's stands", EVERYBODY, lambda m: float(m.world["iraq"]["bargain"][0] > 0)
    ),
    "rung": Sight("last evening's rung of the ladder", EVERYBODY, _state("ladder", "rung")),
    "attacks_iraq": Sight("attacks in Iraq so far", EVERYBODY, _state("outcome", "attacks_iraq")),
    "attacks_syria": Sight("attacks in Syria so far", EVERYBODY, _state("outcome", "attacks_syria")),
    "attacks_jordan": Sight("attacks in Jordan so far", EVERYBODY, _state("outcome", "attacks_jordan")),
    "wounded": Sight("US wounded until last evening", EVERYBODY, _state("outcome", "wounded")),
    "killed": Sight("US killed by fire until last evening", EVERYBODY, _state("outcome", "killed")),
    "wounded_today": Sight("US wounded today so far", EVERYBODY, _state("today", "wounded")),
    "killed_today": Sight("US killed by fire today so far", EVERYBODY, _state("today", "killed")),
    "strikes": Sight(
        "US strikes until last evening", EVERYBODY, lambda m: float(m.world["outcome"]["strikes"][0].sum())
    ),
    "struck_today": Sight(
        "whether Washington struck today", ("iran",), lambda m: float(m.world["us"]["level"][0] > 0)
    ),
    "answers": Sight("attacks avowed by Iran so far", EVERYBODY, _state("outcome", "avowed")),
    "last_level": Sight("level of the last response, 0 for none", EVERYBODY, _state("us", "level")),
    "threat": Sight("whether Washington prepares a hard strike", ("iraq", "iran"), _threat),
    "pressure": Sight("Washington's pressure to act, logits", ("us",), _after_harm("pressure")),
    "unanswered": Sight(
        "US killed not yet answered by a strike, spoken of less with time", ("us",), _after_harm("unanswered")
    ),
    "provoked": Sight("whether there is anything that a strike of today could answer", ("us",), _provoked),
    "step": Sight(
        "step of Washington's own decision: 0 none, 1 and 2 a strike is prepared, 3 and 4 a hard one",
        ("us",),
        _state("us", "step"),
    ),
    "next_step": Sight("the model's own chance to take the next step today", ("us",), _next_step),
    "would_be_hard": Sight(
        "the model's own chance that a strike is one of level 3 or more",
        ("us",),
        _chance(phases.chance_of_hard_strike),
    ),
    "would_hit_iran": Sight(
        "the model's own chance that a hard strike is one on Iran",
        ("us",),
        _chance(phases.chance_of_strike_on_iran),
    ),
    "credibility": Sight("how far Washington is believed, 0 to 1", ("us",), _state("us", "credibility")),
    "commitment": Sight("memory of Washington's own strikes, 0 to 1", ("us",), _state("us", "commitment")),
    "capital": Sight("Baghdad's political capital, 0 to 1", ("iraq",), _state("iraq", "capital")),
    "strain": Sight("strain on Baghdad, 0 to 1", ("iraq",), _state("iraq", "strain")),
    "bargain": Sight("strength of the bargain, 0 to 1", ("iraq",), _state("iraq", "bargain")),
    "would_press": Sight(
        "the model's own chance to press today",
        ("iraq",),
        lambda m: float(phases.chance_of_pressing(m.world, m.today, m.row)),
    ),
    "stance": Sight("Tehran's stance, -1 urges to +1 restrains", ("iran",), _state("iran", "stance")),
    "war_fear": Sight("Tehran's fear of war, 0 to 1", ("iran",), _state("iran", "war_fear")),
    "grievance": Sight("Tehran's grievance, 0 to 1", ("iran",), _state("iran", "grievance")),
    "would_answer": Sight(
        "the model's own chance to answer today",
        ("iran",),
        lambda m: float(phases.chance_of_answer(m.world, m.row)) if m.world["us"]["level"][0] >= 3 else 0.0,
    ),
    "stocks": Sight("the militia's stocks, attacks", ("militia",), _own("arsenal")),
    "capacity": Sight(
        "most attacks a day", ("militia",), lambda m: float(m.setting["militias"]["capacity"][0, m.militia])
    ),
    "will": Sight(
        "the militia's will to fight, log rate ratio",
        ("militia",),
        lambda m: float(phases.will_of(m.world, m.today, m.setting, m.row, m.militia)),
    ),
    "anger": Sight("the militia's anger, 0 to 1", ("militia",), _own("anger")),
    "fear": Sight("the militia's fear, 0 to 1", ("militia",), _own("fear")),
    "restraint": Sight("what Baghdad's bargain asks of it, 0 to 1", ("militia",), _own("restraint")),
    "autonomy": Sight("the militia's autonomy from Tehran, 0 to 1", ("militia",), _own("autonomy")),
    "standing_down": Sight("whether it holds its fire under a pause", ("militia",), _own("standing_down")),
    "pause_by": Sight(
        "who has declared the pause that stands: 0 nobody, 1 the groups, 2 Tehran, 3 Baghdad by its bargain",
        ("militia",),
        _state("pause", "by"),
    ),
    "pause_days": Sight(
        "days since the pause that stands was declared",
        ("militia",),
        lambda m: float(m.world["day"][0] - m.world["pause"]["day"][0]) if m.world["pause"]["by"][0] else 0.0,
    ),
}
"""Everything that any seat is shown of the world, and to whom. What is not here is shown to nobody."""


def seen_by(actor: str, moment: Moment) -> dict[str, float]:
    """What an actor sees of a moment, by the names of `SIGHTS`."""
    kind = seat_of(actor).kind
    return {name: sight.read(moment) for name, sight in SIGHTS.items() if kind in sight.seen_by}


def moment_of(game: Game) -> Moment:
    """The moment at which the person decides today."""
    played, day = game.played, game.day
    return Moment(game.moment(), played.timeline[day : day + 1], played.setting, played.row, game.militia)
