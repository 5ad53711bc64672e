"""A job as spans: consecutive runs of a point, cut into tasks that any worker can carry out.

Points are worlds that differ in some of their numbers; with the same runs they share their random streams.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.scenario import Scenario
from sim.simulate.job import Job, Parameters, make_job
from sim.simulate.parameter_draws import RUNS_PER_ROW

TASK_RUNS = 10_000
"""Runs of a task, about: a second of work, and all that is lost when it is cut short."""

LEAST_BLOCK, USUAL_BLOCK, MOST_BLOCK = 500, 10_000, 50_000
FEW_BLOCKS, MANY_BLOCKS = 16, 2_000


@dataclass(frozen=True)
class Point:
    """A world to be simulated, by its number in the job.

    Attributes
    ----------
    number : from 0 on
    scenario : as `sim.simulate.job.make_job` takes it
    override : parameters held at a value whatever the scenario says, by registry name
    parameters : where its parameters come from, where that is not what the job says
    """

    number: int
    scenario: Scenario
    override: Mapping[str, float] = field(default_factory=dict)
    parameters: Parameters | None = None


@dataclass(frozen=True)
class Span:
    """Consecutive runs of a point, the first of which opens a parameter row."""

    point: Point
    first: int
    runs: int

    @property
    def numbers(self) -> npt.NDArray[np.uint64]:
        """Numbers of its runs."""
        return np.arange(self.first, self.first + self.runs, dtype=np.uint64)

    def job(self, parameters: Parameters) -> Job:
        """Its world made ready for the engine."""
        return make_job(self.point.scenario, self.point.parameters or parameters, self.point.override)


@dataclass(frozen=True)
class Task:
    """Spans that are simulated together: their number in the job, and where the parameters come from."""

    number: int
    spans: tuple[Span, ...]
    parameters: Parameters

    @property
    def runs(self) -> int:
        """Runs of all spans."""
        return sum(span.runs for span in self.spans)


def cut(spans: Iterable[Span], size: int) -> Iterator[Span]:
    """Cut spans into pieces of at most `size` runs, a multiple of the runs of a parameter row."""
    assert size % RUNS_PER_ROW == 0
    for span in spans:
        for first in range(span.first, span.first + span.runs, size):
            yield Span(span.point, first, min(size, span.first + span.runs - first))


def block_tasks(spans: Iterable[Span], parameters: Parameters, size: int) -> list[Task]:
    """One task a piece of at most `size` runs."""
    return [Task(number, (piece,), parameters) for number, piece in enumerate(cut(spans, size))]


def point_tasks(
    points: Iterable[Point],
    runs: int,
    parameters: Parameters = "prior",
    first: int = 0,
    size: int = TASK_RUNS,
) -> list[Task]:
    """Points of so many runs each, in tasks of about `size` runs that hold several small ones, or a piece of one."""
    tasks: list[Task] = []
    spans: list[Span] = []
    for span in cut((Span(point, first, runs) for point in points), size):
        if spans and sum(s.runs for s in spans) + span.runs > size:
            tasks.append(Task(len(tasks), tuple(spans), parameters))
            spans = []
        spans.append(span)
    return [*tasks, Task(len(tasks), tuple(spans), parameters)] if spans else tasks


def block_size(runs: int) -> int:
    """Runs of a block, in whole parameter rows; the same on any machine.

    Few enough that several workers have work, up to 10,000; more, up to 50,000, once there would be 2,000 blocks.
    """
    rows = max(runs // FEW_BLOCKS, LEAST_BLOCK) // RUNS_PER_ROW
    many = -(-runs // MANY_BLOCKS) // RUNS_PER_ROW
    return max(min(rows * RUNS_PER_ROW, USUAL_BLOCK), min(many * RUNS_PER_ROW, MOST_BLOCK))


def small_tasks(runs: int) -> int:
    """Runs of a task small enough that every thread has work."""
    return max(1, min(TASK_RUNS, runs // 16) // RUNS_PER_ROW) * RUNS_PER_ROW
