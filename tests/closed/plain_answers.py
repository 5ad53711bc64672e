"""Washington, a bargain's breach, consequences and the open answer, told from docs/explanation/model.md."""

from __future__ import annotations

import math

from tests.closed.plain_militias import one_attack, revoke
from tests.closed.plain_words import (
    BAGHDAD,
    IRAN,
    IRAQ,
    SYRIA,
    Luck,
    Parameters,
    State,
    after,
    gain,
    harm_of,
    logistic,
)

# Washington


def provoked(s: State, p: Parameters) -> bool:
    return bool(s.provoked) and s.day - s.provoked_day <= p["us.provocation_days"]


def caution(s: State, p: Parameters) -> float:
    anger = sum(m.share * m.anger for m in s.militias)
    return p["us.anticipation"] * anger + p["iraq.lobby"] * s.bargain


def washington(s: State, p: Parameters, luck: Luck) -> None:
    if not provoked(s, p):
        s.unanswered = 0.0
    if s.day - s.hard_day >= s.window:
        s.undeterred = 0
    harm = harm_of(p, s.attacks, s.wounded, s.killed)
    s.pressure += harm * (1 + p["us.commitment"] * s.commitment)
    s.unanswered += s.killed
    if s.attacks:
        s.provoked, s.provoked_day = 1, s.day
    if s.killed and s.day - s.hard_day < s.window:
        s.undeterred = 1
    s.level = s.kind = s.irgc = 0
    s.place = SYRIA
    deliberate(s, p, luck)
    if s.level:
        strike(s, p, luck)
    else:
        loss = p["us.credibility_loss"] * (1 + p["iraq.lobby_doubt"] * s.bargain)
        s.credibility *= math.exp(-loss * s.attacks)


def deliberate(s: State, p: Parameters, luck: Luck) -> None:
    if not provoked(s, p):
        s.step = 0
        return
    decides = logistic(s.pressure - caution(s, p) - (p["us.threshold_first"] - p["us.readiness"]))
    steps = (decides, *[2 / p["us.lag"]] * 2, *[2 / p["us.lag_hard"]] * 2)
    if luck("us", "response", 0) >= steps[s.step]:
        return
    if s.step == 2:
        deaths = p["us.level_3_killed"] * math.log2(1 + s.unanswered)
        odds = p["us.level_3_base"] + p["us.ceiling"] + deaths - caution(s, p)
        if luck("us", "level", 0) < logistic(odds):
            s.step = 3
        else:
            s.step, inside = 0, falls_inside_iraq(s, p, luck)
            s.level, s.place = (2, IRAQ) if inside else (1, SYRIA)
    elif s.step == 4:
        hard_strike(s, p, luck)
    else:
        s.step += 1


def hard_strike(s: State, p: Parameters, luck: Luck) -> None:
    odds = (
        p["us.level_4_base"]
        + p["us.ceiling"]
        + p["us.level_4_killed"] * math.log2(1 + s.unanswered)
        + p["us.level_4_undeterred"] * s.undeterred
        + p["us.level_4_avowed"] * s.defiance
        - caution(s, p)
    )
    s.step, s.level = 0, 4 if luck("us", "level", 0) < logistic(odds) else 3
    commander = p["us.commander"] if s.level == 3 else 1 - p["us.soil"]
    s.kind = 1 if luck("us", "kind", 0) < commander else 0
    if s.level == 4 and s.kind == 0:
        s.place = IRAN
    else:
        s.place = IRAQ if falls_inside_iraq(s, p, luck) else SYRIA


def falls_inside_iraq(s: State, p: Parameters, luck: Luck) -> bool:
    odds = p["us.iraq_killed"] * math.log2(1 + s.unanswered) - p["us.iraq_sensitivity"]
    return luck("us", "place", 0) < logistic(odds)


