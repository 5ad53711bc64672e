"""What Washington, Baghdad and Tehran do in a run."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from sim.core import phases
from sim.core.state import FREE, IRAN_PLACE, IRAQ_PLACE, SYRIA_PLACE, TALKS
from sim.replay.course import Course
from sim.replay.events import Event
from sim.replay.imposed import imposed_mark
from sim.replay.reasons import answer_of, pressing_of, response_of, stance_of, without
from sim.replay.replay import Record
from sim.replay.stages import attacks_of
from sim.simulate.timeline import PLACES


def _mark(course: Course, day: int, actor: str, field: str) -> str:
    """How an actor's part of a day is marked: empty where the model decided."""
    if int(course.played.timeline[field][day]) == FREE:
        return ""
    return imposed_mark(course.played.job.scenario, day, actor)


# Washington


def washington_events(course: Course, day: int) -> Iterator[Event]:
    """Washington strikes; or holds although US troops were hurt."""
    world, today = course.stages[day].responded, course.stages[day].engaged["today"]
    level, place = int(world["us"]["level"][0]), int(world["us"]["place"][0])
    wounded, killed = int(today["wounded"][0]), int(today["killed"][0])
    mark = _mark(course, day, "us", "level")
    if level:
        decisions = () if mark else (response_of(course, day, level, place),)
        yield Event(day, "us", "strike", _strike(course, day, level, place), decisions, mark)
    elif wounded or killed:
        decisions = () if mark else (response_of(course, day, 1, SYRIA_PLACE),)
        about = {"wounded": wounded, "killed": killed, "forbidden": not mark and _forbidden(course, day)}
        yield Event(day, "us", "hold", about, decisions, mark)


def _strike(course: Course, day: int, level: int, place: int) -> dict[str, Any]:
    about: dict[str, Any] = {"level": level, "place": PLACES[place], "forbidden": _forbidden(course, day)}
    if place != IRAN_PLACE:
        struck, author = (_respond(course, day, row)["us"]["culprit"][0] for row in _attributions(course))
        about["target"] = course.names[int(struck)]
        about["author"] = course.names[int(author)]
    return about


def _attributions(course: Course) -> tuple[Record, Record]:
    """Return the run's parameters, and the same with a Washington that always finds the author."""
    return course.played.row, without(course.played.row, "us.attribution", at=1.0)


def _forbidden(course: Course, day: int) -> bool:
    """Whether Washington would have struck harder, or elsewhere, had the scenario not forbidden it."""
    today = course.played.timeline[day]
    if today["level"] != FREE or (today["level_limit"] >= 4 and today["iraq_limit"] >= 4):
        return False
    freely = _respond(course, day, course.played.row, level_limit=4, iraq_limit=4)["us"]
    done = course.stages[day].responded["us"]
    return any(int(freely[name][0]) != int(done[name][0]) for name in ("level", "place"))


def _respond(course: Course, day: int, row: Record, **changes: int) -> Record:
    played, world = course.played, course.stages[day].engaged.copy()
    today = played.timeline[day : day + 1].copy()
    for field, value in changes.items():
        today[field] = value
    phases.washington_responds(world, today, played.setting, row, played.seed)
    return world


# Baghdad


def baghdad_events(course: Course, day: int) -> Iterator[Event]:
    """Talks on a withdrawal open, it is ordered; Baghdad presses; the bargain is broken; a strike kills Iraqis."""
    stages, played = course.stages[day], course.played
    yield from _withdrawal(course, day)
    if stages.pressed["outcome"]["bargains"][0] > stages.led["outcome"]["bargains"][0]:
        mark = _mark(course, day, "iraq", "press")
        restraint = stages.pressed["militias"]["restraint"][0]
        promise = {course.names[i]: float(restraint[i]) for i in course.militias}
        decisions = () if mark else (pressing_of(course, day),)
        yield Event(day, "iraq", "pressing", {"restraint": promise}, decisions, mark)
    if stages.responded["iraq"]["bargain"][0] > 0 and stages.felt["iraq"]["bargain"][0] == 0:
        made = course.bargain[day].noon
        yield Event(day, "iraq", "breach", {"by": _broken_by(course, day), "made": made})
    if stages.felt["today"]["iraqis_killed"][0]:
        place = PLACES[int(played.evenings["us"]["place"][day])]
        yield Event(day, "us", "Iraqis killed", {"place": place})


