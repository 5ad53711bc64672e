"""Both halves of the dilemma show: with reactions readiness does something else to the risk than without, both ways."""

import numpy as np
import pytest

from sim.core import advance
from sim.core.state import new_worlds
from sim.parameters import couplings
from sim.scenario import load_scenario
from sim.simulate.job import NOTHING
from sim.simulate.parameter_draws import prior_rows
from sim.simulate.setting import setting_of
from sim.simulate.timeline import timeline_of

DRAWS, RUNS, SEED = 120, 250, np.uint64(5)
BASELINE = load_scenario("october-2023")


def came(readiness, reactions):
    """Whether runs come to a direct exchange, shape (DRAWS, RUNS): the same draws and luck every time."""
    fixed = {**({} if reactions else couplings()), "us.readiness": readiness}
    table, rows = prior_rows(np.arange(DRAWS), BASELINE.random_seed, fixed), np.repeat(np.arange(DRAWS), RUNS)
    worlds, setting = new_worlds(np.arange(len(rows), dtype=np.uint64)), setting_of(BASELINE)
    timeline = timeline_of(BASELINE)
    advance.start(worlds, table, rows, setting)
    advance.advance(worlds, table, rows, timeline, setting, SEED, 0, len(timeline), *NOTHING)
    return (worlds["outcome"]["direct_day"] >= 0).reshape(DRAWS, RUNS).astype(float)


@pytest.mark.verification
def test_reactions_change_what_readiness_does_to_the_risk_in_both_directions():
    """From -3 to +3, less the same without reactions, draw by draw, beyond 3.5 standard errors.

    Luck alone makes 0.06 of 120 draws sure, and two or more of them once in 650 times.
    """
    by_run = (came(3.0, True) - came(-3.0, True)) - (came(3.0, False) - came(-3.0, False))
    mean, error = by_run.mean(1), by_run.std(1, ddof=1) / np.sqrt(RUNS)
    sure = np.abs(mean) > 3.5 * np.maximum(error, 1e-9)
    rises, falls = (sure & (mean > 0)).mean(), (sure & (mean < 0)).mean()
    assert rises >= 2 / DRAWS
    assert falls >= 0.05
