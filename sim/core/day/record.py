"""The day's rung of the escalation ladder, and what the run will be remembered by."""

from sim.core.chance import IRAN, US
from sim.core.jit import rule
from sim.core.rules.ladder import rung_of
from sim.core.state import IRAN_PLACE, IRAQ_PLACE, NOBODY, ORDERED

RECIPROCAL = 6
ACCIDENT, INTENT, STRIKE_IN_IRAQ, STRIKE, TEHRAN = 1, 2, 3, 4, 5


@rule
def day_is_recorded(world, today, setting, p, random_seed):
    """Update the ladder's window, the counts, the spirals and the path; then the day is over."""
    day, start = world.day, world.day - world.ladder.start
    _remember_events(world, setting)
    rung = _rung_today(world, setting)
    world.ladder.rung = rung
    outcome = world.outcome
    outcome.last_rung = rung
    for step in range(outcome.peak_rung + 1, rung + 1):
        outcome.rung_day[step] = start
    outcome.peak_rung = max(outcome.peak_rung, rung)
    if rung >= setting.direct_rung and outcome.direct_day < 0:
        outcome.direct_day = start
    if rung >= setting.reciprocal_rung and outcome.reciprocal_day < 0:
        outcome.reciprocal_day = start
    if rung == RECIPROCAL and world.ladder.war < 0 and _goes_on(world.ladder):
        world.ladder.war = day
    _count_harm(world)
    _count_pause(world)
    _first_days(world, start)
    _first_severe_event(world, start)
    world.day = day + 1


@rule
def _goes_on(ladder):
    """Whether the last direct blow came after the exchange was called off, if it ever was."""
    return max(ladder.direct, ladder.avowed) > ladder.called_off


@rule
def war_is_over(world, setting):
    """Whether the story has ended: a reciprocal exchange began longer ago than a run follows it."""
    return world.ladder.war >= 0 and world.day - world.ladder.war > setting.war_days


@rule
def war_goes_on(world, today):
    """A day that is not lived: the world stays at war, and nothing is counted any more."""
    outcome, start = world.outcome, world.day - world.ladder.start
    world.date = today.date
    world.ladder.rung = RECIPROCAL
    outcome.last_rung = RECIPROCAL
    for step in range(outcome.peak_rung + 1, RECIPROCAL + 1):
        outcome.rung_day[step] = start
    outcome.peak_rung = RECIPROCAL
    if outcome.direct_day < 0:
        outcome.direct_day = start
    if outcome.reciprocal_day < 0:
        outcome.reciprocal_day = start
    if outcome.censored_day < 0:
        outcome.censored_day = start
    world.us.level = 0
    for i in range(len(world.militias)):
        world.militias[i].attacks = 0
        world.militias[i].deadly = 0
        world.militias[i].wounding = 0
    nothing_happened_yet(world.today)
    world.day += 1


@rule
def nothing_happened_yet(events):
    """Clear yesterday's events."""
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


@rule
def _count_pause(world):
    """Days of the longest pause that somebody had declared, today included."""
    if world.pause.by != NOBODY:
        days = world.day - max(world.pause.day, world.ladder.start) + 1
        world.outcome.longest_pause = max(world.outcome.longest_pause, days)


@rule
def _remember_events(world, setting):
    ladder, events, us, day = world.ladder, world.today, world.us, world.day
    if events.attacks + events.avowed > 0:
        ladder.attack = day
    if events.killed > 0:
        ladder.killed = day
    if us.level > 0:
        ladder.strike = day
    if (us.level > 0 and us.place == IRAQ_PLACE) or events.killed > 0:
        ladder.border = day
    if us.level >= 3 and day - ladder.killed < setting.window:
        ladder.severe = day
    if us.level == 4:
        ladder.direct = day
    if events.avowed:
        ladder.avowed = day


@rule
def _rung_today(world, setting):
    ladder = world.ladder
    if ladder.war >= 0:
        return RECIPROCAL  # a world at war stays so until that is called off or followed no further
    opened = world.day - setting.window  # the window holds the days after this one
    return rung_of(
        ladder.attack > opened,
        ladder.strike > opened,
        ladder.border > opened,
        ladder.severe > opened,
        ladder.direct > opened,
        ladder.avowed > opened,
    )


@rule
def _count_harm(world):
    outcome, events, us = world.outcome, world.today, world.us
    outcome.wounded += events.wounded
    outcome.killed += events.killed
    outcome.alarm_deaths += events.alarm_deaths
    outcome.avowed += events.avowed
    if us.level > 0:
        outcome.strikes[us.level] += 1
        if us.place == IRAQ_PLACE:
            outcome.strikes_in_iraq += 1
        if us.kind == 1:
            outcome.commanders += 1
        if us.place == IRAN_PLACE:
            outcome.strikes_on_soil += 1
    world.ladder.quiet = 0 if events.attacks + events.avowed > 0 else world.ladder.quiet + 1
    outcome.longest_quiet = max(outcome.longest_quiet, world.ladder.quiet)
    outcome.status = world.iraq.status


@rule
def _first_days(world, start):
    outcome, events, us = world.outcome, world.today, world.us
    if events.killed > 0 and outcome.first_killed_day < 0:
        outcome.first_killed_day = start
    if us.level == 4 and outcome.level_4_strike_day < 0:
        outcome.level_4_strike_day = start
    if us.level > 0 and us.place == IRAQ_PLACE and outcome.strike_in_iraq_day < 0:
        outcome.strike_in_iraq_day = start
    if events.avowed and outcome.avowed_attack_day < 0:
        outcome.avowed_attack_day = start
    if world.iraq.status == ORDERED and outcome.order_day < 0:
        outcome.order_day = max(0, world.iraq.order_day - world.ladder.start)


@rule
def _first_severe_event(world, start):
    outcome, events, us = world.outcome, world.today, world.us
    if outcome.severe_day >= 0:
        return
    cause = 0
    mover = 0
    if events.killed > 0 and events.killer != IRAN:
        cause = INTENT if events.meant else ACCIDENT
        mover = events.killer
    elif us.level > 0 and (us.place == IRAQ_PLACE or us.level >= 3):
        cause = STRIKE_IN_IRAQ if us.place == IRAQ_PLACE else STRIKE
        mover = US
    elif events.avowed:
        cause = TEHRAN
        mover = IRAN
    if cause > 0:
        outcome.severe_day = start
        outcome.severe_cause = cause
        outcome.severe_mover = mover
