"""Addressed randomness against known answers, and the draws made from it against scipy."""

import math

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from sim.core import chance
from sim.core.chance import PURPOSES


def compiled(function):
    """A function of chance compiled by itself, which it is not else."""
    return numba.njit(error_model="numpy")(function)


happens, negative_binomial = map(compiled, (chance.happens, chance.negative_binomial))
pareto_count, poisson_from_none = map(compiled, (chance.pareto_count, chance.poisson))
philox, standard_normal, uniform = map(compiled, (chance.philox, chance.standard_normal, chance.uniform))


def poisson(u: float, mean: float, most: int) -> int:
    """The Poisson quantile, which is given the probability of none."""
    return poisson_from_none(u, math.exp(-mean), mean, most)


unhurried = settings(deadline=None)  # the first call compiles

LEAST, MOST = 2.0**-53, 1.0 - 2.0**-53  # the least and the greatest uniform
UNIFORMS = st.floats(LEAST, MOST)
NEAR = 1e-12  # sums of probabilities are rounded: a quantile may lie on either side of a step this near
GRID = np.concatenate([(np.arange(400) + 0.5) / 400, [LEAST, 1e-9, 1e-5, 1 - 1e-5, 1 - 1e-9]])
BELOW, ABOVE = np.maximum(GRID - NEAR, LEAST), np.minimum(GRID + NEAR, MOST)

