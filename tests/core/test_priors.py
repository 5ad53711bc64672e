"""Quantiles of truncated priors, the normal tail and ranges of one's own, against scipy's."""

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

import sim
from sim.core.draws import kept_in_a_day, left_after
from sim.core.elementwise import exps, logs, pair_moments
from sim.core.normal_tail import normal_below
from sim.core.priors import FAMILIES, quantiles
from sim.core.ranges import beta_within
from sim.parameters import REGISTRY

U = np.concatenate(
    [10.0 ** np.linspace(-12, -1, 40), np.linspace(0.1, 0.9, 40), 1 - 10.0 ** np.linspace(-1, -12, 40)]
)
LAWS = {
    "lognormal": lambda first, second: stats.lognorm(second, scale=first),
    "normal": stats.norm,
    "beta": stats.beta,
    "uniform": lambda low, high: stats.uniform(low, high - low),
}


@pytest.mark.parametrize(
    "z", [-39.0, -38.0, -20.0, -8.5, -3.0, -1.5000001, -1.5, -0.3, 0.0, 0.7, 1.5, 1.6, 6.0, 40.0]
)
def test_what_lies_below_a_normal_number_is_scipys(z):
    assert normal_below(z) == pytest.approx(special.ndtr(z), rel=4e-15 * max(1.0, z * z), abs=1e-300)


def test_infinite_ends_cut_nothing_off():
    assert (normal_below(-math.inf), normal_below(math.inf)) == (pytest.approx(0.0, abs=1e-300), 1.0)
    cut = quantiles(FAMILIES["normal"], 1.0, 2.0, -math.inf, math.inf, U)
    assert cut == pytest.approx(stats.norm(1.0, 2.0).ppf(U), rel=1e-11)


@pytest.mark.parametrize(
    "name", [name for name, p in REGISTRY.items() if p.prior and p.prior.family != "beta"]
)
def test_shipped_priors_are_scipys_cut_to_their_range(name):
    p = REGISTRY[name]
    law = LAWS[p.prior.family](p.prior.first, p.prior.second)
    at_low, at_high = law.cdf(p.low), law.cdf(p.high)
    expected = np.clip(law.ppf(at_low + U * (at_high - at_low)), p.low, p.high)
    found = quantiles(FAMILIES[p.prior.family], p.prior.first, p.prior.second, p.low, p.high, U)
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-12)


@pytest.mark.parametrize(
    ("family", "first", "second", "low", "high", "ends"),
    [
        ("lognormal", 2.0, 0.5, -math.inf, math.inf, (0.0, math.inf)),
        ("lognormal", 2.0, 0.5, 1.0, 3.0, (1.0, 3.0)),
        ("normal", 0.0, 1.0, -math.inf, 2.0, (-math.inf, 2.0)),
        ("beta", 2.0, 3.0, -math.inf, math.inf, (0.0, 1.0)),
        ("beta", 2.0, 3.0, 0.25, 0.5, (0.25, 0.5)),
        ("uniform", -4.0, 0.0, -9.0, 9.0, (-4.0, 0.0)),
        ("uniform", -4.0, 0.0, -3.0, -1.0, (-3.0, -1.0)),
    ],
)
def test_none_and_all_are_the_ends(family, first, second, low, high, ends):
    found = quantiles(FAMILIES[family], first, second, low, high, np.array([0.0, 1.0]))
    assert found == pytest.approx(ends, rel=1e-13)


@pytest.mark.parametrize(
    ("low", "high"),
    [(0.2, 0.5), (0.9, 0.99), (0.01, 0.9), (0.05, 0.95), (1e-3, 2e-3), (1e-6, 0.999), (1e-9, 1e-8)],
)
def test_a_beta_prior_from_a_range_has_its_tails_outside(low, high):
    a, b = beta_within(low, high, 0.05)
    assert special.betainc(a, b, low) == pytest.approx(0.05, abs=2e-7)
    assert special.betainc(a, b, high) == pytest.approx(0.95, abs=2e-7)


