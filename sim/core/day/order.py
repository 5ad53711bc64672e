"""The order of a day.

1. Timeline: today's outside pressures reach the states that answer to them.
2. Tehran moves its stance and supplies.
3. Baghdad opens a bargain with the militias, or keeps quiet.
4. Each militia attacks or holds; none sees the others' choice of today.
5. Engagement: each attack picks a site, is stopped or gets through, wounds or kills.
6. Washington names a culprit and strikes at some level, or holds.
7. Consequences: what a strike destroys, whom it angers, whom it frightens, what it costs Baghdad.
8. Tehran answers openly, or does not.
9. Memories fade; the day's rung and the outcomes are recorded.
"""

from sim.core.day.baghdad import baghdad_presses, bargain_is_tested, troops_stay_or_leave
from sim.core.day.consequences import consequences_follow, memories_fade
from sim.core.day.engagement import attacks_meet_defence, false_alarm
from sim.core.day.militias import militias_choose
from sim.core.day.record import day_is_recorded
from sim.core.day.tehran import tehran_answers, tehran_moves
from sim.core.day.washington import washington_responds
from sim.core.jit import rule


@rule
def live_day(world, today, setting, p, random_seed):
    """Take one world through one day.

    Parameters
    ----------
    world : record of WORLD, changed in place
    today : record of DAY
    setting : record of SETTING
    p : record of PARAMETERS
    random_seed : uint64
    """
    timeline_arrives(world, today, p)
    seed = seed_today(world, random_seed)
    tehran_moves(world, today, setting, p)
    baghdad_presses(world, today, setting, p, seed)
    militias_choose(world, today, setting, p, seed)
    attacks_meet_defence(world, today, setting, p, seed)
    false_alarm(world, p, seed)
    washington_responds(world, today, setting, p, seed)
    bargain_is_tested(world, p, seed)
    consequences_follow(world, setting, p, seed)
    tehran_answers(world, today, setting, p, seed)
    day_is_recorded(world, setting)
    memories_fade(world, setting, p)


@rule
def seed_today(world, random_seed):
    """The seed of today's chance: that of a fitted past as long as it lasts, then the one given."""
    return world.past.seed if world.date < world.past.until else random_seed


@rule
def luck_today(world):
    """The run number of today's chance: those of a fitted past as long as it lasts, then the world's own."""
    if world.date >= world.past.until:
        return world.run
    stage = 0
    while world.date >= world.past.ends[stage]:
        stage += 1
    return world.past.runs[stage]


@rule
def timeline_arrives(world, today, p):
    """Outside pressures reach the states that answer to them; yesterday's events are cleared."""
    world.date = today.date
    world.luck = luck_today(world)
    world.us.posture = min(3.0, today.posture * p.us.posture)
    troops_stay_or_leave(world, today, p)
    events = world.today
    events.attacks = 0
    events.attacks_iraq = 0
    events.wounded = 0
    events.killed = 0
    events.meant = 0
    events.killer = 0
    events.iraqis_killed = 0
    events.avowed = 0
    events.avowed_harm = 0
    events.alarm_deaths = 0
