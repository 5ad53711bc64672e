"""Pauses of a run: who has one declared, who heeds it, joins it later, and what it is revoked over."""

from __future__ import annotations

from collections.abc import Iterator
from math import log

from sim.core.state import BAGHDAD, GROUPS, NOBODY, TEHRAN
from sim.replay.course import Course
from sim.replay.events import Event
from sim.replay.pause_reasons import LAPSE, TRIGGERS, declared_of, heeded_of, joined_of, revoked_of
from sim.replay.reasons import will_behind

DECLARERS = {GROUPS: "groups", TEHRAN: "iran", BAGHDAD: "iraq"}
"""Who can have a pause declared: the groups together, Tehran by its word, Baghdad by its bargain."""
WEIGHTY = 0.05
"""Least share of a log rate by which a reason is named as one of the chief ones."""


def pause_events(course: Course, day: int) -> Iterator[Event]:
    """A pause is declared or revoked, once for all; a militia that did not heed it joins it."""
    stages = course.stages[day]
    before, after = (int(world["pause"]["by"][0]) for world in (stages.willing, stages.paused))
    if before == NOBODY != after:
        yield _declared(course, day, after)
    elif before != NOBODY == after:
        yield _revoked(course, day, before)
    if int(stages.responded["pause"]["by"][0]) == BAGHDAD and int(stages.felt["pause"]["by"][0]) == NOBODY:
        yield _broken(course, day)
    joined = stages.chosen["militias"]["standing_down"][0] > stages.paused["militias"]["standing_down"][0]
    for i in course.militias:
        if joined[i]:
            about = {"by": DECLARERS[after], "pausing": stages.pausing}
            yield Event(day, course.names[i], "stand-down", about, (joined_of(course, day),))


def _declared(course: Course, day: int, by: int) -> Event:
    heeds = course.stages[day].paused["militias"]["standing_down"][0] > 0
    decisions = [declared_of(course, day), *(heeded_of(course, day, i) for i in course.militias)]
    lowered = by == GROUPS and course.stages[day].willing["pause"]["will"][0] < 0.0
    about = {
        "by": DECLARERS[by],
        "heeded": [course.names[i] for i in course.militias if heeds[i]],
        "ignored": [course.names[i] for i in course.militias if not heeds[i]],
        "because": _chief_reasons(course, day, up=False) if lowered else [],
    }
    return Event(day, "", "pause", about, tuple(decisions))


def _revoked(course: Course, day: int, by: int) -> Event:
    stages, revoked = course.stages[day], revoked_of(course, day)
    raised = stages.willing["pause"]["will"][0] > 0.0
    about = {
        "by": DECLARERS[by],
        "lasted": int(stages.willing["day"][0] - stages.willing["pause"]["day"][0]),
        "released": [
            course.names[i] for i in course.militias if stages.willing["militias"]["standing_down"][0, i]
        ],
        "triggers": [
            r.name for r in revoked.reasons if r.name in (*TRIGGERS, LAPSE) and r.factor > 1.0 + WEIGHTY
        ],
        "because": _chief_reasons(course, day, up=True) if raised else [],
    }
    return Event(day, "", "return", about, (revoked,))


def _broken(course: Course, day: int) -> Event:
    """The bargain was broken, and its pause with it."""
    pausing = course.stages[day].responded
    about = {
        "by": DECLARERS[BAGHDAD],
        "lasted": int(pausing["day"][0] - pausing["pause"]["day"][0]),
        "released": [course.names[i] for i in course.militias if pausing["militias"]["standing_down"][0, i]],
        "triggers": [LAPSE],
        "because": [],
    }
    return Event(day, "", "return", about)


def _chief_reasons(course: Course, day: int, up: bool) -> list[str]:
    """Name the reasons that raise (or lower) the will of all most, at most two; its limit is none of them."""
    shares = course.played.setting["militias"]["share"][0]
    pulls: dict[str, float] = {}
    for i in course.militias:
        for reason in will_behind(course, day, i)[:-1]:
            pulls[reason.name] = pulls.get(reason.name, 0.0) + shares[i] * log(reason.factor) * (
                1 if up else -1
            )
    return [name for name, pull in sorted(pulls.items(), key=lambda item: -item[1])[:2] if pull > WEIGHTY]
