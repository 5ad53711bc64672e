"""The day's rung of the escalation ladder, and what the run will be remembered by."""

from sim.core.chance import IRAN, US
from sim.core.day.steps import phase, when
from sim.core.jit import rule
from sim.core.rules.common import either
from sim.core.rules.ladder import rung_of
from sim.core.state import IRAN_PLACE, IRAQ_PLACE, NOBODY, ORDERED

RECIPROCAL = 6
ACCIDENT, INTENT, STRIKE_IN_IRAQ, STRIKE, TEHRAN = 1, 2, 3, 4, 5


@rule
def rung_is_found(world, setting):
    """The day's rung on the ladder, from what happened within its window."""
    _remember_events(world, setting)
    ladder, outcome, start = world.ladder, world.outcome, world.day - world.ladder.start
    rung = _rung_today(world, setting)
    ladder.rung = rung
    outcome.last_rung = rung
    outcome.direct_day = _first(outcome.direct_day, rung >= setting.direct_rung, start)
    outcome.reciprocal_day = _first(outcome.reciprocal_day, rung >= setting.reciprocal_rung, start)
    begins = (rung == RECIPROCAL) & (ladder.war < 0) & _goes_on(ladder)
    ladder.war = either(begins, world.day, ladder.war)


@rule
def rung_is_new(world):
    """Whether no day before has been on so high a rung."""
    return world.ladder.rung > world.outcome.peak_rung


@rule
def rungs_are_reached(world):
    """Every rung up to today's has been reached, if not before, today."""
    outcome = world.outcome
    for step in range(outcome.peak_rung + 1, world.ladder.rung + 1):
        outcome.rung_day[step] = world.day - world.ladder.start
    outcome.peak_rung = world.ladder.rung


@rule
def day_is_over(world):
    """The counts and first days of the run; then the day is over."""
    _count_harm(world)
    _count_pause(world)
    _first_days(world, world.day - world.ladder.start)
    world.day += 1


@rule
def _first(known, happens, day):
    """The day on which something happened first, -1 where it has not."""
    return either(happens & (known < 0), day, known)


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
    days = world.day - max(world.pause.day, world.ladder.start) + 1
    longest = world.outcome.longest_pause
    world.outcome.longest_pause = either(world.pause.by != NOBODY, max(longest, days), longest)


@rule
def _remember_events(world, setting):
    ladder, events, us, day = world.ladder, world.today, world.us, world.day
    struck, killed = us.level > 0, events.killed > 0
    ladder.attack = either(events.attacks + events.avowed > 0, day, ladder.attack)
    last_killed = either(killed, day, ladder.killed)
    ladder.killed = last_killed
    ladder.strike = either(struck, day, ladder.strike)
    ladder.border = either((struck & (us.place == IRAQ_PLACE)) | killed, day, ladder.border)
    ladder.severe = either((us.level >= 3) & (day - last_killed < setting.window), day, ladder.severe)
    ladder.direct = either(us.level == 4, day, ladder.direct)
    ladder.avowed = either(events.avowed > 0, day, ladder.avowed)


@rule
def _rung_today(world, setting):
    """The day's rung; a world at war stays so until that is called off or followed no further."""
    ladder = world.ladder
    opened = world.day - setting.window  # the window holds the days after this one
    rung = rung_of(
        ladder.attack > opened,
        ladder.strike > opened,
        ladder.border > opened,
        ladder.severe > opened,
        ladder.direct > opened,
        ladder.avowed > opened,
    )
    return either(ladder.war >= 0, RECIPROCAL, rung)


@rule
def _count_harm(world):
    outcome, events, ladder = world.outcome, world.today, world.ladder
    outcome.wounded += events.wounded
    outcome.killed += events.killed
    outcome.alarm_deaths += events.alarm_deaths
    outcome.avowed += events.avowed
    quiet = either(events.attacks + events.avowed > 0, 0, ladder.quiet + 1)
    ladder.quiet = quiet
    outcome.longest_quiet = max(outcome.longest_quiet, quiet)
    outcome.status = world.iraq.status


@rule
def struck(world):
    """Whether Washington has struck today."""
    return world.us.level > 0


@rule
def strike_is_counted(world):
    """The day's strike by its level, its place and what it was."""
    outcome, us = world.outcome, world.us
    outcome.strikes[us.level] += 1
    if us.place == IRAQ_PLACE:
        outcome.strikes_in_iraq += 1
    if us.kind == 1:
        outcome.commanders += 1
    if us.place == IRAN_PLACE:
        outcome.strikes_on_soil += 1


@rule
def _first_days(world, start):
    outcome, events, us, iraq = world.outcome, world.today, world.us, world.iraq
    in_iraq = (us.level > 0) & (us.place == IRAQ_PLACE)
    ordered = max(0, iraq.order_day - world.ladder.start)
    outcome.first_killed_day = _first(outcome.first_killed_day, events.killed > 0, start)
    outcome.level_4_strike_day = _first(outcome.level_4_strike_day, us.level == 4, start)
    outcome.strike_in_iraq_day = _first(outcome.strike_in_iraq_day, in_iraq, start)
    outcome.avowed_attack_day = _first(outcome.avowed_attack_day, events.avowed > 0, start)
    outcome.order_day = _first(outcome.order_day, iraq.status == ORDERED, ordered)


@rule
def first_severe_event_may_be(world):
    """Whether there was none before, and today somebody was killed, struck or attacked openly."""
    some = (world.today.killed > 0) | (world.us.level > 0) | (world.today.avowed > 0)
    return (world.outcome.severe_day < 0) & some


@rule
def first_severe_event(world):
    """The first severe event of the run: its day, its cause and who moved."""
    outcome, events, us = world.outcome, world.today, world.us
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
        outcome.severe_day = world.day - world.ladder.start
        outcome.severe_cause = cause
        outcome.severe_mover = mover


DAY_IS_RECORDED = phase(
    "day_is_recorded",
    "Update the ladder's window, the counts, the spirals and the path; then the day is over.",
    rung_is_found,
    when(rung_is_new, rungs_are_reached),
    when(struck, strike_is_counted),
    when(first_severe_event_may_be, first_severe_event),
    day_is_over,
)