# Philox 4x32-10 in kat_vectors of Random123: counter, key, answer
KNOWN_ANSWERS = {
    "zeros": ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    "ones": ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    "pi": (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        [0xA4093822, 0x299F31D0],
        [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
    ),
}


# The generator


@pytest.mark.parametrize("name", KNOWN_ANSWERS)
@pytest.mark.parametrize("version", [philox, chance.philox], ids=["compiled", "interpreted"])
def test_philox_gives_the_known_answers(name, version):
    counter, key, answer = KNOWN_ANSWERS[name]
    with np.errstate(over="ignore"):
        words = version(*(np.uint64(word) for word in counter + key))
    assert [int(word) for word in words] == answer


def test_a_uniform_is_the_first_52_bits_of_the_block_at_its_address():
    seed, run = 0x299F31D0A4093822, 0x85A308D3243F6A88
    date, actor, purpose, item = 0x1319, 0x8A2E, 0x03, 0x707344  # together the counter and key of pi
    bits = (0xD16CFE09 << 20) | (0x94FDCCEB >> 12)
    assert uniform(np.uint64(seed), np.uint64(run), date, actor, purpose, item) == (bits + 0.5) / 2**52


@pytest.mark.parametrize(
    ("words", "expected"),
    [((0, 0), LEAST), ((0xFFFFFFFF, 0xFFFFFFFF), MOST), ((0x80000000, 0), 0.5 + LEAST), ((0, 0xFFF), LEAST)],
)
def test_a_uniform_is_never_0_or_1_whatever_the_words(monkeypatch, words, expected):
    block = tuple(np.uint64(word) for word in (*words, 0, 0))
    monkeypatch.setattr(chance, "philox", lambda *_: block)
    value = chance.uniform(np.uint64(1), np.uint64(2), 3, 4, 5, 6)
    assert 0.0 < value < 1.0
    assert value == expected


def test_the_next_to_last_words_stay_below_1_in_order(monkeypatch):
    values = []
    for words in ((0xFFFFFFFF, 0xFFFFE000), (0xFFFFFFFF, 0xFFFFF000)):
        block = tuple(np.uint64(word) for word in (*words, 0, 0))
        monkeypatch.setattr(chance, "philox", lambda *_, block=block: block)
        values.append(chance.uniform(np.uint64(0), np.uint64(0), 0, 0, 0, 0))
    assert values[0] < values[1] < 1.0


def test_seed_and_run_use_all_64_bits():
    rest = (8000, 17, 3, 0)
    seeds = [0, 1, 2**32, 2**63, 2**64 - 1]
    values = {float(uniform(np.uint64(s), np.uint64(r), *rest)) for s in seeds for r in seeds}
    assert len(values) == len(seeds) ** 2


def test_purposes_are_distinct_and_fit_their_bits():
    assert len(set(PURPOSES.values())) == len(PURPOSES)
    assert all(0 < number < 256 for number in PURPOSES.values())


def test_numbers_of_actors_and_purposes_never_change():
    """They are part of every result: a new purpose takes the next number."""
    actors = (chance.ENVIRONMENT, chance.US, chance.IRAQ, chance.IRAN, chance.PRIORS)
    assert actors == (0, 1, 2, 3, 4)
    assert list(PURPOSES.values()) == list(range(1, 26))
    assert [PURPOSES[name] for name in ("shock", "site", "parameter", "call off")] == [1, 9, 17, 25]


# Normal


def test_standard_normal_agrees_with_scipy_to_14_digits():
    exponents = np.linspace(-16, -0.31, 4000)
    low = np.concatenate(
        [10.0**exponents, np.linspace(0.001, 0.4999, 4000), [LEAST, 1e-15, 0.075, 0.0750001]]
    )
    u = np.concatenate([low, 1.0 - low])
    u = u[(u > 0.0) & (u < 1.0)]
    ours, theirs = np.array([standard_normal(x) for x in u]), special.ndtri(u)
    assert np.abs(ours / theirs - 1.0).max() < 1e-14


def test_standard_normal_is_odd_and_zero_in_the_middle():
    assert standard_normal(0.5) == 0.0
    for u in (0.25, 0.125, 2.0**-20, 2.0**-53):
        assert standard_normal(1.0 - u) == -standard_normal(u)


@unhurried
@given(UNIFORMS, UNIFORMS)
def test_standard_normal_rises_with_u(one, other):
    low, high = min(one, other), max(one, other)
    assert standard_normal(low) <= standard_normal(high) + 1e-14 * abs(standard_normal(high))


# Events


@pytest.mark.parametrize("rate", [0.0, 1e-12, 1e-4, 0.1, 1.0, 5.0, 40.0])
def test_an_event_happens_below_its_probability_and_not_above(rate):
    chance = -math.expm1(-rate)
    for u in GRID:
        if abs(u - chance) > 1e-15:
            assert happens(u, rate) == (u < chance)


def test_an_event_does_not_happen_at_its_very_probability():
    for rate in (0.05, 1.0, 3.0):
        assert not happens(1.0 - math.exp(-rate), rate)
        assert happens(math.nextafter(1.0 - math.exp(-rate), 0.0), rate)


def test_an_event_without_a_rate_never_happens_and_a_certain_one_always():
    assert not happens(LEAST, 0.0)
    assert not happens(LEAST, 1e-17)  # where 1 - exp(-rate) is 0 in floating point
    assert not happens(LEAST, 1e-16)  # where it is rounded up above the least uniform
    assert happens(MOST, math.inf)


@unhurried
@given(UNIFORMS, st.floats(0, 50), st.floats(0, 50))
def test_an_event_that_happens_would_happen_at_a_higher_rate(u, one, other):
    assert happens(u, min(one, other)) <= happens(u, max(one, other))


# Counts


@pytest.mark.parametrize("mean", [1e-7, 0.01, 0.3, 1.0, 2.5, 7.0, 30.0, 200.0])
def test_poisson_agrees_with_scipy(mean):
    counts = np.array([poisson(u, mean, 10**6) for u in GRID])
    assert (counts >= stats.poisson.ppf(BELOW, mean)).all()
    assert (counts <= stats.poisson.ppf(ABOVE, mean)).all()
    assert counts.max() > 0


@pytest.mark.parametrize("mean", [1e-6, 0.01, 0.3, 0.9, 1.0, 3.0])
def test_poisson_tells_none_from_one_at_the_probability_of_none(mean):
    none = math.exp(-mean)
    assert poisson(none - 1e-12, mean, 30) == 0
    assert poisson(none + 1e-12, mean, 30) == 1


def test_a_count_at_a_step_is_the_lower_one():
    """A quantile is the least count whose probability of so many or fewer is u or more."""
    for most in (1, 30):
        assert poisson(math.exp(-2.0), 2.0, most) == 0
        assert negative_binomial(math.exp(math.log(0.5)), 1.0, 1.0, most) == 0


@pytest.mark.parametrize("mean", [0.05, 1.0, 4.0, 60.0])
@pytest.mark.parametrize("dispersion", [0.02, 0.4, 1.0, 20.0])
def test_negative_binomial_agrees_with_scipy(mean, dispersion):
    counts = np.array([negative_binomial(u, mean, dispersion, 10**6) for u in GRID])
    law = stats.nbinom(dispersion, dispersion / (mean + dispersion))
    assert (counts >= law.ppf(BELOW)).all()
    assert (counts <= law.ppf(ABOVE)).all()
    assert len(set(counts)) > 1


@pytest.mark.parametrize("tail", [0.5, 1.0, 1.8, 10.0])
def test_pareto_count_agrees_with_scipy(tail):
    most = 10.0**9
    counts = np.array([pareto_count(u, tail, most) for u in GRID])
    exact = np.minimum(stats.pareto(tail).isf(GRID), most)
    assert (counts >= np.floor(exact * (1 - NEAR))).all()
    assert (counts <= np.floor(exact * (1 + NEAR))).all()
    assert counts.min() == 1
    assert counts.max() > 4


@unhurried
@given(UNIFORMS, UNIFORMS, st.floats(1e-6, 100), st.floats(1e-6, 100), st.integers(0, 40))
def test_poisson_rises_with_u_and_with_its_mean_up_to_its_cap(u, v, one, other, most):
    (u, v), (low, high) = sorted((u, v)), sorted((one, other))
    assert poisson(u, low, most) <= poisson(v, low, most) <= most
    assert poisson(u, low, most) <= poisson(u, high, most)


@unhurried
@given(UNIFORMS, UNIFORMS, st.floats(1e-6, 60), st.floats(1e-6, 60), st.floats(0.02, 20), st.integers(0, 200))
def test_negative_binomial_rises_with_u_and_with_its_mean_up_to_its_cap(u, v, one, other, dispersion, most):
    (u, v), (low, high) = sorted((u, v)), sorted((one, other))
    assert negative_binomial(u, low, dispersion, most) <= negative_binomial(v, low, dispersion, most) <= most
    assert negative_binomial(u, low, dispersion, most) <= negative_binomial(u, high, dispersion, most)


@unhurried
@given(UNIFORMS, UNIFORMS, st.floats(0.5, 10), st.floats(0.5, 10), st.integers(1, 1000))
def test_pareto_count_falls_with_u_and_with_its_exponent_from_1_to_its_cap(u, v, one, other, most):
    (u, v), (low, high) = sorted((u, v)), sorted((one, other))
    assert most >= pareto_count(u, low, float(most)) >= pareto_count(v, low, float(most)) >= 1
    assert pareto_count(u, low, float(most)) >= pareto_count(u, high, float(most))


def test_caps_are_reached_and_not_passed():
    assert poisson(MOST, 50.0, 3) == 3
    assert poisson(MOST, 0.5, 0) == 0
    assert poisson(0.5, 1e5, 30) == 30  # exp(-mean) is 0 in floating point
    assert negative_binomial(MOST, 60.0, 0.02, 200.0) == 200
    assert pareto_count(LEAST, 1.8, 40.0) == 40
