"""What Baghdad and Tehran do in a run."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from sim.core import phases
from sim.core.state import IRAQ_PLACE, TALKS
from sim.replay.course import Course
from sim.replay.decision import Decision
from sim.replay.events import Event
from sim.replay.imposed import actor_mark
from sim.replay.reasons import answer_of, pressing_of, stance_of
from sim.replay.stages import attacks_of
from sim.simulate.timeline import PLACES

# Baghdad


def baghdad_events(course: Course, day: int) -> Iterator[Event]:
    """Talks on a withdrawal open, it is ordered; Baghdad presses; the bargain is broken; a strike kills Iraqis."""
    stages, played = course.stages[day], course.played
    yield from _withdrawal(course, day)
    if stages.pressed["outcome"]["bargains"][0] > stages.led["outcome"]["bargains"][0]:
        mark = actor_mark(course, day, "iraq", "press")
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
    """Tehran turns to restraining or to urging, and answers a hard strike openly or not; the exchange may end there."""
    stages = course.stages[day]
    before, after = (float(world["iran"]["stance"][0]) for world in (stages.dawn, stages.led))
    if (before > 0.0) != (after > 0.0):
        kind = "brake" if after > 0.0 else "release"
        yield Event(day, "iran", kind, {"stance": after}, (stance_of(course, day),))
    answered, mark = bool(stages.answered["today"]["avowed"][0]), actor_mark(course, day, "iran", "answer")
    level = int(stages.responded["us"]["level"][0])
    decisions = (answer_of(course, day),) if level >= 3 and not mark else ()
    if answered:
        attacks = attacks_of(course.played, day, stages)
        about = {
            harm: int(stages.answered["today"][harm][0]) - sum(getattr(a, harm) for a in attacks)
            for harm in ("wounded", "killed")
        }
        yield Event(day, "iran", "answer", about, decisions, mark)
        yield from _called_off(course, day)
    elif level >= 3:
        yield Event(day, "iran", "no answer", {"level": level}, decisions, mark)


def _called_off(course: Course, day: int) -> Iterator[Event]:
    """Washington lets an answer that killed nobody be the end of the exchange."""
    stages, row = course.stages[day], course.played.row
    if stages.answered["outcome"]["called_off"][0] > stages.felt["outcome"]["called_off"][0]:
        chance = float(row["us"]["call_off"][0])
        yield Event(day, "us", "called off", {}, (Decision("calling it off", "chance", chance, chance, ()),))


def supply_events(course: Course) -> Iterator[Event]:
    """What Tehran delivered, in stretches: a new one with every month and every change of its stance's sign."""
    start = course.played.job.scenario.start
    stretch: list[tuple[int, float, float]] = []
    before = None
    lived = [stages for stages in course.stages if stages.lived]
    for day, stages in enumerate(lived):
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
