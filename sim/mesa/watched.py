"""A block of runs lived by the Mesa model, one after the other, and counted as the compiled engine counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sim.core.counting import count_world
from sim.core.state import new_worlds
from sim.mesa.model import EscalationModel
from sim.simulate.job import NOTHING, Counts, Job


def watch(
    job: Job,
    runs: npt.NDArray[np.uint64],
    counts: Counts = NOTHING,
    told: Callable[[int], None] | None = None,
) -> np.ndarray:
    """Live runs from the first day to the last, as `sim.simulate.job.simulate` does, by the Mesa model.

    Parameters
    ----------
    job : Job
    runs : ndarray of uint64, shape (n,)
    counts : tuple of ndarray, optional
        Daily counts to add to.
    told : callable, optional
        Told a number of runs done since it was last told.

    Returns
    -------
    recarray of WORLD, shape (n,)
        The worlds after the last day.
    """
    worlds = new_worlds(runs)
    for place, run in enumerate(runs):
        model = EscalationModel(job, int(run), collect=False)
        while model.running:
            model.step()
            if len(counts[2]) > 0:
                count_world(model.world, model.steps - 1, *counts)
        worlds[place] = model.world[0]
        if told is not None:
            told(1)
    return worlds
