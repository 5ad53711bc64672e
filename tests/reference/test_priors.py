"""The power prior: by quadrature, against sampling, against limits known by hand, and against the class itself."""

import numpy as np
import pytest
from scipy import special

from sim.reference import DEFAULT_CLASS, DEFAULT_WEIGHT, load_episodes
from sim.reference.classes import lethal
from sim.reference.priors import BASE, Step, informed_prior, level_4_by_killed
from sim.reference.rates import BINS, level_4
from sim.reference.table import WEIGHTS, prior_table
from tests.reference.made import episode

KILLED = (1, 3, 19)


def logistic(base, slope, killed):
    return special.expit(base + slope * np.log2(1.0 + killed))


def sampled(steps, size, seed):
    """Draws of (a3, b3, a4, b4) from independent marginals."""
    z = np.random.default_rng(seed).standard_normal((4, size))
    third, fourth = steps
    return (
        third.mean + third.sd * z[0],
        third.median * np.exp(third.log_sd * z[1]),
        fourth.mean + fourth.sd * z[2],
        fourth.median * np.exp(fourth.log_sd * z[3]),
    )


@pytest.mark.parametrize("episodes", [(), lethal(load_episodes(), "all")])
def test_without_weight_or_episodes_the_weak_prior_comes_back(episodes):
    found = informed_prior(episodes, 0.0 if episodes else 1.0)
    for step, base in zip(found.steps, BASE, strict=True):
        assert (step.mean, step.sd) == pytest.approx((base.mean, base.sd), abs=1e-9)
        assert (step.median, step.log_sd) == pytest.approx((base.median, base.log_sd), abs=1e-9)
    assert np.allclose(found.covariance, np.diag(np.diag(found.covariance)), atol=1e-9)


@pytest.mark.parametrize("weight", [0.5, 1.0])
def test_quadrature_agrees_with_importance_sampling(weight):
    """Means of all four numbers within 4.5 standard errors of 400,000 draws: a false alarm in 1 of 15,000 runs."""
    episodes = lethal(load_episodes(), "2007-2023")
    found = informed_prior(episodes, weight)
    a3, b3, a4, b4 = sampled(BASE, 400_000, 1)
    log_likelihood = np.zeros_like(a3)
    for e in episodes:
        third, fourth = logistic(a3, b3, e.killed), logistic(a4, b4, e.killed)
        chance = {
            0: 1 - third * fourth,
            1: 1 - third,
            2: 1 - third,
            3: third * (1 - fourth),
            4: third * fourth,
        }
        log_likelihood += np.log(chance[e.answer])
    weights = np.exp(weight * log_likelihood)
    weights /= weights.sum()
    for values, mean in zip((a3, np.log(b3), a4, np.log(b4)), found.mean, strict=True):
        estimate = weights @ values
        error = np.sqrt(np.sum(weights**2 * (values - estimate) ** 2))
        assert abs(estimate - mean) < 4.5 * error


def test_marginals_are_the_moments_of_the_joint():
    found = informed_prior(lethal(load_episodes(), "all"), 1.0)
    assert found.masses.sum() == pytest.approx(1.0)
    assert np.allclose(found.covariance, found.covariance.T)
    assert np.all(np.linalg.eigvalsh(found.covariance) > 0)
    sd = np.sqrt(np.diag(found.covariance))
    third, fourth = found.steps
    assert (third.mean, third.sd, fourth.log_sd) == pytest.approx((found.mean[0], sd[0], sd[3]))
    assert np.log([third.median, fourth.median]) == pytest.approx(found.mean[[1, 3]])


def test_an_answer_moves_the_step_it_passed():
    base = informed_prior((), 1.0).mean
    none, one, three, four = (
        informed_prior([episode(3, a, 1 if a else None)] * 3, 1.0).mean for a in (0, 1, 3, 4)
    )
    assert one[0] < base[0] < three[0] < four[0] + 0.5
    assert one[2] == pytest.approx(base[2], abs=1e-9)
    assert three[2] < base[2] < four[2]
    assert none[0] < base[0]
    assert none[2] < base[2]


