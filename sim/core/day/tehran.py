"""Tehran's part of the day: its stance and supply in the morning, its open answer at the end."""

import math

from sim.core.chance import IRAN, PURPOSES, uniform
from sim.core.day.engagement import engage, harm_of
from sim.core.day.steps import each, phase, when
from sim.core.day.washington import provokes
from sim.core.functions import exp
from sim.core.jit import rule
from sim.core.rules.common import drawn_towards, either, grown, log2_of_one_more, logistic
from sim.core.rules.tehran import autonomy_after_brake, chance_to_answer, stance_goal, stock_after_supply
from sim.core.rules.washington import defied, pressure_of_harm
from sim.core.state import NEVER

ANSWER, CALL_OFF = PURPOSES["answer"], PURPOSES["call off"]


@rule
def stance_moves(world, today, setting, p):
    """Tehran's stance follows its reasons."""
    iran = world.iran
    iran.stance = drawn_towards(iran.stance, goal_of_stance(world, today, setting, p), p.iran.stance_keep)
    world.outcome.brake_days += either(iran.stance > 0.0, 1, 0)


@rule
def militia_is_led(world, setting, p, i):
    """Militia `i` splinters when held back, and is supplied."""
    militia, fixed, stance = world.militias[i], setting.militias[i], world.iran.stance
    militia.autonomy = autonomy_after_brake(
        militia.autonomy, fixed.autonomy, p.iran.splinter, stance, p.iran.autonomy_keep
    )
    size = p.militia.arsenal * fixed.share
    militia.arsenal = stock_after_supply(militia.arsenal, size, p.iran.supply, fixed.share, stance)


TEHRAN_MOVES = phase(
    "tehran_moves",
    "Tehran's stance follows its reasons; partners held back splinter; stocks are refilled.",
    stance_moves,
    each(militia_is_led),
)


@rule
def goal_of_stance(world, today, setting, p):
    """Stance that Tehran's reasons of today make for, in [-1, 1]."""
    iran = world.iran
    return stance_goal(
        p.iran.restraint - today.others_stance, p.iran.stance_gaza, today.gaza,
        p.iran.stance_war_fear, iran.war_fear,
        p.iran.stance_grievance, iran.grievance, p.iran.stance_mediation, world.iraq.bargain,
        p.iran.posture_fear, world.us.posture - setting.reference.posture + threat_of(world),
    )  # fmt: skip


@rule
def threat_of(world):
    """1 while Washington prepares a hard strike, which Tehran and Baghdad see coming; else 0."""
    return either(world.us.step >= 3, 1.0, 0.0)


@rule
def may_answer(world, today):
    """Whether an open answer is ordered, or left to Tehran after a strike of level 3 or 4."""
    return (today.answer > 0) | ((today.answer < 0) & (world.us.level >= 3))


@rule
def answers_or_not(world, today, setting, p, random_seed):
    """Tehran answers by an attack that it avows, or does not."""
    if today.answer < 0:
        u = uniform(random_seed, world.luck, world.date, IRAN, ANSWER, 0)
        if u >= chance_of_answer(world, p):
            return
    _avowed_attack(world, today, setting, p, random_seed)


TEHRAN_ANSWERS = phase(
    "tehran_answers",
    "After a strike of level 3 or 4 Tehran may answer by an attack that it avows.",
    when(may_answer, answers_or_not),
)


@rule
def chance_of_answer(world, p):
    """Chance that Tehran answers today's strike of level 3 or 4 openly."""
    iran = world.iran
    return chance_to_answer(
        p.iran.answer, p.iran.answer_direct, 1.0 if world.us.level == 4 else 0.0,
        p.iran.answer_grievance, iran.grievance, p.iran.answer_fear, iran.war_fear,
    )  # fmt: skip


@rule
def _avowed_attack(world, today, setting, p, random_seed):
    syria = logistic(p.militia.syria_reach)
    wounded = 0
    killed = 0
    for item in range(math.floor(p.iran.answer_size + 0.5)):
        _, through = engage(world, setting, p, random_seed, IRAN, item, syria, -1)
        if through:
            hurt, dead, _ = harm_of(world, today, setting, p, random_seed, IRAN, item, p.iran.answer_lethal)
            wounded += hurt
            killed += dead
    events = world.today
    events.avowed = 1
    events.avowed_harm = wounded + killed
    events.wounded += wounded
    events.killed += killed
    if killed > 0 and events.killer == 0:
        events.killer = IRAN
    harm = pressure_of_harm(
        p.us.pressure_attack, 0, p.us.pressure_wounded, wounded, p.us.pressure_killed, killed
    )
    world.us.pressure += p.us.pressure_avowed + defied(harm, p.us.commitment, world.us.commitment)
    world.us.unanswered += killed
    if killed > 0 and world.day - world.us.hard_day < setting.window:
        world.us.undeterred = 1
    world.us.defiance = 1
    provokes(world)
    if killed == 0:
        _may_be_called_off(world, p, random_seed)
    if killed > 0:
        share = 1.0 - exp(-p.iran.deaths_fear * log2_of_one_more(killed))
        world.iran.war_fear = grown(world.iran.war_fear, share)


@rule
def _may_be_called_off(world, p, random_seed):
    """An avowed answer that killed nobody may end the exchange: Washington lets it pass, Tehran has had its answer."""
    us = world.us
    if uniform(random_seed, world.luck, world.date, IRAN, CALL_OFF, 0) >= p.us.call_off:
        return
    us.pressure = 0.0
    us.unanswered = 0.0
    us.provoked = 0
    us.undeterred = 0
    us.defiance = 0
    world.iran.grievance = 0.0
    world.ladder.called_off = world.day
    world.ladder.war = NEVER
    world.outcome.called_off += 1
