"""Islands: particle filters that know nothing of one another, each from draws of the prior of its own."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.chance import ENVIRONMENT, PURPOSES
from sim.engines.conditioning import Conditioning, condition
from sim.engines.filter import Filtered, address_uniform, run_filter, systematic
from sim.engines.job import Segment, make_job
from sim.engines.posterior import RUN
from sim.engines.space import Space, space_of, standard_normals, table_of
from sim.observation import Record, until
from sim.observation.model import COLUMNS
from sim.scenario import Scenario

FIRST_RUN = 2**48
"""Run numbers from here on are used up by fitting; no run that is counted has them."""

RESERVED = 2**24
"""Run numbers that are set aside for each island."""

PARTICLES, KEPT = 20_000, 200
"""Particles of an island, and how many of them are kept in the end."""

THIN = PURPOSES["resampling"]


@dataclass(frozen=True)
class Problem:
    """What is fitted to what.

    Attributes
    ----------
    scenario : Scenario, without a past
    record : whole; what is reported after `as_of` is left out
    as_of : the last day whose reports count
    only : the parameters that are free, for a reduced problem; None for all uncertain ones
    """

    scenario: Scenario
    record: Record
    as_of: datetime.date
    only: tuple[str, ...] | None = None

    @property
    def segment(self) -> Segment:
        """The scenario made ready for the engine."""
        return make_job(self.scenario, "prior").segments[-1]

    @property
    def space(self) -> Space:
        """The space of what is fitted."""
        return space_of(self.segment, self.only)

    @property
    def conditioning(self) -> Conditioning:
        """The days that are led along the record."""
        return condition(self.segment, self.scenario.start, until(self.record, self.as_of), self.as_of)


@dataclass(frozen=True)
class Island:
    """One particle filter as a task: its number, and the size of it."""

    number: int
    problem: Problem
    particles: int = PARTICLES
    kept: int = KEPT

    @property
    def runs(self) -> int:
        """Runs that it simulates."""
        return self.particles


def islands_of(problem: Problem, count: int, particles: int = PARTICLES) -> list[Island]:
    """Give the tasks of a fit."""
    return [Island(number, problem, particles, min(KEPT, particles)) for number in range(count)]


def filtered(island: Island) -> tuple[Filtered, dict[str, npt.NDArray[np.float64]]]:
    """Run the filter of an island; gives it with the values of its rows of parameters by name."""
    problem, n = island.problem, island.particles
    space, segment = problem.space, problem.segment
    first = FIRST_RUN + island.number * RESERVED
    numbers = np.arange(first, first + n, dtype=np.uint64)
    columns = space.columns(standard_normals(numbers, space.names, problem.scenario.random_seed))
    table, lags = table_of(columns, n)
    found = run_filter(
        problem.conditioning, segment.setting, problem.scenario.random_seed, first, table, lags
    )
    return found, {name: columns[name] for name in space.names}


def carry_out_island(island: Island) -> npt.NDArray[np.void]:
    """Run an island, and keep some of its particles, each standing for an equal share of its evidence.

    Returns
    -------
    record array, shape (kept,)
        `island`; `log_evidence` and `concentration` (sum of squared shares of its rows of parameters) of the island;
        `row`; the value of every parameter by its name; `run_<stage>`; and what had happened after each day that a
        report needs, `<column>_<day>`.
    """
    found, columns = filtered(island)
    particles = found.particles
    seed = np.uint64(island.problem.scenario.random_seed)
    u = address_uniform(seed, np.uint64(FIRST_RUN + (island.number + 1) * RESERVED - 1), ENVIRONMENT, THIN)
    taken = systematic(particles.weights, island.kept, u)
    rows, days = particles.rows[taken], len(island.problem.conditioning.kept)
    fields: dict[str, npt.NDArray[np.generic]] = {
        "island": np.full(island.kept, island.number),
        "log_evidence": np.full(island.kept, found.log_evidence),
        "concentration": np.full(island.kept, float((particles.shares**2).sum())),
        "row": rows,
        **{name: values[rows] for name, values in columns.items()},
        **{f"{RUN}{stage}": particles.lineage[taken, stage] for stage in range(len(found.stages))},
        **{
            f"{column}_{day}": particles.values[taken, day, place]
            for day in range(days)
            for place, column in enumerate(COLUMNS)
        },
    }
    out = np.zeros(island.kept, [(name, values.dtype) for name, values in fields.items()])
    for name, values in fields.items():
        out[name] = values
    return out


def names_of(problem: Problem) -> Sequence[str]:
    """Names of what is fitted."""
    return problem.space.names
