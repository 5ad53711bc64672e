"""Which parameters cannot act before a date: with another value of one alone, no world differs in any bit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.inference.filter import run_filter
from sim.inference.problem import Problem
from sim.inference.space import standard_normals, table_of

Floats = npt.NDArray[np.float64]

WORLDS = 1_000
FIRST_RUN = 2**47 + 2**46
"""Run numbers of the worlds that are looked at; no run that is counted has them."""


def cannot_act(problem: Problem, worlds: int = WORLDS) -> tuple[str, ...]:
    """Names of the parameters that touch neither what is on record nor how probable it is, up to the as-of date.

    Each is drawn anew, alone, in so many worlds that are led along the record, with the same luck.
    """
    space, seed = problem.space, problem.scenario.random_seed
    conditioning, setting = problem.conditioning, problem.segment.setting
    numbers = np.arange(FIRST_RUN, FIRST_RUN + 2 * worlds, dtype=np.uint64)
    z = standard_normals(numbers, space.names, seed)

    def lived(z: Floats) -> tuple[Floats, Floats]:
        table, lags = table_of(space.columns(z), len(z))
        found = run_filter(conditioning, setting, seed, FIRST_RUN, table, lags, (0,)).particles
        return found.log_weights, found.values

    first, other = z[:worlds], z[worlds:]
    usual, found = lived(first), []
    for place, name in enumerate(space.names):
        changed = first.copy()
        changed[:, place] = other[:, place]
        if all(np.array_equal(a, b) for a, b in zip(usual, lived(changed), strict=True)):
            found.append(name)
    return tuple(found)
