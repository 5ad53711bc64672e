"""The figure of P(level 4 | killed): what it draws, what its table holds, and that nothing overlaps the axes."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from sim.reference import load_episodes
from sim.reference.classes import lethal
from sim.report.figures.level_4 import Curve, level_4_by_killed
from sim.report.figures.page import save
from sim.report.figures.style import style
from tests.reference.made import episode
from tests.report.heads import check_heads

KILLED = np.array([0, 1, 3, 7, 19])
PRIOR = Curve(
    "prior", KILLED, [0.01, 0.06, 0.16, 0.3, 0.4], [0, 0, 0.01, 0.02, 0.03], [0.1, 0.3, 0.5, 0.7, 0.9]
)
FITTED = Curve("fitted", KILLED, [0.0, 0.02, 0.08, 0.1, 0.2], [0] * 5, [0.1, 0.2, 0.3, 0.4, 0.5])


@pytest.fixture
def drawing():
    with style():
        yield level_4_by_killed([PRIOR, FITTED], load_episodes(), "a question?", 2007)


def test_the_title_tells_each_curve_at_three_killed(drawing):
    assert drawing.title.endswith("with a chance of 8.0% to 16%")
    assert drawing.subtitle.startswith("16% (prior), 8.0% (fitted). ")
    check_heads([drawing])


def test_between_its_points_a_curve_is_linear_in_the_logarithm():
    assert PRIOR.at(3) == pytest.approx(0.16)
    assert PRIOR.at(np.sqrt(8) - 1) == pytest.approx(0.11)


def test_every_lethal_episode_is_a_dot_above_or_below(drawing):
    axes = drawing.figure.axes[0]
    dots = np.concatenate([np.asarray(c.get_offsets()) for c in axes.collections[-2:]])
    episodes = lethal(load_episodes(), "all")
    struck = sum(e.answer == 4 for e in episodes)
    assert np.sum(dots[:, 1] > 1.0) == struck
    assert np.sum(dots[:, 1] < 0.0) == len(episodes) - struck
    assert len({tuple(np.round(dot, 9)) for dot in dots}) == len(episodes)
    assert sorted(dots[:, 0]) == pytest.approx(sorted(np.log2(1 + e.killed) for e in episodes))
    low, high = axes.get_ylim()
    assert np.all((low < dots[:, 1]) & (dots[:, 1] < high))


def test_episodes_older_than_the_class_are_hollow():
    made = [episode(1, year=1990), episode(1, year=2020)]
    with style():
        axes = level_4_by_killed([PRIOR], made, "", 2007).figure.axes[0]
    filled, hollow = axes.collections[-2:]
    assert (len(filled.get_offsets()), len(hollow.get_offsets())) == (1, 1)
    assert len(hollow.get_facecolors()) == 0 or hollow.get_facecolors()[0][3] == 0
    assert tuple(filled.get_facecolors()[0]) == to_rgba("#1A1A1A")


def test_the_table_holds_all_that_is_drawn(drawing, tmp_path):
    with style():
        files = save(drawing, tmp_path)
    assert [file.name for file in files] == [f"level_4_by_killed.{kind}" for kind in ("png", "svg", "csv")]
    table = pd.read_csv(files[2])
    assert list(table.columns) == ["kind", "series", "killed", "probability", "low", "high"]
    curve = table[table["series"] == "fitted"]
    assert np.allclose(
        curve[["killed", "probability", "high"]], np.column_stack([KILLED, FITTED.mean, FITTED.high])
    )
    assert (table["kind"] == "episode").sum() == len(lethal(load_episodes(), "all"))


def test_without_episodes_the_curves_are_drawn_alone():
    with style():
        drawn = level_4_by_killed([PRIOR], [])
    assert set(drawn.data["kind"]) == {"curve"}


@pytest.mark.parametrize("many", [0, 5])
def test_no_curve_or_too_many_are_refused(many):
    with pytest.raises(ValueError, match=f"curves = {many}: must be 1 to 4"):
        level_4_by_killed([PRIOR] * many, [])
