"""Every escalatory event of some runs, and what it directly brought on."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.core.offspring import COLUMNS, KINDS, trace_offspring
from sim.outcomes import OUTCOMES
from sim.simulate.job import Job, prepare
from sim.simulate.parameter_draws import rows_of_runs

if TYPE_CHECKING:
    import pandas as pd

SIDES = ("militias", "us", "us", "us", "iran")
"""Who acts in an escalatory event, by kind."""

CHUNK = 25
ROOM = 100  # acts a run that room is made for at first


def offspring_table(
    job: Job, runs: npt.NDArray[np.uint64], row_numbers: npt.NDArray[np.int64] | None = None
) -> pd.DataFrame:
    """Every escalatory event of some runs with its offspring.

    Returns
    -------
    DataFrame
        One row an event: run, row (of parameters), day, kind, militia (index, or -1), spiral_day (of its run, -1 for
        none), and a column a kind of offspring: escalatory events brought on less those prevented.
    """
    import pandas as pd

    rows = rows_of_runs(runs) if row_numbers is None else row_numbers
    parts = [slice(start, start + CHUNK) for start in range(0, len(runs), CHUNK)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        found = pool.map(lambda part: _follow_up(job, runs[part], rows[part]), parts)
        events = np.concatenate([*found, np.zeros((0, len(COLUMNS) + 2), np.int64)])
    frame = pd.DataFrame(events, columns=[*COLUMNS, "row", "spiral_day"])
    frame["kind"] = pd.Categorical.from_codes(frame["kind"], list(KINDS))
    return frame


def _follow_up(job: Job, runs: npt.NDArray[np.uint64], rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    most = ROOM * len(runs)
    while True:
        worlds, table, row, segment = prepare(job, runs, rows)
        world, timeline = np.asarray(worlds), np.asarray(segment.timeline)
        found = np.zeros((most, len(COLUMNS)), np.int64)
        scratch, day = np.zeros(3, world.dtype), np.zeros(1, timeline.dtype)
        count = trace_offspring(
            world, np.asarray(table), row, timeline, np.asarray(segment.setting), np.uint64(job.random_seed),
            scratch, day, found,
        )  # fmt: skip
        if count <= most:
            break
        most = int(count)
    found = found[:count]
    place = found[:, 0]
    spiral = OUTCOMES[job.scenario.headline].of(world["outcome"])[place]
    found = np.column_stack([found, rows[place], spiral])
    found[:, 0] = runs[place]
    return found
