"""In how much of the prior a risk rises, and in how much it falls, beyond chance; and how that is told in words.

25 runs of a parameter draw say little of the sign there: where 4% of runs are tipped either way by chance alone, 70% of
the draws show more exchanges or fewer though nothing changes. So a sample of draws gets many runs of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.estimates.by_row import Mean, Rows
from sim.estimates.intervals import independent
from sim.wording import percent, percent_with_chance

LEVEL = 0.01
"""Most of the draws in which nothing moves that are said to rise, and most that are said to fall, by chance."""


@dataclass(frozen=True)
class Signs:
    """Shares of a sample of parameter draws in which a risk moves beyond chance.

    A draw in which it does not rise is said to rise, by chance, with a probability of at most `LEVEL`; so with falling.
    Draws in which it moves too little for so many runs to tell are in neither, so that both shares are rather small.

    Attributes
    ----------
    rows, runs : draws of the sample, and runs of each
    rises, falls : shares of the draws, with 95% intervals for the sample being one
    """

    rows: int
    runs: int
    rises: Mean
    falls: Mean


def signs_of(sample: Rows, spiral: str) -> Signs | None:
    """Tell in how many draws of a sample a risk rises and falls.

    Parameters
    ----------
    sample : ndarray of PAIRED
        Of one scenario at the sign stage, a parameter draw each.
    spiral : str
        Which risk.
    """
    if not len(sample):
        return None
    into, out = sample[f"{spiral}_into"], sample[f"{spiral}_out"]
    shares = [_share(by_sign(*pair)) for pair in ((into, out), (out, into))]
    return Signs(len(sample), int(sample["runs"][0]), *shares)


def by_sign(more: npt.NDArray[np.int64], fewer: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether each draw is tipped rather one way, beyond chance: the exact sign test, one-sided, `LEVEL`.

    Given how many runs of a draw are tipped at all, as many are tipped each way where the risk is the same.
    """
    from scipy import special

    tipped = more + fewer
    chance = special.bdtrc(np.maximum(more - 1, 0), tipped, 0.5)  # of so many or more one way
    return np.asarray((more > 0) & (chance <= LEVEL))


def _share(rows: npt.NDArray[np.bool_]) -> Mean:
    found = independent(int(rows.sum()), len(rows))
    return Mean(found.probability, *found.chance)


def tip_lines(tips: Mapping[str, Any]) -> list[str]:
    """Say which runs are tipped, and in which of the parameter draws the risk moves which way.

    Parameters
    ----------
    tips : mapping
        A row of `sim.experiments.compare.tables.tip_table`.
    """
    name = tips["definition"]
    lines = [
        f"Of {tips['runs']:,} runs {tips['into']:,} are tipped into a {name} exchange and {tips['out']:,} out of one; "
        f"the others come to one, or do not, as in {tips['against']}."
    ]
    if tips["rows"]:
        more, fewer = (percent(tips[f"rows_{way}"] / tips["rows"]) for way in ("more", "fewer"))
        lines.append(
            f"Exchanges are more frequent in {more} of the {tips['rows']:,} draws of the parameters and rarer in "
            f"{fewer}, chance included."
        )
    return [*lines, sign_line(tips)] if tips["sign_rows"] else lines


def sign_line(tips: Mapping[str, Any]) -> str:
    """Say in how many parameter draws the risk is seen to rise and to fall, chance taken out."""
    rises, falls = (_seen(tips, way) for way in ("rises", "falls"))
    return (
        f"Beyond chance the {tips['definition']} risk {rises} of the draws of the parameters and {falls}: seen with "
        f"{tips['sign_runs']:,} more runs in each of {tips['sign_rows']:,} draws; chance alone says so in at most "
        f"{percent(LEVEL)} of them."
    )


def sign_line_in_short(tips: Mapping[str, Any]) -> str:
    """The same, without how it is seen."""
    rises, falls = (_seen(tips, way) for way in ("rises", "falls"))
    return f"Beyond chance the risk {rises} of {tips['sign_rows']:,} draws of the parameters and {falls}."


def _seen(tips: Mapping[str, Any], way: str) -> str:
    ends = tuple(tips[f"{way}{end}"] for end in ("", "_low", "_high"))
    where = f"at least {percent_with_chance(*ends)}" if ends[0] else f"none (below {percent(ends[2])})"
    return f"{way} in {where}"
