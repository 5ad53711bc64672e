"""What a strike brings about, and how memories fade."""

import math

from sim.chance import IRAQ, PURPOSES, uniform
from sim.jit import rule
from sim.rules.common import drawn_towards, gain_at_level, grown, log2_of_one_more
from sim.world import IRAN_PLACE, IRAQ_PLACE

IRAQIS_KILLED = PURPOSES["iraqis killed"]


@rule
def consequences_follow(world, setting, p, random_seed):
    """A strike angers, frightens and disarms those hit, strains Baghdad, and is felt in Tehran; deaths frighten it.

    A strike on Iran hits no militia: all feel it as allies. Level 2 hits no site that the IRGC uses.
    """
    us, iran = world.us, world.iran
    if world.today.killed > 0:
        share = 1.0 - math.exp(-p.iran.deaths_fear * log2_of_one_more(world.today.killed))
        iran.war_fear = grown(iran.war_fear, share)
    if us.level == 0:
        return
    anger = gain_at_level(p.militia.anger_gain, p.militia.anger_growth, us.level)
    fear = gain_at_level(p.militia.fear_gain, p.militia.fear_growth, us.level)
    for i in range(setting.militia_count):
        felt = 1.0 if i == us.culprit and us.place != IRAN_PLACE else p.militia.solidarity
        militia = world.militias[i]
        militia.anger = grown(militia.anger, felt * anger)
        militia.fear = grown(militia.fear, felt * fear)
    destroyed = gain_at_level(p.militia.destruction, p.militia.destruction_growth, us.level)
    if us.place != IRAN_PLACE:
        world.militias[us.culprit].arsenal *= 1.0 - destroyed
    if us.level != 2:
        iran.war_fear = grown(
            iran.war_fear, gain_at_level(p.iran.strike_fear, p.iran.strike_fear_growth, us.level)
        )
        iran.grievance = grown(
            iran.grievance, gain_at_level(p.iran.strike_grievance, p.iran.strike_grievance_growth, us.level)
        )
    if us.place == IRAQ_PLACE:
        _strain_on_baghdad(world, p, random_seed)


@rule
def _strain_on_baghdad(world, p, random_seed):
    iraq = world.iraq
    share = gain_at_level(p.iraq.strain_gain, p.iraq.strain_growth, max(1, world.us.level - 1))
    iraq.strain = grown(iraq.strain, share)
    u = uniform(random_seed, world.run, world.date, IRAQ, IRAQIS_KILLED, 0)
    if u < p.iraq.iraqis_killed:
        world.today.iraqis_killed = 1
        iraq.strain = grown(iraq.strain, min(1.0, p.iraq.killed_strain * share))


@rule
def memories_fade(world, setting, p):
    """What fades by a half-life fades, towards where it began; credibility does not."""
    for i in range(setting.militia_count):
        militia = world.militias[i]
        militia.anger *= p.militia.anger_keep
        militia.fear *= p.militia.fear_keep
        militia.guilt *= p.us.pressure_keep
    us, iraq, iran = world.us, world.iraq, world.iran
    us.pressure *= p.us.pressure_keep
    us.commitment *= p.us.commitment_keep
    iraq.bargain *= p.iraq.bargain_keep
    iraq.strain *= p.iraq.strain_keep
    iraq.capital = drawn_towards(iraq.capital, 1.0, p.iraq.capital_keep)
    iran.war_fear *= p.iran.war_fear_keep
    iran.grievance *= p.iran.grievance_keep
