"""What Washington does in a run: it decides on a strike, prepares it, makes it; or holds its fire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.core import phases
from sim.core.state import FREE, IDLE, IRAN_PLACE
from sim.replay.course import Course
from sim.replay.decision import Decision
from sim.replay.events import Event
from sim.replay.imposed import actor_mark
from sim.replay.replay import Record
from sim.replay.terms import without
from sim.replay.washington_reasons import decision_of, hard_of, inside_of, on_iran_of, ready_of
from sim.simulate.timeline import PLACES

READY, PREPARED_HARD, READY_HARD = 2, 3, 4
"""Steps at which a strike is all but ready, a hard one is prepared, as Baghdad and Tehran see, and is all but ready."""
NEAR = 0.5
"""Chance of deciding from which on it is told that Washington held its fire though nobody was hurt."""


def washington_events(course: Course, day: int) -> Iterator[Event]:
    """Washington decides on a strike, begins to prepare a hard one, drops what it prepared, strikes, or holds."""
    stages = course.stages[day]
    level, mark = int(stages.responded["us"]["level"][0]), actor_mark(course, day, "us", "level")
    before, after = (int(world["us"]["step"][0]) for world in (stages.engaged, stages.responded))
    provoked = bool(phases.provoked_today(course.weighed[day], course.played.row))
    if level:
        decisions = () if mark else _why(course, day, before, level)
        yield Event(day, "us", "strike", _strike(course, day, level, bool(mark)), decisions, mark)
    elif before == IDLE != after:
        yield Event(day, "us", "decision", _harm(course, day), (decision_of(course, day),))
    elif before < PREPARED_HARD <= after:
        yield Event(
            day, "us", "preparation", {"decided": decided_on(course, day)}, _why(course, day, before, 3)[:2]
        )
    elif before != IDLE == after and (mark or not provoked):
        yield Event(
            day,
            "us",
            "lapse",
            {"decided": decided_on(course, day), "hard": before >= PREPARED_HARD},
            (),
            mark,
        )
        yield from _hold(course, day, IDLE, mark)
    else:
        yield from _hold(course, day, before, mark)


def _hold(course: Course, day: int, step: int, mark: str) -> Iterator[Event]:
    """No strike on a day with harm, or on one on which a decision was near, or on which a strike was forbidden."""
    harm, forbidden = _harm(course, day), not mark and _forbidden(course, day)
    provoked = bool(phases.provoked_today(course.weighed[day], course.played.row))
    hurt = bool(harm["wounded"] or harm["killed"])
    decision = None if mark or not provoked else (decision_of if step == IDLE else ready_of)(course, day)
    near = decision is not None and step == IDLE and decision.chance >= NEAR
    if hurt or near or forbidden:
        about = {**harm, "forbidden": forbidden, "provoked": provoked, "step": step}
        yield Event(day, "us", "hold", about, () if decision is None else (decision,), mark)


def _harm(course: Course, day: int) -> dict[str, int]:
    today = course.stages[day].engaged["today"]
    return {harm: int(today[harm][0]) for harm in ("wounded", "killed")}


def _why(course: Course, day: int, step: int, level: int) -> tuple[Decision, ...]:
    """What a strike was decided by on its day: that it was ready, how far it goes, and where it falls."""
    how_far = on_iran_of(course, day) if step == READY_HARD else hard_of(course, day)
    on_soil = level == 4 and course.stages[day].responded["us"]["place"][0] == IRAN_PLACE
    return (ready_of(course, day), how_far, *(() if on_soil else (inside_of(course, day),)))


def decided_on(course: Course, day: int) -> int | None:
    """The day on which the strike that is under way on a day was decided on; None if before the start."""
    for earlier in range(day - 1, -1, -1):
        if course.stages[earlier].engaged["us"]["step"][0] == IDLE:
            return earlier
    return None


def _strike(course: Course, day: int, level: int, ordered: bool) -> dict[str, Any]:
    us = course.stages[day].responded["us"]
    place = int(us["place"][0])
    about: dict[str, Any] = {
        "level": level, "place": PLACES[place], "what": _what(level, int(us["kind"][0]), ordered),
        "irgc": bool(us["irgc"][0]), "decided": None if ordered else decided_on(course, day),
        "forbidden": not ordered and _forbidden(course, day),
    }  # fmt: skip
    if place != IRAN_PLACE:
        struck, author = (_respond(course, day, row)["us"]["culprit"][0] for row in _attributions(course))
        about["target"] = course.names[int(struck)]
        about["author"] = course.names[int(author)]
    return about


def _what(level: int, kind: int, ordered: bool) -> str:
    """What a hard strike is: `wave` or `commander`; of level 4 `soil`, or `commander` elsewhere; unknown if ordered."""
    if level < 3 or ordered:
        return ""
    return "commander" if kind else {3: "wave", 4: "soil"}[level]


def _attributions(course: Course) -> tuple[Record, Record]:
    """Return the run's parameters, and the same with a Washington that always finds the author."""
    return course.played.row, without(course.played.row, "us.attribution", at=1.0)


def _forbidden(course: Course, day: int) -> bool:
    """Whether Washington would have struck (or prepared to strike) harder, or elsewhere, had it been allowed."""
    today = course.played.timeline[day]
    if today["level"] != FREE or (today["level_limit"] >= 4 and today["iraq_limit"] >= 4):
        return False
    freely = _respond(course, day, course.played.row, level_limit=4, iraq_limit=4)["us"]
    done = course.stages[day].responded["us"]
    return any(int(freely[name][0]) != int(done[name][0]) for name in ("level", "place", "step"))


def _respond(course: Course, day: int, row: Record, **changes: int) -> Record:
    played, world = course.played, course.stages[day].engaged.copy()
    today = played.timeline[day : day + 1].copy()
    for field, value in changes.items():
        today[field] = value
    phases.washington_responds(world, today, played.setting, row, played.seed)
    return world
