"""What the militias, Baghdad and Tehran decided by: the terms of each sum, as factors.

`base` times all factors is the rate, the odds or the chance that was decided by. Pauses are in `pause_reasons`,
Washington is in `washington_reasons`.
"""

from __future__ import annotations

import math

from sim.core import phases
from sim.core.state import IDLE
from sim.replay.course import Course
from sim.replay.decision import Decision, Reason
from sim.replay.outside import named, others, without_others
from sim.replay.replay import Record
from sim.replay.terms import by_odds, exp, factors, log_odds, without

WILL = {
    "militia.gaza": "Gaza", "militia.lebanon": "Lebanon", "militia.presence": "US presence",
    "militia.hurry": "withdrawal talks", "militia.revenge": "revenge", "militia.deterrence": "fear of strikes",
    "militia.doubt": "doubt", "militia.bargain": "Baghdad's pressure", "militia.tehran": "Tehran's word",
    "militia.provocation": "US posture", "militia.backlash": "Baghdad's spent capital",
}  # fmt: skip
PRESSING = {
    "iraq.press_diplomacy": "US diplomacy", "iraq.press_strain": "strain", "iraq.press_capital": "spent capital",
    "iraq.press_gaza": "Gaza",
}  # fmt: skip
STANCE = {
    "iran.stance_gaza": "Gaza", "iran.stance_war_fear": "fear of war", "iran.stance_grievance": "grievance",
    "iran.stance_mediation": "Baghdad's mediation", "iran.posture_fear": "US posture",
}  # fmt: skip
ANSWER = {
    "iran.answer_direct": "strike on Iran", "iran.answer_grievance": "grievance", "iran.answer_fear": "fear of war",
}  # fmt: skip
INTENT = {
    "militia.intent_anger": "anger", "militia.intent_doubt": "doubt", "militia.intent_autonomy": "autonomy",
}  # fmt: skip
PASSAGE = {
    "engagement.posture_defence": "air defence", "engagement.hardening": "what defenders have learnt",
}  # fmt: skip
THREAT = "hard strike being prepared"
UNBOUND, SCARCE = 1e100, 1e-100


# Militias


def _will(course: Course, day: int, i: int) -> tuple[tuple[Reason, ...], float]:
    """Reasons of a militia's will with its limit last, and the will."""
    played, world = course.played, course.stages[day].pressed
    today = played.timeline[day : day + 1]

    def asked(row: Record) -> float:
        return float(phases.will_of(world, today, played.setting, row, i))

    since = {
        "militia.revenge": course.revenge[i][day].morning,
        "militia.deterrence": course.deterrence[i][day].morning,
        "militia.bargain": course.bargain[day].noon,
    }
    unbound = without(played.row, "militia.will_ceiling", at=UNBOUND)
    will = asked(played.row)
    limit = Reason("limit of the will", exp(will - asked(unbound)))
    reasons = factors(asked, unbound, named(WILL, played.job.scenario), since)
    return (*reasons, *others(played, day, "will"), limit), will


def rate_of(course: Course, day: int, i: int) -> Decision:
    """Rate at which militia `i` attacks on a day, in a pause by what leaks from it."""
    played, stages = course.played, course.stages[day]
    reasons, _ = _will(course, day, i)
    base = float(played.row["militia"]["tempo"][0] * played.setting["militias"]["share"][0, i])
    militia = stages.chosen["militias"][0, i]
    impulse = [Reason("shared impulse", stages.shock)]
    if militia["standing_down"]:
        impulse.append(Reason("leak", float(played.row["militia"]["leak"][0] * militia["autonomy"])))
    return Decision("attacks", "rate", float(militia["rate"]), base, (*reasons, *impulse))


def will_behind(course: Course, day: int, i: int) -> tuple[Reason, ...]:
    """Reasons of a militia's will, each by how it multiplies the rate of attack."""
    return _will(course, day, i)[0]