def test_unanswered_episodes_can_be_left_out():
    struck, unanswered = [episode(1, 1, 2)], [episode(200)] * 9
    alone = informed_prior(struck, 1.0).mean
    assert np.allclose(informed_prior([*struck, *unanswered], 1.0, unanswered=False).mean, alone)
    assert informed_prior([*struck, *unanswered], 1.0).mean[2] < alone[2] - 0.5


def test_weight_two_halves_is_one_whole():
    """A class twice over at weight one half is the class at weight one."""
    episodes = lethal(load_episodes(), "2019-2023")
    once, twice = informed_prior(episodes, 1.0), informed_prior([*episodes, *episodes], 0.5)
    assert np.allclose(once.mean, twice.mean, atol=1e-10)
    assert np.allclose(once.covariance, twice.covariance, atol=1e-10)


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan")])
def test_a_weight_outside_is_refused(weight):
    with pytest.raises(ValueError, match="must be from 0 to 1"):
        informed_prior((), weight)


def test_what_marginals_induce_agrees_with_sampling():
    """Mean within 4.5 standard errors of 200,000 draws, the ends by the share of draws below them, likewise."""
    size = 200_000
    a3, b3, a4, b4 = sampled(BASE, size, 2)
    for killed, mean, low, high in zip(KILLED, *level_4_by_killed(BASE, KILLED), strict=True):
        values = logistic(a3, b3, killed) * logistic(a4, b4, killed)
        assert abs(values.mean() - mean) < 4.5 * values.std() / np.sqrt(size)
        share = np.array([np.mean(values < end) for end in (low, high)])
        assert np.all(np.abs(share - [0.05, 0.95]) < 4.5 * np.sqrt(0.05 * 0.95 / size) + 0.002)


def test_more_killed_bring_no_lesser_answer():
    mean, low, high = level_4_by_killed(BASE, range(0, 260, 20))
    for values in (mean, low, high):
        assert np.all(np.diff(values) > 0)


def test_a_sure_step_is_itself():
    sure = (Step(30.0, 1e-9, 1.0, 1e-9), Step(-1.0, 1e-9, 0.5, 1e-9))
    mean, low, high = level_4_by_killed(sure, [1, 3])
    expected = special.expit(-1.0 + 0.5 * np.array([1.0, 2.0]))
    assert np.allclose([mean, low, high], expected, atol=1e-6)


@pytest.mark.parametrize("name", ["all", "2007-2023", "2019-2023"])
@pytest.mark.parametrize("weight", [0.5, 1.0])
def test_what_a_class_induces_lies_in_its_own_interval(name, weight):
    episodes = lethal(load_episodes(), name)
    induced = level_4_by_killed(informed_prior(episodes, weight).steps, KILLED)[0]
    rates = level_4(episodes, BINS[2:])
    slack = 0.02 if weight == 1.0 else 0.0  # at one killed the classes are steeper than a logistic
    for chance, rate in zip(induced, rates, strict=True):
        assert rate.low - slack <= chance <= rate.high


def test_independent_marginals_lose_little_of_the_joint():
    """The product of marginals moves P(level 4 | k) by less than a tenth of the width of the class's interval."""
    episodes = lethal(load_episodes(), DEFAULT_CLASS)
    found = informed_prior(episodes, DEFAULT_WEIGHT)
    apart = level_4_by_killed(found.steps, KILLED)[0]
    for killed, chance, rate in zip(KILLED, apart, level_4(episodes, BINS[2:]), strict=True):
        assert abs(chance - found.mean_of_level_4(killed)) < 0.1 * (rate.high - rate.low)


def test_the_table_has_a_row_a_class_and_weight():
    rows = prior_table(killed=(1,))
    assert len(rows) == 3 * len(WEIGHTS)
    assert len({row["a3_mean"] for row in rows if row["weight"] == 0.0}) == 1
    chances = {(row["class"], row["weight"]): row["level_4_1"] for row in rows}
    assert chances["all", 0.5] < chances["2007-2023", 0.5] < chances["2019-2023", 0.5]
