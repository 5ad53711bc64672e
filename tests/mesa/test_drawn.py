"""Figures of a model: what they show is what was lived, and drawing changes nothing."""

import numpy as np
import pytest

from sim.mesa.drawn import WEEK, pressures_figure, rungs_figure, weeks_figure
from sim.mesa.model import EscalationModel
from tests.mesa.models import EVENTFUL, SHORT

FIGURES = (weeks_figure, rungs_figure, pressures_figure)


@pytest.fixture(scope="module")
def lived() -> EscalationModel:
    made = EscalationModel(SHORT, EVENTFUL)
    made.run_for(17)
    return made


def test_a_bar_a_week_holds_its_attacks(lived):
    (axes,) = weeks_figure(lived).axes
    attacks = lived.datacollector.model_vars["attacks"]
    assert [bar.get_height() for bar in axes.patches] == [
        sum(attacks[:WEEK]),
        sum(attacks[WEEK : 2 * WEEK]),
        sum(attacks[2 * WEEK :]),
    ]
    assert sum(attacks) > 0


def test_a_week_with_killed_is_marked():
    model = EscalationModel(SHORT, EVENTFUL)
    model.run_for(WEEK)
    killing = next(iter(model.militias))
    killing.order(attacks=1, site="al-asad", killed=1)
    model.step()
    (axes,) = weeks_figure(model).axes
    (marks,) = axes.get_lines()
    kept = model.datacollector.model_vars
    deadly = [sum(kept["killed"][first : first + WEEK]) > 0 for first in (0, WEEK)]
    assert deadly[1]
    assert len(marks.get_xdata()) == sum(deadly)
    assert marks.get_ydata()[-1] == sum(kept["attacks"][WEEK:])


def test_rungs_and_strikes_are_those_of_the_days(lived):
    (axes,) = rungs_figure(lived).axes
    rungs, strikes = axes.get_lines()
    kept = lived.datacollector.model_vars
    np.testing.assert_array_equal(rungs.get_ydata(), kept["rung"])
    assert len(strikes.get_xdata()) == np.count_nonzero(kept["us_level"]) > 0


def test_each_pressure_is_on_its_own_scale(lived):
    logits, shares = pressures_figure(lived).axes
    kept = lived.datacollector.model_vars
    (pressure,) = logits.get_lines()
    np.testing.assert_array_equal(pressure.get_ydata(), kept["us_pressure"])
    names = ("iran_grievance", "iran_war_fear", "iraq_strain")
    for line, name in zip(shares.get_lines(), names, strict=True):
        np.testing.assert_array_equal(line.get_ydata(), kept[name])


def test_drawing_changes_nothing_and_needs_no_day(lived):
    before = lived.world.tobytes()
    for figure in FIGURES:
        figure(lived)
        assert figure(EscalationModel(SHORT)).axes
    assert lived.world.tobytes() == before
