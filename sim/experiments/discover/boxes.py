"""Boxes of conditions: searched on some rows, freed of limits that are no more than chance, one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.experiments.discover.prim import Floats, peeled

Bools = npt.NDArray[np.bool_]

MOST_BOXES = 3
CHANCE = 0.05
"""A limit stays if luck would give one like it, among all that could be tried, no more often than this."""
LEAST_SLAB = 10
"""Rows that a limit must take off, for it to be told from chance."""
ONE_SIDED = 1.645
"""Standard errors by which a further box must lie above the risk of everything, for it to be looked at."""
MOST_LIMITS = 5
"""Of a box: with more, nobody could read it."""


@dataclass(frozen=True)
class Found:
    """A box, and how it was come to.

    Attributes
    ----------
    limits : shape (factors, 2), lower and upper ends as quantiles, 0 and 1 where there is no limit; with none at all
        it is no box, and `path` says what was tried
    path : the boxes that PRIM went through, in order, over the factors that were left to it
    """

    limits: Floats
    path: tuple[Floats, ...]

    @property
    def restricted(self) -> list[tuple[int, int]]:
        """Factor and side (0 lower, 1 upper) of every limit."""
        return limits_in(self.limits)


def limits_in(limits: Floats) -> list[tuple[int, int]]:
    """Factor and side (0 lower, 1 upper) of every limit of a box."""
    return [(int(k), int(side)) for k, side in np.argwhere(limits != [0.0, 1.0])]


def inside(quantiles: Floats, limits: Floats) -> Bools:
    """Which rows lie in a box, shape (rows,)."""
    return np.asarray(((quantiles >= limits[:, 0]) & (quantiles <= limits[:, 1])).all(axis=1))


def slab(quantiles: Floats, limits: Floats, limit: tuple[int, int]) -> Bools:
    """Which rows one limit alone keeps out of a box, shape (rows,)."""
    opened = limits.copy()
    opened[limit] = limit[1]
    return inside(quantiles, opened) & ~inside(quantiles, limits)


def search(quantiles: Floats, risk: Floats, most: int = MOST_BOXES) -> list[Found]:
    """Search boxes in which the risk is high, each among the rows that those before it left.

    Parameters
    ----------
    quantiles : ndarray, shape (rows, factors)
    risk : ndarray, shape (rows,)
        Share of each row's runs that spiralled.
    most : int
        Boxes to search for.

    Returns
    -------
    list of Found
        The first has no limits when none is more than chance; empty when nothing spiralled.
    """
    boxes: list[Found] = []
    left, base = np.ones(len(risk), np.bool_), float(risk.mean())
    while len(boxes) < most and left.sum() > 2 * LEAST_SLAB and risk[left].max() > base:
        found = _one(quantiles[left], risk[left], base)
        if not found.restricted:
            return boxes or [found]
        if boxes and not _gathers(risk[left][inside(quantiles[left], found.limits)], base):
            break
        boxes.append(found)
        left &= ~inside(quantiles, found.limits)
    return boxes


def _one(quantiles: Floats, risk: Floats, base: float) -> Found:
    """Search a box over all factors, then again over those alone whose limits were more than chance."""
    factors, trials = [*range(quantiles.shape[1])], 2 * quantiles.shape[1]
    for _ in range(2):
        path = [
            _spread(box, factors, quantiles.shape[1]) for box in peeled(quantiles[:, factors], risk, base)
        ]
        chosen = max(path, key=lambda box: excess(quantiles, risk, box, base))
        limits = without_chance(quantiles, risk, chosen, trials)
        factors = sorted({k for k, _ in limits_in(limits)})
        if not factors:
            break
    return Found(limits, tuple(path))


def _gathers(risk: Floats, base: float) -> bool:
    """Whether rows lie above the risk of everything by more than luck does in one case of twenty."""
    error = float(risk.std(ddof=1)) / len(risk) ** 0.5
    return float(risk.mean()) - base > ONE_SIDED * error


def excess(quantiles: Floats, risk: Floats, limits: Floats, base: float) -> float:
    """How much more of the spirals a box holds than as many rows of risk `base` would; the best box has most."""
    return float((risk[inside(quantiles, limits)] - base).sum())


def without_chance(quantiles: Floats, risk: Floats, limits: Floats, trials: int) -> Floats:
    """Take limits off a box, the weakest first, until few are left, each better than the best that chance gives."""
    from scipy import special

    needed, limits = -float(special.ndtri(CHANCE / trials)), limits.copy()
    while standing := limits_in(limits):
        strengths = [_strength(quantiles, risk, limits, limit) for limit in standing]
        weakest = int(np.argmin(strengths))
        if strengths[weakest] >= needed and len(standing) <= MOST_LIMITS:
            break
        limits[standing[weakest]] = standing[weakest][1]
    return limits


def _strength(quantiles: Floats, risk: Floats, limits: Floats, limit: tuple[int, int]) -> float:
    """How many standard errors the rows of a box lie above those that one limit keeps out."""
    kept, out = risk[inside(quantiles, limits)], risk[slab(quantiles, limits, limit)]
    if min(len(kept), len(out)) < LEAST_SLAB:
        return -np.inf
    error = np.sqrt(kept.var(ddof=1) / len(kept) + out.var(ddof=1) / len(out))
    return float((kept.mean() - out.mean()) / error) if error > 0 else np.inf


def _spread(limits: Floats, factors: list[int], count: int) -> Floats:
    """A box over some factors as one over all."""
    whole = np.tile([0.0, 1.0], (count, 1))
    whole[factors] = limits
    return whole
