"""Runs counted piece by piece: what a piece gives, and what many of them add up to.

Everything is a whole number, so that pieces may come in any order: a count over runs 0 to n - 1 is what `spiral run`
has of as many.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.outcomes import EVENTS, OUTCOMES
from sim.simulate import Tallies, new_tallies, simulate
from sim.simulate.job import Job
from sim.simulate.parameter_draws import rows_of_runs
from sim.simulate.prevented import ALL, PREVENTED, averted
from sim.simulate.responses import responses

QUICK = 2_000
"""Runs of a first answer."""

STAGES = (QUICK, 10_000, 30_000)
"""Runs at which an answer is told again, on its way to all of them."""

FIRST_PIECE, PIECE = 250, 500
"""Runs of a piece, whole draws of the parameters: small where somebody waits."""

Numbers = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Piece:
    """What some runs came to.

    Attributes
    ----------
    first : number of the first of them
    tallies : counts; None of runs that are only asked what restraint averts
    rows : records of RESPONSE
    averted : records of PREVENTED, in which mechanisms are not told apart; None where it was not asked
    outcomes : of each run
    """

    first: int
    tallies: Tallies | None
    rows: npt.NDArray[np.void]
    averted: npt.NDArray[np.void] | None
    outcomes: np.ndarray


def count_runs(job: Job, first: int, count: int, daily: bool) -> Piece:
    """Simulate consecutive runs, the first of which opens a draw of the parameters."""
    runs = np.arange(first, first + count, dtype=np.uint64)
    tallies = new_tallies(job.days, daily)
    worlds = simulate(job, runs, tallies.daily)
    outcomes = np.asarray(worlds)["outcome"].copy()
    tallies.add(outcomes, EVENTS.index(job.scenario.headline))
    return Piece(first, tallies, responses(worlds), None, outcomes)


def count_averted(job: Job, runs: Numbers) -> Piece:
    """Ask of some runs, in order, what restraint averts in them."""
    worlds = simulate(job, runs)
    outcomes = np.asarray(worlds)["outcome"].copy()
    return Piece(int(runs[0]), None, responses(worlds), _averted(job, runs, outcomes), outcomes)


def _averted(job: Job, runs: Numbers, outcomes: np.ndarray) -> npt.NDArray[np.void]:
    came = OUTCOMES[job.scenario.headline].of(outcomes) >= 0
    rows = rows_of_runs(runs)
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    found = np.zeros(len(starts), PREVENTED)
    found["row"], found["runs"] = rows[starts], np.diff(np.append(starts, len(rows)))
    for name, values in {"came": came, ALL: averted(job, runs, came)}.items():
        found[name] = np.add.reduceat(values, starts, dtype=np.int64)
    return found


@dataclass
class Total:
    """What pieces add up to.

    Attributes
    ----------
    tallies : counts over the first `few` runs, and over all others
    rows : records of RESPONSE by first run
    averted : records of PREVENTED by first run
    outcomes : of the first runs, by first run
    """

    few: int
    first: Tallies | None = None
    further: Tallies | None = None
    rows: dict[int, npt.NDArray[np.void]] = field(default_factory=dict)
    averted: dict[int, npt.NDArray[np.void]] = field(default_factory=dict)
    outcomes: dict[int, np.ndarray] = field(default_factory=dict)

    def add(self, piece: Piece) -> None:
        """Add a piece; it lies on one side of `few`."""
        if piece.averted is not None:
            self.averted[piece.first] = piece.averted
        if piece.tallies is None:
            return
        self.rows[piece.first] = piece.rows
        if piece.first < QUICK:
            self.outcomes[piece.first] = piece.outcomes
        name = "first" if piece.first < self.few else "further"
        old = getattr(self, name)
        if old is None:
            setattr(self, name, piece.tallies)
        else:
            old.merge(piece.tallies)

    @property
    def runs(self) -> int:
        """Runs that are counted."""
        return sum(t.runs for t in (self.first, self.further) if t is not None)


def in_order(parts: dict[int, npt.NDArray[np.void]]) -> npt.NDArray[np.void]:
    """Records of all pieces, in order of run."""
    return np.concatenate([parts[first] for first in sorted(parts)])
