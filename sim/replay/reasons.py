"""What each decision was decided by: the terms of its sum, as factors.

Every decision of the model is a sum of terms behind an exponential or a logistic function. A term is found by asking
the day's own function twice, with the run's parameters and with the weight of that term at zero: nothing is worked out
a second time here. `base` times all factors is the rate or the odds that were decided by.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from sim.core import phases
from sim.core.chance import PURPOSES, US, logistic_noise, uniform
from sim.core.state import IRAQ_PLACE
from sim.replay.course import Course, weighed_by_washington
from sim.replay.decision import Decision, Reason
from sim.replay.replay import Record

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
HARM = {
    "us.pressure_attack": "attacks today", "us.pressure_wounded": "wounded today", "us.pressure_killed": "killed today",
}  # fmt: skip
UNBOUND, SCARCE, LEAST = 1e100, 1e-100, 1e-300


Asked = Callable[[Record], float]


def without(row: Record, *names: str, at: float = 0.0) -> Record:
    """A row of parameters with some of them at zero, or at another value."""
    changed = row.copy()
    for name in names:
        group, key = name.split(".")
        changed[group][key] = at
    return changed


def _reasons(
    asked: Asked, row: Record, weights: Mapping[str, str], since: Mapping[str, int | None] | None = None
) -> tuple[Reason, ...]:
    whole = asked(row)
    return tuple(
        Reason(name, _exp(whole - asked(without(row, weight))), (since or {}).get(weight))
        for weight, name in weights.items()
    )


def _log_odds(chance: float) -> float:
    """Log odds of a chance; of one that is 0 or 1 to the last bit, those of the nearest that is not."""
    within = min(max(chance, LEAST), 1.0 - 2.0**-53)
    return math.log(within / (1.0 - within))


def _exp(log: float) -> float:
    """Exponential, at most the largest number there is."""
    return math.exp(min(log, 709.0))


def _odds(
    what: str, asked: Asked, row: Record, weights: Mapping[str, str], reasons: Iterable[Reason]
) -> Decision:
    base = _exp(asked(without(row, *weights)))
    return Decision(what, "odds", _exp(asked(row)), base, tuple(reasons))


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
    limit = Reason("limit of the will", _exp(will - asked(unbound)))
    return (*_reasons(asked, unbound, WILL, since), limit), will


def rate_of(course: Course, day: int, i: int) -> Decision:
    """Rate at which militia `i` attacks on a day on which it campaigns."""
    played, stages = course.played, course.stages[day]
    reasons, _ = _will(course, day, i)
    base = float(played.row["militia"]["tempo"][0] * played.setting["militias"]["share"][0, i])
    value = float(stages.chosen["militias"]["rate"][0, i])
    return Decision("attacks", "rate", value, base, (*reasons, Reason("shared impulse", stages.shock)))


def turn_of(course: Course, day: int, i: int) -> Decision:
    """Rate at which militia `i` turns on a day: stands down when it campaigns, resumes when it stands down."""
    played, stages = course.played, course.stages[day]
    world, today = stages.pressed.copy(), played.timeline[day : day + 1]
    phases.militia_weighs(world, today, played.setting, played.row, i)
    paused = bool(world["militias"]["standing_down"][0, i])

    def asked(row: Record) -> float:
        return float(phases.pull_to_turn(world, played.setting, row, i, stages.pausing))

    key = "resume" if paused else "stand_down"
    will = "will to fight" if paused else "lack of will to fight"
    weights = {f"militia.{key}_will": will, "militia.contagion": "the others' pausing"}
    base = float(played.row["militia"][key][0])
    what = "resuming" if paused else "standing down"
    return Decision(what, "rate", base * _exp(asked(played.row)), base, _reasons(asked, played.row, weights))


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
    limit = Reason("limit of intent", _exp(value - math.log(base) - (asked(scarce) - math.log(SCARCE))))
    return Decision(
        "meant to kill", "chance", _exp(value), base, (*_reasons(asked, scarce, INTENT, since), limit)
    )


def passage_of(course: Course, day: int, site: int) -> Decision:
    """Odds that an attack on a site gets through."""
    played, world = course.played, course.stages[day].chosen
    open_site = played.setting.copy()
    open_site["sites"]["defence"][0, site] = 0.0
    weights = {"engagement.posture_defence": "air defence"}

    def asked(row: Record, setting: Record = played.setting) -> float:
        return _log_odds(phases.chance_to_get_through(world, setting, row, site))

    defence = Reason("the site's defence", _exp(asked(played.row) - asked(played.row, open_site)))
    base = _exp(asked(without(played.row, *weights), open_site))
    reasons = (defence, *_reasons(asked, played.row, weights))
    return Decision("getting through", "odds", _exp(asked(played.row)), base, reasons)


# Baghdad and Tehran


def pressing_of(course: Course, day: int) -> Decision:
    """Odds that Baghdad presses the militias."""
    played, world = course.played, course.stages[day].led
    today = played.timeline[day : day + 1]

    def asked(row: Record) -> float:
        return _log_odds(phases.chance_of_pressing(world, today, row))

    since = {"iraq.press_strain": course.strain[day].morning}
    return _odds("pressing", asked, played.row, PRESSING, _reasons(asked, played.row, PRESSING, since))


def stance_of(course: Course, day: int) -> Decision:
    """Odds of restraining that Tehran's reasons of a day make for; its stance follows them slowly."""
    played, world = course.played, course.stages[day].dawn
    today = played.timeline[day : day + 1]

    def asked(row: Record) -> float:
        return _log_odds(0.5 * (1.0 + phases.goal_of_stance(world, today, played.setting, row)))

    since = {
        "iran.stance_war_fear": course.war_fear[day].morning,
        "iran.stance_grievance": course.grievance[day].morning,
        "iran.stance_mediation": course.bargain[day].morning,
    }
    return _odds("restraining", asked, played.row, STANCE, _reasons(asked, played.row, STANCE, since))


