"""The dilemma: shapes told beyond chance, feedback's part, parameters that tell draws apart, and bands."""

import numpy as np
import pandas as pd
import pytest

from sim.experiments.dilemma.curve import change_by_feedback
from sim.experiments.dilemma.draws import DRAW
from sim.experiments.dilemma.response import band, stretch
from sim.experiments.dilemma.shapes import (
    FALSE_ALARM,
    SHAPES,
    draws_table,
    mean_signs,
    risk_signs,
    shape_table,
    shapes_of,
)
from sim.experiments.dilemma.where import RISING, holm, where_table
from sim.experiments.dilemma.worlds import DRAW_VALUES, PAIRS, WORLDS
from sim.scenario import load_scenario
from sim.simulate.parameter_draws import prior_rows
from sim.simulate.responses import RESPONSE

RUNS = 500
FLAT = (0.3,) * 5
KNOWN = {
    "falling": (0.6, 0.5, 0.4, 0.3, 0.2),
    "rising": (0.1, 0.1, 0.2, 0.3, 0.4),
    "U-shaped": (0.5, 0.3, 0.2, 0.3, 0.5),
    "hump-shaped": (0.1, 0.2, 0.4, 0.2, 0.1),
    "flat": FLAT,
}


def made(risks, draws: int, seed: int, aside=FLAT, attacks=(0.0,) * 5) -> np.ndarray:
    """Draws with known risks and mean attacks; the worlds share half of their luck, and attacks have spread 10."""
    rng, found = np.random.default_rng(seed), np.zeros(draws, DRAW)
    found["row"], found["runs"] = np.arange(draws), RUNS
    for d in range(draws):
        shared = rng.random(RUNS) < 0.5
        luck = np.where(shared, rng.random(RUNS), rng.random((2, 5, RUNS)))
        came, alone = luck[0] < np.array(risks)[:, None], luck[1] < np.array(aside)[:, None]
        suffered = np.array(attacks)[:, None] + rng.normal(0.0, 10.0, (5, RUNS))
        for k in range(5):
            found[f"seen_{k}"][d], found[f"attacks_{k}"][d] = came[k].sum(), suffered[k].sum()
        for i, j in PAIRS:
            for ending, world in (("", came), ("_aside", alone)):
                found[f"into{ending}_{i}_{j}"][d] = (world[j] & ~world[i]).sum()
                found[f"out{ending}_{i}_{j}"][d] = (world[i] & ~world[j]).sum()
            fed = came[j].astype(float) - came[i] - alone[j] + alone[i]
            for name, change in (("fed", fed), ("attacks", suffered[j] - suffered[i])):
                found[f"{name}_d_{i}_{j}"][d], found[f"{name}_q_{i}_{j}"][d] = change.sum(), (change**2).sum()
    return found


@pytest.mark.parametrize("shape", KNOWN)
def test_a_known_shape_is_told(shape):
    """Steps of 10 points, 4 or more standard errors each: nine draws in ten at the least are told (seen: all
    but 1 or 2)."""
    told = shapes_of(risk_signs(made(KNOWN[shape], 60, seed=1)))
    assert (told == shape).mean() >= 0.9


def test_flat_draws_are_called_so_as_often_as_is_said():
    """Of 1,000 flat draws at most 10 are expected to raise a false alarm, with standard deviation 3; 4 of
    these above."""
    alarms = (shapes_of(risk_signs(made(FLAT, 1000, seed=2))) != "flat").sum()
    assert 1 <= alarms <= 1000 * FALSE_ALARM + 4 * (1000 * FALSE_ALARM) ** 0.5


def test_false_alarms_of_attacks_and_of_feedback_are_as_rare():
    found = made(FLAT, 1000, seed=3)
    for name in ("attacks", "fed"):
        alarms = mean_signs(found, name).any(axis=1).sum()
        assert 1 <= alarms <= 1000 * FALSE_ALARM + 4 * (1000 * FALSE_ALARM) ** 0.5, name


def test_shapes_follow_from_which_pairs_differ():
    for moves, shape in (
        ({}, "flat"),
        ({(0, 4): 1}, "rising"),
        ({(1, 2): -1, (0, 4): -1}, "falling"),
        ({(0, 2): -1, (2, 4): 1}, "U-shaped"),
        ({(0, 1): 1, (1, 2): -1}, "hump-shaped"),
        ({(0, 1): 1, (1, 2): -1, (2, 3): 1}, "several turns"),
        ({(0, 3): -1, (1, 2): 1}, "several turns"),
    ):
        signs = np.array([[moves.get(pair, 0) for pair in PAIRS]])
        assert shapes_of(signs).tolist() == [shape], moves
        assert shape in SHAPES


def test_what_rises_without_feedback_too_is_not_put_down_to_it():
    """The same rise in both worlds, and a rise in one of them; only the second, with fewer attacks, is the dilemma."""
    rise, calm = KNOWN["rising"], (30.0, 25.0, 20.0, 15.0, 10.0)
    for aside, attacks, fed, both in ((rise, calm, 0, 0), (FLAT, calm, 20, 20), (FLAT, calm[::-1], 20, 0)):
        found = made(rise, 20, seed=4, aside=aside, attacks=attacks)
        table = shape_table(draws_table(found)).set_index("shape")["draws"]
        assert table["rising"] == 20
        assert (table["rises through feedback"], table["dilemma"]) == (fed, both)
        assert (table["falls through feedback"], table["neither"]) == (0, 20 - fed)
    fallen = shape_table(draws_table(made(KNOWN["falling"], 20, seed=5))).set_index("shape")
    assert fallen["draws"]["falls through feedback"] == 20
    assert fallen["share"]["falling"] == 1
    assert fallen["without_feedback"]["flat"] == 20


