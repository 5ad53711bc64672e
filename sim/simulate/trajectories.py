"""Full daily trajectories of a few runs, to be read and plotted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.core import advance
from sim.simulate.job import NOTHING, Job, prepare
from sim.simulate.segment import Segment

if TYPE_CHECKING:
    import pandas as pd

STATES = {
    "us": ("pressure", "commitment", "credibility", "posture", "troops", "level"),
    "iraq": ("bargain", "capital", "strain", "talks"),
    "iran": ("stance", "grievance", "war_fear"),
    "today": ("attacks", "wounded", "killed", "avowed"),
    "ladder": ("rung",),
}


def trajectories(job: Job, runs: npt.NDArray[np.uint64]) -> pd.DataFrame:
    """Simulate runs again, day by day.

    Returns
    -------
    DataFrame
        One row a run and day: run, date, each actor's state (`us_pressure`, ...), the militias' anger and
        fear averaged by share, the day's attacks, wounded and killed, and the rung.
    """
    import pandas as pd

    worlds, table, rows, last = prepare(job, runs)
    days = []
    for day in range(job.days):
        seed = np.uint64(job.random_seed)
        advance.advance(worlds, table, rows, last.timeline, last.setting, seed, day, day + 1, *NOTHING)
        days.append(_state(worlds, last))
    columns = {name: np.stack([day[name] for day in days], axis=1).ravel() for name in days[0]}
    dates = pd.date_range(pd.Timestamp(job.scenario.start), periods=job.days, freq="D")
    frame = pd.DataFrame(columns)
    frame.insert(1, "date", np.tile(dates, len(runs)))
    return frame


def _state(worlds: np.ndarray, segment: Segment) -> dict[str, npt.NDArray[np.generic]]:
    plain = np.asarray(worlds)
    columns: dict[str, npt.NDArray[np.generic]] = {"run": plain["run"].astype(np.int64)}
    for group, names in STATES.items():
        for name in names:
            label = name if group in ("today", "ladder") else f"{group}_{name}"
            columns[label] = plain[group][name].copy()
    shares = np.asarray(segment.setting)[0]["militias"]["share"]
    for name in ("anger", "fear"):
        columns[f"militias_{name}"] = plain["militias"][name] @ shares
    return columns
