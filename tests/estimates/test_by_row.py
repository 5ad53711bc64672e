"""Estimates from draws of the parameters: by hand, and their coverage."""

import numpy as np
import pytest
from scipy import stats

from sim.estimates.by_row import (
    Mean,
    bounded_difference,
    difference,
    mean,
    of_point,
    probability,
    saved_by_pairing,
    student,
)
from sim.estimates.intervals import clustered, exact_bound
from sim.simulate.responses import RESPONSE


def rows(runs: list[int], **columns: list[float]) -> np.ndarray:
    found = np.zeros(len(runs), RESPONSE)
    found["runs"], found["row"] = runs, np.arange(len(runs))
    for name, values in columns.items():
        found[name] = values
    return found


def test_a_probability_counts_rows_and_the_one_that_is_cut_short():
    found = probability(rows([25, 25, 25, 10], direct=[0, 5, 25, 2]), "direct", True)
    counts = np.zeros(26, np.int64)
    counts[[0, 5, 25]] = 1
    assert found == clustered(counts, 2, 10, False)
    assert found.probability == 32 / 85
    alone = probability(rows([25, 25], direct=[0, 25]), "direct", False)
    assert alone.chance[0] > found.chance[0]  # as if all runs were independent


def test_a_range_over_the_parameters_takes_rows_of_two_runs_or_more():
    def ignorance(size: int, asked: bool = True) -> object:
        return probability(rows([size] * 3, direct=[0, 1, 0]), "direct", True, asked).ignorance

    assert ignorance(1) is None
    assert ignorance(2) == clustered(np.array([2, 1, 0])).ignorance is not None
    assert ignorance(2, asked=False) is None


def test_rows_that_come_again_narrow_nothing():
    found = probability(rows([25] * 4, direct=[0, 5, 25, 2]), "direct", True, most_rows=2)
    counts = np.bincount([0, 5, 25, 2], minlength=26)
    assert found == clustered(counts, with_ignorance=False, most_rows=2)


def test_students_quantile_and_what_excludes_zero():
    assert [student(n) for n in (2, 3, 41)] == pytest.approx(stats.t([1, 2, 40]).ppf(0.975), rel=1e-9)
    ends = [(0.1, 0.2), (-0.2, -0.1), (-0.1, 0.1), (0.0, 0.1), (-0.1, 0.0)]
    assert [Mean(0.0, *pair).excludes_zero for pair in ends] == [True, True, False, False, False]
    assert Mean(1.0, 0.5, 2.0).columns("a") == {"a": 1.0, "a_low": 0.5, "a_high": 2.0}


def test_a_mean_of_one_row_may_be_any_that_is_not_below_zero():
    assert mean(rows([25], attacks=[50.0]), "attacks") == Mean(2.0, 0.0, np.inf)
    assert difference(rows([25], attacks=[50.0]), rows([25], attacks=[75.0]), "attacks") == Mean(
        -1.0, -np.inf, np.inf
    )


def test_an_event_that_moves_alike_in_every_row_is_bounded_by_what_so_many_rows_leave():
    """A row that moves otherwise moves by -1 at least and +1 at most, and is as rare as the exact bound."""
    here, there = rows([10, 10, 5], direct=[6, 6, 3]), rows([10, 10, 5], direct=[4, 4, 2])
    for by_row, trials in ((True, 3), (False, 25)):
        found, bound = bounded_difference(here, there, "direct", by_row), exact_bound(trials)
        ends = (0.2, 0.2 - bound * 1.2, 0.2 + bound * 0.8)
        assert (found.value, found.low, found.high) == pytest.approx(ends, rel=1e-12)
    there["direct"] = [4, 4, 1]
    assert bounded_difference(here, there, "direct", True) == difference(here, there, "direct")
    alike = rows([25, 25], attacks=[25.0, 25.0])
    assert bounded_difference(alike, alike, "attacks", True) == Mean(
        0.0, 0.0, 0.0
    )  # no event: nothing is bounded


def test_a_mean_by_hand():
    found = mean(rows([25, 25, 25], attacks=[25.0, 50.0, 75.0]), "attacks")
    assert found.value == 2.0
    # Totals lie 25 from the mean's twice: variance of the mean 2 * 25^2 * 3/2 / 75^2; Student's t of 2 degrees 4.3027.
    assert found.high == pytest.approx(2.0 + 4.302653 * (1250 * 1.5) ** 0.5 / 75, rel=1e-6)
    assert found.low == max(0.0, 2.0 - (found.high - 2.0))


def test_a_difference_is_taken_row_by_row():
    one, other = rows([25, 25], attacks=[100.0, 900.0]), rows([25, 25], attacks=[75.0, 875.0])
    found = difference(one, other, "attacks")
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)  # both rows differ by one a run
    assert found.excludes_zero
    assert saved_by_pairing(one, other, "attacks") == np.inf


def test_points_with_other_runs_are_not_compared():
    with pytest.raises(ValueError, match="do not have the same runs"):
        difference(rows([25, 25]), rows([25, 10]), "attacks")


def test_pairing_saves_what_is_shared():
    rng = np.random.default_rng(5)
    shared, own = rng.normal(size=(2, 4_000)), rng.normal(size=(2, 4_000))
    one, other = (rows([25] * 4_000, attacks=25 * (3.0 * shared[0] + part)) for part in own)
    # Unpaired 2 (9 + 1), paired 2: ten times. A ratio of two variances of 4,000: standard error 10 sqrt(4/4000) = 0.3.
    assert abs(saved_by_pairing(one, other, "attacks") - 10.0) < 4 * 0.32  # wrong in 6 of 100,000


def test_what_pairing_saves_by_hand():
    """Of three rows: a variance of 1/3 each, and 1/3 of the difference."""
    one, other = rows([2, 2, 2], attacks=[2, 2, 4]), rows([2, 2, 2], attacks=[2, 4, 4])
    paired, unpaired = np.var([0, -1, 0], ddof=1), np.var([1, 1, 2], ddof=1) + np.var([1, 2, 2], ddof=1)
    assert (paired, unpaired) == pytest.approx((1 / 3, 2 / 3))
    assert saved_by_pairing(one, other, "attacks") == pytest.approx(2.0)
    two = rows([2, 2], attacks=[2, 4]), rows([2, 2], attacks=[6, 4])
    assert saved_by_pairing(*two, "attacks") == pytest.approx(0.5)  # against each other: pairing loses


def test_a_points_rows_are_found():
    found = rows([25] * 4)
    found["point"] = [0, 0, 2, 3]
    assert [len(of_point(found, point)) for point in range(4)] == [2, 0, 1, 1]


def test_intervals_of_means_and_differences_cover_the_truth():
    """Of 2,000 experiments of 40 rows, 95% hold the mean and the difference.

    Standard error of a share of 95% over 2,000: 0.49 points; four of them, wrong in 6 of 100,000.
    """
    rng, held = np.random.default_rng(3), np.zeros(2)
    for _ in range(2_000):
        base = rng.gamma(4.0, 10.0, 40)
        one = rows([25] * 40, attacks=rng.poisson(base * 25).astype(float))
        other = rows([25] * 40, attacks=rng.poisson(1.1 * base * 25).astype(float))
        first, change = mean(one, "attacks"), difference(other, one, "attacks")
        held += [first.low <= 40.0 <= first.high, change.low <= 4.0 <= change.high]
    assert (np.abs(held / 2_000 - 0.95) < 4 * 0.0049 + 0.004).all(), (
        held
    )  # 0.4 points for the skew of 40 rows
