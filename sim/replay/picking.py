"""Finding a run that is worth opening."""

from __future__ import annotations

import numpy as np

from sim.errors import SpiralError
from sim.outcomes import OUTCOMES
from sim.simulate.job import Job, simulate

PICKS = ("first-spiral", "median", "worst", "quietest")
SEARCHED = 1_000
"""Runs that are looked through unless told otherwise: 0 to 999."""

DECIDED_BY = "by highest rung, US killed, strikes and attacks"


class NoSuchRunError(SpiralError):
    """No run among those searched is what was asked for; the message is one line."""


def pick_run(job: Job, how: str, runs: int = SEARCHED) -> int:
    """Number of the run that is the first spiral, the median, the worst or the quietest of runs 0 to `runs` - 1.

    Runs are ordered by their highest rung, then US killed, then strikes, then attacks; of equals the first is taken.

    Parameters
    ----------
    job : Job
    how : one of PICKS
    runs : int
        Number of runs to look through, at least 1.

    Raises
    ------
    NoSuchRunError
        When a spiral is asked for, and none of the runs came to one.
    """
    outcomes = np.asarray(simulate(job, np.arange(runs, dtype=np.uint64)))["outcome"]
    if how == "first-spiral":
        headline = job.scenario.headline
        spiralled = np.flatnonzero(OUTCOMES[headline].of(outcomes) >= 0)
        if not len(spiralled):
            raise NoSuchRunError(f"none of the first {runs:,} runs came to a {headline} exchange")
        return int(spiralled[0])
    keys = [OUTCOMES[name].of(outcomes) for name in ("peak_rung", "killed", "strikes", "attacks")]
    if how == "worst":
        return int(np.lexsort((np.arange(runs), *(-key for key in reversed(keys))))[0])
    order = np.lexsort((np.arange(runs), *reversed(keys)))
    return int(order[0 if how == "quietest" else runs // 2])


def picked_text(how: str, run: int, runs: int, headline: str) -> str:
    """Say which run was picked of runs 0 to `runs` - 1, and how."""
    what = {
        "first-spiral": f"the first with a {headline} exchange",
        "median": f"the median {DECIDED_BY}",
        "worst": f"the worst {DECIDED_BY}",
        "quietest": f"the quietest {DECIDED_BY}",
    }[how]
    return f"Picked run {run:,} of runs 0 to {runs - 1:,}: {what}."
