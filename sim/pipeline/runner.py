"""The tasks of an experiment carried out: on threads or a cluster, kept as they are done, told as they go."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from sim.simulate.job import Parameters
from sim.simulate.pools import Pool, on_threads
from sim.simulate.reducers import respond
from sim.simulate.spans import TASK_RUNS, Point, point_tasks, small_tasks
from sim.store import Work
from sim.store.naming import rows_name

Progress = Callable[[int, int, int, int], None]
"""Told runs done, runs to do, how many of those done were there before, and runs of a task under way."""


@dataclass(frozen=True)
class Execution:
    """How an experiment is carried out; nothing of it changes a number.

    Attributes
    ----------
    threads : all processors when None
    pool : carries out the tasks in place of threads
    progress : told of what is done
    command, changes : the command line, and what it set on top of the scenario, for the record
    fresh : whether to replace what another job left in the result folder
    """

    threads: int | None = None
    pool: Pool | None = None
    progress: Progress | None = None
    command: str = ""
    changes: tuple[str, ...] = ()
    fresh: bool = False


class AnyTask(Protocol):
    """A piece of the work: its number in the job, from 0 on, and its runs."""

    @property
    def number(self) -> int:
        """Number in the job."""

    @property
    def runs(self) -> int:
        """Runs that it simulates."""


class Runner:
    """Carries out tasks, in a result folder or in memory alone.

    Attributes
    ----------
    threads : how many work here
    pool : carries out work on items, see `sim.simulate.pools.Pool`
    work : the result folder in hand; None where nothing is kept
    """

    def __init__(self, execution: Execution, planned: int = 0, work: Work | None = None) -> None:
        self.threads = execution.threads or os.cpu_count() or 1
        self.pool: Pool = execution.pool or partial(on_threads, threads=self.threads)
        self.on_cluster = execution.pool is not None
        self.work = work
        self._progress, self._planned = execution.progress, planned
        self._done = self._old = self._under_way = 0

    @property
    def task_size(self) -> int:
        """Runs of a task, about: the same everywhere where tasks are kept, else so few that all threads have work."""
        return TASK_RUNS if self.work is not None else small_tasks(self._planned)

    def rows(
        self, tasks: Sequence[AnyTask], reducer: Callable[[Any], npt.NDArray[np.void]]
    ) -> npt.NDArray[np.void]:
        """What came of all tasks, in order; each is kept as it is done, and what is there already is read.

        Parameters
        ----------
        tasks : sequence
            Numbered from 0 on over the whole experiment.
        reducer : callable
            Gives a record array of one dtype for every task, such as `sim.simulate.reducers.respond`.
        """
        kept = {} if self.work is None else self.work.kept
        there = {task.number for task in tasks if rows_name(task.number) in kept}
        parts = []
        with closing(self.pool(reducer, [task for task in tasks if task.number not in there])) as made:
            for task in tasks:
                old = task.number in there
                parts.append(self._read(task.number) if old else next(made))
                if not old and self.work is not None:
                    self.work.keep(rows_name(task.number), _packed(parts[-1]))
                self.advance(task.runs, old)
        return np.concatenate(parts)

    def remembered(self, name: str, compute: Callable[[], Any]) -> Any:
        """Plain values under a name: computed, or as they were kept in a job that was cut short."""
        if self.work is None:
            return compute()
        file = f"{self.work.hidden}/{name}.json"
        if file in self.work.kept:
            return json.loads(self.work.read(file))
        value = compute()
        self.work.keep(file, json.dumps(value).encode())
        return value

    def keep(self, name: str, data: bytes) -> None:
        """Keep a file beside the answer."""
        if self.work is not None:
            self.work.keep(name, data)

    def respond(
        self, points: Sequence[Point], runs: int, parameters: Parameters, first: int = 0
    ) -> npt.NDArray[np.void]:
        """Responses of points, each with the same runs, in order of point and row; none of it is kept."""
        size = small_tasks(len(points) * runs)
        return np.concatenate(self.each(respond, point_tasks(points, runs, parameters, first, size)))

    def each(self, work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
        """Work on items that are not kept one by one, and are not told of."""
        with closing(self.pool(work, items)) as made:
            return [*made]

    def advance(self, runs: int, old: bool = False) -> None:
        """Tell that so many more runs are done, or were there before."""
        self._done += runs
        self._old += runs * old
        self._under_way = 0
        self._tell()

    def under_way(self, runs: int) -> None:
        """Tell that so many more runs of the present task are lived."""
        self._under_way += runs
        self._tell()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._done, self._planned, self._old, self._under_way)

    def _read(self, number: int) -> npt.NDArray[np.void]:
        import pyarrow.parquet as pq

        assert self.work is not None
        table = pq.read_table(io.BytesIO(self.work.read(rows_name(number))))
        columns = {name: table[name].to_numpy() for name in table.column_names}
        rows = np.zeros(len(table), [(name, column.dtype) for name, column in columns.items()])
        for name, column in columns.items():
            rows[name] = column
        return rows


def _packed(rows: npt.NDArray[np.void]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    table = pa.table({name: np.ascontiguousarray(rows[name]) for name in rows.dtype.names or ()})
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()
