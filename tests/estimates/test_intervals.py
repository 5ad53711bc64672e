"""Intervals of single estimates: known values, exact bounds, rows as the units that count."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.estimates.intervals import (
    Estimate,
    clustered,
    exact_bound,
    ignorance_share,
    independent,
    prior_range,
    ratio,
    wilson,
)

SIZE = 25


def rows_of(*hits: int) -> np.ndarray:
    """Whole rows, one for each number of runs in which it came."""
    return np.bincount(hits, minlength=SIZE + 1)


def pairs_of(*rows: tuple[int, int]) -> np.ndarray:
    """Whole rows, one for each pair of runs with the first event, and with both."""
    pairs = np.zeros((SIZE + 1, SIZE + 1), np.int64)
    for first, both in rows:
        pairs[first, both] += 1
    return pairs


# Wilson, and the exact bound


@pytest.mark.parametrize(
    ("seen", "trials", "low", "high"),
    [
        (1, 10, 0.01788, 0.40415),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (5, 10, 0.2366, 0.7634),
    ],
)  # 81/263 and 15/148 from Newcombe 1998, Table I
def test_wilson_gives_published_values(seen, trials, low, high):
    assert wilson(seen / trials, trials) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize(("seen", "trials"), [(0, 20), (1, 29), (7, 7), (3, 10), (40_000, 100_000)])
def test_wilson_agrees_with_another_library(seen, trials):
    other = stats.binomtest(seen, trials).proportion_ci(0.95, method="wilson")
    assert wilson(seen / trials, trials) == pytest.approx((other.low, other.high), abs=1e-7)


@pytest.mark.parametrize(("share", "trials"), [(0.0, 1e-3), (1.0, 1e-3), (0.5, 1e-9), (1e-300, 1e9)])
def test_wilson_stays_within_0_and_1_and_around_the_share(share, trials):
    low, high = wilson(share, trials)
    assert 0 <= low <= share <= high <= 1


@pytest.mark.parametrize("trials", [1, 5, 100, 10**9])
def test_with_the_exact_bound_seeing_nothing_is_as_rare_as_the_tail(trials):
    bound = exact_bound(trials)
    assert trials * math.log1p(-bound) == pytest.approx(math.log(0.025), rel=1e-9)
    assert bound == pytest.approx(stats.binomtest(0, trials).proportion_ci(0.95, "exact").high, rel=1e-9)


def test_independent_runs_are_wilson_between_the_ends_and_exact_at_them():
    assert independent(81, 263).chance == wilson(81 / 263, 263)
    assert independent(0, 200) == Estimate(0.0, (0.0, exact_bound(200)), None, 0, 200)
    assert independent(200, 200) == Estimate(1.0, (1.0 - exact_bound(200), 1.0), None, 200, 200)


def test_an_estimate_in_plain_values():
    estimate = Estimate(0.2, (0.1, 0.4), (0.05, 0.7), 2, 10)
    assert estimate.half_width == pytest.approx(0.15)
    assert estimate.as_dict() == {
        "probability": 0.2, "chance": [0.1, 0.4], "ignorance": [0.05, 0.7], "seen": 2, "runs": 10,
    }  # fmt: skip
    assert independent(1, 2).as_dict()["ignorance"] is None
    assert estimate.columns("p") == {"p": 0.2, "p_low": 0.1, "p_high": 0.4}


# Rows


def test_of_rows_that_are_alike_every_run_counts():
    hits = (
        stats.binom(SIZE, 0.3).ppf((np.arange(400) + 0.5) / 400).astype(int)
    )  # as if each run had luck of its own
    low, high = clustered(rows_of(*hits)).chance
    plain = wilson(hits.sum() / (400 * SIZE), 400 * SIZE)
    assert (high - low) / (plain[1] - plain[0]) == pytest.approx(1, abs=0.02)


def test_of_rows_in_which_all_or_none_spiral_only_rows_count():
    estimate = clustered(rows_of(*[0] * 30, *[SIZE] * 10))
    assert (estimate.probability, estimate.seen, estimate.runs) == (0.25, 250, 1_000)
    trials = 39  # of n rows, a variance with n - 1 below
    assert estimate.chance == pytest.approx(wilson(0.25, trials, stats.t(39).ppf(0.975)), rel=1e-9)


def test_nothing_seen_is_bounded_by_the_number_of_rows():
    assert clustered(rows_of(*[0] * 40)) == Estimate(0.0, (0.0, exact_bound(40)), None, 0, 1_000)
    assert clustered(rows_of(*[0] * 40), 0, 10).chance == (0.0, exact_bound(41))


def test_all_seen_is_bounded_by_the_number_of_rows():
    assert clustered(rows_of(*[SIZE] * 40)) == Estimate(1.0, (1 - exact_bound(40), 1.0), None, 1_000, 1_000)
    assert clustered(rows_of(*[SIZE] * 40), 10, 10).chance == (1 - exact_bound(41), 1.0)


def test_a_short_last_row_counts_by_its_runs():
    estimate = clustered(rows_of(5, 0, 10), short_seen=4, short_size=10)
    assert (estimate.seen, estimate.runs) == (19, 85)
    share = 19 / 85
    squares = sum((k - n * share) ** 2 for k, n in [(5, 25), (0, 25), (10, 25), (4, 10)])
    trials = share * (1 - share) / (squares * 4 / 3 / 85**2)
    assert estimate.chance == pytest.approx(wilson(share, trials, stats.t(3).ppf(0.975)), rel=1e-9)


def test_one_row_tells_no_more_than_one_trial():
    assert clustered(rows_of(0)).chance == (0.0, exact_bound(1))
    assert clustered(rows_of(5)).chance == wilson(0.2, 1)
    assert clustered(rows_of(), 2, 10) == Estimate(0.2, wilson(0.2, 1), None, 2, 10)
    assert clustered(rows_of(), 0, 1).chance == (0.0, exact_bound(1))


def test_two_rows_that_happen_to_agree_are_not_taken_for_certainty():
    low, high = clustered(rows_of(10, 10)).chance
    assert 0 <= low < 0.1
    assert 0.9 < high <= 1


def test_ignorance_is_left_out_when_not_asked_for_or_not_known():
    assert clustered(rows_of(1, 5, 9), with_ignorance=False).ignorance is None
    assert clustered(rows_of(1), 3, 10).ignorance is None  # one whole row
    assert clustered(rows_of(1, 5, 9)).ignorance == pytest.approx(
        tuple(prior_range(rows_of(1, 5, 9)[None])[0])
    )


# A ratio


def test_a_ratio_of_an_event_that_never_came_is_none():
    assert ratio(pairs_of((0, 0), (0, 0)), np.zeros(2, np.int64), True) is None


def test_a_ratio_without_rows_is_one_of_independent_runs():
    pairs, short = pairs_of((10, 3), (4, 4), (0, 0)), np.array([2, 1])
    assert ratio(pairs, short, False) == independent(8, 16)


def test_a_ratio_is_over_the_rows_that_saw_the_first_event():
    pairs, short = pairs_of((10, 3), (4, 4), (20, 1), *[(0, 0)] * 30), np.array([2, 1])
    estimate = ratio(pairs, short, True)
    assert estimate is not None
    assert (estimate.seen, estimate.runs, estimate.probability) == (9, 36, 0.25)
    squares = sum((k - n * 0.25) ** 2 for n, k in [(10, 3), (4, 4), (20, 1), (2, 1)])
    trials = 0.25 * 0.75 / (squares * 4 / 3 / 36**2)
    assert estimate.chance == pytest.approx(wilson(0.25, trials, stats.t(3).ppf(0.975)), rel=1e-9)


def test_a_ratio_of_none_or_all_is_bounded_by_rows():
    short = np.zeros(2, np.int64)
    none = ratio(pairs_of((20, 0), (25, 0), (0, 0)), short, True)
    every = ratio(pairs_of((20, 20), (25, 25), (0, 0)), np.array([3, 3]), True)
    assert none is not None
    assert every is not None
    assert none.chance == (0.0, exact_bound(2))
    assert every.chance == (1 - exact_bound(3), 1.0)


def test_a_ratio_of_one_row_tells_no_more_than_one_trial():
    estimate = ratio(pairs_of((20, 5), *[(0, 0)] * 39), np.zeros(2, np.int64), True)
    assert estimate is not None
    assert estimate.chance == wilson(0.25, 1)


# The range over the prior


def test_of_certain_rows_the_range_is_at_the_ends():
    never, always = prior_range(np.array([rows_of(*[0] * 40), rows_of(*[SIZE] * 40)]))
    assert never[0] == 0
    assert never[1] < 1e-3
    assert always[0] > 1 - 1e-3
    assert always[1] == pytest.approx(1, abs=1e-12)


def test_events_and_their_opposites_have_opposite_ranges():
    rows = rows_of(0, 0, 1, 2, 4, 9, 13, 20)
    (low, high), (other_low, other_high) = prior_range(np.array([rows, rows[::-1]]))
    assert (low, high) == pytest.approx((1 - other_high, 1 - other_low), abs=1e-9)


def test_problems_are_solved_each_by_itself():
    several = np.array([rows_of(0, 3, 5), rows_of(25, 1, 1, 1), rows_of(*range(20))])
    alone = np.array([prior_range(rows[None])[0] for rows in several])
    assert np.allclose(prior_range(several), alone, rtol=0, atol=1e-12)


def test_a_wider_mass_is_a_wider_range():
    rows = rows_of(*range(20))[None]
    (low, high), (wide_low, wide_high) = prior_range(rows)[0], prior_range(rows, mass=0.98)[0]
    assert wide_low < low < high < wide_high


def test_the_share_of_ignorance_is_that_of_a_beta_binomial():
    """Rows with p ~ Beta(a, b): Var(p) / (m (1 - m)) = 1 / (a + b + 1). Of 4,000 rows the standard error is below 0.008
    (from 200 repetitions); four of them, a false alarm of 6e-5 each."""
    draw = np.random.default_rng(11)
    for a, b in ((1.0, 3.0), (0.2, 0.6), (30.0, 90.0)):
        hits = draw.binomial(25, draw.beta(a, b, 4_000))
        rows = np.bincount(hits, minlength=26)
        assert ignorance_share(rows) == pytest.approx(1 / (a + b + 1), abs=4 * 0.008)


def test_luck_alone_has_no_share_of_ignorance_and_certainty_has_all():
    luck = np.bincount(np.random.default_rng(12).binomial(25, 0.3, 4_000), minlength=26)
    assert ignorance_share(luck) == pytest.approx(0.0, abs=0.01)  # 5 standard errors of 0.002
    known = np.zeros(26, np.int64)
    known[0], known[25] = 700, 300
    assert ignorance_share(known) == pytest.approx(1.0, abs=0.01)
    for nothing in (rows_of(0, 0, 0), rows_of(25, 25), np.zeros(26, np.int64)):
        assert ignorance_share(nothing) is None


def test_rows_that_come_again_narrow_nothing_but_luck():
    """Five times the same 800 rows: the interval is that of 800 rows, not of 4,000."""
    hits = np.random.default_rng(13).binomial(25, np.random.default_rng(14).beta(0.3, 1.2, 800))
    once, often = (np.bincount(np.tile(hits, times), minlength=26) for times in (1, 5))
    narrow = clustered(often, with_ignorance=False)
    honest = clustered(often, with_ignorance=False, most_rows=800)
    first = clustered(once, with_ignorance=False)
    assert honest.chance == pytest.approx(first.chance, rel=1e-3)
    assert narrow.half_width == pytest.approx(first.half_width / math.sqrt(5), rel=0.02)
    assert clustered(once, with_ignorance=False, most_rows=4_000) == first
