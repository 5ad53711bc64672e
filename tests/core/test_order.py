"""The order of the day, by name: what it is, and between which neighbours it makes a difference."""

import numpy as np
import pytest

from sim.core import advance, phases
from sim.core.state import new_worlds
from sim.simulate.parameter_draws import default_rows
from sim.simulate.setting import setting_of
from sim.simulate.timeline import timeline_of
from tests.core.stories import BASELINE, NOTHING, strike

ORDER = (
    "timeline_arrives", "tehran_moves", "baghdad_presses", "militias_choose", "attacks_set_out",
    "attacks_meet_defence", "false_alarm", "washington_weighs", "washington_chooses", "bargain_is_tested",
    "consequences_follow", "tehran_answers", "day_is_recorded", "memories_fade",
)  # fmt: skip
"""As docs/explanation/model.md has it, on purpose not taken from the code."""

ALIKE = {
    ("militias_choose", "attacks_set_out"),
    ("false_alarm", "washington_weighs"),
    ("bargain_is_tested", "consequences_follow"),
    ("day_is_recorded", "memories_fade"),
}
"""Neighbours whose order makes no difference: where attacks go, and what defences they meet, hangs on no choice of the
militias, nor that on these; those who die of an alarm press on nobody; a bargain hangs on no strain
and no anger, nor these on it; and what is recorded are events, no memories."""

EVENTFUL = {
    "iraq.pressing": 0.0, "iran.answer": 4.0, "us.threshold_first": 1.0, "engagement.false_alarm_death": 0.2,
    "iran.posture_fear": 1.0, "us.posture_reaction": 1.0,
}  # fmt: skip
DAYS, SEED = 40, np.uint64(7)


@pytest.fixture(scope="module")
def began():
    """The days, the setting, the parameters and the world of a run in which everybody acts, on its first morning."""
    strikes = (strike(10, 3, place="iraq"), strike(25, 4))
    timeline = timeline_of(BASELINE.model_copy(update={"interventions": strikes}))
    setting, row = setting_of(BASELINE), default_rows(EVENTFUL)
    world = new_worlds(np.zeros(1, np.uint64))
    advance.start(world, row, np.zeros(1, np.int64), setting)
    return timeline, setting, row, world


def lived(began, names) -> np.ndarray:
    """The world of every evening, lived phase by phase."""
    timeline, setting, row, world = (np.asarray(records) for records in began)
    world, evenings = world.copy(), []
    for d in range(DAYS):
        for name in names:
            phases.PHASES[name](world, timeline[d : d + 1], setting, row, SEED)
        evenings.append(world.copy())
    return np.concatenate(evenings)


@pytest.fixture(scope="module")
def engine(began) -> np.ndarray:
    """The world of every evening, as the engine has it."""
    timeline, setting, row, world = began
    world, evenings = world.copy(), []
    for d in range(DAYS):
        advance.advance(world, row, np.zeros(1, np.int64), timeline, setting, SEED, d, d + 1, *NOTHING)
        evenings.append(np.asarray(world).copy())
    return np.concatenate(evenings)


def test_the_engine_lives_a_day_in_the_order_that_is_told(began, engine):
    assert set(phases.PHASES) == set(ORDER)
    assert (lived(began, ORDER) == engine).all()


@pytest.mark.parametrize("first", range(len(ORDER) - 1))
def test_a_day_with_two_neighbours_swapped_would_be_told_apart(began, engine, first):
    one, two = ORDER[first : first + 2]
    swapped = (*ORDER[:first], two, one, *ORDER[first + 2 :])
    same = bool((lived(began, swapped) == engine).all())
    assert same == ((one, two) in ALIKE)
