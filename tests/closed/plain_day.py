"""One day of the model, told again plainly from docs/explanation/model.md alone.

Nothing of `sim.core.rules` or `sim.core.day` is used. A day changes a state, a plain namespace that `plain_state.py`
reads from a record of WORLD; headings and order are those of the page. `p` gives a parameter by its dotted name,
and `luck(actor, purpose, item)` a uniform number in (0, 1): where a decision's random number lies is decision 0010's,
not the page's, and is shared with the engine, so that every draw can be compared.
"""

from __future__ import annotations

import math

from tests.closed.plain_answers import breach, consequences, open_answer, washington
from tests.closed.plain_militias import engagement, militias
from tests.closed.plain_words import IRAQ, NONE, ORDERED, TALKS, Luck, Parameters, State, keep, logistic

# Process overview and scheduling


def plain_day(s: State, p: Parameters, luck: Luck) -> None:
    """Take a state through one day, in place."""
    s.strike_yesterday = s.level > 0
    timeline(s, p)
    tehran(s, p)
    baghdad(s, p, luck)
    militias(s, p, luck)
    engagement(s, p, luck)
    washington(s, p, luck)
    breach(s, p, luck)
    consequences(s, p, luck)
    open_answer(s, p, luck)
    record(s)
    fade(s, p)


def timeline(s: State, p: Parameters) -> None:
    reaction = p["us.posture_reaction"] * (1 - math.exp(-s.pressure / p["us.threshold_first"]))
    s.posture = min(3.0, s.driver["posture"] * p["us.posture"] + reaction)
    if s.status == NONE and s.strain >= p["iraq.talks_threshold"]:
        s.status, s.talks_day = TALKS, s.day
    long_enough = s.status == TALKS and s.day - s.talks_day >= p["iraq.order_delay"]
    if long_enough and s.strain >= p["iraq.order_threshold"]:
        s.status, s.order_day = ORDERED, s.day
    gone = min(1.0, (s.day - s.order_day) / p["iraq.withdrawal_time"]) if s.status == ORDERED else 0.0
    s.troops = s.driver["troops"] * (1 - gone * (1 - p["iraq.advisers"]))
    s.talks = 1.0 if s.status != NONE else s.driver["talks"]


def tehran(s: State, p: Parameters) -> None:
    threat = 1.0 if s.step >= 3 else 0.0
    goal = 2 * logistic(
        p["iran.restraint"]
        - p["iran.stance_gaza"] * s.driver["gaza"]
        - s.others["stance"]
        + p["iran.stance_war_fear"] * s.war_fear
        - p["iran.stance_grievance"] * s.grievance
        + p["iran.stance_mediation"] * s.bargain
        + p["iran.posture_fear"] * (s.posture - s.reference["posture"] + threat)
    ) - 1  # fmt: skip
    s.stance = goal + (s.stance - goal) * keep(p["iran.stance_half_life"])
    for m in s.militias:
        grown = m.autonomy + (1 - m.autonomy) * p["iran.splinter"] * max(0.0, s.stance)
        m.autonomy = m.autonomy_start + (grown - m.autonomy_start) * keep(p["iran.autonomy_half_life"])
        supply = p["iran.supply"] * m.share * (1 - s.stance)
        m.arsenal = min(p["militia.arsenal"] * m.share, m.arsenal + supply)


def baghdad(s: State, p: Parameters, luck: Luck) -> None:
    diplomacy = 1.0 if s.step >= 3 else s.driver["diplomacy"]
    chance = logistic(
        p["iraq.pressing"]
        + p["iraq.press_diplomacy"] * diplomacy
        - p["iraq.press_strain"] * s.strain
        - p["iraq.press_capital"] * (1 - s.capital)
        - p["iraq.press_gaza"] * s.driver["gaza"]
        - s.others["press"]
    )
    if luck("iraq", "press", 0) < chance:
        s.bargain = 1.0
    s.capital *= 1 - p["iraq.capital_spend"] * s.bargain
    for m in s.militias:
        m.restraint = s.bargain * p["iraq.effectiveness"] * m.stake


# Escalation ladder, and the fading of memories


def record(s: State) -> None:
    seen = {
        "attack": s.attacks > 0 or s.avowed > 0,
        "strike": s.level > 0,
        "border": (s.level > 0 and s.place == IRAQ) or s.killed > 0,
        "direct": s.level == 4,
        "avowed": s.avowed > 0,
    }
    for name, happened in seen.items():
        if happened:
            s.ladder[name] = s.day
    if s.killed:
        s.ladder["killed"] = s.day
    if s.level >= 3 and s.day - s.ladder["killed"] < s.window:
        s.ladder["severe"] = s.day

    def lately(name: str) -> bool:
        return s.day - s.ladder[name] < s.window

    both = lately("direct") and lately("avowed")
    on = ("attack", "strike", "border", "severe")
    rungs = [number + 1 for number, name in enumerate(on) if lately(name)]
    rungs += [5] * (lately("direct") or lately("avowed")) + [6] * both
    s.rung = max(rungs, default=0)
    s.day += 1


def fade(s: State, p: Parameters) -> None:
    for m in s.militias:
        m.anger *= keep(p["militia.anger_half_life"])
        m.fear *= keep(p["militia.fear_half_life"])
        m.guilt *= keep(p["us.pressure_half_life"])
    s.pressure *= keep(p["us.pressure_half_life"])
    s.commitment *= keep(p["us.commitment_half_life"])
    s.bargain *= keep(p["iraq.bargain_half_life"])
    s.strain *= keep(p["iraq.strain_half_life"])
    s.capital = 1 - (1 - s.capital) * keep(p["iraq.capital_half_life"])
    s.war_fear *= keep(p["iran.war_fear_half_life"])
    s.grievance *= keep(p["iran.grievance_half_life"])
