"""The militias' part of the day: each weighs its reasons, and attacks or holds."""

import math

from sim.chance import ENVIRONMENT, PURPOSES, happens_at, poisson, standard_normal, uniform
from sim.jit import rule
from sim.rules.common import effect
from sim.rules.militia import attack_rate, eagerness, reluctance, shared_impulse, will_to_fight
from sim.rules.tehran import word_to

SHOCK, CAMPAIGN, ATTACKS = PURPOSES["shock"], PURPOSES["campaign"], PURPOSES["attacks"]


@rule
def militias_choose(world, today, setting, p, random_seed):
    """All militias choose at once, from yesterday's world and one impulse that they share."""
    z = standard_normal(uniform(random_seed, world.run, world.date, ENVIRONMENT, SHOCK, 0))
    shock = shared_impulse(z, p.militia.shock_sd)
    pausing = 0.0
    for i in range(setting.militia_count):
        pausing += setting.militias[i].share * world.militias[i].standing_down
    for i in range(setting.militia_count):
        militia, fixed = world.militias[i], setting.militias[i]
        others = max(0.0, pausing - fixed.share * militia.standing_down)
        militia.will = will_of(world, today, setting, p, i)
        _campaign_or_pause(militia, others, p, world, random_seed)
        _launch(militia, fixed, shock, today.orders[i].attacks, p, world, random_seed)


@rule
def will_of(world, today, setting, p, i):
    """Will to fight of militia `i`: its reasons of today against those of 17 October 2023."""
    militia, fixed, start = world.militias[i], setting.militias[i], setting.reference
    now = word_to(militia.autonomy, p.iran.dilution, world.iran.stance)
    then = word_to(fixed.autonomy, p.iran.dilution, world.iran.stance_start)
    return will_to_fight(
        effect(p.militia.gaza, today.gaza, start.gaza),
        effect(p.militia.lebanon, today.lebanon, start.lebanon),
        effect(p.militia.presence, world.us.troops, start.troops),
        effect(p.militia.hurry, world.iraq.talks, start.talks),
        effect(p.militia.revenge, militia.anger, 0.0),
        effect(-p.militia.deterrence, militia.fear, 0.0),
        effect(-p.militia.doubt, world.us.credibility, p.us.credibility_start),
        effect(-p.militia.bargain, militia.restraint, 0.0),
        effect(-p.militia.tehran, now, then),
        effect(p.militia.provocation, world.us.posture, start.posture),
        effect(-p.militia.backlash, world.iraq.capital, 1.0),
        p.militia.will_ceiling,
    )


@rule
def _campaign_or_pause(militia, others, p, world, random_seed):
    u = uniform(random_seed, world.run, world.date, militia.actor_id, CAMPAIGN, 0)
    if militia.standing_down:
        base = p.militia.resume
        pull = eagerness(p.militia.resume_will, militia.will, p.militia.contagion, others)
    else:
        base = p.militia.stand_down
        pull = reluctance(p.militia.stand_down_will, militia.will, p.militia.contagion, others)
    if happens_at(u, base, pull):
        militia.standing_down = 1 - militia.standing_down


@rule
def _launch(militia, fixed, shock, ordered, p, world, random_seed):
    outcome = world.outcome
    most = min(fixed.capacity, math.floor(militia.arsenal))
    militia.rate = 0.0
    count = 0
    if ordered >= 0:
        count = ordered
    elif not militia.standing_down:
        outcome.campaign_days += 1
        militia.rate = attack_rate(p.militia.tempo, fixed.share, militia.will, shock)
        if most > 0:
            u = uniform(random_seed, world.run, world.date, militia.actor_id, ATTACKS, 0)
            count = poisson(u, militia.rate, most)
        if count >= most:
            outcome.capacity_days += 1
    militia.attacks = count
    militia.arsenal = max(0.0, militia.arsenal - count)
