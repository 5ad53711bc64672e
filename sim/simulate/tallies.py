"""Counts over runs, of fixed size whatever the number of runs, and free of the order in which runs come.

Everything here is an integer, so that blocks may be counted by any number of threads in any order and merged to the
same bytes. What clusters by parameter row is kept as the number of rows with k runs out of `RUNS_PER_ROW`; a last row
that is cut short is kept apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.core.counting import BINS, count_rows
from sim.outcomes import CAUSES, EVENTS, LEVELS, OUTCOMES, RUNGS, SERIES, TOTALS, WITHDRAWAL, rung_key
from sim.simulate.parameter_draws import RUNS_PER_ROW

Counts = npt.NDArray[np.int64]


@dataclass
class Tallies:
    """Integer counts over runs.

    Attributes
    ----------
    runs : number of runs counted
    histograms : shape (series, days, BINS), runs by cumulative count (32 bits, for the processor's cache)
    sums : shape (series, days), exact totals of the same counts
    rungs : shape (days, RUNGS), runs by rung of the day
    first_days : shape (events, days), runs by the day of an event's first coming
    rows : shape (events, days, RUNS_PER_ROW + 1), rows by number of runs in which the event has come
    short_row : shape (events, days), the same count for the last row when it is cut short
    short_size : runs in that row
    pairs : shape (RUNS_PER_ROW + 1, RUNS_PER_ROW + 1), whole rows by runs with rung 4, and of these with rung 5 too
    causes, movers : runs by cause and by identifier of the mover of the first escalatory event
    endings : shape (2, RUNGS, 3), runs by headline spiral, last rung and withdrawal status
    strikes : shape (LEVELS,), strikes by level
    quiet : shape (days + 1,), runs by longest quiet spell
    gaps : shape (RUNGS, days), runs by days from the first coming of a rung to that of the next
    totals : sums over runs of the outcomes in `TOTALS`
    most_rows : rows of parameters that there are, where they come again after so many; None where all are new
    """

    runs: int
    histograms: npt.NDArray[np.int32]
    sums: Counts
    rungs: Counts
    first_days: Counts
    rows: Counts
    short_row: Counts
    short_size: int
    pairs: Counts
    short_pair: Counts
    causes: Counts
    movers: Counts
    endings: Counts
    strikes: Counts
    quiet: Counts
    gaps: Counts
    totals: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TOTALS, 0))
    most_rows: int | None = None

    @property
    def daily(self) -> tuple[npt.NDArray[np.int32], Counts, Counts]:
        """The arrays that the engine adds to."""
        return self.histograms, self.sums, self.rungs

    def add(self, outcomes: np.ndarray, headline: int) -> None:
        """Count the outcomes of a block of runs.

        Parameters
        ----------
        outcomes : ndarray of OUTCOME, shape (n,)
            Of consecutive runs, the first of which opens a parameter row.
        headline : int
            Index in `sim.outcomes.EVENTS` of the spiral that the scenario asks about.
        """
        days = first_days(outcomes)
        self.runs += len(outcomes)
        self.short_size += count_rows(days, RUNS_PER_ROW, self.first_days, self.rows, self.short_row)
        self._add_pairs(days)
        np.add.at(self.causes, outcomes["severe_cause"], 1)
        np.add.at(self.movers, outcomes["severe_mover"], 1)
        spiralled = (days[headline] >= 0).astype(np.int64)
        np.add.at(self.endings, (spiralled, outcomes["last_rung"], outcomes["status"]), 1)
        self.strikes += outcomes["strikes"].sum(0)
        np.add.at(self.quiet, outcomes["longest_quiet"], 1)
        for rung in range(1, RUNGS - 1):
            here, above = outcomes["rung_day"][:, rung], outcomes["rung_day"][:, rung + 1]
            np.add.at(self.gaps[rung], (above - here)[above >= 0], 1)
        for name in TOTALS:
            self.totals[name] += int(OUTCOMES[name].of(outcomes).sum())

    def _add_pairs(self, days: npt.NDArray[np.int32]) -> None:
        fourth = days[EVENTS.index(rung_key(4))] >= 0
        both = fourth & (days[EVENTS.index(rung_key(5))] >= 0)
        whole = len(fourth) // RUNS_PER_ROW * RUNS_PER_ROW
        counts = [x[:whole].reshape(-1, RUNS_PER_ROW).sum(1) for x in (fourth, both)]
        np.add.at(self.pairs, (counts[0], counts[1]), 1)
        self.short_pair += np.array([fourth[whole:].sum(), both[whole:].sum()])

    def merge(self, other: Tallies) -> None:
        """Add another block's counts."""
        for name, value in vars(other).items():
            if name == "most_rows":
                continue
            if name == "totals":
                for key, total in value.items():
                    self.totals[key] += total
            elif isinstance(value, np.ndarray):
                getattr(self, name)[...] += value
            else:
                setattr(self, name, getattr(self, name) + value)


def new_tallies(days: int, daily: bool = True) -> Tallies:
    """Empty tallies of a scenario of so many days; without the daily series, which are large, if not `daily`."""
    events, series, counted = len(EVENTS), len(SERIES), days if daily else 0
    return Tallies(
        runs=0,
        histograms=np.zeros((series, counted, BINS), np.int32),
        sums=np.zeros((series, counted), np.int64),
        rungs=np.zeros((counted, RUNGS), np.int64),
        first_days=np.zeros((events, days), np.int64),
        rows=np.zeros((events, days, RUNS_PER_ROW + 1), np.int64),
        short_row=np.zeros((events, days), np.int64),
        short_size=0,
        pairs=np.zeros((RUNS_PER_ROW + 1, RUNS_PER_ROW + 1), np.int64),
        short_pair=np.zeros(2, np.int64),
        causes=np.zeros(len(CAUSES), np.int64),
        movers=np.zeros(65536, np.int64),
        endings=np.zeros((2, RUNGS, len(WITHDRAWAL)), np.int64),
        strikes=np.zeros(LEVELS, np.int64),
        quiet=np.zeros(days + 1, np.int64),
        gaps=np.zeros((RUNGS, days), np.int64),
    )


def merged(parts: Iterable[Tallies]) -> Tallies:
    """Counts of several blocks or batches together; the first ones are left as they are."""
    first, *others = parts
    total = deepcopy(first)
    for other in others:
        total.merge(other)
    return total


def first_days(outcomes: np.ndarray) -> npt.NDArray[np.int32]:
    """Day of each event's first coming, -1 for never; shape (events, n)."""
    return np.ascontiguousarray(np.stack([OUTCOMES[event].of(outcomes) for event in EVENTS]))
