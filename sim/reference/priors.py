"""What the class says of how far Washington goes: priors of two steps, by a power prior on a stated weak one.

An answer reaches level 3 with probability logistic(a3 + b3 x), and from there level 4 with logistic(a4 + b4 x), x =
log2(1 + killed). The weak prior holds a3 and a4 normal, b3 and b4 lognormal: more killed never bring a lesser answer.
The class's likelihood enters to the power of its weight (Ibrahim and Chen, 2000, "Power prior distributions for
regression models", Statistical Science 15). What comes out are priors of the model, so that it is reckoned by own
arithmetic, and is the same to the last bit anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.core.elementwise import exps, logs, pair_moments
from sim.reference.episodes import Episode

HERMITE = (
    (0.3173700966294523, 0.2408701155466403),
    (0.953421922932109, 0.16145951286700008),
    (1.59348042981642, 0.07206936401717833),
    (2.2404678516917524, 0.021126344408967546),
    (2.8977286432233136, 0.003976608929181309),
    (3.56930676407356, 0.0004647187187793957),
    (4.260383605019905, 3.2095005652745914e-05),
    (4.978041374639121, 1.2176597454425813e-06),
    (5.732747175251201, 2.2674616734806418e-08),
    (6.541675005098634, 1.7186649279648582e-10),
    (7.437890666021663, 3.714974152762399e-13),
    (8.507803519195257, 9.390193689041956e-17),
)
"""Nodes above 0 of Gauss-Hermite quadrature of a standard normal number, 24 in all, and the weight of each."""

LEAST = 1e-260
"""Likelihoods are cut off here, far out where the weak prior has no mass."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """Independent marginals of a step, in logits: base N(mean, sd), slope LN(median, log_sd) by log2(1 + killed)."""

    mean: float
    sd: float
    median: float
    log_sd: float


BASE = (Step(-4.4, 0.8, 2.8, 0.35), Step(-1.2, 1.2, 0.2, 0.8))
"""The weak prior of the step to level 3, and of that from 3 to 4; what it induces is in the explanation."""


@dataclass(frozen=True)
class Informed:
    """What is held of both steps, given a class at a weight.

    Attributes
    ----------
    steps : marginals of the step to level 3 and of that to level 4, by the moments of a3, ln b3, a4, ln b4
    mean : ndarray, shape (4,)
        Of (a3, ln b3, a4, ln b4).
    covariance : ndarray, shape (4, 4)
    nodes : ndarray, shape (2, 2, n)
        Values of base and slope of each step at the nodes of the quadrature.
    masses : ndarray, shape (n, n)
        Probability of each pair of nodes, first step by second; sums to 1.
    """

    steps: tuple[Step, Step]
    mean: Floats
    covariance: Floats
    nodes: Floats
    masses: Floats

    def mean_of_level_4(self, killed: int) -> float:
        """Mean probability of level 4 by the whole joint distribution, given an answer to `killed` dead."""
        third, fourth = (_logistic(step, killed) for step in self.nodes)
        return float(third @ self.masses @ fourth)


def informed_prior(
    episodes: Iterable[Episode],
    weight: float,
    base: tuple[Step, Step] = BASE,
    unanswered: bool = True,
) -> Informed:
    """Weigh a class's lethal episodes on top of a weak prior, by quadrature over all four numbers.

    Parameters
    ----------
    episodes : iterable of Episode
        Lethal episodes of a class; see `sim.reference.classes.lethal`.
    weight : float
        From 0 (none) to 1 (each episode as if it had been today's).
    base : pair of Step
        The weak prior of the step to level 3 and of the step to level 4.
    unanswered : bool
        Whether an episode without a strike counts as one that did not reach level 4, which says nothing else.

    Raises
    ------
    ValueError
        For a weight outside of [0, 1].
    """
    if not 0.0 <= weight <= 1.0:
        raise ValueError(f"weight = {weight}: must be from 0 to 1")
    points, mass = _hermite()
    nodes = np.stack([_nodes(step, points) for step in base])
    log_likelihood = np.zeros((mass.size, mass.size))
    for episode in episodes:
        if episode.answer > 0 or unanswered:
            log_likelihood += _log_likelihood(episode, nodes)
    masses = exps(weight * (log_likelihood - log_likelihood.max())) * np.outer(mass, mass)
    third, fourth = (np.stack([step[0], logs(step[1])]) for step in nodes)
    mean, covariance = pair_moments(third, fourth, masses)
    sd, median = np.sqrt(np.diag(covariance)), exps(mean)
    steps = tuple(Step(float(mean[i]), float(sd[i]), float(median[i + 1]), float(sd[i + 1])) for i in (0, 2))
    return Informed((steps[0], steps[1]), mean, covariance, nodes, masses)


def level_4_by_killed(
    steps: tuple[Step, Step], killed: Iterable[int], mass: float = 0.9
) -> tuple[Floats, Floats, Floats]:
    """P(level 4 | answered, so many killed) under independent marginals: mean, and ends of the central `mass`.

    Returns
    -------
    mean, low, high : ndarrays, shape (number of `killed`,)
    """
    points, weights = _hermite()
    nodes = [_nodes(step, points) for step in steps]
    rows = []
    for count in killed:
        third, fourth = (_logistic(step, count) for step in nodes)
        values, masses = np.outer(third, fourth).ravel(), np.outer(weights, weights).ravel()
        order = np.argsort(values)
        below = np.cumsum(masses[order]) - masses[order] / 2
        ends = np.interp([0.5 - mass / 2, 0.5 + mass / 2], below, values[order])
        rows.append((float(values @ masses), *ends))
    mean, low, high = np.asarray(rows, dtype=np.float64).T
    return mean, low, high


def _hermite() -> tuple[Floats, Floats]:
    """Nodes and weights of a pair of independent standard normals: shapes (2, n) and (n,)."""
    half = np.array(HERMITE)
    points, weights = (
        np.concatenate([-half[::-1, 0], half[:, 0]]),
        np.concatenate([half[::-1, 1], half[:, 1]]),
    )
    return np.stack([g.ravel() for g in np.meshgrid(points, points)]), np.outer(weights, weights).ravel()


def _nodes(step: Step, points: Floats) -> Floats:
    return np.stack([step.mean + step.sd * points[0], step.median * exps(step.log_sd * points[1])])


def _logistic(step: Floats, killed: int) -> Floats:
    base, slope = step
    doublings = float(logs(np.array([1.0 + killed]))[0] / logs(np.array([2.0]))[0])
    return np.asarray(1.0 / (1.0 + exps(-(base + slope * doublings))))


def _log_likelihood(episode: Episode, nodes: Floats) -> Floats:
    """Log probability of an episode's answer at each pair of nodes, shape (n, n)."""
    third, fourth = (_logistic(step, episode.killed) for step in nodes)
    if episode.answer == 0:
        chance = 1.0 - np.outer(third, fourth)
    elif episode.answer < 3:
        chance = np.outer(1.0 - third, np.ones_like(fourth))
    else:
        chance = np.outer(third, fourth if episode.answer == 4 else 1.0 - fourth)
    return logs(np.maximum(chance, LEAST))
