"""The militias' part of the day: each weighs its reasons, and attacks or holds."""

import math

from sim.core.chance import ENVIRONMENT, PURPOSES, poisson, standard_normal, uniform
from sim.core.day.pause import PAUSE_BEGINS_OR_ENDS
from sim.core.day.steps import each, phase, when
from sim.core.functions import exp
from sim.core.jit import rule
from sim.core.rules.common import effect, either
from sim.core.rules.militia import attack_rate, leaking_rate, shared_impulse, will_to_fight
from sim.core.rules.tehran import word_to

SHOCK, CAMPAIGN, ATTACKS = PURPOSES["shock"], PURPOSES["campaign"], PURPOSES["attacks"]


@rule
def impulse_comes(world, p, random_seed):
    """All militias share an impulse today, which multiplies their rates."""
    z = standard_normal(uniform(random_seed, world.luck, world.date, ENVIRONMENT, SHOCK, 0))
    world.shock = shared_impulse(z, p.militia.shock_sd)


@rule
def militia_weighs(world, today, setting, p, i):
    """Militia `i` takes stock of its will to fight."""
    world.militias[i].will = will_of(world, today, setting, p, i)


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
def joins_or_not(world, random_seed, i):
    """A militia that did not heed the word of the pause that stands may join it."""
    militia = world.militias[i]
    u = uniform(random_seed, world.luck, world.date, militia.actor_id, CAMPAIGN, 0)
    militia.standing_down = either(u < world.pause.joining, 1, militia.standing_down)


@rule
def rate_of_the_day(world, today, setting, p, i):
    """The rate of attack that the will of militia `i` makes, and the chance of no attack."""
    militia = world.militias[i]
    free = attack_rate(p.militia.tempo, setting.militias[i].share, militia.will, world.shock)
    leaking = leaking_rate(free, p.militia.leak, militia.autonomy)
    rate = either(today.orders[i].attacks >= 0, 0.0, either(militia.standing_down > 0, leaking, free))
    militia.rate = rate
    militia.none = exp(-rate)


@rule
def attack_or_none(world, today, setting, random_seed, i):
    """Militia `i` launches what is ordered; or one attack, if luck and stocks have it: more are drawn after that."""
    militia, ordered = world.militias[i], today.orders[i].attacks
    u = uniform(random_seed, world.luck, world.date, militia.actor_id, ATTACKS, 0)
    one = either((u > militia.none) & (most_attacks(world, setting, i) > 0), 1, 0)
    militia.luck = u
    militia.attacks = either(ordered >= 0, ordered, one)


@rule
def luck_brings_more(world, today, i):
    """Whether luck has more than one attack of its own in it for militia `i`."""
    militia = world.militias[i]
    return (today.orders[i].attacks < 0) & (militia.luck > militia.none + militia.none * militia.rate)


@rule
def attacks_are_drawn(world, setting, i):
    """Militia `i` launches as many attacks as its rate, its stocks and the day's luck make."""
    militia = world.militias[i]
    militia.attacks = poisson(militia.luck, militia.none, militia.rate, most_attacks(world, setting, i))


@rule
def most_attacks(world, setting, i):
    """The most attacks that militia `i` can launch on a day."""
    return min(setting.militias[i].capacity, math.floor(world.militias[i].arsenal))


@rule
def attacks_are_launched(world, today, setting, i):
    """The stocks of militia `i` shrink by its attacks; days of campaign, of holding and at capacity are counted."""
    militia, outcome = world.militias[i], world.outcome
    free, stands = today.orders[i].attacks < 0, militia.standing_down > 0
    full = militia.attacks >= most_attacks(world, setting, i)
    outcome.held_days += either(free & stands, 1, 0)
    outcome.campaign_days += either(free & (not stands), 1, 0)
    outcome.capacity_days += either(free & full & (not stands), 1, 0)
    militia.arsenal = max(0.0, militia.arsenal - militia.attacks)


MILITIA_ACTS = each(
    joins_or_not,
    rate_of_the_day,
    attack_or_none,
    when(luck_brings_more, attacks_are_drawn),
    attacks_are_launched,
)
"""Militia `i` joins a pause or does not, and launches as many attacks as its will, stocks and luck make."""

MILITIAS_CHOOSE = phase(
    "militias_choose",
    "All militias weigh their will; together they declare, keep or end a pause; then each attacks or holds.",
    impulse_comes,
    each(militia_weighs),
    *PAUSE_BEGINS_OR_ENDS.steps,
    MILITIA_ACTS,
)
