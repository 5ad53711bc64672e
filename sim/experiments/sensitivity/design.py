"""Which points of the unit cube are tried: Saltelli's samples for Sobol's indices, trajectories for Morris's effects.

SALib draws the points, from a seed of their own. A design can be cut into slices, small enough to be sent anywhere,
which give their points in SALib's order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LEVELS = 4
"""Levels that Morris's method moves a factor between."""

INNER = (0.05, 0.95)
"""Shares of the prior at the first and at the last level: the ends of its central 90%, as a prior has no ends."""


@dataclass(frozen=True)
class Crossed:
    """Base samples of Saltelli's scheme: two independent points each, and points crossed from the two.

    Attributes
    ----------
    first, second : ndarray, shape (samples, factors)
    member : ndarray of int, shape (factors,)
        The group of each factor, from 0 on.
    pairs : whether the second point is crossed with the first as well
    """

    first: Array
    second: Array
    member: npt.NDArray[np.int64]
    pairs: bool

    def cube(self) -> Array:
        """Points in SALib's order: of each sample the first, crossed ones, the second; shape (points, factors)."""
        mine = np.arange(self.member.max() + 1)[:, None] == self.member
        a, b = self.first[:, None, :], self.second[:, None, :]
        crossed = [a, np.where(mine, b, a), *([np.where(mine, a, b)] if self.pairs else []), b]
        return np.concatenate(crossed, axis=1).reshape(-1, self.first.shape[1])

    def reference(self) -> npt.NDArray[np.int64]:
        """For each point the one that it is held against: its sample's first."""
        each = (2 if self.pairs else 1) * (int(self.member.max()) + 1) + 2
        return np.repeat(np.arange(len(self.first)) * each, each)


@dataclass(frozen=True)
class Sobol:
    """Saltelli's design for Sobol's indices of factors or of groups of them.

    Attributes
    ----------
    groups : the group of each factor; its own name where it stands for itself
    samples : base samples, a power of two
    seed : greater than 0
    pairs : whether second-order indices are asked for
    """

    groups: tuple[str, ...]
    samples: int
    seed: int
    pairs: bool = False

    @property
    def members(self) -> tuple[str, ...]:
        """Groups, in the order in which they come."""
        return tuple(dict.fromkeys(self.groups))

    @property
    def each(self) -> int:
        """Points of a base sample."""
        return (2 if self.pairs else 1) * len(self.members) + 2

    @property
    def points(self) -> int:
        """Points in all."""
        return self.samples * self.each

    def problem(self) -> dict[str, Any]:
        """What SALib wants to know."""
        return problem_of(self.groups)

    def slice(self, start: int, stop: int) -> Crossed:
        """Points of some base samples."""
        first, second = self._bases
        order = {name: number for number, name in enumerate(self.members)}
        member = np.array([order[name] for name in self.groups])
        return Crossed(first[start:stop], second[start:stop], member, self.pairs)

    @cached_property
    def _bases(self) -> tuple[Array, Array]:
        """Both independent points of every base sample, as SALib draws them; it crosses two groups soonest."""
        from SALib.sample import sobol

        halves = problem_of(["first", *["others"] * (len(self.groups) - 1)])
        drawn = sobol.sample(halves, self.samples, calc_second_order=False, seed=self.seed)
        each = len(drawn) // self.samples
        return drawn[0::each], drawn[each - 1 :: each]


@dataclass(frozen=True)
class Steps:
    """Trajectories of Morris's method: from point to point one factor moves.

    Attributes
    ----------
    levels : ndarray of uint8, shape (trajectories, factors + 1, factors)
    turns : ndarray, shape (trajectories,)
        What is added to the last factor, around the circle: four levels of luck would be too few.
    """

    levels: npt.NDArray[np.uint8]
    turns: Array

    def cube(self) -> Array:
        """Points in SALib's order, shape (points, factors)."""
        low, high = INNER
        points = low + (high - low) * self.levels / (LEVELS - 1)
        points[:, :, -1] = (points[:, :, -1] + self.turns[:, None]) % 1.0
        return np.asarray(points.reshape(-1, self.levels.shape[2]))

    def reference(self) -> npt.NDArray[np.int64]:
        """For each point the one that it is held against: the one before it in its trajectory."""
        count = self.levels.shape[0] * self.levels.shape[1]
        numbers = np.arange(count)
        return np.where(numbers % self.levels.shape[1] == 0, numbers, numbers - 1)


@dataclass(frozen=True)
class Morris:
    """Morris's design for elementary effects.

    Attributes
    ----------
    groups : names of the factors, the last of which is turned from trajectory to trajectory if `turned`
    samples : trajectories
    seed : of SALib's generator
    turned : whether the last factor has no levels of its own, as luck
    """

    groups: tuple[str, ...]
    samples: int
    seed: int
    turned: bool = True

    @property
    def each(self) -> int:
        """Points of a trajectory."""
        return len(self.groups) + 1

    @property
    def points(self) -> int:
        """Points in all."""
        return self.samples * self.each

    def problem(self) -> dict[str, Any]:
        """What SALib wants to know."""
        return problem_of(self.groups)

    def slice(self, start: int, stop: int) -> Steps:
        """Points of some trajectories."""
        turns = np.arange(self.samples) / self.samples * self.turned
        return Steps(self._levels[start:stop], turns[start:stop])

    @cached_property
    def grid(self) -> Array:
        """Points as SALib draws them, on levels from 0 to 1; shape (points, factors)."""
        from SALib.sample import morris

        return np.asarray(morris.sample(self.problem(), self.samples, num_levels=LEVELS, seed=self.seed))

    @property
    def _levels(self) -> npt.NDArray[np.uint8]:
        levels = np.rint(self.grid * (LEVELS - 1)).astype(np.uint8)
        return levels.reshape(self.samples, self.each, len(self.groups))


def problem_of(groups: Sequence[str]) -> dict[str, Any]:
    """SALib's description of factors in the unit cube, and of their groups."""
    count = len(groups)
    return {
        "num_vars": count,
        "names": [f"x{number}" for number in range(count)],
        "bounds": [[0.0, 1.0]] * count,
        "groups": list(groups),
    }
