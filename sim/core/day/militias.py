"""The militias' part of the day: each weighs its reasons, and attacks or holds."""

import math

from sim.core.chance import ENVIRONMENT, PURPOSES, happens, poisson, standard_normal, uniform
from sim.core.day.pause import pause_begins_or_ends, rate_to_join
from sim.core.jit import rule
from sim.core.rules.common import effect
from sim.core.rules.militia import attack_rate, leaking_rate, shared_impulse, will_to_fight
from sim.core.rules.tehran import word_to
from sim.core.state import NOBODY

SHOCK, CAMPAIGN, ATTACKS = PURPOSES["shock"], PURPOSES["campaign"], PURPOSES["attacks"]


@rule
def militias_choose(world, today, setting, p, random_seed):
    """All militias weigh their will; together they declare, keep or end a pause; then each attacks or holds."""
    shock = impulse_of_day(world, p, random_seed)
    for i in range(setting.militia_count):
        militia_weighs(world, today, setting, p, i)
    pause_begins_or_ends(world, today, setting, p, random_seed)
    pausing = share_pausing(world, setting)
    for i in range(setting.militia_count):
        militia_acts(world, today, setting, p, random_seed, i, shock, pausing)


@rule
def impulse_of_day(world, p, random_seed):
    """Multiplier of every militia's rate that they share today."""
    z = standard_normal(uniform(random_seed, world.luck, world.date, ENVIRONMENT, SHOCK, 0))
    return shared_impulse(z, p.militia.shock_sd)


@rule
def share_pausing(world, setting):
    """Share of the campaign, in [0, 1], whose militias stand down this morning."""
    pausing = 0.0
    for i in range(setting.militia_count):
        pausing += setting.militias[i].share * world.militias[i].standing_down
    return pausing


@rule
def militia_weighs(world, today, setting, p, i):
    """Militia `i` takes stock of its will to fight."""
    world.militias[i].will = will_of(world, today, setting, p, i)


@rule
def militia_acts(world, today, setting, p, random_seed, i, shock, pausing):
    """Militia `i` joins a pause or does not, and launches as many attacks as its will, stocks and luck make."""
    militia, fixed = world.militias[i], setting.militias[i]
    _join(world, setting, p, random_seed, i, pausing)
    _launch(militia, fixed, shock, today.orders[i].attacks, p, world, random_seed)


@rule
def will_of(world, today, setting, p, i):
    """Will to fight of militia `i`: its reasons of today against those of 17 October 2023."""
    militia, fixed, start = world.militias[i], setting.militias[i], setting.reference
    now = word_to(militia.autonomy, p.iran.dilution, world.iran.stance)
    then = word_to(fixed.autonomy, p.iran.dilution, world.iran.stance_start)
    return will_to_fight(
        effect(p.militia.gaza, today.gaza, start.gaza),
        effect(p.militia.lebanon, today.lebanon, start.lebanon) + today.others_will,
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
def _join(world, setting, p, random_seed, i, pausing):
    """A militia that did not heed the word may join the pause that stands."""
    militia = world.militias[i]
    if world.pause.by == NOBODY or militia.standing_down:
        return
    u = uniform(random_seed, world.luck, world.date, militia.actor_id, CAMPAIGN, 0)
    if happens(u, rate_to_join(p, pausing)):
        militia.standing_down = 1


@rule
def _launch(militia, fixed, shock, ordered, p, world, random_seed):
    outcome = world.outcome
    most = min(fixed.capacity, math.floor(militia.arsenal))
    militia.rate = 0.0
    count = 0
    if ordered >= 0:
        count = ordered
    else:
        militia.rate = attack_rate(p.militia.tempo, fixed.share, militia.will, shock)
        if militia.standing_down:
            outcome.held_days += 1
            militia.rate = leaking_rate(militia.rate, p.militia.leak, militia.autonomy)
        else:
            outcome.campaign_days += 1
        if most > 0:
            u = uniform(random_seed, world.luck, world.date, militia.actor_id, ATTACKS, 0)
            count = poisson(u, militia.rate, most)
        if count >= most and not militia.standing_down:
            outcome.capacity_days += 1
    militia.attacks = count
    militia.arsenal = max(0.0, militia.arsenal - count)
