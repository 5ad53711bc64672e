"""Probabilities among the runs that meet a condition: by hand, against those of all runs, and their coverage."""

import numpy as np
import pytest
from scipy import stats

from sim.estimates.by_row import Mean
from sim.estimates.conditional import (
    change,
    conditional,
    enough,
    range_given,
    ranges_by_date,
    share_of_parameters,
)
from sim.estimates.intervals import clustered, exact_bound, ignorance_share, independent, prior_range, wilson


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


# One point


def test_a_condition_that_all_meet_changes_nothing():
    rng = np.random.default_rng(3)
    seen = rng.binomial(25, rng.beta(1, 4, 200))
    found = conditional(seen, np.full(200, 25), True, True)
    assert found == clustered(np.bincount(seen, minlength=26))
    assert range_given(seen, np.full(200, 25)) == pytest.approx(
        prior_range(np.bincount(seen, minlength=26)[None, :])[0], abs=1e-9
    )
    assert conditional(seen, np.zeros(200, int), True) is None


def test_the_interval_of_a_conditional_share_holds_it_as_often_as_it_says():
    """300 made problems of 300 rows. A right interval misses each by 0.05; more than 30 of 300 has p < 0.001."""
    rng, missed = np.random.default_rng(11), 0
    for _ in range(300):
        chance = rng.beta(1, 3, 300)
        given = rng.binomial(
            25, 0.2 + 0.6 * chance
        )  # rows in which it is likely meet the condition more often
        seen = rng.binomial(given, chance)
        true = _share_given(0.2, 0.6)
        found = conditional(seen, given, True)
        assert found is not None
        missed += not found.chance[0] <= true <= found.chance[1]
    assert missed <= 30


def _share_given(base: float, slope: float) -> float:
    """E[p (base + slope p)] / E[base + slope p] for p of Beta(1, 3): its moments are 1/4 and 1/10."""
    return (base / 4 + slope / 10) / (base + slope / 4)


GIVEN, SEEN = (
    rows(4, 10, 0, 6, 5),
    rows(1, 5, 0, 3, 1),
)  # 10 of the 25 runs that met the condition, in four rows


def test_a_row_counts_by_its_runs_that_met_the_condition():
    squares = sum((k - n * 0.4) ** 2 for n, k in zip(GIVEN, SEEN, strict=True))
    trials = 0.4 * 0.6 / (squares * 4 / 3 / 25**2)
    found = conditional(SEEN, GIVEN, True)
    assert found is not None
    assert (found.probability, found.seen, found.runs, found.ignorance) == (0.4, 10, 25, None)
    assert found.chance == pytest.approx(wilson(0.4, min(25, trials), stats.t(3).ppf(0.975)), rel=1e-9)
    assert conditional(SEEN, GIVEN, False) == independent(10, 25)


def test_rows_that_come_again_narrow_nothing():
    """Of the four rows two are new: a spread as of four, and as many trials as two."""
    squares = sum((k - n * 0.4) ** 2 for n, k in zip(GIVEN, SEEN, strict=True)) * 4 / 2
    trials = 0.4 * 0.6 / (squares * 2 / 1 / 25**2)
    found = conditional(SEEN, GIVEN, True, most_rows=2)
    assert found is not None
    assert found.chance == pytest.approx(wilson(0.4, min(25, trials), stats.t(1).ppf(0.975)), rel=1e-9)
    assert conditional(SEEN, GIVEN, True, most_rows=4) == conditional(SEEN, GIVEN, True)


def test_none_or_all_is_bounded_by_the_rows_that_met_the_condition():
    none, every = (
        conditional(rows(0, 0, 0), rows(4, 0, 6), True),
        conditional(rows(4, 0, 6), rows(4, 0, 6), True),
    )
    assert none is not None
    assert every is not None
    assert (none.chance, every.chance) == ((0.0, exact_bound(2)), (1 - exact_bound(2), 1.0))
    asked = conditional(rows(0, 0, 0), rows(4, 0, 6), True, with_ignorance=True)
    assert asked is not None
    assert asked.ignorance is None


def test_a_single_row_cut_short_is_that_of_any_event():
    """The last may be shorter; any other that is makes it a matter of condition."""
    counts = np.bincount([3, 0, 8], minlength=11)
    assert conditional(rows(3, 0, 8, 2), rows(10, 10, 10, 4), True) == clustered(counts, 2, 4, False)
    first = conditional(rows(2, 3, 0, 8), rows(4, 10, 10, 10), True, with_ignorance=True)
    assert first is not None
    assert first.ignorance == range_given(rows(2, 3, 0, 8), rows(4, 10, 10, 10))


def test_a_range_is_told_of_two_rows_or_more_of_two_runs_or_more():
    def ignorance(seen: np.ndarray, given: np.ndarray) -> object:
        found = conditional(seen, given, True, with_ignorance=True)
        assert found is not None
        return found.ignorance

    assert ignorance(rows(1, 1, 0), rows(2, 1, 0)) == range_given(rows(1, 1), rows(2, 1))
    assert ignorance(rows(1, 0), rows(2, 0)) is None
    assert ignorance(rows(1, 0, 1), rows(1, 1, 1)) is None
    assert ignorance(rows(2, 0, 1), rows(2, 2, 2)) is not None
    assert ignorance(SEEN, GIVEN) == range_given(SEEN[[0, 1, 3, 4]], GIVEN[[0, 1, 3, 4]])