def intent_behind(course: Course, day: int, i: int) -> Decision:
    """Chance that an attack of militia `i` is meant to kill."""
    played, world = course.played, course.stages[day].chosen

    def asked(row: Record) -> float:
        return math.log(phases.intent_of(world, played.setting, row, i))

    base = float(played.row["militia"]["kill_intent"][0])
    if base == 0.0:
        return Decision("meant to kill", "chance", 0.0, 0.0, ())
    scarce = without(played.row, "militia.kill_intent", at=SCARCE)
    since = {"militia.intent_anger": course.revenge[i][day].morning}
    value = asked(played.row)
    limit = Reason("limit of intent", exp(value - math.log(base) - (asked(scarce) - math.log(SCARCE))))
    return Decision(
        "meant to kill", "chance", exp(value), base, (*factors(asked, scarce, INTENT, since), limit)
    )


def passage_of(course: Course, day: int, site: int) -> Decision:
    """Odds that an attack on a site gets through."""
    played, world = course.played, course.stages[day].chosen
    open_site = played.setting.copy()
    open_site["stops"][0, site] = 1.0

    def asked(row: Record, setting: Record = played.setting) -> float:
        return log_odds(phases.chance_to_get_through(world, setting, row, site))

    defence = Reason("the site's defence", exp(asked(played.row) - asked(played.row, open_site)))
    base = exp(asked(without(played.row, *PASSAGE), open_site))
    reasons = (defence, *factors(asked, played.row, PASSAGE))
    return Decision("getting through", "odds", exp(asked(played.row)), base, reasons)


# Baghdad and Tehran


def pressing_of(course: Course, day: int) -> Decision:
    """Odds that Baghdad presses the militias."""
    played, world = course.played, course.stages[day].led
    today, calm = played.timeline[day : day + 1], _no_threat(world)
    weights, own = named(PRESSING, played.job.scenario), others(played, day, "press")

    def asked(row: Record, world: Record = world) -> float:
        return log_odds(phases.chance_of_pressing(world, today, row))

    def without_threat(row: Record) -> float:
        return asked(row, calm)

    def by_the_model(row: Record) -> float:
        return log_odds(phases.chance_of_pressing(world, without_others(today), row))

    since = {"iraq.press_strain": course.strain[day].morning}
    threat = Reason(THREAT, exp(asked(played.row) - without_threat(played.row)))
    reasons = (*factors(without_threat, played.row, weights, since), *own, threat)
    return by_odds("pressing", asked, played.row, PRESSING, reasons, by_the_model)


def stance_of(course: Course, day: int) -> Decision:
    """Odds of restraining that Tehran's reasons of a day make for; its stance follows them slowly."""
    played, world = course.played, course.stages[day].dawn
    today, calm = played.timeline[day : day + 1], _no_threat(world)
    weights, own = named(STANCE, played.job.scenario), others(played, day, "stance")

    def asked(row: Record, world: Record = world, today: Record = today) -> float:
        return log_odds(0.5 * (1.0 + phases.goal_of_stance(world, today, played.setting, row)))

    def without_threat(row: Record) -> float:
        return asked(row, calm)

    def by_the_model(row: Record) -> float:
        return asked(row, world, without_others(today))

    since = {
        "iran.stance_war_fear": course.war_fear[day].morning,
        "iran.stance_grievance": course.grievance[day].morning,
        "iran.stance_mediation": course.bargain[day].morning,
    }
    threat = Reason(THREAT, exp(asked(played.row) - without_threat(played.row)))
    reasons = (*factors(without_threat, played.row, weights, since), *own, threat)
    return by_odds("restraining", asked, played.row, STANCE, reasons, by_the_model)


def _no_threat(world: Record) -> Record:
    """The world in which Washington prepares no hard strike."""
    calm = world.copy()
    calm["us"]["step"] = IDLE
    return calm


def answer_of(course: Course, day: int) -> Decision:
    """Odds that Tehran answers the day's strike openly."""
    played, world = course.played, course.stages[day].felt

    def asked(row: Record) -> float:
        return log_odds(phases.chance_of_answer(world, row))

    since = {
        "iran.answer_grievance": course.grievance[day].evening,
        "iran.answer_fear": course.war_fear[day].evening,
    }
    return by_odds("answering", asked, played.row, ANSWER, factors(asked, played.row, ANSWER, since))
