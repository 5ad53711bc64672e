"""The same setting under other explanations: counted when somebody asks, in the same runs with the same luck."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from sim.dashboard.counting import PIECE, Piece, count_runs, in_order
from sim.dashboard.course import ABREAST, Course
from sim.dashboard.told import change_of
from sim.dashboard.workers import LAST, Workers
from sim.estimates.by_row import Mean
from sim.estimates.intervals import Estimate
from sim.estimates.tables import estimate_event
from sim.experiments.run import FIRST, FURTHER, TOGETHER, Run
from sim.outcomes import EVENTS
from sim.simulate import Tallies
from sim.simulate.spans import Span


@dataclass(frozen=True)
class World:
    """The headline in an altered world: its name, how probable it is there, and by how much more than in the first."""

    name: str
    estimate: Estimate
    change: Mean


class Rivals:
    """Altered worlds of a course, as `spiral run` has them.

    Attributes
    ----------
    worlds : all of them, once they are counted; the setting itself, in as many runs, is the first
    done, total : runs counted, and runs to count
    """

    def __init__(self, course: Course, workers: Workers, hear: Callable[[Rivals], None]) -> None:
        self.course, self._workers, self._hear = course, workers, hear
        self._lock = threading.Lock()
        run = Run(course.scenario, course.parameters)
        self._spans = {TOGETHER: run.spans[FIRST]} | {
            name: span for name, span in run.spans.items() if name not in (FIRST, FURTHER)
        }
        self.worlds: list[World] = []
        self.stopped = False
        self.done, self.total = 0, run.few * len(self._spans)
        self.tallies: dict[str, Tallies] = {}
        self._rows: dict[str, dict[int, npt.NDArray[np.void]]] = {name: {} for name in self._spans}
        self._left = self._pieces()
        self._under_way = 0
        self._go_on()

    @property
    def altered(self) -> dict[str, Tallies]:
        """Counts of the altered worlds, without the setting itself; none before all are counted."""
        return {name: one for name, one in self.tallies.items() if name != TOGETHER} if self.worlds else {}

    def stop(self) -> None:
        """Count no more."""
        self.stopped = True

    def _pieces(self) -> Iterator[tuple[str, Span, int, int]]:
        for name, span in self._spans.items():
            for first in range(0, span.runs, PIECE):
                yield name, span, first, min(PIECE, span.runs - first)

    def _go_on(self) -> None:
        with self._lock:
            while not self.stopped and self._under_way < ABREAST:
                piece = next(self._left, None)
                if piece is None:
                    return
                self._under_way += 1
                self._workers.put(LAST, partial(self._do, *piece))

    def _do(self, name: str, span: Span, first: int, count: int) -> None:
        if self.stopped:
            return
        job = span.job(self.course.parameters)
        found: Piece = count_runs(job, first, count, daily=False)
        assert found.tallies is not None
        with self._lock:
            if name in self.tallies:
                self.tallies[name].merge(found.tallies)
            else:
                self.tallies[name] = found.tallies
            self._rows[name][first] = found.rows
            self.done += count
            self._under_way -= 1
            if whole := self.done == self.total:
                self.worlds = [self._world(name) for name in self._spans]
        self._go_on()
        if whole or self.done % (4 * PIECE) == 0:
            self._hear(self)

    def _world(self, name: str) -> World:
        headline, drawn = self.course.scenario.headline, self.course.parameters != "default"
        estimate = estimate_event(self.tallies[name], EVENTS.index(headline), -1, drawn)
        rows, first = (in_order(self._rows[one]) for one in (name, TOGETHER))
        return World(name, estimate, change_of(rows, first, headline, drawn))
