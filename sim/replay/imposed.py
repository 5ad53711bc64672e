"""What a scenario imposes on a run: as recorded, or as somebody wants to see it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from sim.core.state import FREE

if TYPE_CHECKING:
    from sim.replay.course import Course
    from sim.scenario import Scenario

RECORDED, IMPOSED = "as recorded", "imposed"


def imposed_mark(scenario: Scenario, day: int, actor: str) -> str:
    """Say how what an actor is made to do on a day is to be marked.

    An intervention that rests on facts, and all that a history imposes, is as recorded. A strike that is only
    forbidden leaves Washington's other choices to the model, or to the history.
    """
    date = scenario.start + datetime.timedelta(days=day)
    for action in scenario.interventions:
        limits = action.actor == "us" and action.forbid
        if action.actor == actor and action.span[0] <= date <= action.span[1] and not limits:
            return RECORDED if action.basis in ("reported", "derived") else IMPOSED
    return RECORDED


def actor_mark(course: Course, day: int, actor: str, field: str) -> str:
    """Say how a government's part of a day is marked, which a field of DAY orders: empty where the model decided."""
    if int(course.played.timeline[field][day]) == FREE:
        return ""
    return imposed_mark(course.played.job.scenario, day, actor)
