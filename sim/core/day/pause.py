"""The pause: declared by somebody, heeded by most, and revoked."""

from sim.core.chance import ENVIRONMENT, PURPOSES, chance_on_a_day, happens, uniform
from sim.core.day.steps import each, phase, when
from sim.core.jit import rule
from sim.core.rules.baghdad import rate_of_truce
from sim.core.rules.common import either
from sim.core.rules.militia import heed, rate_of_joining, rate_of_pause, rate_of_return, triggers_of_return
from sim.core.rules.tehran import rate_of_word
from sim.core.state import BAGHDAD, GROUPS, NOBODY, TEHRAN

PAUSE, HEED = PURPOSES["pause"], PURPOSES["heed"]


@rule
def wills_are_summed_up_anew(world):
    """Forget yesterday's will of all militias, and how many of them stood down."""
    world.pause.will = 0.0
    world.pause.share = 0.0


@rule
def will_adds_to_that_of_all(world, setting, i):
    """Of all the militias' will, averaged by their share of the campaign, that of militia `i`."""
    world.pause.will += setting.militias[i].share * world.militias[i].will


@rule
def pause_is_due_to_turn(world, setting, p, random_seed):
    """Whether a pause is declared today, or the one that stands revoked."""
    pause = world.pause
    nobody = pause.by == NOBODY
    pause.talks = either(nobody, pause.talks, max(pause.talks, world.iraq.talks))
    u = uniform(random_seed, world.luck, world.date, ENVIRONMENT, PAUSE, 0)
    rate = either(nobody, rate_to_pause(world, p), rate_to_return(world, setting, p))
    pause.due = either(happens(u, rate), 1, 0)


@rule
def is_due(world):
    """Whether a pause turns today."""
    return world.pause.due > 0


@rule
def pause_turns(world, setting, p, random_seed):
    """The groups together, Tehran or Baghdad's bargain have a pause declared; or the one that stands is revoked."""
    if world.pause.by == NOBODY:
        _declare(world, setting, p, random_seed)
    else:
        revoke(world, setting)


@rule
def stands_down_or_not(world, setting, i):
    """Of the share of the campaign, in [0, 1], whose militias stand down this morning, that of militia `i`."""
    world.pause.share += setting.militias[i].share * world.militias[i].standing_down


@rule
def rate_of_groups(world, p):
    """Daily rate at which the groups together declare a pause."""
    return rate_of_pause(p.militia.stand_down, p.militia.stand_down_will, world.pause.will)


@rule
def rate_of_tehran(world, p):
    """Daily rate at which Tehran has a pause declared."""
    return rate_of_word(p.iran.pause, world.iran.stance)


@rule
def rate_of_baghdad(world, p):
    """Daily rate at which Baghdad's bargain brings a pause."""
    return rate_of_truce(p.iraq.pause, world.iraq.bargain, p.iraq.effectiveness)


@rule
def rate_to_pause(world, p):
    """Daily rate at which a pause is declared, by whomever."""
    return rate_of_groups(world, p) + rate_of_tehran(world, p) + rate_of_baghdad(world, p)


@rule
def rate_to_return(world, setting, p):
    """Daily rate at which the pause that stands is revoked; that of a bargain lapses as it fades besides."""
    pause = world.pause
    struck = either(world.us.level > 0, 1.0, 0.0)
    triggers = triggers_of_return(p.militia.trigger, struck, pause.talks - world.iraq.talks)
    there = setting.reference.troops > 0.0
    presence = either(there, world.us.troops / either(there, setting.reference.troops, 1.0), 0.0)
    rate = rate_of_return(
        p.militia.return_floor, presence, p.militia.resume, p.militia.resume_will, pause.will, triggers,
        world.day - pause.day, p.militia.settling,
    )  # fmt: skip
    return rate + either(pause.by == BAGHDAD, 1.0 - p.iraq.bargain_keep, 0.0)


@rule
def rate_to_join(p, pausing):
    """Daily rate at which a militia that did not heed the word joins the pause."""
    return rate_of_joining(p.militia.stand_down, p.militia.contagion, pausing)


@rule
def _declare(world, setting, p, random_seed):
    pause = world.pause
    groups, tehran, every = rate_of_groups(world, p), rate_of_tehran(world, p), rate_to_pause(world, p)
    part = uniform(random_seed, world.luck, world.date, ENVIRONMENT, PAUSE, 1) * every
    pause.by = GROUPS if part < groups else (TEHRAN if part < groups + tehran else BAGHDAD)
    pause.day = world.day
    pause.talks = world.iraq.talks
    world.outcome.pauses += 1
    for i in range(setting.militia_count):
        militia = world.militias[i]
        heard = uniform(random_seed, world.luck, world.date, militia.actor_id, HEED, 0)
        militia.standing_down = 1 if heard < chance_to_heed(world, setting, p, i) else 0


@rule
def chance_to_heed(world, setting, p, i):
    """Chance that militia `i` heeds the word to pause; Baghdad's the more, the more stake it has in the state."""
    chance = heed(world.militias[i].autonomy, p.iran.dilution)
    return chance * setting.militias[i].stake if world.pause.by == BAGHDAD else chance


@rule
def revoke(world, setting):
    """The pause that stands ends for all."""
    pause, outcome = world.pause, world.outcome
    outcome.returns += 1
    pause.by = NOBODY
    for i in range(setting.militia_count):
        world.militias[i].standing_down = 0


@rule
def others_set_an_example(world, p):
    """The more of the campaign stands down, the sooner a militia joins that did not heed the word."""
    joins = chance_on_a_day(rate_to_join(p, world.pause.share))
    world.pause.joining = either(world.pause.by == NOBODY, 0.0, joins)


PAUSE_BEGINS_OR_ENDS = phase(
    "pause_begins_or_ends",
    "The groups together, Tehran or Baghdad's bargain have a pause declared; the one that stands may be revoked.",
    wills_are_summed_up_anew,
    each(will_adds_to_that_of_all),
    pause_is_due_to_turn,
    when(is_due, pause_turns),
    each(stands_down_or_not),
    others_set_an_example,
)
