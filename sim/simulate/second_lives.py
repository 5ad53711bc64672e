"""What tells a spiral from what would have come anyway: the same run lived again, without the actors' reactions.

Fix a row of parameters and its luck. Y says whether the run came to the scenario's headline, Y0 whether it does
without the amplifying reactions. The headline is a spiral where Y and not Y0; where both it would have come anyway.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sim.outcomes import OUTCOMES

Again = Callable[[npt.NDArray[np.intp]], np.ndarray]
"""Lives the runs at some places again, without their amplifying reactions, and gives their worlds."""


def tell_spirals(worlds: np.ndarray, headline: str, again: Again) -> None:
    """Note in the outcomes of worlds, in place, on which day they came to a spiral, or to what would have come anyway.

    Parameters
    ----------
    worlds : recarray of WORLD, shape (n,)
        After the last day.
    headline : str
        The event in `sim.outcomes.OUTCOMES` that is asked about.
    again : callable
        Called with the places of the worlds that came to it, and with no others.
    """
    outcomes = np.asarray(worlds)["outcome"]
    days = OUTCOMES[headline].of(outcomes)
    came = np.flatnonzero(days >= 0)
    if len(came) == 0:
        return
    anyway = OUTCOMES[headline].of(np.asarray(again(came))["outcome"]) >= 0
    outcomes["spiral_day"][came] = np.where(anyway, -1, days[came])
    outcomes["anyway_day"][came] = np.where(anyway, days[came], -1)
