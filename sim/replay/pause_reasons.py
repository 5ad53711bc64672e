"""What a pause was declared, heeded, joined and revoked by."""

from __future__ import annotations

from sim.core import phases
from sim.core.state import BAGHDAD, GROUPS
from sim.replay.course import Course
from sim.replay.decision import Decision, Reason
from sim.replay.replay import Record
from sim.replay.terms import added, without

PAUSE = {
    "militia.stand_down_will": "the groups' lack of will", "iran.pause": "Tehran's word",
    "iraq.pause": "Baghdad's bargain",
}  # fmt: skip
"""What adds to the rate at which a pause is declared, in the order in which it is added."""
TRIGGERS = ("US strike", "stalled talks")
LAPSE = "end of the bargain"


def declared_of(course: Course, day: int) -> Decision:
    """Rate at which a pause is declared, by whomever."""
    played, world = course.played, course.stages[day].willing

    def asked(row: Record) -> float:
        return float(sum(phases.rates_to_pause(world, row)))

    left = list(PAUSE)
    base = asked(without(played.row, *left))
    parts = [(PAUSE[name], asked(without(played.row, *left[place + 1 :]))) for place, name in enumerate(left)]
    base, reasons = added(base, parts)
    return Decision("declaring a pause", "rate", asked(played.row), base, reasons)


def heeded_of(course: Course, day: int, i: int) -> Decision:
    """Chance that militia `i` heeds the pause that is declared on a day."""
    played, world = course.played, course.stages[day].paused

    def asked(by: int) -> float:
        asked_by = world.copy()
        asked_by["pause"]["by"] = by
        return float(phases.chance_to_heed(asked_by, played.setting, played.row, i))

    own, by = asked(GROUPS), int(world["pause"]["by"][0])
    base, reasons = added(1.0, [("autonomy", own), ("stake in the state", asked(by))])
    return Decision("heeding the pause", "chance", asked(by), base, reasons)


def joined_of(course: Course, day: int) -> Decision:
    """Rate at which a militia that did not heed the word joins the pause that stands."""
    row = course.played.row
    base = float(row["militia"]["stand_down"][0])
    value = float(phases.rate_to_join(row, course.stages[day].pausing))
    others = Reason("the others' pausing", value / base if base > 0.0 else 1.0)
    return Decision("joining the pause", "rate", value, base, (others,))


def revoked_of(course: Course, day: int) -> Decision:
    """Rate at which the pause that stands is revoked.

    Added one by one: what revokes it whatever the will, as long as troops stay; that the pause has settled and is
    called into question; the groups' will to fight; each trigger; and of a bargain's pause, that the bargain ends.
    """
    played, world = course.played, course.stages[day].willing.copy()
    by = int(world["pause"]["by"][0])

    def asked(row: Record) -> float:
        return float(phases.rate_to_return(world, played.setting, row))

    whole, traced = asked(played.row), world.copy()
    world["pause"]["by"], world["us"]["level"] = GROUPS, 0
    world["pause"]["talks"] = world["iraq"]["talks"]
    base = asked(without(played.row, "militia.resume"))
    parts = [("settled pause", asked(without(played.row, "militia.resume_will")))]
    parts.append(("will to fight", asked(played.row)))
    for name, (group, key) in zip(TRIGGERS, (("us", "level"), ("pause", "talks")), strict=True):
        world[group][key] = traced[group][key]
        parts.append((name, asked(played.row)))
    if by == BAGHDAD:
        world["pause"]["by"] = by
        parts.append((LAPSE, asked(played.row)))
    base, reasons = added(base, parts)
    return Decision("revoking the pause", "rate", whole, base, reasons)
