"""The morning: outside pressures reach the states that answer to them, and yesterday's events are cleared."""

from sim.core.day.record import nothing_happened_yet
from sim.core.day.steps import phase, when
from sim.core.jit import rule
from sim.core.rules.baghdad import troops_present, withdrawal_status
from sim.core.rules.common import either
from sim.core.rules.washington import posture_after_harm
from sim.core.state import ORDERED, TALKS


@rule
def morning_comes(world, today, p):
    """The date, the run number of today's chance, and the posture of US forces."""
    world.date = today.date
    world.luck = world.run
    world.us.posture = posture_after_harm(
        today.posture * p.us.posture, p.us.posture_reaction, world.us.pressure, p.us.threshold_first
    )
    nothing_happened_yet(world.today)


@rule
def is_past(world):
    """Whether today belongs to a past that was fitted to a record."""
    return world.date < world.past.until


@rule
def luck_of_the_past(world):
    """In a fitted past the run number of chance is that of the past's stage."""
    stage = 0
    while world.date >= world.past.ends[stage]:
        stage += 1
    world.luck = world.past.runs[stage]


@rule
def troops_stay_or_leave(world, today, p):
    """Withdrawal talks open and troops leave as strain, the timeline and an earlier order have it."""
    iraq, day = world.iraq, world.day
    before = iraq.status
    status = withdrawal_status(
        before, iraq.strain, p.iraq.talks_threshold, p.iraq.order_threshold,
        day - iraq.talks_day, p.iraq.order_delay,
    )  # fmt: skip
    iraq.status = status
    iraq.talks_day = either((before < TALKS) & (status >= TALKS), day, iraq.talks_day)
    ordered = either((before < ORDERED) & (status >= ORDERED), day, iraq.order_day)
    iraq.order_day = ordered
    iraq.talks = max(today.talks, either(status >= TALKS, 1.0, 0.0))
    leaving = either(status == ORDERED, day - ordered, 0)
    world.us.troops = troops_present(today.troops, leaving, p.iraq.withdrawal_time, p.iraq.advisers)


TIMELINE_ARRIVES = phase(
    "timeline_arrives",
    "Outside pressures reach the states that answer to them; yesterday's events are cleared.",
    morning_comes,
    when(is_past, luck_of_the_past),
    troops_stay_or_leave,
)
