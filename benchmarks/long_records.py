"""Simulated records shaped like a real one: twelve dates over 104 days, wounded, killed, strikes of several levels."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sim.core import advance
from sim.core.state import new_worlds
from sim.inference.observation import Record, Report, Strike, reported
from sim.inference.observation.record import Series
from sim.inference.problem import Problem
from sim.inference.space import standard_normals, table_of
from sim.scenario import load_scenario
from sim.simulate.job import NOTHING
from sim.simulate.timeline import PLACES

START = datetime.date(2023, 10, 17)
ENDS = (8, 14, 23, 32, 41, 50, 58, 66, 75, 84, 94, 104)
"""After how many days numbers are reported."""

DAYS = ENDS[-1]
LIVED = 6_000
"""Worlds among which those are looked for whose record has the shape of a real one."""

FIRST_RUN = 2**46
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Lived:
    """Worlds that were lived freely: totals by the end of each day, and Washington's deed, of shape (n, DAYS).

    `harm` has attacks in Iraq, attacks elsewhere, wounded and killed along its last axis.
    """

    harm: Integers
    counted: npt.NDArray[np.float64]
    level: Integers
    place: Integers


def problem_of(record: Record, random_seed: int = 20231017) -> Problem:
    """The baseline fitted to a record of all the days."""
    scenario = load_scenario("october-2023", [f"random_seed={random_seed}"])
    return Problem(scenario, record, _date(DAYS - 1))


def live(count: int = LIVED) -> Lived:
    """Draw parameters from their priors, and live a world with each by the engine that counts."""
    problem = problem_of(Record("none", START))
    space, segment, seed = problem.space, problem.segment, problem.scenario.random_seed
    numbers = np.arange(FIRST_RUN, FIRST_RUN + count, dtype=np.uint64)
    table, lags = table_of(space.columns(standard_normals(numbers, space.names, seed)), count)
    worlds, rows = new_worlds(numbers), np.arange(count)
    advance.start(worlds, table, rows, segment.setting)
    harm, counted, level, place = [], [], [], []
    unseen, before = np.zeros(count), np.zeros(count)
    for day in range(DAYS):
        advance.advance(
            worlds, table, rows, segment.timeline, segment.setting, np.uint64(seed), day, day + 1, *NOTHING
        )
        world = np.asarray(worlds)
        of = world["outcome"]
        elsewhere = of["attacks_syria"] + of["attacks_jordan"]
        harm.append(np.stack([of["attacks_iraq"], elsewhere, of["wounded"], of["killed"]], axis=1))
        wounded = of["wounded"].astype(np.float64)
        unseen, before = unseen * np.exp(-1.0 / lags) + wounded - before, wounded
        counted.append(wounded - unseen)
        level.append(world["us"]["level"].copy())
        place.append(world["us"]["place"].copy())
    total, seen, levels, places = (np.stack(x, axis=1) for x in (harm, counted, level, place))
    return Lived(total.astype(np.int64), seen, levels.astype(np.int64), places.astype(np.int64))


def shaped(lived: Lived) -> Integers:
    """Numbers of the worlds whose record is shaped like a real one."""
    attacks, killed = lived.harm[:, -1, :2].sum(1), lived.harm[:, -1, 3]
    kinds = sum((lived.level == level).any(1).astype(int) for level in (1, 2, 3))
    strikes, wounded = (lived.level > 0).sum(1), lived.counted[:, -1]
    return np.flatnonzero(
        (attacks >= 60) & (attacks <= 250) & (killed >= 1) & (killed <= 10) & (wounded >= 15) & (wounded <= 250)
        & (strikes >= 3) & (strikes <= 12) & (kinds >= 2) & ~(lived.level == 4).any(1)
    )  # fmt: skip


def record_of(lived: Lived, i: int, random_seed: int) -> Record:
    """What would have been reported of world `i`: counts at every date, deaths on their day, every strike."""
    rng = np.random.default_rng(random_seed)
    told: list[Report] = []
    for place, series in enumerate(("attacks_iraq", "attacks_syria")):
        total = 0.0
        for first, end in pairwise((0, *ENDS)):
            true = lived.harm[i, end - 1, place] - (lived.harm[i, first - 1, place] if first else 0)
            total += _told(series, float(true), rng)
            told.append(_report(series, 0, end, total))
    for end in ENDS:
        told.append(_report("wounded", 0, end, _told("wounded", lived.counted[i, end - 1], rng)))
    killed = np.diff(lived.harm[i, :, 3], prepend=0)
    edge = 0
    for day in (*map(int, np.flatnonzero(killed)), DAYS):
        if day > edge:
            told.append(_report("killed", edge, day, 0.0, True))
        if day < DAYS:
            told.append(_report("killed", day, day + 1, float(killed[day]), True))
        edge = day + 1
    strikes = tuple(
        Strike(_date(day), int(lived.level[i, day]), PLACES[lived.place[i, day]])
        for day in map(int, np.flatnonzero(lived.level[i]))
    )
    return Record("simulated", START, tuple(sorted(told, key=lambda r: r.last)), strikes, _date(DAYS - 1))


def _told(series: str, true: float, rng: np.random.Generator) -> float:
    return float(reported(_report(series, 0, 1, 0.0), np.array([true]), np.array([rng.random()]))[0])


def _report(series: str, first: int, end: int, value: float, in_retrospect: bool = False) -> Report:
    kind: Series = series  # type: ignore[assignment]
    return Report(kind, _date(first), _date(end - 1), value, in_retrospect=in_retrospect)


def _date(day: int) -> datetime.date:
    return START + datetime.timedelta(days=day)
