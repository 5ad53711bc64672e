"""A question over many worlds as a job in a result folder: simulated once, kept task by task, concluded, and whole."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from sim.experiments.record import made_now, posteriors_of
from sim.scenario import Scenario, dump_resolved
from sim.simulate.fingerprint import fingerprint
from sim.simulate.job import Parameters
from sim.simulate.pools import Pool, on_threads
from sim.store import Analysis, Findings, Work, load_analysis, open_work, write_findings
from sim.store.naming import rows_name

Progress = Callable[[int, int, int, int], None]
"""Told runs done, runs to do, how many of those done were there before, and runs under way (0)."""


@dataclass(frozen=True)
class Asked:
    """How a question over many worlds is to be answered.

    Attributes
    ----------
    parameters : 'prior' or 'default'
    threads : all processors when None; changes no number
    pool : carries out the tasks in place of threads; changes no number
    progress : told of what is done
    command, changes : the command line, and what it set on top of the scenario, for the record
    fresh : whether to replace what another job left in the result folder
    """

    parameters: Parameters = "prior"
    threads: int | None = None
    pool: Pool | None = None
    progress: Progress | None = None
    command: str = ""
    changes: tuple[str, ...] = ()
    fresh: bool = False

    @property
    def workers(self) -> Pool:
        """What carries out the tasks."""
        return self.pool or partial(on_threads, threads=self.threads or os.cpu_count() or 1)

    def counting_on(self, done_before: int, planned: int, old_before: int = 0) -> Asked:
        """The same, with progress told over several stages: runs done before this one, all, and old ones among them."""
        tell = self.progress
        if tell is None:
            return self

        def told(done: int, _planned: int, old: int, under_way: int) -> None:
            tell(done_before + done, planned, old_before + old, under_way)

        return replace(self, progress=told)


class Task(Protocol):
    """A piece of the work: its number, from 0 on, and its runs."""

    @property
    def number(self) -> int:
        """Number in the job."""

    @property
    def runs(self) -> int:
        """Runs that it simulates."""


def answer(
    kind: str,
    scenario: Scenario,
    asked: Asked,
    identity: Mapping[str, Any],
    place: Path,
    make: Callable[[Work], Findings],
    runs: int = 0,
    tasks: int = 0,
) -> Analysis:
    """Answer a question in a result folder, or read the answer that is there already.

    Parameters
    ----------
    kind : str
        Which question, such as `sweep`.
    scenario : Scenario
        What it is asked of.
    asked : Asked
    identity : mapping
        All else that the answer hangs on, as plain values for JSON: another one in the folder is refused.
    place : Path
        The result folder.
    make : callable
        Simulates and concludes, in a folder at work; see `responses_of`.
    runs, tasks : int
        Runs and tasks of the job, for the record.

    Raises
    ------
    StoreError
        When the folder cannot be worked in; `RefusedPlace` when something else stands there.
    """
    text = dump_resolved(scenario)
    job = {
        "kind": kind,
        "scenario": hashlib.sha256(text.encode()).hexdigest(),
        "parameters": asked.parameters,
        **posteriors_of(asked.parameters),
        **identity,
        "made_by": fingerprint(),
    }
    told = {"kind": kind, "command": asked.command, "runs": runs, "blocks": tasks}
    with open_work(place, job, (scenario.name, text), told, asked.fresh) as work:
        if not work.was_whole:
            written = write_findings(work, make(work))
            work.finish(_manifest(scenario, asked, work.seconds) | written)
    return load_analysis(place)


def responses_of(
    work: Work,
    tasks: Sequence[Task],
    carry_out: Callable[[Any], npt.NDArray[np.void]],
    asked: Asked,
) -> npt.NDArray[np.void]:
    """Carry out tasks, keeping what comes of each in the folder at work; what is there already is read.

    Parameters
    ----------
    work : Work
    tasks : sequence
        Numbered from 0 on.
    carry_out : callable
        Gives a record array of one dtype for every task, such as `sim.simulate.points.carry_out_points`.
    asked : Asked

    Returns
    -------
    ndarray
        What came of all tasks, in order.
    """
    kept = {task.number for task in tasks if rows_name(task.number) in work.kept}
    missing = [task for task in tasks if task.number not in kept]
    planned, done, old, parts = sum(task.runs for task in tasks), 0, 0, []
    with closing(asked.workers(carry_out, missing)) as made:
        for task in tasks:
            name = rows_name(task.number)
            if task.number in kept:
                parts.append(_read(work.read(name)))
                old += task.runs
            else:
                parts.append(next(made))
                work.keep(name, _packed(parts[-1]))
            done += task.runs
            if asked.progress is not None:
                asked.progress(done, planned, old, 0)
    return np.concatenate(parts)


def _packed(rows: npt.NDArray[np.void]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    table = pa.table({name: np.ascontiguousarray(rows[name]) for name in rows.dtype.names or ()})
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _read(data: bytes) -> npt.NDArray[np.void]:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(data))
    columns = {name: table[name].to_numpy() for name in table.column_names}
    rows = np.zeros(len(table), [(name, column.dtype) for name, column in columns.items()])
    for name, column in columns.items():
        rows[name] = column
    return rows


def _manifest(scenario: Scenario, asked: Asked, seconds: float) -> dict[str, Any]:
    return made_now(seconds) | {
        "changes": list(asked.changes),
        "random_seed": scenario.random_seed,
        "parameters": asked.parameters,
    }
