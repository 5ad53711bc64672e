"""Rejuvenation: particles that descend from one another are moved apart, without changing what they stand for.

A move proposes other parameters or another random stream, lives a particle's whole past again, and takes them with the
probability of the ratio of likelihoods; it leaves what the cloud stands for as it is (Gilks and Berzuini 2001).
Parameters are proposed by z' = sqrt(1 - b^2) z + b x with x standard normal, which leaves the prior as it is (Neal
1999), for some coordinates at a time, with a width b of each coordinate's own. A random stream is proposed anew for one
stage: run numbers have no neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.inference.cloud import Cloud, Course, lived

AIM = 0.25
"""Share of proposals of parameters that is aimed at."""

LEAST_WIDTH, WIDEST = 0.02, 1.0
FIRST_WIDTH, FIRST_BLOCK = 0.6, 0.25

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Wide:
    """How wide moves of parameters are.

    Attributes
    ----------
    widths : shape (coordinates,), step width b of each
    block : share of the coordinates that are moved at a time
    """

    widths: Floats
    block: float


def first_width(coordinates: int) -> Wide:
    """Steps before anything is known of how they are taken."""
    return Wide(np.full(coordinates, FIRST_WIDTH), FIRST_BLOCK)


@dataclass(frozen=True)
class Taken:
    """How a move was taken.

    Attributes
    ----------
    parameters : share of the proposals of parameters
    by_coordinate : shape (coordinates,), share of the proposals that moved it
    """

    parameters: float
    by_coordinate: Floats


def move(course: Course, cloud: Cloud, stage: int, power: float, wide: Wide, first_run: int) -> Taken:
    """Move a cloud, in place: twice some parameters of every particle, once the random stream of one of its stages.

    Parameters
    ----------
    course : Course
    cloud : Cloud
        Of equal weight, at the end of a stage.
    stage : int
    power : float
        To which the likelihood of that stage counts, 0 to 1; that of the stages before counts in full.
    wide : Wide
    first_run : int
        First of the run numbers that are used up, as many as there are particles.
    """
    generator = np.random.Generator(np.random.Philox([course.random_seed, first_run]))
    n, d = cloud.z.shape
    tried, taken = np.zeros(d), np.zeros(d)
    for _ in range(2):
        chosen = _chosen(generator, n, d, wide.block)
        step = np.sqrt(1.0 - wide.widths**2) * cloud.z + wide.widths * generator.standard_normal((n, d))
        accept = _take(course, cloud, np.where(chosen, step, cloud.z), cloud.lineage, stage, power, generator)
        tried, taken = tried + chosen.sum(0), taken + chosen[accept].sum(0)
    lineage = cloud.lineage.copy()
    at = generator.integers(stage + 1, size=n)
    lineage[np.arange(n), at] = np.arange(n, dtype=np.uint64) + np.uint64(first_run)
    _take(course, cloud, cloud.z, lineage, stage, power, generator)
    return Taken(float(taken.sum() / tried.sum()), taken / np.maximum(tried, 1))


def adapted(wide: Wide, taken: Taken, gain: float = 1.0) -> Wide:
    """Steps made longer where more than `AIM` of the proposals were taken, and shorter where fewer.

    The width of a coordinate follows how it does beside the others, the block how all do together.
    """
    apart = taken.by_coordinate - taken.parameters
    widths = np.clip(wide.widths * np.exp(4.0 * gain * apart), LEAST_WIDTH, WIDEST)
    share = gain * (taken.parameters - AIM)
    block = float(np.clip(wide.block * np.exp(2 * share), 0.5 / len(widths), 1.0))
    return replace(wide, widths=widths, block=block)


def _chosen(generator: np.random.Generator, n: int, d: int, block: float) -> Flags:
    """Which coordinates are moved: at least one of each particle."""
    chosen = generator.random((n, d)) < block
    chosen[np.arange(n), generator.integers(d, size=n)] = True
    return np.asarray(chosen)


def _take(
    course: Course,
    cloud: Cloud,
    z: Floats,
    lineage: npt.NDArray[np.uint64],
    stage: int,
    power: float,
    generator: np.random.Generator,
) -> Flags:
    least = np.log(generator.random(len(cloud))) + cloud.before + power * cloud.now
    left, other = lived(course, z, lineage, stage, least)
    taken = other.before + power * other.now > least[left]
    cloud.put(left[taken], other.taken(np.flatnonzero(taken)))
    accept = np.zeros(len(cloud), np.bool_)
    accept[left[taken]] = True
    return accept
