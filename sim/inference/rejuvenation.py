"""Rejuvenation: particles that share their parameters are moved apart, without changing what they stand for.

A move proposes other coordinates, z' = sqrt(1 - b^2) z + b x with x standard normal, which leaves the prior as it is
(Neal 1999), lives the particle's whole past again with the same luck, and takes them with the probability of the ratio
of likelihoods. The luck is part of what is sampled and stays as it is: near parameters live through near pasts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.inference.conditioning import Conditioning
from sim.inference.filter import Particles, replayed
from sim.inference.space import Space, standard_normals, table_of

WIDTHS = (0.5, 0.2, 0.08)
"""Step widths b, taken in turn."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Past:
    """What particles have lived through: the record they were led along, and the luck of each.

    Attributes
    ----------
    conditioning, setting, random_seed, stages : as of `sim.inference.filter.run_filter`
    space : the space of their parameters
    lineage : shape (n, len(stages)), run number of each stage
    """

    conditioning: Conditioning
    setting: np.ndarray
    random_seed: int
    stages: tuple[int, ...]
    space: Space
    lineage: npt.NDArray[np.uint64]

    def lived(self, z: Floats) -> Particles:
        """The same past under parameters of these coordinates, weighed by all that is on record."""
        table, lags = table_of(self.space.columns(z), len(z))
        return replayed(
            self.conditioning, self.setting, self.random_seed, table, lags, self.lineage, self.stages
        )


def moved(
    past: Past,
    z: Floats,
    first_run: int,
    moves: int,
) -> tuple[Floats, Floats, float]:
    """Move particles of equal weight.

    Parameters
    ----------
    past : Past
        What they have lived through.
    z : ndarray, shape (n, coordinates)
    first_run : int
        First of the numbers that are used up: n times (moves + 1).
    moves : int

    Returns
    -------
    tuple
        Coordinates, shape (n, coordinates); what happened in the worlds, shape (n, days kept, columns); and the share
        of proposals taken.
    """
    n, seed, names = len(z), past.random_seed, past.space.names
    generator = np.random.Generator(np.random.Philox([seed, first_run]))
    now = past.lived(z)
    values, likelihood, taken = now.values.copy(), now.log_weights.copy(), 0
    for move in range(moves):
        width = WIDTHS[move % len(WIDTHS)]
        numbers = np.arange(n, dtype=np.uint64) + np.uint64(first_run + move * n)
        proposed = np.sqrt(1.0 - width**2) * z + width * standard_normals(numbers, names, seed)
        other = past.lived(proposed)
        accept = np.log(generator.random(n)) < other.log_weights - likelihood
        z = np.where(accept[:, None], proposed, z)
        values[accept], likelihood[accept] = other.values[accept], other.log_weights[accept]
        taken += int(accept.sum())
    return z, values, taken / max(n * moves, 1)
