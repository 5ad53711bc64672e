"""The order of a day.

1. Timeline: today's outside pressures reach the states that answer to them.
2. Tehran moves its stance and supplies.
3. Baghdad opens a bargain with the militias, or keeps quiet.
4. The militias weigh their will, and together declare, keep or revoke a pause; then each attacks or holds, and none
   sees the others' choice of today.
5. Engagement: each attack picks a site, is stopped or gets through, wounds or kills; a false alarm may kill.
6. Washington weighs the day's harm, and decides, prepares, strikes or holds. A bargain is tested by attacks and strike.
7. Consequences: whom a strike angers and frightens, what it destroys, what it costs Baghdad, how Tehran feels it.
8. Tehran answers openly, or does not.
9. The day's rung and the outcomes are recorded; then memories fade.

`PHASES` is that order in full: three of the nine are of two functions.
"""

from sim.core.day.baghdad import baghdad_presses, bargain_is_tested, troops_stay_or_leave
from sim.core.day.consequences import consequences_follow, memories_fade
from sim.core.day.engagement import attacks_meet_defence, false_alarm
from sim.core.day.militias import militias_choose
from sim.core.day.record import day_is_recorded, nothing_happened_yet, war_goes_on, war_is_over
from sim.core.day.tehran import tehran_answers, tehran_moves
from sim.core.day.washington import washington_responds
from sim.core.jit import rule
from sim.core.rules.washington import posture_after_harm


@rule
def seed_today(world, today, random_seed):
    """The seed of today's chance: that of a fitted past as long as it lasts, then the one given."""
    return world.past.seed if today.date < world.past.until else random_seed


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
def timeline_arrives(world, today, setting, p, random_seed):
    """Outside pressures reach the states that answer to them; yesterday's events are cleared."""
    world.date = today.date
    world.luck = luck_today(world)
    world.us.posture = posture_after_harm(
        today.posture * p.us.posture, p.us.posture_reaction, world.us.pressure, p.us.threshold_first
    )
    troops_stay_or_leave(world, today, p)
    nothing_happened_yet(world.today)


PHASES = (
    timeline_arrives,
    tehran_moves,
    baghdad_presses,
    militias_choose,
    attacks_meet_defence,
    false_alarm,
    washington_responds,
    bargain_is_tested,
    consequences_follow,
    tehran_answers,
    day_is_recorded,
    memories_fade,
)
"""The phases of a day in their order, by which all engines go. All are functions of the same five."""


def in_turn(phases):
    """One function of some phases of a day: calls of them written out, for the compiler loops over no functions.

    It takes

    - `world`, a record of WORLD, changed in place
    - `today`, a record of DAY
    - `setting`, a record of SETTING
    - `p`, a record of PARAMETERS
    - `random_seed`, of uint64
    """
    five = "(world, today, setting, p, random_seed)"
    calls = [f"{phase.__name__}{five}" for phase in phases]
    lines = [f"def live{five}:", "random_seed = seed_today(world, today, random_seed)", *calls]
    made = {function.__name__: function for function in (seed_today, *phases)}
    exec("\n    ".join(lines), made)
    return rule(made["live"])


RESPONSE = PHASES.index(washington_responds)
live_whole_day = in_turn(PHASES)
live_to_response, live_on = in_turn(PHASES[:RESPONSE]), in_turn(PHASES[RESPONSE + 1 :])


@rule
def live_day(world, today, setting, p, random_seed):
    """One day; of a war that has been followed long enough none."""
    if war_is_over(world, setting):
        war_goes_on(world, today)
    else:
        live_whole_day(world, today, setting, p, random_seed)
