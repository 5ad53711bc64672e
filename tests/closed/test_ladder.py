"""The ladder as a Markov chain, and incidence and rungs as the estimates tell them."""

import math

import numpy as np
import pytest

from sim.core import advance
from sim.core.state import new_worlds
from sim.estimates.tables import incidence_table, rung_table
from sim.outcomes import EVENTS
from sim.simulate.tallies import new_tallies
from tests.closed.worlds import BASELINE, BLOCK, RUNS, SEED, days_of, lived, row_of, setting

pytestmark = pytest.mark.verification

WINDOW = 5
HARMLESS = {"engagement.wounding": 0.0, "engagement.lethal_harassment": 0.0, "militia.kill_intent": 0.0}


def test_a_quiet_rung_is_a_window_without_an_attack(table):
    days, tempo = 12, 0.3
    (rung,) = lived(
        days_of(days, "militias"), {**HARMLESS, "militia.tempo": tempo}, lambda w: [w["ladder"]["rung"]], RUNS // 4,
        where=setting(window=WINDOW),
    )  # fmt: skip
    table.share("rung 0 after twelve days", math.exp(-tempo * WINDOW), rung == 0)
    table.share("rung 1 after twelve days", 1 - math.exp(-tempo * WINDOW), rung == 1)


def decision_chain(decides: float, step: float) -> np.ndarray:
    """A day of Washington's decision and of the ladder's window, provoked every day.

    States are the step of the decision (0 to 2) by days since the last strike (0 to `WINDOW`, the last for any number
    more).

    Returns
    -------
    ndarray, shape (states, states)
        Row: from; column: to.
    """
    size = WINDOW + 1
    chain = np.zeros((3 * size, 3 * size))
    for at in range(3):
        chance = decides if at == 0 else step
        for since in range(size):
            later, here = min(since + 1, WINDOW), at * size + since
            chain[here, at * size + later] += 1 - chance
            chain[here, (at + 1) % 3 * size + (0 if at == 2 else later)] += chance
    return chain


def test_decision_and_ladder_are_a_markov_chain(table):
    """Attacked every day, Washington decides with a chance of logistic(-1), and prepares with one of 0.5."""
    fixed = {"us.lag": 4.0, "us.threshold_first": 1.0, "us.ceiling": -6.0, "us.level_3_base": -12.0}
    fixed |= {"us.pressure_attack": 0.0, "us.iraq_sensitivity": 8.0, "us.iraq_killed": 0.0, **HARMLESS}
    chain = decision_chain(1 / (1 + math.e), 0.5)
    for days in (4, 20):
        rung, step, strikes = lived(
            days_of(days, "us", attacks=1), fixed,
            lambda w: [w["ladder"]["rung"], w["us"]["step"], w["outcome"]["strikes"].sum(1)], RUNS // 8,
            where=setting(window=WINDOW),
        )  # fmt: skip
        law = np.zeros((days + 1, len(chain)))
        law[0, WINDOW] = 1.0
        for day in range(days):
            law[day + 1] = law[day] @ chain
        by_step = law.reshape(days + 1, 3, WINDOW + 1)
        for at in range(3):
            table.share(f"step {at} after {days} days", by_step[-1, at].sum(), step == at)
        lately = 1 - by_step[-1, :, WINDOW].sum()
        table.share(f"rung 2 or more after {days} days", lately, rung >= 2)
        table.share(f"rung 1 after {days} days", 1 - lately, rung == 1)
        table.mean(f"strikes in {days} days: mean", by_step[1:, :, 0].sum(), strikes)


def test_incidence_and_rungs_are_told_as_they_come(table):
    """One munition a day that kills with a chance of 0.049: by the tables that a run writes."""
    days, hazard = 20, 0.98 * 0.05
    timeline, fixed = (
        days_of(days, "", attacks=1),
        {"engagement.gets_through": 0.98, "militia.kill_intent": 0.0},
    )
    row, where = row_of({**fixed, "engagement.lethal_harassment": 0.05}), setting(window=WINDOW)
    tallies, zeros = new_tallies(days), np.zeros(BLOCK, np.int64)
    for first in range(0, 200_000, BLOCK):
        worlds = new_worlds(np.arange(first, first + BLOCK, dtype=np.uint64))
        advance.start(worlds, row, zeros, where)
        advance.advance(worlds, row, zeros, timeline, where, SEED, 0, days, *tallies.daily)
        tallies.add(worlds["outcome"], EVENTS.index("direct"))
    incidence = incidence_table(tallies, BASELINE.start, by_row=False)
    rungs = rung_table(tallies, BASELINE.start)
    came = incidence[incidence["event"] == "killed"]["probability"].to_numpy()
    third = rungs[rungs["rung"] == 3]["share"].to_numpy()
    for day in (0, 7, 19):
        by_then = 1 - (1 - hazard) ** (day + 1)
        table.share(f"incidence of a death, day {day}", by_then, came[day] * tallies.runs, tallies.runs)
        lately = 1 - (1 - hazard) ** min(day + 1, WINDOW)
        table.share(f"rung 3 as told, day {day}", lately, third[day] * tallies.runs, tallies.runs)
