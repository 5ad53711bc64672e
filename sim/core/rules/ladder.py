"""The escalation ladder."""

from sim.core.jit import rule


@rule
def rung_of(attacked, struck, border, severe, direct, avowed):
    """The day's rung, from what happened within the trailing window (all booleans).

    0 quiet; 1 harassment (an attack); 2 tit-for-tat (a US strike); 3 border crossed (a US strike in Iraq, or US
    killed); 4 severe exchange (US killed, and a level-3 answer to it); 5 direct (a level-4 strike, or an attack that
    Iran avows); 6 reciprocal direct (both). Facts: strikes-none-in-iraq, death-would-escalate, war-with-iran-risk.
    """
    low = 3 if border else (2 if struck else (1 if attacked else 0))
    middle = 4 if severe else low
    return 6 if direct and avowed else (5 if direct or avowed else middle)
