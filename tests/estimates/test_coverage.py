"""Intervals keep their promise, over many simulated experiments with known truth.

Tolerances follow from standard errors: a share of coverage near 0.94 over 2,000 experiments has one of 0.0055. Seeds
are fixed; each comment gives how often a new seed would fail a correct program.
"""

import numpy as np
import pytest
from scipy import stats

from sim.estimates.intervals import clustered, prior_range, ratio, wilson

SIZE, EXPERIMENTS = 25, 2_000
NOTHING = np.zeros(2, np.int64)
COVERED = (0.90, 0.98)


def hits_of(rng: np.random.Generator, a: float, b: float, shape: tuple[int, ...]) -> np.ndarray:
    return rng.binomial(SIZE, rng.beta(a, b, shape))


def counted(hits: np.ndarray) -> np.ndarray:
    return np.bincount(hits, minlength=SIZE + 1)


def share_covering(intervals: list[tuple[float, float]], truth: float) -> float:
    return float(np.mean([low <= truth <= high for low, high in intervals]))


# The mean over the prior, from rows


@pytest.mark.parametrize("rows", [40, 400])
@pytest.mark.parametrize(("a", "b"), [(0.05, 0.6), (0.3, 0.9), (2.0, 5.0), (0.6, 0.05)])
def test_intervals_over_rows_cover_the_mean_and_intervals_over_runs_do_not(a, b, rows):
    rng = np.random.default_rng(20231017)
    estimates = [
        clustered(counted(hits), with_ignorance=False) for hits in hits_of(rng, a, b, (EXPERIMENTS, rows))
    ]
    clusters = share_covering([e.chance for e in estimates], a / (a + b))
    # True coverage 0.926 (Beta(0.05, 0.6), 40 rows) to 0.95: the nearer bound is 4.5 standard errors off, 1 in 10^5.
    assert COVERED[0] < clusters < COVERED[1]
    plain = share_covering([wilson(e.probability, e.runs) for e in estimates], a / (a + b))
    # True coverage 0.37 to 0.68 with a standard error of 0.011: 0.75 is more than 6 off, 1 in 10^9.
    assert plain < 0.75
    if (a, b) != (2.0, 5.0):
        assert plain < 0.5  # 0.37 to 0.43, 6 standard errors off


def test_a_short_last_row_does_not_spoil_the_coverage():
    rng, (a, b) = np.random.default_rng(1), (0.3, 0.9)
    hits = hits_of(rng, a, b, (EXPERIMENTS, 40))
    short = rng.binomial(10, rng.beta(a, b, EXPERIMENTS))
    intervals = [clustered(counted(h), int(s), 10, False).chance for h, s in zip(hits, short, strict=True)]
    assert COVERED[0] < share_covering(intervals, a / (a + b)) < COVERED[1]  # true 0.95, 6 off: 1 in 10^9


def test_of_rows_without_spread_the_interval_is_hardly_wider_than_that_of_runs():
    rng = np.random.default_rng(2)
    estimates = [clustered(counted(rng.binomial(SIZE, 0.2, 400)), with_ignorance=False) for _ in range(500)]
    plain = [wilson(e.probability, e.runs) for e in estimates]
    wider = np.mean([e.half_width for e in estimates]) / np.mean([(high - low) / 2 for low, high in plain])
    assert wider == pytest.approx(1, abs=0.03)  # a width has a deviation of 3.5%, the mean of 500 of 0.2%
    assert share_covering([e.chance for e in estimates], 0.2) > 0.91  # true 0.95, 4.1 off: 2 in 10^5


@pytest.mark.parametrize("probability", [1e-4, 1e-3])
def test_bounds_of_the_unseen_hold(probability):
    rng = np.random.default_rng(3)  # all rows alike, 40 rows: nothing is seen in most experiments, or in many
    estimates = [
        clustered(counted(rng.binomial(SIZE, probability, 40)), with_ignorance=False)
        for _ in range(EXPERIMENTS)
    ]
    unseen = [e for e in estimates if e.seen == 0]
    assert len(unseen) > 500
    assert all(e.chance[1] > probability for e in unseen)
    assert share_covering([e.chance for e in estimates], probability) > 0.9


# A ratio


