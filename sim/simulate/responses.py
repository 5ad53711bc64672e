"""What worlds came to, a row of parameters at a time: how many of its runs saw an event, and sums of what happened.

It is all that questions over many points need: small whatever the number of runs, and with the rows kept apart, which
are what counts as one in every interval.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.outcomes import OUTCOMES, ROW_EVENTS, ROW_SUMS
from sim.simulate.parameter_draws import RUNS_PER_ROW

RESPONSE = np.dtype(
    [
        *((name, np.int64) for name in ("point", "row", "runs", *ROW_EVENTS)),
        *((name, np.float64) for name in ROW_SUMS),
    ]
)
"""One row of parameters at one point, by its number. Where all runs have the default parameters, groups of 25 runs are
numbered all the same; they are as independent as runs are."""


def responses(
    worlds: np.ndarray, rows: npt.NDArray[np.int64] | None = None, point: int = 0
) -> npt.NDArray[np.void]:
    """Count what worlds came to.

    Parameters
    ----------
    worlds : recarray of WORLD, shape (n,)
        After the last day.
    rows : ndarray of int64, shape (n,), optional
        The row that each belongs to, those of a row side by side; by default 25 consecutive run numbers are a row.
    point : int
        Noted with each.

    Returns
    -------
    ndarray of RESPONSE, one for each row, in order
    """
    plain = np.asarray(worlds)
    numbers = (plain["run"] // np.uint64(RUNS_PER_ROW)).astype(np.int64) if rows is None else rows
    starts = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))
    found = np.zeros(len(starts), RESPONSE)
    found["point"], found["row"] = point, numbers[starts]
    found["runs"] = np.diff(np.append(starts, len(numbers)))
    for name in (*ROW_EVENTS, *ROW_SUMS):
        values = OUTCOMES[name].of_worlds(plain).astype(RESPONSE[name])
        found[name] = np.add.reduceat(values, starts)
    return found


OUTCOME, MET = "outcome", "met"
"""Fields of a question asked of the runs of a row besides: in how many it came, and how many met its condition."""


def with_question(
    found: npt.NDArray[np.void], met: npt.NDArray[np.bool_], came: npt.NDArray[np.bool_]
) -> npt.NDArray[np.void]:
    """Records of rows with what a question came to in the runs of each, which stand side by side."""
    dtype = np.dtype([*found.dtype.descr, (MET, np.int64), (OUTCOME, np.int64)])
    more, starts = np.zeros(len(found), dtype), np.concatenate([[0], np.cumsum(found["runs"])[:-1]])
    for name in found.dtype.names or ():
        more[name] = found[name]
    more[MET] = np.add.reduceat(met, starts, dtype=np.int64)
    more[OUTCOME] = np.add.reduceat(came, starts, dtype=np.int64)
    return more
