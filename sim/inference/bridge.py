"""A filter with bridges: what a stage's reports ask for is brought in by degrees, and worlds are moved in between.

At each stage every world tries several lucks. The likelihood of what is on record of the stage is then brought in by
powers that grow from 0 to 1 (Neal 2001), each so small that enough worlds stay in play; after each the cloud is
resampled and moved (Del Moral, Doucet and Jasra 2006).

How many lucks, which powers, how wide and how many moves is planned by a smaller cloud of its own, and then kept: so
the estimate of the evidence is unbiased, which it would not be if the cloud planned for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.inference.cloud import Cloud, Course, cloud_of, live_on
from sim.inference.filter import systematic
from sim.inference.observation.model import IMPOSSIBLE
from sim.inference.rejuvenation import Wide, adapted, first_width, move

SHARE = 0.4
"""Share of a cloud that is to stay in play at each power."""

ENOUGH, TRY_DAYS = 0.8, 400
"""Lucks of a stage are tried until such a share of the worlds is in play, or each has lived so many days."""

RARE, RARE_DAYS = 0.1, 4_000
"""As long as less than such a share is in play, up to so many days: a death on a given day is rare."""

MOVED, MOVE_DAYS = 0.8, 900
"""A cloud is moved after each power until parameters have gone so far (half the mean square of the way, over the
variance: 1 if nothing is left of where they were), or each world has lived so many days for one kind of move."""

PLANNERS = 10
"""How many times smaller the cloud is that plans."""

LEAST_STEP = 1e-7
"""The least that a power grows by: the likelihoods of what is impossible are far off, but finite."""

HOPELESS = IMPOSSIBLE / 2.0
"""Log likelihood of a stage below which it holds something that cannot be."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Step:
    """A power to which a stage's likelihood counts, and the moves after it: how many, and how wide."""

    power: float
    moves: int
    wide: Wide


@dataclass(frozen=True)
class StagePlan:
    """How a stage is gone through: how many lucks each world tries, and the steps, the last of power 1."""

    tries: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Bridged:
    """What a filter with bridges leaves.

    Attributes
    ----------
    cloud : of equal weight, after the last day
    log_evidence : log of the estimated probability (density) of the record; unbiased if the plan was given
    effective : by stage, the least effective number of worlds at any of its powers, before resampling
    plan : by stage
    """

    cloud: Cloud
    log_evidence: float
    effective: tuple[float, ...]
    plan: tuple[StagePlan, ...]


class Numbers:
    """Run numbers that are used up one after the other."""

    def __init__(self, first: int) -> None:
        self.next = first

    def take(self, count: int) -> npt.NDArray[np.uint64]:
        """The next so many."""
        first, self.next = self.next, self.next + count
        return np.arange(count, dtype=np.uint64) + np.uint64(first)


def run_bridged(
    course: Course, z: Floats, numbers: Numbers, plan: Sequence[StagePlan] | None = None
) -> Bridged:
    """Lead a cloud along a record.

    Parameters
    ----------
    course : Course
    z : ndarray, shape (n, coordinates)
        Parameters drawn from the prior.
    numbers : Numbers
        Run numbers that may be used up.
    plan : sequence of StagePlan, optional
        How to go about each stage; without it that is found on the way.
    """
    bridge = _Bridge(course, numbers, cloud_of(course, z), first_width(z.shape[1]))
    done, effective = [], []
    for stage in range(len(course.stages)):
        bridge.in_play = 1.0
        done.append(bridge.cross(stage, plan[stage] if plan else None))
        effective.append(bridge.in_play * len(z))
    return Bridged(bridge.cloud, bridge.log_evidence, tuple(effective), tuple(done))