@pytest.mark.parametrize("rows", [40, 400])
def test_intervals_of_a_ratio_cover_it_although_first_and_second_go_together(rows):
    rng, (a, b) = np.random.default_rng(20231101), (0.5, 0.8)
    p = rng.beta(a, b, (EXPERIMENTS, rows))  # of the first event, and of the second given the first
    truth = (a + 1) / (a + b + 1)  # E[p^2] / E[p]
    first = rng.binomial(SIZE, p)
    both = rng.binomial(first, p)
    clusters, plain = [], []
    for f, s in zip(first, both, strict=True):
        pairs = np.zeros((SIZE + 1, SIZE + 1), np.int64)
        np.add.at(pairs, (f, s), 1)
        estimate, runs = ratio(pairs, NOTHING, True), ratio(pairs, NOTHING, False)
        assert estimate is not None
        assert runs is not None
        clusters.append(estimate.chance)
        plain.append(runs.chance)
    assert COVERED[0] < share_covering(clusters, truth) < COVERED[1]  # true 0.93 to 0.95: 1 in 10^6
    assert share_covering(plain, truth) < 0.75  # true 0.59, 14 standard errors off


# The range over the prior

QUANTILES = (0.05, 0.95)
REPEATS = 200


def naive(rows: np.ndarray) -> np.ndarray:
    """Quantiles of the shares that rows happened to have."""
    return np.quantile(np.repeat(np.arange(SIZE + 1), rows) / SIZE, QUANTILES)


@pytest.fixture(scope="module", params=[(2.0, 5.0), (0.3, 0.9), (20.0, 20.0)], ids=str)
def fitted(request) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True ends, fitted ends and naive ends of 200 experiments of 4,000 rows."""
    a, b = request.param
    rng = np.random.default_rng(4)
    rows = np.array([counted(h) for h in hits_of(rng, a, b, (REPEATS, 4_000))])
    truth = stats.beta(a, b).ppf(QUANTILES)
    return truth, prior_range(rows), np.array([naive(r) for r in rows])


def test_the_ends_of_a_prior_are_recovered_without_bias(fitted):
    truth, ends, _ = fitted
    error = np.abs(ends.mean(axis=0) - truth)
    # The mean end of 200 experiments has a standard error of 0.0012; a bias of 0.0025 is let pass: 3.4 off, 1 in 10^3.
    assert np.all(error < 0.0065)


def test_the_ends_of_a_prior_are_recovered_by_each_experiment(fitted):
    truth, ends, _ = fitted
    # An end has a standard error of at most 0.018; 4.5 off in one of 400: 1 in 300.
    assert np.abs(ends - truth).max() < 0.08


def test_the_shares_of_rows_themselves_spread_too_wide(fitted):
    truth, ends, raw = fitted
    assert np.mean(np.diff(raw)) > np.mean(np.diff(ends))
    if truth[1] < 0.7:  # of a prior that is itself as wide as can be, luck makes little difference
        assert np.mean(np.diff(raw)) > np.diff(truth) + 0.05  # 0.06 and 0.18 too wide, standard error 0.001


def test_two_points_are_told_apart():
    rng = np.random.default_rng(5)
    p = rng.choice([0.1, 0.8], (REPEATS, 4_000), p=[0.7, 0.3])
    rows = np.array([counted(h) for h in rng.binomial(SIZE, p)])
    low, high = prior_range(rows).mean(axis=0)
    # The fit spreads a point by a few hundredths (0.02 here), and chance alone by 0.08; standard error 0.0003.
    assert (low, high) == pytest.approx((0.1, 0.8), abs=0.03)
    raw_low, raw_high = np.mean([naive(r) for r in rows], axis=0)
    assert raw_low < 0.04
    assert raw_high > 0.86


def test_from_few_rows_the_ends_scatter_more_but_stay_sane():
    rng = np.random.default_rng(6)
    few, many = (
        prior_range(np.array([counted(h) for h in hits_of(rng, 2.0, 5.0, (REPEATS, n))])) for n in (40, 4_000)
    )
    truth = stats.beta(2, 5).ppf(QUANTILES)
    assert np.all((few >= 0) & (few <= 1))
    assert np.all(few[:, 0] < few[:, 1])
    assert np.all(
        few.std(axis=0) > 3 * many.std(axis=0)
    )  # true ratio 6 to 7, and each deviation is known to 5%
    assert np.abs(few.mean(axis=0) - truth).max() < 0.04  # true 0.015, standard error 0.006: 4 off, 1 in 10^4


def test_more_rows_leave_the_range_where_it_is():
    """Ignorance is no error of chance: it does not shrink with the number of runs."""
    rng = np.random.default_rng(7)
    widths = []
    for count in (400, 40_000):
        rows = np.array([counted(h) for h in hits_of(rng, 0.3, 0.9, (20, count))])
        widths.append(float(np.diff(prior_range(rows)).mean()))
    assert widths[1] == pytest.approx(
        widths[0], abs=0.05
    )  # deviation 0.046 / sqrt(20) = 0.01: 4 off beside a bias
    assert widths[1] == pytest.approx(0.878, abs=0.02)