def test_enough_runs_met_a_condition_or_all_did():
    assert enough(rows(3, 4), rows(10, 10), 7)
    assert not enough(rows(3, 4), rows(10, 10), 8)
    assert enough(rows(2, 2), rows(2, 2), 8)
    assert not enough(rows(2, 1), rows(2, 2), 8)


# The range over the parameters


def test_a_wider_mass_is_a_wider_range_and_an_opposite_event_has_the_opposite_one():
    seen, given = rows(0, 9, 2, 12), rows(4, 10, 14, 20)
    low, high = range_given(seen, given)
    wide_low, wide_high = range_given(seen, given, mass=0.98)
    assert 0 <= wide_low < low < 0.4 < high < wide_high <= 1
    assert range_given(given - seen, given) == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_a_row_weighs_as_many_as_its_runs():
    """One row of twenty runs that saw it in all tells as much as five of four runs each, but for being one."""
    few = range_given(rows(0, 20), rows(20, 20))
    assert few == pytest.approx(range_given(rows(0, *[4] * 5), rows(20, *[4] * 5)), abs=0.06)
    light = range_given(rows(0, 2), rows(20, 2))  # a tenth of the weight: not within the central 98%
    assert range_given(rows(0, 2), rows(20, 2), mass=0.8)[1] < 0.1 < 0.9 < few[1]
    assert light[1] > 0.1


def test_a_range_by_date_is_that_of_each_day_and_never_falls():
    days = np.stack(
        [np.zeros(40, int), *np.random.default_rng(2).binomial(25, [[0.02], [0.3]], (2, 40))], axis=1
    )
    found = ranges_by_date(days, np.full(40, 25))
    counts = np.stack([np.bincount(day, minlength=26) for day in days.T])
    assert found == pytest.approx(np.maximum.accumulate([[0.0, 0.0], *prior_range(counts)[1:]], axis=0))
    given = np.where(np.arange(40) < 5, np.arange(40) % 5 * 5, 25)
    days = np.minimum(days, given[:, None])
    found, met = ranges_by_date(days, given), given > 0
    alone = [[0.0, 0.0], *(range_given(day[met], given[met]) for day in days.T[1:])]
    assert found == pytest.approx(np.maximum.accumulate(alone, axis=0))
    assert (np.diff(ranges_by_date(days[:, ::-1], given), axis=0)[:, 1] >= 0).all()


def test_the_share_of_parameters_is_told_where_all_runs_count():
    counts = np.bincount([0, 3, 9, 1], minlength=11)
    assert share_of_parameters(rows(0, 3, 9, 1), rows(10, 10, 10, 10)) == ignorance_share(counts)
    assert share_of_parameters(rows(0, 3, 9, 1, 2), rows(10, 10, 10, 10, 4)) == ignorance_share(counts)
    assert share_of_parameters(rows(0, 3, 9, 1, 2), rows(10, 10, 10, 4, 4)) is None
    assert share_of_parameters(rows(0, 1, 1), rows(1, 1, 1)) is None
    assert share_of_parameters(rows(0, 1, 2), rows(2, 2, 2)) is not None


# Two points


def test_a_change_is_surer_than_two_shares_and_none_is_none():
    rng = np.random.default_rng(5)
    chance = rng.beta(1, 3, 400)
    given = np.full(400, 25)
    here = rng.binomial(25, chance)
    there = np.minimum(25, here + rng.binomial(1, 0.2, 400))
    moved = change(there, given, here, given)
    assert moved is not None
    assert moved.value == pytest.approx((there - here).sum() / given.sum())
    assert 0 < moved.low < moved.value < moved.high
    apart = conditional(here, given, True)
    assert apart is not None
    assert moved.high - moved.low < 0.2 * (apart.chance[1] - apart.chance[0])
    same = change(here, given, here, given)
    assert isinstance(same, Mean)
    assert same.value == 0
    assert same.low == -same.high < 0
    assert change(here, given, here, np.zeros(400, int)) is None


def test_a_change_by_hand():
    here, there = (rows(2, 4), rows(4, 8)), (rows(1, 4), rows(4, 6))
    moved = change(*here, *there)
    assert moved is not None
    # Shares 6/12 and 5/10; each row's parts of either, and Student's t of one degree of freedom.
    parts = [(2 - 0.5 * 4) / 12 - (1 - 0.5 * 4) / 10, (4 - 0.5 * 8) / 12 - (4 - 0.5 * 6) / 10]
    half = stats.t(1).ppf(0.975) * (sum(part**2 for part in parts) * 2 / 1) ** 0.5
    assert (moved.value, moved.low, moved.high) == pytest.approx((0.0, -half, half), rel=1e-9)


def test_a_change_of_one_row_may_be_any_and_none_at_all_is_bounded_by_the_rows():
    one = change(rows(2), rows(4), rows(1), rows(4))
    assert one == Mean(0.25, float("-inf"), float("inf"))
    assert change(rows(2, 3), rows(4, 4), rows(2, 3), rows(4, 4)) == Mean(
        0.0, -exact_bound(2), exact_bound(2)
    )
    other = change(rows(2, 2), rows(4, 4), rows(2, 2), rows(4, 8))
    assert other is not None
    assert other.value == pytest.approx(0.5 - 4 / 12)
    assert change(rows(0, 0), rows(0, 0), rows(2, 3), rows(4, 4)) is None