@dataclass
class _Bridge:
    """A cloud under way, the evidence so far, and the least share in play at this stage."""

    course: Course
    numbers: Numbers
    cloud: Cloud
    wide: Wide
    log_evidence: float = 0.0
    in_play: float = 1.0

    def cross(self, stage: int, plan: StagePlan | None) -> StagePlan:
        """Go through a stage as planned; without a plan, as is found good."""
        runs, likelihood = self._tried(stage, plan.tries if plan else None)
        tries, steps, power = likelihood.shape[1], list[Step](), 0.0
        while power < 1.0:
            given = plan.steps[len(steps)] if plan else None
            after = given.power if given else next_power(likelihood, power)
            index = self._resampled((after - power) * likelihood)
            parents, lucks = np.divmod(index, likelihood.shape[1])
            self.cloud = self.cloud.taken(parents)
            if not steps:
                live_on(self.course, self.cloud, stage, runs[parents, lucks])
            steps.append(self._moved(stage, after, given))
            likelihood, power = self.cloud.now[:, None], after
        return StagePlan(tries, tuple(steps))

    def _tried(self, stage: int, planned: int | None) -> tuple[npt.NDArray[np.uint64], Floats]:
        """Run numbers that each world tries for a stage, and the likelihoods, of shape (worlds, tries)."""
        first, last = self.course.days_of(stage)
        tried, found = list[npt.NDArray[np.uint64]](), list[Floats]()
        more = planned or 1
        while more:
            for _ in range(more):
                tried.append(self.numbers.take(len(self.cloud)))
                found.append(self._likelihood(stage, tried[-1]))
            more = 0 if planned else _more(np.stack(found, axis=1), last - first)
        return np.stack(tried, axis=1), np.stack(found, axis=1)

    def _likelihood(self, stage: int, runs: npt.NDArray[np.uint64]) -> Floats:
        """Log likelihoods of a stage under run numbers; the cloud stays as it is."""
        now = self.cloud
        other = replace(
            now, worlds=now.worlds.copy(), unseen=now.unseen.copy(), values=now.values.copy(),
            lineage=now.lineage.copy(),
        )  # fmt: skip
        live_on(self.course, other, stage, runs)
        return other.now

    def _resampled(self, log_weights: Floats) -> Integers:
        """Indices into flattened weights of shape (worlds, lucks), as many as worlds; the evidence grows."""
        top = log_weights.max()
        weights = np.exp(log_weights - top).ravel()
        self.log_evidence += float(top + np.log(weights.mean()))
        self.in_play = min(self.in_play, in_play(log_weights))
        u = np.random.Generator(np.random.Philox([self.course.random_seed, int(self.numbers.take(1)[0])]))
        return systematic(weights / weights.sum(), len(log_weights), u.random())

    def _moved(self, stage: int, power: float, given: Step | None) -> Step:
        """Move the cloud as often as given, or until it has gone far enough."""
        start, moves = self.cloud.z.copy(), 0
        variance = np.maximum(start.var(axis=0), 1e-6)
        wide = given.wide if given else self.wide
        most = given.moves if given else max(2, MOVE_DAYS // self.course.days_of(stage)[1])
        while moves < most:
            first = int(self.numbers.take(len(self.cloud))[0])
            taken, moves = move(self.course, self.cloud, stage, power, wide, first), moves + 1
            if given is None:
                wide = adapted(wide, taken)
                if float((((self.cloud.z - start) ** 2).mean(0) / variance).mean()) / 2 >= MOVED:
                    break
        self.wide = wide
        return Step(power, moves, wide)


def _more(likelihood: Floats, days: int) -> int:
    """How many more lucks to try of a stage of so many days, after those of shape (worlds, tries): none or as many."""
    tries, share = likelihood.shape[1], in_play(likelihood) if likelihood.max() > HOPELESS else 0.0
    most = RARE_DAYS if share < RARE else (TRY_DAYS if share < ENOUGH else 0)
    return max(0, min(tries, most // days - tries))


def in_play(log_weights: Floats) -> float:
    """Effective number of worlds, or of lucks if less, over that of worlds; log weights of shape (worlds, lucks)."""
    w = np.exp(log_weights - log_weights.max())
    of_worlds = w.sum(1)
    least = min(of_worlds.sum() ** 2 / (of_worlds**2).sum(), w.sum() ** 2 / (w**2).sum())
    return float(least / len(log_weights))


def next_power(likelihood: Floats, power: float) -> float:
    """The largest power after this one, at most 1, at which enough worlds stay in play: by bisection of its log."""
    if in_play((1.0 - power) * likelihood) >= SHARE:
        return 1.0
    low, high = np.log(LEAST_STEP), np.log(1.0 - power)
    for _ in range(24):
        middle = 0.5 * (low + high)
        if in_play(np.exp(middle) * likelihood) >= SHARE:
            low = middle
        else:
            high = middle
    return float(min(power + np.exp(low), 1.0))
