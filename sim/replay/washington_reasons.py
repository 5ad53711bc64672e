"""What Washington decided by: whether it strikes, how soon, how far, and where."""

from __future__ import annotations

from collections.abc import Mapping

from sim.core import phases
from sim.core.chance import PURPOSES, US, uniform
from sim.replay.course import Course, weighed_by_washington
from sim.replay.decision import Decision, Reason
from sim.replay.replay import Record
from sim.replay.terms import LEAST, Asked, exp, factors, log_odds, log_odds_by, without

HARM = {
    "us.pressure_attack": "attacks today", "us.pressure_wounded": "wounded today", "us.pressure_killed": "killed today",
}  # fmt: skip
HELD = {"us.anticipation": "fear of worse", "iraq.lobby": "Baghdad's lobbying"}
UNANSWERED = "killed not yet answered"
HARD = {"us.level_3_killed": UNANSWERED, **HELD}
ON_IRAN = {
    "us.level_4_killed": UNANSWERED, "us.level_4_undeterred": "hard strike that stopped nothing",
    "us.level_4_avowed": "attack that Iran avowed", **HELD,
}  # fmt: skip
INSIDE = {"us.iraq_killed": UNANSWERED}


def decision_of(course: Course, day: int) -> Decision:
    """Odds that Washington, at rest until now, decides on a strike on a day; with luck above 1 in all it does."""
    played, world = course.played, course.weighed[day]
    row, carried = played.row, float(course.stages[day].engaged["us"]["pressure"][0])
    untried = without(row, "us.commitment")
    harm, pressure = _pressure(course, day, untried), float(world["us"]["pressure"][0])
    terms = {"pressure carried over": carried}
    for weight, name in HARM.items():
        terms[name] = harm - _pressure(course, day, without(untried, weight))
    terms["strikes defied"] = pressure - harm
    held = _held(course, day, row)
    for weight, name in HELD.items():
        terms[name] = _held(course, day, without(row, weight)) - held
    base = float(row["us"]["readiness"][0] - row["us"]["threshold_first"][0])
    since = {"pressure carried over": course.pressure[day].morning, **_held_since(course, day)}
    reasons = tuple(Reason(name, exp(term), since.get(name)) for name, term in terms.items())
    value = exp(base + pressure - held)
    return Decision(
        "deciding on a strike", "odds", value, exp(base), reasons, luck_of(course, day, "response")
    )


def ready_of(course: Course, day: int) -> Decision:
    """Chance that the next step of a preparation is done on a day."""
    played, world = course.played, course.weighed[day]
    step = int(world["us"]["step"][0])
    chance = float(phases.chance_of_next_step(world, played.row, step))
    return Decision("being ready", "chance", chance, chance, ())


def hard_of(course: Course, day: int) -> Decision:
    """Odds that a strike that is ready on a day is made a hard one, of level 3 or more."""

    def asked(row: Record) -> float:
        return float(phases.chance_of_hard_strike(course.weighed[day], row))

    return _how_far(course, day, "striking hard", asked, "us.level_3_base", HARD)


def on_iran_of(course: Course, day: int) -> Decision:
    """Odds that a hard strike that is ready on a day is one of level 4."""

    def asked(row: Record) -> float:
        return float(phases.chance_of_strike_on_iran(course.weighed[day], row))

    return _how_far(course, day, "striking Iran", asked, "us.level_4_base", ON_IRAN)


def inside_of(course: Course, day: int) -> Decision:
    """Odds that a strike of a day falls inside Iraq; one of level 4 on Iranian soil does not."""
    row, world = course.played.row, course.weighed[day]

    def asked(row: Record) -> float:
        return log_odds(phases.chance_inside_iraq(world, row))

    since = dict.fromkeys(INSIDE, course.unanswered[day].decided)
    reasons, luck = factors(asked, row, INSIDE, since), luck_of(course, day, "place")
    base = exp(asked(without(row, *INSIDE)))
    return Decision("striking inside Iraq", "odds", exp(asked(row)), base, reasons, luck)


def _how_far(
    course: Course, day: int, what: str, chance: Asked, constant: str, weights: Mapping[str, str]
) -> Decision:
    row = course.played.row

    def asked(row: Record) -> float:
        return log_odds_by(chance, row, constant)

    by_name = {UNANSWERED: course.unanswered[day].decided, **_held_since(course, day)}
    since = {weight: by_name.get(name) for weight, name in weights.items()}
    base = exp(asked(without(row, *weights)))
    reasons = factors(asked, row, weights, since)
    return Decision(what, "odds", exp(asked(row)), base, reasons, luck_of(course, day, "level"))


def _held(course: Course, day: int, row: Record) -> float:
    return float(phases.held_back(course.weighed[day], row))


def _held_since(course: Course, day: int) -> dict[str, int | None]:
    return {"fear of worse": course.anger[day].morning, "Baghdad's lobbying": course.bargain[day].noon}


def _pressure(course: Course, day: int, row: Record) -> float:
    world = weighed_by_washington(course.played, day, course.stages[day].engaged, row)
    return float(world["us"]["pressure"][0])


def luck_of(course: Course, day: int, purpose: str) -> float:
    """What a day's luck multiplies odds of Washington's by: it happens when they are above 1 then."""
    played = course.played
    u = float(uniform(*played.luck(day), int(played.timeline["date"][day]), US, PURPOSES[purpose], 0))
    return (1.0 - u) / max(u, LEAST)
