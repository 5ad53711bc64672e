"""What the fitted model foresees after its as-of date, under outside pressures that are drawn or given."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.core import advance
from sim.inference.observation.model import COLUMNS, Counts
from sim.inference.timelines import drawn_timeline, given_timeline, with_timeline
from sim.outcomes import OUTCOMES
from sim.scenario.drivers import Driver
from sim.simulate.job import NOTHING, Job, prepare
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.pools import on_threads
from sim.simulate.segment import Segment
from sim.simulate.setting import slots_of

TIMELINES = 80
"""Draws of the outside pressures, each with an equal share of the runs."""

KEPT = (
    "strikes", "strikes_level_1", "strikes_level_2", "strikes_level_3", "strikes_level_4", "strikes_in_iraq",
    "strikes_on_soil", "direct", "any_killed",
)  # fmt: skip
"""Outcomes that are kept of a world after a day, besides its counts: Washington's strikes, and the first day of the
direct exchange and of a death by fire."""

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Foresight:
    """What is foreseen.

    Attributes
    ----------
    counts : what has happened by some days
    outcomes : shape (runs, days kept, len(KEPT))
    """

    counts: Counts
    outcomes: npt.NDArray[np.float64]

    def outcome(self, name: str, date: datetime.date) -> npt.NDArray[np.float64]:
        """One of `KEPT` after a day, shape (runs,)."""
        return np.asarray(self.outcomes[:, self.counts.at.index(date), KEPT.index(name)])


def foresee_model(
    job: Job,
    as_of: datetime.date,
    dates: Sequence[datetime.date],
    runs: int,
    threads: int,
    given: Mapping[str, Driver] | None = None,
) -> Foresight:
    """Simulate runs on from the as-of date.

    Parameters
    ----------
    job : Job
        Of one segment, with a posterior whose past ends on the as-of date.
    as_of : date
    dates : sequence of date
        Days after which counts are kept, in order.
    runs : int
        In whole rows of parameters; each timeline has an equal share.
    threads : int
    given : mapping, optional
        Outside pressures from the day after the as-of date on, by driver; the others are drawn.
    """
    own = job.segments[-1].timeline
    first = (as_of - job.scenario.start).days + 1
    each = max(runs // TIMELINES // RUNS_PER_ROW, 1) * RUNS_PER_ROW
    present = slots_of(job.scenario)
    stops = [(date - job.scenario.start).days + 1 for date in dates]

    def lived(number: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        timeline = drawn_timeline(own, first, job.random_seed, number, present)
        if given:
            timeline = given_timeline(timeline, given, first)
        numbers = np.arange(number * each, (number + 1) * each, dtype=np.uint64)
        return counts_at(with_timeline(job, timeline), numbers, stops)

    parts = [*on_threads(lived, list(range(TIMELINES)), threads)]
    values, outcomes = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    return Foresight(Counts(job.scenario.start, tuple(dates), values), outcomes)


def counts_at(
    job: Job, runs: npt.NDArray[np.uint64], stops: Sequence[int]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Live runs, and keep what has happened after so many days: the counts of a record, and the outcomes of `KEPT`."""
    worlds, table, rows, segment = prepare(job, runs)
    columns = [name.removesuffix("_seen") for name in COLUMNS]
    values, outcomes, day = [], [], 0
    for stop in stops:
        _advance(job, worlds, table, rows, segment, day, stop)
        day, outcome = stop, np.asarray(worlds)["outcome"]
        values.append(_read(columns, outcome))
        outcomes.append(_read(KEPT, outcome))
    return np.stack(values, axis=1), np.stack(outcomes, axis=1)


def _read(names: Sequence[str], outcome: np.ndarray) -> npt.NDArray[np.float64]:
    """Outcomes by name, shape (runs, len(names))."""
    return np.stack([OUTCOMES[name].of(outcome) for name in names], axis=1).astype(np.float64)


def _advance(
    job: Job,
    worlds: np.ndarray,
    table: np.ndarray,
    rows: npt.NDArray[np.int64],
    segment: Segment,
    first: int,
    last: int,
) -> None:
    seed = np.uint64(job.random_seed)
    advance.advance(worlds, table, rows, segment.timeline, segment.setting, seed, first, last, *NOTHING)
