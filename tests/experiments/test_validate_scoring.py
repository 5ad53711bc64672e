"""Scores against their closed forms."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.experiments.validate.scoring import covers, crps, event_scores, log_score, rank_probability

DRAWS = 20_000


@pytest.fixture(scope="module")
def normal():
    return np.random.default_rng(1).standard_normal(DRAWS)


@pytest.mark.parametrize("value", [0.0, 0.7, -2.5])
def test_the_crps_of_a_normal(normal, value):
    """Closed form (Gneiting and Raftery 2007, eq. 21); the estimator's standard error is below 0.008, four of them:
    a false alarm of 6e-5 each."""
    exact = value * (2 * stats.norm.cdf(value) - 1) + 2 * stats.norm.pdf(value) - 1 / math.sqrt(math.pi)
    assert crps(normal, value) == pytest.approx(exact, abs=4 * 0.008)


def test_the_crps_is_fair_and_of_a_point_the_distance():
    """Unbiased however few draws: over 20,000 forecasts of three draws its standard error is 0.004; five of them."""
    draw = np.random.default_rng(2)
    few = np.mean([crps(draw.standard_normal(3), 0.4) for _ in range(20_000)])
    exact = 0.4 * (2 * stats.norm.cdf(0.4) - 1) + 2 * stats.norm.pdf(0.4) - 1 / math.sqrt(math.pi)
    assert few == pytest.approx(exact, abs=5 * 0.004)
    assert crps(np.full(9, 3.0), 5.0) == 2.0


def test_the_log_score_is_the_log_of_the_mean_likelihood():
    """Of N(0, 1) draws seen through noise of sd 2 the mean likelihood is that of N(0, 5); four standard errors."""
    draws = np.random.default_rng(3).standard_normal(DRAWS)
    found = log_score(stats.norm.logpdf(3.0, draws, 2.0))
    assert abs(found.value - stats.norm.logpdf(3.0, 0.0, math.sqrt(5.0))) < 4 * found.error
    assert found.error < 0.01


def test_the_joint_score_knows_that_reports_hang_together():
    """Two reports of one unknown: together they are likelier than each by itself, by the correlation of 1 / 1.25."""
    draws = np.random.default_rng(4).standard_normal(DRAWS)
    each = stats.norm.logpdf(1.0, draws, 0.5)
    joint = log_score(np.stack([each, each], axis=1))
    covariance = [[1.25, 1.0], [1.0, 1.25]]
    exact = stats.multivariate_normal.logpdf([1.0, 1.0], [0.0, 0.0], covariance)
    assert abs(joint.value - exact) < 4 * joint.error
    assert joint.value > 2 * log_score(each).value + 0.3


def test_the_error_of_a_log_score_is_that_of_its_repetitions():
    draw = np.random.default_rng(5)
    found = [log_score(stats.norm.logpdf(1.0, draw.standard_normal(500), 1.0)) for _ in range(400)]
    spread = np.std([f.value for f in found])
    assert np.mean([f.error for f in found]) == pytest.approx(spread, rel=0.2)  # its standard error is 3.5%


def test_ranks_of_a_right_forecast_are_uniform():
    """Kolmogorov and Smirnov at 1 in 1,000, of 2,000 counts each with its own forecast."""
    draw = np.random.default_rng(6)
    ranks = []
    for rate in draw.uniform(0.5, 8.0, 2_000):
        ranks.append(rank_probability(draw.poisson(rate, 400), draw.poisson(rate), draw.random()))
    assert stats.kstest(ranks, "uniform").pvalue > 1e-3
    assert stats.kstest(np.array(ranks) ** 1.3, "uniform").pvalue < 1e-3  # and it would be seen


def test_central_intervals_hold_their_ends():
    draws = np.arange(1.0, 101.0)
    assert [covers(draws, v, 0.9) for v in (5, 4, 95, 96)] == [True, False, True, False]
    assert covers(np.zeros(10), 0.0, 0.5)
    assert not covers(np.zeros(10), 1.0, 0.99)


def test_scores_of_events():
    assert event_scores(0.25, True) == (0.5625, pytest.approx(math.log(0.25)))
    assert event_scores(0.25, False) == (0.0625, pytest.approx(math.log(0.75)))
    assert event_scores(0.0, True)[1] == pytest.approx(math.log(1e-6))