def test_no_beta_prior_is_as_narrow_as_that():
    assert beta_within(0.4, 0.400001, 0.05) == (0.0, 0.0)


def test_half_lives():
    days, lives = np.array([0.0, 1.0, 3.0, 30.0]), np.array([2.0, 1.0, 6.0, 3.0])
    assert left_after(days, lives) == pytest.approx(0.5 ** (days / lives), rel=1e-15)
    assert kept_in_a_day(lives) == pytest.approx(0.5 ** (1.0 / lives), rel=1e-15)


def test_functions_of_arrays_keep_their_shape():
    values = np.linspace(0.1, 9.0, 12).reshape(3, 4)
    assert np.allclose(exps(values), np.exp(values), rtol=1e-15)
    assert np.allclose(logs(values), np.log(values), rtol=1e-15, atol=1e-16)
    assert exps(values).shape == logs(values).shape == (3, 4)


def test_moments_of_pairs_are_numpys():
    rng = np.random.Generator(np.random.Philox(3))
    first, second, masses = rng.normal(size=(2, 7)), rng.normal(size=(2, 7)), rng.uniform(size=(7, 7))
    both = np.concatenate([np.repeat(first, 7, axis=1), np.tile(second, 7)])
    weights = masses.ravel() / masses.sum()
    mean, covariance = pair_moments(first, second, masses)
    assert masses.sum() == pytest.approx(1.0)
    assert np.allclose(mean, both @ weights, rtol=1e-13)
    assert np.allclose(covariance, np.cov(both, aweights=weights, ddof=0), rtol=1e-12)


BITS = """
import numpy as np
from sim.core.priors import quantiles
from sim.core.ranges import beta_within

u = np.linspace(0.0005, 0.9995, 40)
given = ((2, 0.4, 3.0), (2, 2.0, 2.0), (2, 150.0, 20.0), (0, 2.0, 0.5), (1, 2.0, 0.5), (3, -1.0, 7.0))
found = [quantiles(*law, 0.1, 0.9, u) for law in given]
print(np.concatenate([*found, beta_within(0.2, 0.5, 0.05)]).tobytes().hex())
"""


def test_quantiles_are_the_same_to_the_last_bit_compiled_and_interpreted():
    place = {**os.environ, "PYTHONPATH": str(Path(sim.__file__).parents[1])}
    told = set()
    for switch in ("0", "1"):
        command, changed = [sys.executable, "-c", BITS], place | {"NUMBA_DISABLE_JIT": switch}
        told.add(subprocess.run(command, env=changed, capture_output=True, text=True, check=True).stdout)
    assert len(told) == 1
    assert len(told.pop()) > 2 * 8 * 6 * 40


@pytest.mark.parametrize("name", [name for name, p in REGISTRY.items() if p.prior is not None])
def test_quantiles_never_fall_from_one_end_of_a_range_to_the_other(name):
    """At 0 and 1 they are the ends of what the range leaves of the prior, however far out the range ends."""
    parameter = REGISTRY[name]
    found = parameter.prior.quantile(np.linspace(0.0, 1.0, 2_001), parameter.low, parameter.high)
    assert (np.diff(found) >= 0.0).all()
    assert parameter.low <= found[0] <= found[-1] <= parameter.high
    assert np.isfinite(found[1:-1]).all()


@pytest.mark.parametrize("share", [1e-12, 1e-3, 0.5, 1 - 1e-9])
def test_a_range_in_the_far_tail_is_met_as_scipy_meets_it(share):
    low, high = -30.0, -12.0
    least, most = special.ndtr([low, high])
    found = quantiles(FAMILIES["normal"], 0.0, 1.0, low, high, np.array([share]))[0]
    assert found == pytest.approx(special.ndtri(least + share * (most - least)), rel=1e-9)
