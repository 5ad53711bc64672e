"""Islands: particle filters that know nothing of one another, each from draws of the prior of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.core.chance import ENVIRONMENT, PURPOSES
from sim.core.draws import address_uniform
from sim.inference.filter import Filtered, run_filter, systematic
from sim.inference.observation.model import COLUMNS
from sim.inference.problem import Problem
from sim.inference.rejuvenation import Past, moved
from sim.inference.space import standard_normals, table_of
from sim.simulate.posterior import RUN

FIRST_RUN = 2**48
"""Run numbers from here on are used up by fitting; no run that is counted has them."""

RESERVED = 2**24
"""Run numbers that are set aside for each island."""

PARTICLES, KEPT = 20_000, 200
"""Particles of an island, and how many of them are kept in the end."""

THIN = PURPOSES["resampling"]


@dataclass(frozen=True)
class Island:
    """One particle filter as a task: its number, its size, and how often what it keeps is moved."""

    number: int
    problem: Problem
    particles: int = PARTICLES
    kept: int = KEPT
    moves: int = 0

    @property
    def runs(self) -> int:
        """Runs that it simulates."""
        return self.particles

    @property
    def days(self) -> int:
        """Days that its runs live in all, those that are lived again by each move included."""
        again = self.kept * (self.moves + 1) if self.moves else 0
        return (self.particles + again) * self.problem.days


def islands_of(
    problem: Problem, count: int, particles: int = PARTICLES, moves: int = 0, first: int = 0
) -> list[Island]:
    """Give the tasks of a fit, numbered from `first` on."""
    kept = min(KEPT, particles)
    return [Island(number, problem, particles, kept, moves) for number in range(first, first + count)]


def carry_out_island(island: Island) -> npt.NDArray[np.void]:
    """Run an island, and keep some of its particles, each standing for an equal share of its evidence.

    Returns
    -------
    record array, shape (kept,)
        `island`; `log_evidence` and `concentration` (sum of squared shares of its rows of parameters) of the island;
        `row`; `moves_taken` (share of rejuvenating moves); `effective_<stage>`; the value of every parameter by its
        name; `run_<stage>`; and what had happened after each day that a report needs, `<column>_<day>`.
    """
    problem, n = island.problem, island.particles
    space, segment, conditioning = problem.space, problem.segment, problem.conditioning
    seed, first = problem.scenario.random_seed, FIRST_RUN + island.number * RESERVED
    z = standard_normals(np.arange(first, first + n, dtype=np.uint64), space.names, seed)
    table, lags = table_of(space.columns(z), n)
    found = run_filter(conditioning, segment.setting, seed, first, table, lags)
    u = address_uniform(np.uint64(seed), np.uint64(first + RESERVED - 1), ENVIRONMENT, THIN)
    taken = systematic(found.particles.weights, island.kept, u)
    rows, lineage = found.particles.rows[taken], found.particles.lineage[taken]
    chosen, values, share = z[rows], found.particles.values[taken], 0.0
    if island.moves:
        past = Past(conditioning, segment.setting, seed, found.stages, space, lineage)
        chosen, values, share = moved(past, chosen, first + RESERVED // 2, island.moves)
    return _kept(island, found, rows, space.columns(chosen), lineage, values, share)


def _kept(
    island: Island,
    found: Filtered,
    rows: npt.NDArray[np.int64],
    columns: Mapping[str, npt.NDArray[np.float64]],
    lineage: npt.NDArray[np.uint64],
    values: npt.NDArray[np.float64],
    share: float,
) -> npt.NDArray[np.void]:
    stages, names = range(len(found.stages)), island.problem.space.names
    fields: dict[str, npt.NDArray[np.generic]] = {
        "island": np.full(island.kept, island.number),
        "log_evidence": np.full(island.kept, found.log_evidence),
        "concentration": np.full(island.kept, float((found.particles.shares**2).sum())),
        "row": rows,
        "moves_taken": np.full(island.kept, share),
        **{f"effective_{stage}": np.full(island.kept, found.effective[stage]) for stage in stages},
        **{name: columns[name] for name in names},
        **{f"{RUN}{stage}": lineage[:, stage] for stage in stages},
        **{
            f"{column}_{day}": values[:, day, place]
            for day in range(values.shape[1])
            for place, column in enumerate(COLUMNS)
        },
    }
    out = np.zeros(island.kept, [(name, found_values.dtype) for name, found_values in fields.items()])
    for name, found_values in fields.items():
        out[name] = found_values
    return out
