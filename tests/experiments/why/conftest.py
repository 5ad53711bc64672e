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
    return tmp_path_factory.mktemp("spirals")


@pytest.fixture(scope="module")
def alone(folder: Path) -> Scenario:
    """One attack kills three, and Washington, free on that day and the four after it, strikes Iran for it.

    It decides on the day with odds of 28 logits, makes it a hard strike with 18 and one on Iran with 16 (a false alarm
    in one of ten million). Without the dead its odds to decide are of -12 logits, and without the attack there is
    nothing to answer.
    """
    return written(ALONE + ATTACK, "alone", folder)


@pytest.fixture(scope="module")
def baseline() -> Job:
    return make_job(load_scenario("october-2023"))


@pytest.fixture(scope="module")
def spirals(baseline: Job) -> list[Replay]:
    """The runs among the first 300 that came to a direct exchange."""
    outcomes = np.asarray(simulate(baseline, np.arange(300, dtype=np.uint64)))["outcome"]
    found = [replay(baseline, int(run)) for run in np.flatnonzero(outcomes["direct_day"] >= 0)]
    assert len(found) > 20
    return found
