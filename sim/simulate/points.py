"""Points: worlds that differ in some of their numbers, each simulated with the same runs and so with the same luck.

A job over points is cut into tasks that hold several small points, or a piece of a large one, and can be sent anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt

from sim.scenario import Scenario
from sim.simulate.job import Parameters, make_job, simulate
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.pools import Pool, on_threads
from sim.simulate.responses import RESPONSE, responses

TASK_RUNS = 10_000
"""Runs of a task, about: a second of work, and all that is lost when it is cut short."""


@dataclass(frozen=True)
class Point:
    """A world to be simulated, by its number in the job.

    Attributes
    ----------
    number : from 0 on
    scenario : as `sim.simulate.job.make_job` takes it
    override : parameters held at a value whatever the scenario says, by registry name
    """

    number: int
    scenario: Scenario
    override: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Span:
    """Consecutive runs of a point, the first of which opens a parameter row."""

    point: Point
    first: int
    runs: int


@dataclass(frozen=True)
class PointsTask:
    """Spans that are simulated together: their number in the job, and where the parameters come from."""

    number: int
    spans: tuple[Span, ...]
    parameters: Parameters

    @property
    def runs(self) -> int:
        """Runs of all spans."""
        return sum(span.runs for span in self.spans)


def tasks_of_points(
    points: Iterable[Point],
    runs: int,
    parameters: Parameters = "prior",
    first: int = 0,
    size: int = TASK_RUNS,
) -> list[PointsTask]:
    """Cut points of so many runs each into tasks of about `size` runs, a multiple of the runs of a parameter row."""
    tasks: list[PointsTask] = []
    spans: list[Span] = []
    for span in _spans(points, runs, first, size):
        if spans and sum(s.runs for s in spans) + span.runs > size:
            tasks.append(PointsTask(len(tasks), tuple(spans), parameters))
            spans = []
        spans.append(span)
    return [*tasks, PointsTask(len(tasks), tuple(spans), parameters)] if spans else tasks


def _spans(points: Iterable[Point], runs: int, first: int, size: int) -> Iterable[Span]:
    assert size % RUNS_PER_ROW == 0
    for point in points:
        for start in range(first, first + runs, size):
            yield Span(point, start, min(size, first + runs - start))


def carry_out_points(task: PointsTask) -> npt.NDArray[np.void]:
    """Simulate the spans of a task.

    Returns
    -------
    ndarray of RESPONSE
    """
    found = []
    for span in task.spans:
        job = make_job(span.point.scenario, task.parameters, span.point.override)
        runs = np.arange(span.first, span.first + span.runs, dtype=np.uint64)
        found.append(responses(simulate(job, runs), point=span.point.number))
    return np.concatenate(found)


def respond(
    points: Sequence[Point],
    runs: int,
    parameters: Parameters = "prior",
    first: int = 0,
    threads: int | None = None,
    pool: Pool | None = None,
) -> npt.NDArray[np.void]:
    """Simulate points here and now, each with the same runs, and keep nothing.

    Parameters
    ----------
    points : sequence of Point
    runs, first : int
        Number of runs of each point, and the first of them, which opens a parameter row.
    parameters : 'prior' or 'default'
    threads : int, optional
        All processors by default. It changes no number.
    pool : callable, optional
        What carries out the tasks in place of threads.

    Returns
    -------
    ndarray of RESPONSE
        In order of point and row.
    """
    tasks = tasks_of_points(points, runs, parameters, first, _size(len(points) * runs))
    local = partial(on_threads, threads=threads or os.cpu_count() or 1)
    with closing((pool or local)(carry_out_points, tasks)) as made:
        return np.concatenate([*made]) if tasks else np.zeros(0, RESPONSE)


def _size(runs: int) -> int:
    """Small enough that every thread has work."""
    rows = max(1, min(TASK_RUNS, runs // 16) // RUNS_PER_ROW)
    return rows * RUNS_PER_ROW
