"""Militias and engagement, told from the sections of that name of docs/explanation/model.md."""

from __future__ import annotations

import math
from statistics import NormalDist

from tests.closed.plain_words import (
    BAGHDAD,
    GROUPS,
    IRAQ,
    NOBODY,
    TEHRAN,
    Luck,
    Parameters,
    State,
    comes,
    harm_of,
    keep,
    logistic,
    negative_binomial_quantile,
    poisson_quantile,
)

# Militias


def will_to_fight(s: State, m: State, p: Parameters) -> float:
    def since(driver: str, now: float) -> float:
        return p[f"militia.{driver}"] * now

    word = (1 - p["iran.dilution"] * m.autonomy) * s.stance
    word_start = (1 - p["iran.dilution"] * m.autonomy_start) * s.stance_start
    x = (
        since("gaza", s.driver["gaza"] - s.reference["gaza"])
        + since("lebanon", s.driver["lebanon"] - s.reference["lebanon"])
        + s.others["will"]
        + since("presence", s.troops - s.reference["troops"])
        + since("hurry", s.talks - s.reference["talks"])
        + p["militia.revenge"] * m.anger
        - p["militia.deterrence"] * m.fear
        + p["militia.doubt"] * (p["us.credibility_start"] - s.credibility)
        - p["militia.bargain"] * m.restraint
        - p["militia.tehran"] * (word - word_start)
        + p["militia.provocation"] * (s.posture - s.reference["posture"])
        + p["militia.backlash"] * (1 - s.capital)
    )
    most = p["militia.will_ceiling"]
    return x if x < 0 else x * most / math.hypot(most, x)


def militias(s: State, p: Parameters, luck: Luck) -> None:
    for m in s.militias:
        m.will = will_to_fight(s, m, p)
    s.will = sum(m.share * m.will for m in s.militias)
    declare_or_revoke(s, p, luck)
    pausing = sum(m.share for m in s.militias if m.pausing)
    for m in s.militias:
        joining = p["militia.stand_down"] * (math.exp(p["militia.contagion"] * pausing) - 1)
        if s.pause_by != NOBODY and not m.pausing and comes(luck(m.name, "campaign", 0), joining):
            m.pausing = True
    z = NormalDist().inv_cdf(luck("environment", "shock", 0))
    sd = p["militia.shock_sd"]
    impulse = math.exp(sd * z - sd**2 / 2)
    for m in s.militias:
        m.rate = p["militia.tempo"] * m.share * math.exp(m.will) * impulse
        if m.pausing:
            m.rate *= p["militia.leak"] * m.autonomy
        wanted = poisson_quantile(luck(m.name, "attacks", 0), m.rate)
        m.attacks = min(wanted, m.capacity, math.floor(m.arsenal))
        m.arsenal -= m.attacks


def declare_or_revoke(s: State, p: Parameters, luck: Luck) -> None:
    u = luck("environment", "pause", 0)
    if s.pause_by == NOBODY:
        rates = (
            p["militia.stand_down"] * math.exp(-p["militia.stand_down_will"] * s.will),
            p["iran.pause"] * max(0.0, s.stance),
            p["iraq.pause"] * s.bargain * p["iraq.effectiveness"],
        )
        if comes(u, sum(rates)):
            declare(s, p, luck, rates)
        return
    s.pause_talks = max(s.pause_talks, s.talks)
    triggers = p["militia.trigger"] * (s.strike_yesterday + s.pause_talks - s.talks)
    settled = 1 - math.exp(-(s.day - s.pause_day) / p["militia.settling"])
    rate = p["militia.return_floor"] * s.troops / s.reference["troops"]
    rate += p["militia.resume"] * math.exp(p["militia.resume_will"] * s.will + triggers) * settled
    if s.pause_by == BAGHDAD:
        rate += 1 - keep(p["iraq.bargain_half_life"])
    if comes(u, rate):
        revoke(s)


