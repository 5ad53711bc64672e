"""A run lived by the Mesa model, its mornings kept as the replay keeps them."""

from __future__ import annotations

import numpy as np

from sim.mesa.model import EscalationModel
from sim.replay.replay import Replay
from sim.simulate.job import Job


def replay_with_agents(job: Job, run: int) -> Replay:
    """Live one run with the Mesa model, and keep every morning of it.

    Parameters
    ----------
    job : Job
    run : int
        The run's number, 0 to 2^64 - 1.
    """
    model = EscalationModel(job, run, collect=False)
    timeline = np.asarray(job.segments[-1].timeline)
    mornings = np.zeros(model.days + 1, model.world.dtype)
    for day in range(model.days):
        mornings[day] = model.world[0]
        model.step()
    mornings[-1] = model.world[0]
    return Replay(job, run, mornings, timeline, model.setting, model.row)
