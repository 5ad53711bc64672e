"""What the militias do in a run, and what becomes of their attacks; their pauses are in `pause_log`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sim.core import phases
from sim.core.state import FREE
from sim.replay.course import Course
from sim.replay.decision import Decision
from sim.replay.events import Event
from sim.replay.imposed import imposed_mark
from sim.replay.reasons import intent_behind, passage_of, rate_of
from sim.replay.stages import Attack, attacks_of
from sim.scenario.countries import role_id
from sim.simulate.setting import sites_in_order


def militia_events(course: Course, day: int) -> Iterator[Event]:
    """Militias attack, and their attacks are stopped or get through."""
    attacks = attacks_of(course.played, day, course.stages[day])
    for i in course.militias:
        mine = [attack for attack in attacks if attack.militia == i]
        yield from _launches(course, day, i, mine)
    passages: dict[int, Decision] = {}
    for i in course.militias:
        intent = intent_behind(course, day, i) if any(a.militia == i for a in attacks) else None
        for attack in attacks:
            if attack.militia == i and intent is not None:
                if attack.site not in passages:
                    passages[attack.site] = passage_of(course, day, attack.site)
                yield _attack(course, attack, passages[attack.site], intent)
    killed = int(course.stages[day].engaged["today"]["alarm_deaths"][0])
    if killed:
        yield Event(day, "", "false alarm", {"killed": killed})


def _launches(course: Course, day: int, i: int, mine: list[Attack]) -> Iterator[Event]:
    played, name = course.played, course.names[i]
    ordered = int(played.timeline["orders"]["attacks"][day, i])
    mark = imposed_mark(played.job.scenario, day, name) if ordered != FREE else ""
    if ordered == 0 and (day == 0 or played.timeline["orders"]["attacks"][day - 1, i] != 0):
        yield Event(day, name, "ordered to hold", imposed=mark)
    if not mine:
        return
    through = sum(_through(course, attack) for attack in mine)
    sites = list(sites_in_order(played.job.scenario))
    before, after = (
        float(w["militias"]["arsenal"][0, i]) for w in (course.stages[day].pressed, course.stages[day].chosen)
    )
    about = {
        "count": len(mine), "sites": dict(Counter(sites[attack.site] for attack in mine)), "through": through,
        "wounded": sum(attack.wounded for attack in mine), "killed": sum(attack.killed for attack in mine),
        "meant": sum(attack.meant for attack in mine),
        "at_most": min(int(played.setting["militias"]["capacity"][0, i]), int(before)),
        "stocks": after,
    }  # fmt: skip
    yield Event(day, name, "attacks", about, () if mark else (rate_of(course, day, i),), mark)


def _attack(course: Course, attack: Attack, passage: Decision, intent: Decision) -> Event:
    played, day = course.played, attack.day
    scenario, name = played.job.scenario, course.names[attack.militia]
    site, details = list(sites_in_order(scenario).items())[attack.site]
    order = played.timeline["orders"][day, attack.militia]
    ordered = order["killed"] != FREE or order["wounded"] != FREE
    through = _through(course, attack)
    intended = ("to kill" if attack.meant else "to harass") if through else "unknown"
    about = {
        "site": site, "country": role_id(scenario.countries, details.country), "intended": intended,
        "result": "through" if through else "stopped", "wounded": attack.wounded, "killed": attack.killed,
        "item": attack.item,
    }  # fmt: skip
    mark = imposed_mark(scenario, day, name) if ordered or order["attacks"] != FREE else ""
    return Event(day, name, "attack", about, () if ordered else (passage, intent), mark)


def _through(course: Course, attack: Attack) -> bool:
    """Whether it got through: asked of the engagement itself."""
    if attack.wounded or attack.killed:
        return True
    played, world = course.played, course.stages[attack.day].chosen
    today, setting, row = played.timeline[attack.day : attack.day + 1], played.setting, played.row
    _, through = phases.munition_of(world, today, setting, row, played.seed, attack.militia, attack.item)
    return bool(through)