def answer_of(course: Course, day: int) -> Decision:
    """Odds that Tehran answers the day's strike openly."""
    played, world = course.played, course.stages[day].felt

    def asked(row: Record) -> float:
        return _log_odds(phases.chance_of_answer(world, row))

    since = {
        "iran.answer_grievance": course.grievance[day].evening,
        "iran.answer_fear": course.war_fear[day].evening,
    }
    return _odds("answering", asked, played.row, ANSWER, _reasons(asked, played.row, ANSWER, since))


# Washington


def response_of(course: Course, day: int, level: int, place: int) -> Decision:
    """Odds that Washington strikes at this level and place, or harder, its luck apart."""
    played, world = course.played, course.weighed[day]
    row, carried = played.row, float(course.stages[day].engaged["us"]["pressure"][0])

    def drive(pressure: float, changed: Record = row) -> float:
        asked = world.copy()
        asked["us"]["pressure"] = pressure
        return float(phases.drive_of(asked, played.setting, changed, 0.0))

    pressure = float(world["us"]["pressure"][0])
    untried = without(row, "us.commitment")
    harm = _pressure(course, day, untried)
    terms = {"pressure carried over": drive(carried) - drive(0.0)}
    for weight, name in HARM.items():
        terms[name] = drive(harm) - drive(_pressure(course, day, without(untried, weight)))
    terms["strikes defied"] = drive(pressure) - drive(harm)
    terms["fear of worse"] = drive(pressure) - drive(pressure, without(row, "us.anticipation"))
    terms["Baghdad's lobbying"] = drive(pressure) - drive(pressure, without(row, "iraq.lobby"))
    threshold = float(phases.threshold_of(row, level))
    if place == IRAQ_PLACE and level in (2, 3):
        terms["that it is in Iraq"] = -float(row["us"]["iraq_sensitivity"][0])
    since = {
        "pressure carried over": course.pressure[day].morning, "fear of worse": course.anger[day].morning,
        "Baghdad's lobbying": course.bargain[day].noon,
    }  # fmt: skip
    over = drive(pressure) - threshold + terms.get("that it is in Iraq", 0.0)
    reasons = tuple(Reason(name, _exp(term), since.get(name)) for name, term in terms.items())
    return Decision("striking", "odds", _exp(over), _exp(-threshold), reasons, _exp(noise_of(course, day)))


def _pressure(course: Course, day: int, row: Record) -> float:
    world = weighed_by_washington(course.played, day, course.stages[day].engaged, row)
    return float(world["us"]["pressure"][0])


def noise_of(course: Course, day: int) -> float:
    """Luck of Washington's response on a day, in logits."""
    played = course.played
    date = int(played.timeline["date"][day])
    u = uniform(*played.luck(day), date, US, PURPOSES["response"], 0)
    return float(logistic_noise(u))
