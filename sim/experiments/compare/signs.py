"""In how much of the prior a risk rises, and in how much it falls, beyond luck.

25 runs a row say little of the sign in that row: where 4% of runs are tipped either way by luck alone, 70% of the rows
show more spirals or fewer though nothing changes. So a sample of rows gets many runs of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.estimates.by_row import Mean, Rows
from sim.estimates.intervals import independent

LEVEL = 0.01
"""Most of the rows in which nothing moves that are said to rise, and most that are said to fall, by luck."""


@dataclass(frozen=True)
class Signs:
    """Shares of a sample of rows in which a risk moves beyond luck.

    A row in which it does not rise is said to rise, by luck, with a probability of at most `LEVEL`; so with falling.
    Rows in which it moves too little for so many runs to tell are in neither, so that both shares are rather small.

    Attributes
    ----------
    rows, runs : rows of the sample, and runs of each
    rises, falls : shares of the rows, with 95% intervals for the sample being one
    """

    rows: int
    runs: int
    rises: Mean
    falls: Mean


def signs_of(sample: Rows, spiral: str) -> Signs | None:
    """Tell in how many rows of a sample a risk rises and falls.

    Parameters
    ----------
    sample : ndarray of PAIRED
        Rows of one scenario at the sign stage.
    spiral : str
        Which risk.
    """
    if not len(sample):
        return None
    into, out = sample[f"{spiral}_into"], sample[f"{spiral}_out"]
    shares = [_share(by_sign(*pair)) for pair in ((into, out), (out, into))]
    return Signs(len(sample), int(sample["runs"][0]), *shares)


def by_sign(more: npt.NDArray[np.int64], fewer: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether each row is tipped one way rather than the other, beyond luck: the exact sign test, one-sided, `LEVEL`.

    Given how many runs of a row are tipped at all, as many are tipped each way where the risk is the same.
    """
    from scipy import special

    tipped = more + fewer
    chance = special.bdtrc(np.maximum(more - 1, 0), tipped, 0.5)  # of so many or more one way
    return np.asarray((more > 0) & (chance <= LEVEL))


def _share(rows: npt.NDArray[np.bool_]) -> Mean:
    found = independent(int(rows.sum()), len(rows))
    return Mean(found.probability, *found.chance)
