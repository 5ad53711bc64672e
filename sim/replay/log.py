"""The log of one run: everything that happened, in order of day and phase, each decision with its reasons."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sim.outcomes import OUTCOMES, spirals_of
from sim.replay.course import Course, course_of
from sim.replay.events import Event
from sim.replay.government_log import baghdad_events, supply_events, tehran_events
from sim.replay.militia_log import militia_events
from sim.replay.pause_log import pause_events
from sim.replay.replay import Replay
from sim.replay.washington_log import washington_events


def log_of(played: Replay) -> list[Event]:
    """Log of a run, from its first day to its last."""
    course = course_of(played)
    events = [*_record_events(played), *supply_events(course)]
    for day in range(played.days):
        events += _events_on(course, day)
    return sorted(events, key=lambda event: (event.day, event.phase))


def _events_on(course: Course, day: int) -> Iterator[Event]:
    if not course.stages[day].lived:
        return
    yield from tehran_events(course, day)
    yield from baghdad_events(course, day)
    yield from pause_events(course, day)
    yield from militia_events(course, day)
    yield from washington_events(course, day)


def _record_events(played: Replay) -> Iterator[Event]:
    """Rung changes, the spirals that the run comes to, and the end of a war."""
    outcome = played.outcome
    if outcome["censored_day"] >= 0:
        since = int(outcome["reciprocal_day"])
        yield Event(int(outcome["censored_day"]), "", "war's end", {"since": since})
    for day, (before, after) in enumerate(pairwise(rungs_of(played))):
        if before != after:
            yield Event(day, "", "rung", {"from": before, "to": after})
    headline = played.job.scenario.headline
    for name in spirals_of(headline):
        day = int(OUTCOMES[name].of(outcome))
        if day >= 0:
            yield Event(day, "", "spiral", {"spiral": name, "headline": name == headline})


def rungs_of(played: Replay) -> list[int]:
    """Rung before the first day, and in the evening of each day."""
    return [int(rung) for rung in np.asarray(played.mornings["ladder"]["rung"])]