def _withdrawal(course: Course, day: int) -> Iterator[Event]:
    stages, row = course.stages[day], course.played.row
    before, after = (int(world["iraq"]["status"][0]) for world in (stages.morning, stages.dawn))
    if before == after:
        return
    name = "talks_threshold" if after == TALKS else "order_threshold"
    about = {
        "strain": float(stages.dawn["iraq"]["strain"][0]), "threshold": float(row["iraq"][name][0]),
        "since": course.strain[day].morning,
    }  # fmt: skip
    yield Event(day, "iraq", "talks" if after == TALKS else "order", about)


def _broken_by(course: Course, day: int) -> str:
    """What ended the bargain: asked of the day itself, as if nothing had been struck."""
    played, struck = course.played, course.stages[day].responded
    if struck["us"]["level"][0] and struck["us"]["place"][0] == IRAQ_PLACE:
        return "a US strike in Iraq"
    quiet = struck.copy()
    quiet["us"]["level"] = 0
    phases.bargain_is_tested(quiet, played.timeline[day : day + 1], played.setting, played.row, played.seed)
    return "an attack in Iraq" if quiet["iraq"]["bargain"][0] == 0 else "a US strike outside Iraq"


# Tehran


def tehran_events(course: Course, day: int) -> Iterator[Event]:
    """Tehran turns to restraining or to urging, and answers a hard strike openly or not."""
    stages = course.stages[day]
    before, after = (float(world["iran"]["stance"][0]) for world in (stages.dawn, stages.led))
    if (before > 0.0) != (after > 0.0):
        kind = "brake" if after > 0.0 else "release"
        yield Event(day, "iran", kind, {"stance": after}, (stance_of(course, day),))
    answered, mark = bool(stages.answered["today"]["avowed"][0]), _mark(course, day, "iran", "answer")
    level = int(stages.responded["us"]["level"][0])
    decisions = (answer_of(course, day),) if level >= 3 and not mark else ()
    if answered:
        attacks = attacks_of(course.played, day, stages)
        about = {
            harm: int(stages.answered["today"][harm][0]) - sum(getattr(a, harm) for a in attacks)
            for harm in ("wounded", "killed")
        }
        yield Event(day, "iran", "answer", about, decisions, mark)
    elif level >= 3:
        yield Event(day, "iran", "no answer", {"level": level}, decisions, mark)


def supply_events(course: Course) -> Iterator[Event]:
    """What Tehran delivered, in stretches: a new one with every month and every change of its stance's sign."""
    start = course.played.job.scenario.start
    stretch: list[tuple[int, float, float]] = []
    before = None
    for day, stages in enumerate(course.stages):
        date = start + datetime.timedelta(days=day)
        stance = float(stages.led["iran"]["stance"][0])
        key = (date.year, date.month, stance > 0.0)
        if before is not None and key != before:
            yield _supplied(stretch)
            stretch = []
        stocks = (
            world["militias"]["arsenal"][0, : len(course.militias)].sum()
            for world in (stages.led, stages.dawn)
        )
        after, earlier = stocks
        stretch.append((day, float(after - earlier), stance))
        before = key
    yield _supplied(stretch)


def _supplied(stretch: list[tuple[int, float, float]]) -> Event:
    days, delivered, stances = zip(*stretch, strict=True)
    about = {"since": days[0], "delivered": sum(delivered), "stance": sum(stances) / len(stances)}
    return Event(days[-1], "iran", "supply", about)