def declare(s: State, p: Parameters, luck: Luck, rates: tuple[float, float, float]) -> None:
    part = luck("environment", "pause", 1) * sum(rates)
    s.pause_by = GROUPS if part < rates[0] else TEHRAN if part < rates[0] + rates[1] else BAGHDAD
    s.pause_day, s.pause_talks = s.day, s.talks
    for m in s.militias:
        heeds = 1 - p["iran.dilution"] * m.autonomy
        if s.pause_by == BAGHDAD:
            heeds *= m.stake
        m.pausing = luck(m.name, "heed", 0) < heeds


def revoke(s: State) -> None:
    s.pause_by = NOBODY
    for m in s.militias:
        m.pausing = False


# Engagement


def engagement(s: State, p: Parameters, luck: Luck) -> None:
    s.attacks = s.attacks_iraq = s.wounded = s.killed = 0
    s.alarm_deaths = s.avowed = s.avowed_harm = s.iraqis_killed = 0
    s.met_this_morning = s.met
    for m in s.militias:
        reach = p["militia.syria_reach"] + m.reach + p["militia.displacement"] * m.restraint
        reach += p["militia.syria_drift"] * (1 - math.exp(-s.day / p["militia.syria_drift_time"]))
        exponent = (
            p["militia.intent_anger"] * m.anger
            + p["militia.intent_doubt"] * (p["us.credibility_start"] - s.credibility)
            + p["militia.intent_autonomy"] * (m.autonomy - m.autonomy_start)
        )
        intent = min(0.95, p["militia.kill_intent"] * math.exp(exponent))
        wounded = killed = 0
        for item in range(m.attacks):
            site, hurt, dead = one_attack(s, p, luck, m.name, item, reach, intent)
            s.attacks_iraq += s.sites[site].country == IRAQ
            wounded, killed = wounded + hurt, killed + dead
        s.attacks, s.wounded, s.killed = s.attacks + m.attacks, s.wounded + wounded, s.killed + killed
        m.guilt += harm_of(p, m.attacks, wounded, killed)
    s.met += s.attacks
    if s.attacks and comes(luck("environment", "false alarm", 0), p["engagement.false_alarm_death"]):
        s.alarm_deaths = 1


def one_attack(
    s: State, p: Parameters, luck: Luck, actor: str, item: int, reach: float, intent: float
) -> tuple[int, int, int]:
    """Site, wounded and killed of one munition."""
    site = choose_site(s, luck(actor, "site", item), logistic(reach))
    chance = p["engagement.gets_through"]
    through = logistic(
        math.log(chance / (1 - chance))
        - s.sites[site].defence
        - p["engagement.posture_defence"] * (s.posture - s.reference["posture"])
        - p["engagement.hardening"]
        * s.met_this_morning
        / (s.met_this_morning + p["engagement.hardening_attacks"])
    )
    if luck(actor, "through", item) >= through:
        return site, 0, 0
    exposed = min(1.0, s.troops / s.reference["troops"])
    hurt = wounded_by(p, luck(actor, "wounded", item), p["engagement.wounding"] * exposed)
    meant = luck(actor, "intent", item) < intent
    deadly = exposed * p["engagement.lethal_intended" if meant else "engagement.lethal_harassment"]
    u, dead = luck(actor, "killed", item), 0
    if u < deadly:
        dead = math.floor(min((u / deadly) ** (-1 / p["engagement.killed_tail"]), p["engagement.killed_cap"]))
    return site, hurt, dead


def choose_site(s: State, u: float, in_syria: float) -> int:
    """One number picks theatre and site: those in Iraq first, in the setting's order."""
    total = 0.0
    for number, site in enumerate(s.sites):
        total += site.share * (1 - in_syria if site.country == IRAQ else in_syria)
        if u < total:
            return number
    return len(s.sites) - 1


def wounded_by(p: Parameters, u: float, chance: float) -> int:
    if u >= chance:
        return 0
    more = p["engagement.wounded_mean"] - 1
    if more <= 0:
        return 1
    most = math.ceil(p["engagement.wounded_cap"]) - 1
    return 1 + negative_binomial_quantile(u / chance, more, p["engagement.wounded_dispersion"], most)
