"""What restraint averts: runs that did not come to the headline, lived again without the reactions that damp.

Fix a row of parameters and its luck. Y says whether the run came to the scenario's headline, Y1 whether it does without
the damping reactions: of all mechanisms, or of one alone. The headline was averted where Y1 and not Y. It takes a life
more for each of these questions, so that a sample of the runs is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from sim.outcomes import OUTCOMES
from sim.parameters import DAMPING
from sim.scenario import Scenario
from sim.simulate.job import Job, Parameters, lived, make_job
from sim.simulate.parameter_draws import RUNS_PER_ROW, rows_of_runs

PREVENTED_SAMPLE = 20_000
"""Runs that are asked, at most, unless others are chosen."""

PIECE = 2_000
"""Runs of a piece of work, about."""

ALL = "all"
LIVES = 2 + len(DAMPING)
"""Lives of a run, at most: its first, one without all damping reactions, and one without those of each mechanism."""

PREVENTED = np.dtype([(name, np.int64) for name in ("row", "runs", "came", ALL, *DAMPING)])
"""Of one row of parameters: its runs in the sample, those that came to the headline, and those of the others that do so
without all damping reactions, or without those of one mechanism."""


@dataclass(frozen=True)
class Piece:
    """Some runs of a sample, whole rows of it."""

    scenario: Scenario
    parameters: Parameters
    numbers: tuple[int, ...]
    override: Mapping[str, float] = field(default_factory=dict)


def sample_of(runs: int, most: int = PREVENTED_SAMPLE) -> npt.NDArray[np.uint64]:
    """Numbers of at most so many of the runs 0 to `runs`, evenly chosen.

    As many of every row of parameters, the first ones; where there are more rows than may be asked, one run of every
    second, third, ... row.
    """
    rows = np.arange(-(-runs // RUNS_PER_ROW))
    if most <= 0 or runs <= most:
        return np.arange(0 if most <= 0 else runs, dtype=np.uint64)
    rows = rows[:: -(-len(rows) // most)]
    each = min(RUNS_PER_ROW, most // len(rows))
    numbers = (rows[:, None] * RUNS_PER_ROW + np.arange(each)).ravel()
    return numbers[numbers < runs].astype(np.uint64)


def pieces(scenario: Scenario, parameters: Parameters, numbers: npt.NDArray[np.uint64]) -> list[Piece]:
    """Cut a sample into pieces of work, none of which cuts a row."""
    _, rows, runs_of_row = np.unique(rows_of_runs(numbers), return_inverse=True, return_counts=True)
    group = rows // max(1, PIECE // int(runs_of_row.max(initial=1)))
    return [
        Piece(scenario, parameters, tuple(numbers[group == g].tolist()))
        for g in range(int(group.max(initial=-1)) + 1)
    ]


def prevent(piece: Piece) -> npt.NDArray[np.void]:
    """Live the runs of a piece, and those that did not come to the headline again: an array of PREVENTED, by row."""
    job = make_job(piece.scenario, piece.parameters, piece.override)
    return prevented(job, np.array(piece.numbers, np.uint64))


def prevented(job: Job, runs: npt.NDArray[np.uint64]) -> npt.NDArray[np.void]:
    """Count in how many runs, by row of parameters, the headline was averted.

    Parameters
    ----------
    job : Job
    runs : ndarray of uint64, shape (n,)
        In order.

    Returns
    -------
    ndarray of PREVENTED, one for each row that they are of, in order
    """
    came = _came(job, runs)
    told = {"came": came}
    for name in (ALL, *DAMPING):
        told[name] = averted(job, runs, came, None if name == ALL else (name,))
    rows = rows_of_runs(runs)
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    found = np.zeros(len(starts), PREVENTED)
    found["row"], found["runs"] = rows[starts], np.diff(np.append(starts, len(rows)))
    for name, values in told.items():
        found[name] = np.add.reduceat(values, starts, dtype=np.int64)
    return found


def averted(
    job: Job,
    runs: npt.NDArray[np.uint64],
    came: npt.NDArray[np.bool_],
    mechanisms: tuple[str, ...] | None = None,
    row_numbers: npt.NDArray[np.int64] | None = None,
) -> npt.NDArray[np.bool_]:
    """In which runs the headline was averted.

    Parameters
    ----------
    job : Job
    runs : ndarray of uint64, shape (n,)
    came : ndarray of bool, shape (n,)
        Which of them came to the headline; the others are lived again.
    mechanisms : tuple of str, optional
        Whose damping reactions are taken out; all by default.
    row_numbers : ndarray of int64, shape (n,), optional
        The parameter row of each run, where it is not its own.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    found, others = np.zeros(len(runs), np.bool_), np.flatnonzero(~came)
    without = replace(job, without="damping", mechanisms=mechanisms)
    found[others] = _came(without, runs[others], None if row_numbers is None else row_numbers[others])
    return found


def _came(
    job: Job, runs: npt.NDArray[np.uint64], row_numbers: npt.NDArray[np.int64] | None = None
) -> npt.NDArray[np.bool_]:
    worlds = np.asarray(lived(job, runs, row_numbers=row_numbers))
    return np.asarray(OUTCOMES[job.scenario.headline].of_worlds(worlds))
