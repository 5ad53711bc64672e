"""What all pages of a server share: its workers, its scenarios, and the courses of settings that were asked about."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict

import numpy as np

from sim.dashboard.catalogue import Catalogue
from sim.dashboard.counting import Total, count_averted, count_runs
from sim.dashboard.course import Course
from sim.dashboard.levers import levers_of
from sim.dashboard.lives import life_of, otherwise
from sim.dashboard.setting import Setting
from sim.dashboard.told import told
from sim.dashboard.workers import Workers
from sim.simulate.parameter_draws import RUNS_PER_ROW

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
            if (found := self._courses.get(setting.key)) is not None and not found.error:
                self._courses.move_to_end(setting.key)
                return found
        scenario = self.catalogue.scenario(setting)
        made = Course(scenario, self.catalogue.parameters(scenario), self.workers)
        with self._lock:
            there = self._courses.get(setting.key)
            course = made if there is None or there.error else there
            self._courses[setting.key] = course
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
        self._warm_the_rest(course)

    @staticmethod
    def _warm_the_rest(course: Course) -> None:
        """Compile, import and read what a first answer needs nothing of: that would hold up all readers at once."""
        total = Total(4 * RUNS_PER_ROW)
        total.add(count_runs(course.job, 0, 4 * RUNS_PER_ROW, daily=True))
        total.add(count_averted(course.job, np.arange(4 * RUNS_PER_ROW, dtype=np.uint64)))
        told(course.job, total)
        levers_of(course.scenario, course.job)
        life = life_of(course.job, 0)
        for deed in life.deeds[:1]:
            _ = otherwise(life, life.choices(deed)[0]).log

    def close(self) -> None:
        """End the workers."""
        self.workers.close()