def strike(s: State, p: Parameters, luck: Luck) -> None:
    s.pressure *= (1 - p["us.relief"]) ** s.level
    s.unanswered *= (1 - p["us.relief"]) ** s.level
    s.provoked = 0
    if s.level >= 3:
        s.undeterred = s.defiance = 0
        s.hard_day = s.day
    s.credibility = 1 - (1 - s.credibility) * (1 - p["us.credibility_gain"]) ** s.level
    s.commitment = after(s.commitment, 1 - math.exp(-p["us.commitment_gain"] * s.level))
    if s.level == 1:
        s.irgc = 1 if luck("us", "irgc losses", 0) < p["us.irgc_losses"] else 0
    u = luck("us", "attribution", 0)
    if u < p["us.attribution"]:
        s.culprit = max(range(len(s.militias)), key=lambda i: (s.militias[i].guilt, s.militias[i].share))
        return
    drawn, total = (u - p["us.attribution"]) / (1 - p["us.attribution"]), 0.0
    for i, m in enumerate(s.militias):
        total += m.share
        if drawn < total or i == len(s.militias) - 1:
            s.culprit = i
            return


# Baghdad


def breach(s: State, p: Parameters, luck: Luck) -> None:
    if s.bargain <= 0:
        return
    unbroken = (1 - p["iraq.breach_attack"]) ** s.attacks_iraq
    broken = luck("iraq", "breach by attack", 0) >= unbroken
    if s.level:
        broken |= s.place == IRAQ or luck("iraq", "breach by strike", 0) < p["iraq.breach_strike"]
    if broken:
        s.bargain = 0.0
        if s.pause_by == BAGHDAD:
            revoke(s)


# Consequences of a strike


def consequences(s: State, p: Parameters, luck: Luck) -> None:
    if s.killed:
        s.war_fear = after(s.war_fear, 1 - math.exp(-p["iran.deaths_fear"] * math.log2(1 + s.killed)))
    if not s.level:
        return
    for i, m in enumerate(s.militias):
        struck = i == s.culprit and s.place != IRAN
        part = 1.0 if struck else p["militia.solidarity"]
        m.anger = after(m.anger, part * gain(p["militia.anger_gain"], p["militia.anger_growth"], s.level))
        m.fear = after(m.fear, part * gain(p["militia.fear_gain"], p["militia.fear_growth"], s.level))
        if struck:
            m.arsenal *= 1 - gain(p["militia.destruction"], p["militia.destruction_growth"], s.level)
    if s.level != 2:
        felt = 2 if s.irgc else s.level
        s.war_fear = after(s.war_fear, gain(p["iran.strike_fear"], p["iran.strike_fear_growth"], felt))
        share = gain(p["iran.strike_grievance"], p["iran.strike_grievance_growth"], felt)
        s.grievance = after(s.grievance, share)
    if s.place == IRAQ:
        share = gain(p["iraq.strain_gain"], p["iraq.strain_growth"], max(1, s.level - 1))
        s.strain = after(s.strain, share)
        if luck("iraq", "iraqis killed", 0) < p["iraq.iraqis_killed"]:
            s.iraqis_killed = 1
            s.strain = after(s.strain, min(1.0, p["iraq.killed_strain"] * share))


# Tehran's open answer


def open_answer(s: State, p: Parameters, luck: Luck) -> None:
    if s.level < 3:
        return
    odds = (
        p["iran.answer"]
        + p["iran.answer_direct"] * (s.level == 4)
        + p["iran.answer_grievance"] * s.grievance
        - p["iran.answer_fear"] * s.war_fear
    )
    if luck("iran", "answer", 0) >= logistic(odds):
        return
    wounded = killed = 0
    for item in range(math.floor(p["iran.answer_size"] + 0.5)):
        _, hurt, dead = one_attack(
            s, p, luck, "iran", item, p["militia.syria_reach"], p["iran.answer_lethal"]
        )
        wounded, killed = wounded + hurt, killed + dead
    s.avowed, s.avowed_harm = 1, wounded + killed
    s.wounded, s.killed, s.unanswered = s.wounded + wounded, s.killed + killed, s.unanswered + killed
    harm = harm_of(p, 0, wounded, killed) * (1 + p["us.commitment"] * s.commitment)
    s.pressure += p["us.pressure_avowed"] + harm
    s.provoked, s.provoked_day, s.defiance = 1, s.day, 1
    if killed:
        s.undeterred = 1 if s.day - s.hard_day < s.window else s.undeterred
        s.war_fear = after(s.war_fear, 1 - math.exp(-p["iran.deaths_fear"] * math.log2(1 + killed)))
    elif luck("iran", "call off", 0) < p["us.call_off"]:
        s.pressure = s.unanswered = s.grievance = 0.0
        s.provoked = s.undeterred = s.defiance = 0
