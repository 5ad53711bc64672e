"""What all pages of a server share: its workers, its scenarios, and the courses of settings that somebody asked about."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict

from sim.dashboard.catalogue import Catalogue
from sim.dashboard.course import Course
from sim.dashboard.setting import Setting
from sim.dashboard.workers import Workers

MOST_KEPT = 24
"""Courses that are kept though nobody wants them, each of at most about 30 MB."""


class Desk:
    """Workers, scenarios and courses.

    Parameters
    ----------
    catalogue : Catalogue
    threads : int, optional
        Threads that simulate; all processors by default. It changes no number.
    """

    def __init__(self, catalogue: Catalogue, threads: int | None = None) -> None:
        self.catalogue = catalogue
        self.workers = Workers(threads or os.cpu_count() or 1)
        self._lock = threading.Lock()
        self._courses: OrderedDict[str, Course] = OrderedDict()

    def course(self, setting: Setting) -> Course:
        """The course of a setting: the one that is there, or a new one.

        Raises
        ------
        InputError
            In one line, for a setting that no scenario can hold.
        """
        with self._lock:
            if (found := self._courses.get(setting.key)) is not None:
                self._courses.move_to_end(setting.key)
                return found
        scenario = self.catalogue.scenario(setting)
        made = Course(scenario, self.catalogue.parameters(scenario), self.workers)
        with self._lock:
            course = self._courses.setdefault(setting.key, made)
            idle = [key for key, one in self._courses.items() if not one.wanted and key != setting.key]
            for key in idle[: max(0, len(idle) - MOST_KEPT)]:
                del self._courses[key]
            return course

    def warm(self) -> None:
        """Compile, or load what was compiled, and have the first setting's answer."""
        heard = threading.Event()
        course = self.course(Setting(self.catalogue.first))

        def hear(_: Course) -> None:
            heard.set()

        course.want(hear)
        heard.wait()
        course.leave(hear)

    def close(self) -> None:
        """End the workers."""
        self.workers.close()
