"""How many escalatory acts the first one of a run brings about, less those that it prevents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.core.acts import DAY
from sim.core.chains import CASCADE, count_cascades
from sim.estimates.intervals import Estimate
from sim.experiments.why.ranking import Progress, share_of_spirals
from sim.experiments.why.resampling import mean_with_chance
from sim.outcomes import OUTCOMES
from sim.simulate.job import Job, prepare
from sim.simulate.parameter_draws import rows_of_runs
from sim.simulate.pools import on_threads

CHUNK = 25
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
COLUMNS = ("run", "row", "spiral_day", "first_day", "with", "without")


@dataclass(frozen=True)
class Cascades:
    """Later escalatory acts that the first escalatory act of a run brought about, less those that it prevented.

    Attributes
    ----------
    runs : runs that have an escalatory act
    mean, chance : mean over them, and its 95% interval by chance
    quantiles : at QUANTILES
    fewer, more : share of the runs in which the first act made escalatory acts fewer, and more; None without such a run
    """

    runs: int
    mean: float
    chance: tuple[float, float]
    quantiles: tuple[float, ...]
    fewer: Estimate | None
    more: Estimate | None


def cascade_table(job: Job, runs: int, threads: int, tell: Progress) -> pd.DataFrame:
    """Live runs 0 to `runs` - 1 with their first escalatory act and without it; one row a run, by COLUMNS.

    `run`, `row` of parameters, `spiral_day` and `first_day` (of the first escalatory act; -1: none), and later
    escalatory acts `with` that act and `without` it.
    """
    parts = [np.arange(first, min(first + CHUNK, runs), dtype=np.uint64) for first in range(0, runs, CHUNK)]
    rows: list[npt.NDArray[np.int64]] = []
    for number, part in enumerate(on_threads(partial(_cascades_of_part, job), parts, threads)):
        rows.append(part)
        tell("living runs without their first escalatory act", min((number + 1) * CHUNK, runs), runs)
    return pd.DataFrame(np.concatenate(rows), columns=list(COLUMNS))


def _cascades_of_part(job: Job, runs: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    worlds, table, rows, segment = prepare(job, runs)
    world, timeline = np.asarray(worlds), np.asarray(segment.timeline)
    found = np.zeros((len(runs), len(CASCADE)), np.int64)
    count_cascades(
        world, np.asarray(table), rows, timeline, np.asarray(segment.setting), np.uint64(job.random_seed),
        np.zeros(1, world.dtype), np.zeros(1, timeline.dtype), found,
    )  # fmt: skip
    spiral = OUTCOMES[job.scenario.headline].of(world["outcome"])
    return np.column_stack([runs.astype(np.int64), rows_of_runs(runs), spiral, found[:, DAY], found[:, 4:]])


def summaries(table: pd.DataFrame, runs: int, by_row: bool) -> dict[str, Cascades]:
    """Cascades of runs with an escalatory act, and of those that came to the spiral; one without a run is missing."""
    acted = table[table["first_day"] >= 0]
    groups = {"all": acted, "spiralled": acted[acted["spiral_day"] >= 0]}
    return {name: _summary(group, runs, by_row) for name, group in groups.items() if len(group)}


def _summary(group: pd.DataFrame, runs: int, by_row: bool) -> Cascades:
    size = (group["with"] - group["without"]).to_numpy()
    mean, chance = mean_with_chance(size.astype(np.float64), group["row" if by_row else "run"].to_numpy())
    numbers = group["run"].to_numpy()
    fewer, more = (share_of_spirals(numbers, numbers[m].tolist(), runs, by_row) for m in (size < 0, size > 0))
    quantiles = tuple(float(q) for q in np.quantile(size, QUANTILES))
    return Cascades(len(group), mean, chance, quantiles, fewer, more)
