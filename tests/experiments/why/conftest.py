"""Spirals by hand and of the baseline."""

from pathlib import Path

import numpy as np
import pytest

from sim.replay.replay import Replay, replay
from sim.scenario import Scenario, load_scenario
from sim.simulate.job import Job, make_job, simulate
from tests.experiments.why.spirals import ALONE, ATTACK, written


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("hinges")


@pytest.fixture(scope="module")
def alone(folder: Path) -> Scenario:
    """One attack kills three, and Washington, free on that day only, strikes Iran for it (chance 1 - 1e-11).

    Without it the chance is 1e-6: the noise would have to pass a threshold of 13.5 logits.
    """
    return written(ALONE + ATTACK, "alone", folder)


@pytest.fixture(scope="module")
def baseline() -> Job:
    return make_job(load_scenario("october-2023"))


@pytest.fixture(scope="module")
def spirals(baseline: Job) -> list[Replay]:
    """The runs among the first 300 that came to a direct spiral."""
    outcomes = np.asarray(simulate(baseline, np.arange(300, dtype=np.uint64)))["outcome"]
    found = [replay(baseline, int(run)) for run in np.flatnonzero(outcomes["direct_day"] >= 0)]
    assert len(found) > 20
    return found