def test_shares_add_up_and_ends_are_compared():
    found = np.concatenate([made(KNOWN[shape], 5, seed=6, attacks=(9, 9, 9, 9, 1)) for shape in KNOWN])
    found["row"] = np.arange(len(found))
    draws = draws_table(found)
    assert len(draws) == 25 * len(DRAW_VALUES)
    table = shape_table(draws).set_index("shape")
    assert table.loc[list(SHAPES), "draws"].sum() == 25
    assert table.loc["falling", "fewer_attacks"] == table.loc["falling", "draws"] == 5
    assert table.loc["falling", "risk_at_-6"] == pytest.approx(0.6, abs=4 * (0.24 / 2500) ** 0.5)


# Feedback's part of the curve


def test_feedbacks_part_is_the_change_less_that_without_it_row_by_row():
    parts = np.zeros((4, 3), RESPONSE)
    parts["row"], parts["runs"] = np.arange(3), 25
    parts["direct"] = [[10, 12, 20], [5, 5, 5], [7, 7, 7], [6, 4, 2]]
    found = change_by_feedback((parts[0], parts[1]), (parts[2], parts[3]), "direct")
    assert found.value == pytest.approx(np.mean([5 - 1, 7 - 3, 15 - 5]) / 25)
    with pytest.raises(ValueError, match="do not have the same runs"):
        change_by_feedback((parts[0], parts[1][:2]), (parts[2], parts[3]), "direct")


# Where


def test_holms_correction():
    assert holm(np.array([0.01, 0.04, 0.03])).tolist() == pytest.approx([0.03, 0.06, 0.06])
    assert holm(np.array([0.9, 0.001])).tolist() == pytest.approx([0.9, 0.002])


SCENARIO = load_scenario("october-2023")


def labelled(rises: np.ndarray) -> pd.DataFrame:
    shape = np.where(rises, "rising", "falling")
    no = np.zeros(len(rises), bool)
    columns = {"row": np.arange(len(rises)), "value": DRAW_VALUES[0], "shape": shape}
    return pd.DataFrame({**columns, "rises": no, "falls": no, "dilemma": no})


def test_the_parameter_that_tells_draws_apart_is_named_and_no_other():
    table = prior_rows(np.arange(160), SCENARIO.random_seed, {})
    noise = np.random.default_rng(1).random(160) < 0.15
    revenge = np.asarray(table["militia"]["revenge"])
    found = where_table(SCENARIO, labelled((revenge > np.median(revenge)) ^ noise))
    assert found["comparison"].unique().tolist() == [RISING]  # no other group is large enough
    assert found.loc[found["beyond_luck"], "parameter"].tolist() == ["militia.revenge"]
    first = found.iloc[0]
    assert first["higher"] > 0.75
    assert first["first_median"] > first["second_median"]
    assert "us.readiness" not in set(found["parameter"])


def test_what_is_labelled_at_random_is_told_apart_by_nothing():
    """Each of 12 labellings names any with probability 0.05 at most: more than 3 of them come once in 440 times."""
    rng = np.random.default_rng(2)
    named = [where_table(SCENARIO, labelled(rng.random(160) < 0.3))["beyond_luck"].any() for _ in range(12)]
    assert sum(named) <= 3


# Bands and stretches


def test_a_band_holds_all_weeks_together():
    """Of 150 sets of 13 weeks at least 95% less 4 standard errors lie inside whole; week by week it would be 60%."""
    rng, inside = np.random.default_rng(3), 0
    for _ in range(150):
        shared = rng.normal(size=(100, 1))
        totals = 25 * (0.3 * shared + rng.normal(size=(100, 13)))
        value, half = band(totals, np.full(100, 25.0))
        inside += bool((np.abs(value) <= half).all())
    assert inside / 150 >= 0.95 - 4 * (0.95 * 0.05 / 150) ** 0.5


def test_a_band_of_what_never_differs_is_nothing_and_of_one_row_unknown():
    value, half = band(np.zeros((10, 3)), np.full(10, 25.0))
    assert (value.tolist(), half.tolist()) == ([0, 0, 0], [0, 0, 0])
    assert np.isinf(band(np.ones((1, 3)), np.full(1, 25.0))[1]).all()


def test_the_first_unbroken_stretch_is_told():
    def weeks(*changes: float) -> list[dict[str, object]]:
        return [
            {"change": c, "excludes_zero": c != 0, "first_day": 7 * n + 1, "last_day": 7 * n + 7}
            for n, c in enumerate(changes)
        ]

    assert stretch(weeks(0, 0)) == (0, -1, -1)
    assert stretch(weeks(0, -1, -2, 0, -1)) == (-1, 8, 21)
    assert stretch(weeks(1, -1)) == (1, 1, 7)
    assert stretch(weeks(0, 3)) == (1, 8, 14)


def test_the_worlds_begin_with_all_together_and_none():
    assert list(WORLDS)[:2] == ["all together", "no feedback"]
    assert not WORLDS["all together"]
    assert WORLDS["no feedback"]["militia.revenge"] == 0
