"""What a strike brings about, and how memories fade."""

from sim.core.chance import IRAQ, PURPOSES, uniform
from sim.core.day.record import struck
from sim.core.day.steps import each, phase, when
from sim.core.functions import exp
from sim.core.jit import rule
from sim.core.rules.common import drawn_towards, gain_at_level, grown, log2_of_one_more
from sim.core.state import IRAN_PLACE, IRAQ_PLACE

IRAQIS_KILLED = PURPOSES["iraqis killed"]


@rule
def militia_takes_it(world, p, i):
    """Militia `i` is angered and frightened by the day's strike, the more when it is the one hit, and disarmed then."""
    us, militia = world.us, world.militias[i]
    if us.level == 0:
        return
    hit = i == us.culprit and us.place != IRAN_PLACE
    felt = 1.0 if hit else p.militia.solidarity
    anger = gain_at_level(p.militia.anger_gain, p.militia.anger_growth, us.level)
    fear = gain_at_level(p.militia.fear_gain, p.militia.fear_growth, us.level)
    militia.anger = grown(militia.anger, felt * anger)
    militia.fear = grown(militia.fear, felt * fear)
    if hit:
        militia.arsenal *= 1.0 - gain_at_level(p.militia.destruction, p.militia.destruction_growth, us.level)


@rule
def tehran_takes_it(world, p):
    """US deaths and the day's strike frighten Tehran, and a strike aggrieves it; one of level 2 does neither.

    A strike of level 1 that kills its personnel is felt like one a level up.
    """
    us, iran = world.us, world.iran
    felt = us.level + us.irgc
    if world.today.killed > 0:
        share = 1.0 - exp(-p.iran.deaths_fear * log2_of_one_more(world.today.killed))
        iran.war_fear = grown(iran.war_fear, share)
    if us.level in (0, 2):
        return
    iran.war_fear = grown(iran.war_fear, gain_at_level(p.iran.strike_fear, p.iran.strike_fear_growth, felt))
    iran.grievance = grown(
        iran.grievance, gain_at_level(p.iran.strike_grievance, p.iran.strike_grievance_growth, felt)
    )


@rule
def baghdad_takes_it(world, p, random_seed):
    """A strike in Iraq strains Baghdad, and may kill Iraqis."""
    if world.us.level == 0 or world.us.place != IRAQ_PLACE:
        return
    iraq = world.iraq
    share = gain_at_level(p.iraq.strain_gain, p.iraq.strain_growth, max(1, world.us.level - 1))
    iraq.strain = grown(iraq.strain, share)
    u = uniform(random_seed, world.luck, world.date, IRAQ, IRAQIS_KILLED, 0)
    if u < p.iraq.iraqis_killed:
        world.today.iraqis_killed = 1
        iraq.strain = grown(iraq.strain, min(1.0, p.iraq.killed_strain * share))


@rule
def struck_or_killed(world):
    """Whether Washington has struck, or US forces were killed, today."""
    return (world.us.level > 0) | (world.today.killed > 0)


CONSEQUENCES_FOLLOW = phase(
    "consequences_follow",
    """A strike angers, frightens and disarms those hit, strains Baghdad, and is felt in Tehran; deaths frighten it.

    A strike on Iran hits no militia: all feel it as allies. Level 2 hits no site that the IRGC uses.
    """,
    when(struck_or_killed, tehran_takes_it),
    when(struck, baghdad_takes_it),
    each(when(struck, militia_takes_it)),
)


@rule
def militia_forgets(world, p, i):
    """Anger and fear of militia `i` fade, and what Washington holds against it."""
    militia = world.militias[i]
    militia.anger *= p.militia.anger_keep
    militia.fear *= p.militia.fear_keep
    militia.guilt *= p.us.pressure_keep


@rule
def washington_forgets(world, p):
    """The pressure to act and the memory of own strikes fade; what attacks have taught stays."""
    us = world.us
    us.pressure *= p.us.pressure_keep
    us.commitment *= p.us.commitment_keep
    us.met += world.today.attacks


@rule
def baghdad_forgets(world, p):
    """Bargain and strain fade, spent capital comes back."""
    iraq = world.iraq
    iraq.bargain *= p.iraq.bargain_keep
    iraq.strain *= p.iraq.strain_keep
    iraq.capital = drawn_towards(iraq.capital, 1.0, p.iraq.capital_keep)


@rule
def tehran_forgets(world, p):
    """Fear of war and grievance fade."""
    world.iran.war_fear *= p.iran.war_fear_keep
    world.iran.grievance *= p.iran.grievance_keep


MEMORIES_FADE = phase(
    "memories_fade",
    "What fades by a half-life fades, towards where it began; credibility does not.",
    each(militia_forgets),
    washington_forgets,
    baghdad_forgets,
    tehran_forgets,
)
