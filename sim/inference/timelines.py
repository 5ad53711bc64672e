"""Outside pressures after a date, drawn from a prior: how the war, the front and the talks may go on.

What was to come is not read from the record, nor from the levels that a scenario assumes. From its level at the date
each driver takes a random walk of monthly steps, within its range; besides, the Gaza war may come to a truce, the
Lebanon front may break out, and talks on a withdrawal may open. All numbers are assumed: they rest on what was open in
November 2023, a war of unknown length and a front that had neither calmed nor broken out.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from sim.core.state import DRIVERS
from sim.scenario.drivers import Driver
from sim.simulate.job import Job
from sim.simulate.timeline import TIMELINE_EPOCH, driver_levels

MONTH = 30
STEP: Mapping[str, float] = {
    "gaza": 0.12, "lebanon": 0.10, "diplomacy": 0.08, "talks": 0.0, "posture": 0.12, "troops": 0.02,
}  # fmt: skip
"""Standard deviation of a month's step, in levels of the driver."""

TOP = {"troops": 2.0}
TRUCE, TRUCE_LEVEL = 1.0 / 240.0, 0.3
"""Rate of a truce in Gaza a day, and the level that the war falls to."""
OUTBREAK, OUTBREAK_LEVEL = 1.0 / 600.0, 0.9
"""Rate of a war in Lebanon a day, and its level."""
TALKS, TALKS_LEVEL, TALKS_TIME = 1.0 / 240.0, 0.6, 120
"""Rate at which talks on a withdrawal open, the level they rise to, and the days that takes."""


def drawn_timeline(
    timeline: np.ndarray, first: int, seed: int, number: int, present: Collection[str] = DRIVERS
) -> np.ndarray:
    """A scenario's days with outside pressures of a draw of their own from some day on.

    Parameters
    ----------
    timeline : records of DAY
    first : int
        The first day that is drawn; the level of the day before is where it starts.
    seed, number : int
        The draw: the same pair gives the same pressures.
    present : of the engine's drivers those that the scenario has; the others stay as they are
    """
    days = timeline.copy()
    if first >= len(days):
        return days.view(np.recarray)
    generator = np.random.Generator(np.random.Philox([seed, number]))
    count = len(days) - first
    for driver in DRIVERS:
        start = float(days[driver][max(first - 1, 0)])
        days[driver][first:] = _walk(generator, driver, start, count)
    _happens(generator, days["gaza"][first:], TRUCE, TRUCE_LEVEL, 1)
    _happens(generator, days["lebanon"][first:], OUTBREAK, OUTBREAK_LEVEL, 1)
    _happens(generator, days["talks"][first:], TALKS, TALKS_LEVEL, TALKS_TIME)
    for driver in DRIVERS:
        if driver not in present:
            days[driver] = timeline[driver]
    return days.view(np.recarray)


def given_timeline(timeline: np.ndarray, drivers: Mapping[str, Driver], first: int) -> np.ndarray:
    """A scenario's days with some outside pressures as given, from some day on."""
    days = timeline.copy()
    dates = [TIMELINE_EPOCH + datetime.timedelta(days=int(date)) for date in days["date"][first:]]
    for name, driver in drivers.items():
        days[name][first:] = driver_levels(driver, dates, TOP.get(name, 1.0))
    return days.view(np.recarray)


def with_timeline(job: Job, timeline: np.ndarray) -> Job:
    """The same job, of one segment, with other days."""
    return replace(job, segments=(replace(job.segments[-1], timeline=timeline),))


def _walk(generator: np.random.Generator, driver: str, start: float, count: int) -> npt.NDArray[np.float64]:
    months = count // MONTH + 2
    steps = STEP[driver] * generator.standard_normal(months)
    levels = [start]
    for step in steps:
        levels.append(float(np.clip(levels[-1] + step, 0.0, TOP.get(driver, 1.0))))
    return np.interp(np.arange(1, count + 1), np.arange(len(levels)) * MONTH, levels)


def _happens(
    generator: np.random.Generator, levels: npt.NDArray[np.float64], rate: float, level: float, time: int
) -> None:
    """Let something happen on some day, or never: from then on the level moves to another within so many days."""
    day = int(generator.exponential(1.0 / rate))
    if day < len(levels):
        share = np.minimum(np.arange(1, len(levels) - day + 1) / time, 1.0)
        levels[day:] = levels[day:] * (1.0 - share) + level * share
