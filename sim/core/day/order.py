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

`PHASES` is that order in full.
"""

from sim.core.day.baghdad import BAGHDAD_PRESSES, BARGAIN_IS_TESTED
from sim.core.day.consequences import CONSEQUENCES_FOLLOW, MEMORIES_FADE
from sim.core.day.engagement import ATTACKS_MEET_DEFENCE, ATTACKS_SET_OUT, FALSE_ALARM_KILLS
from sim.core.day.militias import MILITIAS_CHOOSE
from sim.core.day.record import DAY_IS_RECORDED, war_goes_on, war_is_over
from sim.core.day.steps import alone, in_turn
from sim.core.day.tehran import TEHRAN_ANSWERS, TEHRAN_MOVES
from sim.core.day.timeline import TIMELINE_ARRIVES
from sim.core.day.washington import WASHINGTON_CHOOSES, WASHINGTON_WEIGHS
from sim.core.jit import rule

PHASES_OF_THE_DAY = (
    TIMELINE_ARRIVES,
    TEHRAN_MOVES,
    BAGHDAD_PRESSES,
    MILITIAS_CHOOSE,
    ATTACKS_SET_OUT,
    ATTACKS_MEET_DEFENCE,
    FALSE_ALARM_KILLS,
    WASHINGTON_WEIGHS,
    WASHINGTON_CHOOSES,
    BARGAIN_IS_TESTED,
    CONSEQUENCES_FOLLOW,
    TEHRAN_ANSWERS,
    DAY_IS_RECORDED,
    MEMORIES_FADE,
)
"""The phases of a day in their order, by which all engines go."""

PHASES = tuple(alone(phase) for phase in PHASES_OF_THE_DAY)
"""Each phase as a function of (world, today, setting, p, random_seed)."""

RESPONSE = PHASES_OF_THE_DAY.index(WASHINGTON_CHOOSES)
live_whole_day = in_turn(PHASES)
live_to_response, live_on = in_turn(PHASES[:RESPONSE]), in_turn(PHASES[RESPONSE + 1 :])
washington_chooses = PHASES[RESPONSE]


@rule
def live_day(world, today, setting, p, random_seed):
    """One day; of a war that has been followed long enough none."""
    if war_is_over(world, setting):
        war_goes_on(world, today)
    else:
        live_whole_day(world, today, setting, p, random_seed)
