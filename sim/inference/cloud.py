"""A cloud of worlds of equal weight, each with parameters and luck of its own, that is led along a record by stages."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from sim.core import advance
from sim.core.state import new_worlds
from sim.inference.ahead import outlook
from sim.inference.conditioning import Conditioning
from sim.inference.filter import live_stage
from sim.inference.observation.model import COLUMNS
from sim.inference.space import Space, table_of

WORTH_LEAVING = 0.85
"""Share of worlds still in question below which the others are left behind."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Course:
    """What a cloud is led through.

    Attributes
    ----------
    conditioning, setting, random_seed, stages : as of `sim.inference.filter.run_filter`
    space : the space of the parameters
    """

    conditioning: Conditioning
    setting: np.ndarray
    random_seed: int
    stages: tuple[int, ...]
    space: Space

    def days_of(self, stage: int) -> tuple[int, int]:
        """First day of a stage, and the day after its last."""
        return self.stages[stage], (*self.stages, self.conditioning.days)[stage + 1]


@dataclass
class Cloud:
    """Worlds of equal weight, at the end of some stage.

    Attributes
    ----------
    z : shape (n, coordinates), their parameters in the course's space
    table : recarray of PARAMETERS, shape (n,), the same as the engine takes them
    lags : shape (n,), days until the wounded are counted
    worlds : recarray of WORLD, shape (n,)
    unseen, values : as of `sim.inference.filter.Particles`
    lineage : shape (n, stages), run number of each stage
    roots : shape (n,), number of the draw from the prior that each descends from
    before, now : shape (n,), log likelihood of what is on record of all stages before this one, and of this one; that
        of the outlook at the end of each is in it, and is taken back in the next
    ahead : shape (n,), log of the outlook, see `sim.inference.ahead`
    """

    z: Floats
    table: np.ndarray
    lags: Floats
    worlds: np.ndarray
    unseen: Floats
    values: Floats
    lineage: Numbers
    roots: Integers
    before: Floats
    now: Floats
    ahead: Floats

    def __len__(self) -> int:
        """Number of worlds."""
        return len(self.z)

    def taken(self, index: Integers) -> Cloud:
        """Those at an index."""
        return Cloud(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    def put(self, index: Integers, other: Cloud) -> None:
        """Take over the worlds of another cloud, one for each index; the roots stay."""
        for field in fields(self):
            if field.name != "roots":
                getattr(self, field.name)[index] = getattr(other, field.name)


def cloud_of(course: Course, z: Floats, lineage: Numbers | None = None) -> Cloud:
    """Worlds on the morning of the first day, with these parameters and, if given, with this luck."""
    n, kept = len(z), len(course.conditioning.kept)
    table, lags = table_of(course.space.columns(z), n)
    worlds = new_worlds(np.zeros(n, np.uint64))
    advance.start(worlds, table, np.arange(n), course.setting)
    past, first = worlds["past"], int(course.conditioning.timeline["date"][0])
    past["seed"], past["until"] = course.random_seed, first + course.conditioning.days
    past["ends"][:, : len(course.stages)] = [
        first + end for end in (*course.stages[1:], course.conditioning.days)
    ]
    if lineage is None:
        lineage = np.zeros((n, len(course.stages)), np.uint64)
    past["runs"][:, : len(course.stages)] = lineage
    return Cloud(
        z.copy(), table, lags, worlds, np.zeros(n), np.zeros((n, kept, len(COLUMNS))), lineage.copy(),
        np.arange(n), np.zeros(n), np.zeros(n), np.zeros(n),
    )  # fmt: skip


def live_on(course: Course, cloud: Cloud, stage: int, runs: Numbers | None = None) -> None:
    """Lead a cloud through a stage, in place: under these run numbers, or under those that it has.

    What is on record of the stage goes into `now`, and what was in `now` into `before`.
    """
    if runs is not None:
        cloud.worlds["past"]["runs"][:, stage] = runs
        cloud.lineage[:, stage] = runs
    first, last = course.days_of(stage)
    likelihood = live_stage(
        course.conditioning, course.setting, course.random_seed, (first, last), cloud.worlds, cloud.table,
        cloud.lags, np.arange(len(cloud)), cloud.unseen, cloud.values,
    )  # fmt: skip
    end = course.conditioning.start + datetime.timedelta(days=last - 1)
    ahead = outlook(course.conditioning, end, cloud.values)
    cloud.before = cloud.before + cloud.now
    cloud.now, cloud.ahead = likelihood + ahead - cloud.ahead, ahead


def lived(
    course: Course, z: Floats, lineage: Numbers, stage: int, least: Floats | None = None
) -> tuple[Integers, Cloud]:
    """Live worlds with these parameters and this luck to the end of a stage.

    Parameters
    ----------
    course : Course
    z, lineage : of each world
    stage : int
    least : ndarray, shape (n,), optional
        Log likelihood that each must keep: a likelihood only falls, and a world that is below is given up on the way.

    Returns
    -------
    tuple
        Indices of the worlds that were lived to the end, and these worlds.
    """
    cloud, left = cloud_of(course, z, lineage), np.arange(len(z))
    for each in range(stage + 1):
        live_on(course, cloud, each)
        if least is not None and each < stage:
            able = cloud.before + cloud.now - cloud.ahead >= least[left]
            if able.mean() < WORTH_LEAVING:
                cloud, left = cloud.taken(np.flatnonzero(able)), left[able]
    return left, cloud
