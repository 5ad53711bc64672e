"""Simulated records: worlds lived freely with parameters from their priors, and what would have been reported."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sim.core import advance
from sim.core.state import new_worlds
from sim.inference.observation import Record, Report, Strike, reported
from sim.inference.observation.model import LAG
from sim.inference.observation.record import Series
from sim.inference.problem import Problem
from sim.inference.space import Space, standard_normals, table_of
from sim.scenario import load_scenario
from sim.simulate.job import NOTHING
from sim.simulate.segment import Segment
from sim.simulate.timeline import PLACES

FREE = (
    "militia.tempo", "militia.syria_reach", "militia.kill_intent", "engagement.gets_through",
    "engagement.wounded_mean", "us.threshold_first", "us.iraq_sensitivity", "us.pressure_wounded",
    "us.pressure_killed", LAG,
)  # fmt: skip
"""The parameters that are drawn and fitted; the others stay at their middles."""

START, DAYS, ENDS = datetime.date(2023, 10, 17), 10, (5, 10)
"""First day, number of days, and after how many of them numbers are reported."""

Floats = npt.NDArray[np.float64]


class Reduced(Problem):
    """A problem of few free parameters, whose scenario is made ready once for all fits."""

    @cached_property
    def _ready(self) -> tuple[Segment, Space]:
        problem = Problem(self.scenario, self.record, self.as_of, self.only)
        return problem.segment, problem.space

    @property
    def segment(self) -> Segment:
        return self._ready[0]

    @property
    def space(self) -> Space:
        return self._ready[1]

    def of(self, record: Record) -> Reduced:
        """The same problem with another record."""
        other = Reduced(self.scenario, record, self.as_of, self.only)
        other.__dict__["_ready"] = self._ready
        return other


def reduced(random_seed: int = 20231017) -> Reduced:
    last = START + datetime.timedelta(days=DAYS - 1)
    scenario = load_scenario("october-2023", [f"end={last}", f"random_seed={random_seed}"])
    return Reduced(scenario, Record("none", START), last, FREE)


@dataclass(frozen=True)
class Lived:
    """Worlds that were lived freely.

    Attributes
    ----------
    columns : true values by name, each of shape (n,)
    days : by what happened on a day, each of shape (n, DAYS)
    """

    columns: Mapping[str, Floats]
    days: Mapping[str, npt.NDArray[np.int64]]


def live(problem: Problem, count: int) -> Lived:
    """Draw parameters from their priors, and live a world with each by the engine that counts."""
    space, segment, seed = problem.space, problem.segment, np.uint64(problem.scenario.random_seed)
    numbers, setting = np.arange(count, dtype=np.uint64), problem.segment.setting
    columns = space.columns(standard_normals(numbers, space.names, problem.scenario.random_seed))
    table, _ = table_of(columns, count)
    worlds, rows = new_worlds(numbers), np.arange(count)
    advance.start(worlds, table, rows, setting)
    evenings = []
    for day in range(DAYS):
        advance.advance(worlds, table, rows, segment.timeline, setting, seed, day, day + 1, *NOTHING)
        evenings.append(np.asarray(worlds).copy())
    world = np.stack(evenings, axis=1)
    total = world["outcome"]
    sums = {
        "attacks_iraq": total["attacks_iraq"],
        "attacks_syria": total["attacks_syria"] + total["attacks_jordan"],
        "wounded": total["wounded"],
        "killed": total["killed"],
    }
    happened = {name: np.diff(values.astype(np.int64), axis=1, prepend=0) for name, values in sums.items()}
    return Lived(columns, happened | {"level": world["us"]["level"], "place": world["us"]["place"]})


def record_of(lived: Lived, i: int, uniforms: Floats) -> Record:
    """What would have been reported of world `i`, by uniform numbers of shape (4, len(ENDS)).

    Attacks by country and the wounded as sums from the first day on, the killed of each span, every strike.
    """
    told: list[Report] = []
    for k, series in enumerate(("attacks_iraq", "attacks_syria")):
        sums = np.cumsum(
            [_told(lived, i, series, span, u) for span, u in zip(SPANS, uniforms[k], strict=True)]
        )
        told += [_report(series, (0, end), value) for (_, end), value in zip(SPANS, sums, strict=True)]
    for k, series in enumerate(("wounded", "killed"), start=2):
        spans = SPANS if series == "killed" else [(0, end) for end in ENDS]
        values = [_told(lived, i, series, span, u) for span, u in zip(spans, uniforms[k], strict=True)]
        told += [_report(series, span, value) for span, value in zip(spans, values, strict=True)]
    return Record("simulated", START, tuple(told), strikes_of(lived, i), _date(DAYS - 1))


SPANS = tuple(pairwise((0, *ENDS)))


def _told(lived: Lived, i: int, series: str, span: tuple[int, int], uniform: float) -> float:
    """The number that is reported of days from the first to the last, excluded, of a span."""
    true = float(lived.days[series][i, slice(*span)].sum())
    if series == "wounded":
        true = counted(lived.days["wounded"][i, : span[1]], lived.columns[LAG][i])
    return float(reported(_report(series, span, 0.0), np.array([true]), np.array([uniform]))[0])


def counted(wounded: npt.NDArray[np.int64], lag: float) -> float:
    """Number of the wounded of some days that have been counted by the last of them."""
    ago = np.arange(len(wounded))[::-1]
    return float((wounded * -np.expm1(-ago / lag)).sum())


def strikes_of(lived: Lived, i: int) -> tuple[Strike, ...]:
    """The strikes in world `i`, which are told as they were."""
    levels, places = lived.days["level"][i], lived.days["place"][i]
    return tuple(
        Strike(_date(day), int(levels[day]), PLACES[places[day]]) for day in map(int, np.flatnonzero(levels))
    )


def _report(series: str, span: tuple[int, int], value: float) -> Report:
    kind: Series = series  # type: ignore[assignment]
    return Report(kind, _date(span[0]), _date(span[1] - 1), float(value))


def _date(day: int) -> datetime.date:
    return START + datetime.timedelta(days=day)
