"""Islands: filters that know nothing of one another, each from draws of the prior of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.core.chance import ENVIRONMENT, PURPOSES
from sim.core.draws import address_uniform
from sim.inference.bridge import PLANNERS, Bridged, Numbers, run_bridged
from sim.inference.cloud import Cloud, Course
from sim.inference.filter import systematic
from sim.inference.observation.model import COLUMNS
from sim.inference.problem import Problem
from sim.inference.rejuvenation import move
from sim.inference.space import standard_normals
from sim.simulate.posterior import RUN

FIRST_RUN = 2**48
"""Run numbers from here on are used up by fitting; no run that is counted has them."""

RESERVED = 2**36
"""Run numbers that are set aside for each island."""

PARTICLES, KEPT = 1_000, 200
"""Particles of an island, and how many of them are kept in the end."""

LEAST_PLANNERS = 50
DAYS_OF_STAGE = 3_500
"""Days that a particle lives for a stage, about: lucks that it tries, and moves."""

THIN = PURPOSES["resampling"]


@dataclass(frozen=True)
class Island:
    """One filter as a task: its number, its size, and how often what it keeps is moved in the end."""

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
        """Days that its runs live in all, about."""
        led = self.particles * len(self.problem.stages) * DAYS_OF_STAGE
        return led + 3 * self.kept * self.moves * self.problem.days


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
        `island`; `log_evidence` of the island; `row` (the draw from the prior that it descends from); `moves_taken`
        (share of moves of parameters in the end); `effective_<stage>` (effective number of particles, before
        resampling); the value of every parameter by its name; `run_<stage>`; and what had happened after each day that
        a report needs, `<column>_<day>`.
    """
    problem, n = island.problem, island.particles
    conditioning, space, seed = problem.conditioning, problem.space, problem.scenario.random_seed
    course = Course(conditioning, problem.segment.setting, seed, problem.stages, space)
    numbers = Numbers(FIRST_RUN + island.number * RESERVED)
    first = numbers.next
    planners = max(n // PLANNERS, min(n, LEAST_PLANNERS))
    plan = run_bridged(course, standard_normals(numbers.take(planners), space.names, seed), numbers).plan
    found = run_bridged(course, standard_normals(numbers.take(n), space.names, seed), numbers, plan)
    u = address_uniform(np.uint64(seed), np.uint64(first), ENVIRONMENT, THIN)
    kept = found.cloud.taken(systematic(np.full(n, 1.0 / n), island.kept, u))
    last, steps = len(course.stages) - 1, plan[-1].steps[-1].wide
    shares = [
        move(course, kept, last, 1.0, steps, int(numbers.take(island.kept)[0])).parameters
        for _ in range(island.moves)
    ]
    return _kept(island, found, kept, space.columns(kept.z), float(np.mean(shares)) if shares else 0.0)


def _kept(
    island: Island, found: Bridged, kept: Cloud, columns: Mapping[str, npt.NDArray[np.float64]], share: float
) -> npt.NDArray[np.void]:
    fields: dict[str, npt.NDArray[np.generic]] = {
        "island": np.full(island.kept, island.number),
        "log_evidence": np.full(island.kept, found.log_evidence),
        "row": kept.roots,
        "moves_taken": np.full(island.kept, share),
        **{f"effective_{stage}": np.full(island.kept, left) for stage, left in enumerate(found.effective)},
        **{name: columns[name] for name in island.problem.space.names},
        **{f"{RUN}{stage}": runs for stage, runs in enumerate(kept.lineage.T)},
        **{
            f"{column}_{day}": kept.values[:, day, place]
            for day in range(kept.values.shape[1])
            for place, column in enumerate(COLUMNS)
        },
    }
    out = np.zeros(island.kept, [(name, values.dtype) for name, values in fields.items()])
    for name, values in fields.items():
        out[name] = values
    return out
