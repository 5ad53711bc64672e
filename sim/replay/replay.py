"""One run again, every morning of it kept; and the same run with something else done on some day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.core import advance
from sim.simulate.job import NOTHING, Job, prepare

Record = np.ndarray
"""A plain array of records (not a recarray, which the compiler takes ten times as slowly)."""


@dataclass(frozen=True)
class Change:
    """One field of one day of the timeline at another value: what is ordered of an actor (see `sim.core.state.DAY`).

    Attributes
    ----------
    day : index of the day, from the scenario's start
    field : a field of DAY, or with `militia` of ORDER
    value : the value it takes
    militia : index of the militia that is ordered, None for the other actors
    """

    day: int
    field: str
    value: int
    militia: int | None = None


@dataclass(frozen=True)
class Replay:
    """One run, lived again.

    Attributes
    ----------
    job : the scenario made ready
    run : the run's number
    mornings : worlds before each day and, last, at the end; shape (days + 1,)
    timeline : records of DAY, shape (days,)
    setting : record of SETTING, shape (1,)
    row : record of PARAMETERS, the run's, shape (1,)
    """

    job: Job
    run: int
    mornings: Record
    timeline: Record
    setting: Record
    row: Record

    @property
    def days(self) -> int:
        """Number of days."""
        return len(self.timeline)

    @property
    def seed(self) -> np.uint64:
        """The seed of all chance."""
        return np.uint64(self.job.random_seed)

    def luck(self, day: int) -> tuple[np.uint64, np.uint64]:
        """Seed and run number of a day's chance: the run's own, or those of a past that was fitted to a record."""
        world = self.evenings[day]
        past = world["date"] < world["past"]["until"]
        return (world["past"]["seed"] if past else self.seed), world["luck"]

    @property
    def outcome(self) -> np.ndarray:
        """What the run leaves behind: a record of OUTCOME."""
        return np.asarray(self.mornings[-1]["outcome"])

    def live(self, worlds: Record, first: int, last: int, timeline: Record | None = None) -> None:
        """Take worlds through days `first` to `last` (excluded) of the timeline, or of another, in place."""
        days, rows = self.timeline if timeline is None else timeline, np.zeros(len(worlds), np.int64)
        advance.advance(worlds, self.row, rows, days, self.setting, self.seed, first, last, *NOTHING)

    @cached_property
    def evenings(self) -> Record:
        """Worlds after each day, shape (days,)."""
        return self.mornings[1:]


def replay(job: Job, run: int) -> Replay:
    """Live one run again, and keep every morning of it.

    Parameters
    ----------
    job : Job
    run : int
        The run's number, 0 to 2^64 - 1.
    """
    worlds, table, rows, segment = prepare(job, np.array([run], np.uint64))
    world, row = np.asarray(worlds), np.asarray(table)[rows]
    timeline, setting = np.asarray(segment.timeline), np.asarray(segment.setting)
    played = Replay(job, run, np.zeros(len(timeline) + 1, world.dtype), timeline, setting, row)
    for day in range(played.days):
        played.mornings[day] = world[0]
        played.live(world, day, day + 1)
    played.mornings[-1] = world[0]
    return played


def branch(played: Replay, changes: Sequence[Change]) -> np.ndarray:
    """Live a run again from the first day that is changed, with the same luck, to the end.

    Returns
    -------
    ndarray of WORLD, shape (1,)
        The world after the last day.
    """
    first = min(change.day for change in changes)
    world = played.mornings[first : first + 1].copy()
    days = played.timeline[first:].copy()
    for change in changes:
        impose(days, change, first)
    played.live(world, 0, len(days), days)
    return world


def impose(days: Record, change: Change, first: int = 0) -> None:
    """Write a change into days of a timeline that begin on day `first`."""
    day = days[change.day - first : change.day - first + 1]
    if change.militia is None:
        day[change.field] = change.value
    else:
        day["orders"][change.field][:, change.militia] = change.value
