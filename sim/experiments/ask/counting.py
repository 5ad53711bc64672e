"""Runs of a row of parameters: how many met a condition, and in how many of these the event had come by a date."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.estimates.by_row import of_point
from sim.estimates.conditional import Counts
from sim.scenario.questions import Event, Question, span_of
from sim.simulate.asked import Asked
from sim.simulate.job import Job
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.spans import Span, Task

MOST_DATES = 61
"""Dates by which a question's risk is told, at most: the last one is the last on which it can come."""


def dates_of(asked: Asked) -> tuple[tuple[datetime.date, ...], ...]:
    """Dates by which the risk of each question is told: every day of its window, or every so many."""
    found = []
    for question in asked.questions:
        first, last = span_of(question.event)
        assert first is not None
        assert last is not None
        days = (last - first).days + 1
        step = -(-days // MOST_DATES)
        ends = range(days - 1, -1, -step)
        found.append(tuple(first + datetime.timedelta(days=d) for d in reversed(ends)))
    return tuple(found)


@dataclass(frozen=True)
class Ask:
    """Reduces tasks to counts by row of parameters, a record of `dtype` each.

    Attributes
    ----------
    points : what is asked of the scenario of each point, by its number; as many questions of each
    dates : by which each question's event has come
    """

    points: tuple[Asked, ...]
    dates: tuple[tuple[datetime.date, ...], ...]

    @cached_property
    def dtype(self) -> np.dtype:
        """`given_i` runs of a row that met the condition of question i; `seen_i_j` of those by date j of it."""
        counts = (
            name
            for i, dates in enumerate(self.dates)
            for name in (f"given_{i}", *(f"seen_{i}_{j}" for j in range(len(dates))))
        )
        return np.dtype([(n, "i8") for n in ("point", "row", "runs")] + [(n, "u1") for n in counts])

    def __call__(self, task: Task) -> npt.NDArray[np.void]:
        """Live the runs of a task, and count."""
        return np.concatenate([self._counted(span, span.job(task.parameters)) for span in task.spans])

    def _counted(self, span: Span, job: Job) -> npt.NDArray[np.void]:
        asked = self.points[span.point.number]
        came = asked.live(job, span.numbers)
        place = np.arange(span.runs) // RUNS_PER_ROW
        rows = int(place[-1]) + 1
        part = np.zeros(rows, self.dtype)
        part["point"], part["row"] = span.point.number, span.first // RUNS_PER_ROW + np.arange(rows)
        part["runs"] = np.bincount(place)
        counts = part.view(np.uint8).reshape(rows, -1)[:, part.dtype.fields["runs"][1] + 8 :]
        column = 0
        for question, dates in zip(asked.questions, self.dates, strict=True):
            found = _by_date(asked, question, dates, came, place)
            counts[:, column : column + found.shape[1]] = found
            column += found.shape[1]
        return part


def _by_date(
    asked: Asked,
    question: Question,
    dates: Sequence[datetime.date],
    came: Mapping[Event, Counts],
    place: Counts,
) -> Counts:
    """Runs of each row that met a condition, and in columns after it those in which the event had come by a date."""
    ends = [(date - asked.scenario.start).days for date in dates]
    column_of = np.searchsorted(ends, np.arange(ends[-1] + 1)) + 1  # of a day from the start
    days = asked.days(question.event, came)
    met = None if question.given is None else asked.days(question.given, came) >= 0
    seen = np.flatnonzero(days >= 0 if met is None else met & (days >= 0))
    width, rows = len(ends) + 1, int(place[-1]) + 1
    cells = place[seen] * width + column_of[days[seen]]
    found = np.bincount(cells, minlength=rows * width).reshape(rows, width)
    found = found.cumsum(axis=1)
    found[:, 0] = np.bincount(place if met is None else place[met], minlength=rows)
    return found


@dataclass(frozen=True)
class Counted:
    """What came of all tasks.

    Attributes
    ----------
    asked : the questions, of the first scenario
    dates : by which each question's event has come
    found : records of `Ask`, in order of points
    by_row : whether rows have parameters of their own
    most_rows : rows of parameters that there are, where they come again; None where all are new
    other : name of the other scenario; '' where there is none
    """

    asked: Asked
    dates: Sequence[Sequence[datetime.date]]
    found: npt.NDArray[np.void]
    by_row: bool
    most_rows: int | None
    other: str = ""

    def rows(self, point: int = 0) -> npt.NDArray[np.void]:
        """Records of a point."""
        return of_point(self.found, point)

    def of(self, question: int, point: int = 0) -> tuple[Counts, Counts]:
        """Runs of each row that met a question's condition, shape (rows,), and by date, shape (rows, dates)."""
        rows = self.rows(point)
        seen = np.stack([rows[f"seen_{question}_{j}"] for j in range(len(self.dates[question]))], axis=1)
        return rows[f"given_{question}"].astype(np.int64), seen.astype(np.int64)
