"""Courses gone on with until they rest, or as far as is wanted."""

import threading
from collections.abc import Callable

from sim.dashboard.course import Course
from sim.dashboard.told import Told

PATIENCE = 120  # seconds, far more than needed


def told_until(
    course: Course, enough: Callable[[Course], bool] = lambda course: course.at_rest
) -> list[Told]:
    """All answers on the way, until there is enough; of a course at rest its last."""
    if course.at_rest and course.told is not None:
        return [course.told]
    heard: list[Told] = []
    done = threading.Event()

    def hear(_: Course) -> None:
        if course.told is not None:
            heard.append(course.told)
        if course.error or enough(course):
            done.set()

    course.want(hear)
    assert done.wait(PATIENCE)
    course.leave(hear)
    assert not course.error, course.error
    return heard
