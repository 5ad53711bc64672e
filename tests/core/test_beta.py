"""The beta distribution by own arithmetic, against scipy's; and the gamma function that it rests on."""

import math

import numpy as np
import pytest
from scipy import special, stats

from sim.core.gamma import beyond_stirling
from sim.core.priors import FAMILIES, below_beta, quantiles
from sim.parameters import REGISTRY

TAILS = 10.0 ** np.linspace(-12, -1, 45)
U = np.concatenate([TAILS, np.linspace(0.1, 0.9, 41), 1.0 - TAILS[::-1]])
MIDDLE = np.linspace(0.01, 0.99, 99)
DRAWN = np.exp(np.random.Generator(np.random.Philox(7)).uniform(math.log(0.3), math.log(200), (400, 2)))
SHIPPED = {(p.prior.first, p.prior.second) for p in REGISTRY.values() if p.prior and p.prior.family == "beta"}
EDGES = {(0.3, 0.3), (0.3, 200.0), (200.0, 0.3), (200.0, 200.0), (1.0, 1.0), (0.5, 1.0), (2.0, 1.0)}
SHAPES = [*sorted(SHIPPED | EDGES), *map(tuple, DRAWN)]


def quantile(u: np.ndarray, a: float, b: float) -> np.ndarray:
    return quantiles(FAMILIES["beta"], float(a), float(b), 0.0, 1.0, u)


@pytest.mark.parametrize("x", [0.02, 0.3, 1.0, 1.5, 2.0, 9.99, 10.0, 50.0, 1e3, 1e8])
def test_what_stirlings_formula_leaves_of_the_gamma_function(x):
    stirling = (x - 0.5) * math.log(x) - x + 0.5 * math.log(2.0 * math.pi)
    expected = 1.0 / (12.0 * x) - 1.0 / (360.0 * x**3) if x > 1e2 else special.gammaln(x) - stirling
    assert beyond_stirling(x) == pytest.approx(expected, rel=1e-12, abs=2e-14)


def test_quantiles_are_scipys_for_shipped_priors_and_for_all_shapes():
    for a, b in SHAPES:
        assert quantile(U, a, b) == pytest.approx(special.betaincinv(a, b, U), rel=1e-12, abs=0.0), (a, b)


def test_quantiles_grow_and_mirror():
    for a, b in SHAPES[:40]:
        values = quantile(U, a, b)
        assert (np.diff(values) >= 0.0).all()
        mirrored = 1.0 - quantile(1.0 - MIDDLE, b, a)
        assert quantile(MIDDLE, a, b) == pytest.approx(mirrored, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(("a", "b"), [(1.0, 1.0), (2.0, 1.0), (1.0, 2.0), (1.0, 3.0)])
def test_quantiles_of_closed_form(a, b):
    whole = np.round(np.arange(1, 10_000) / 10_000, 4)  # some roots are met before the last step
    u = np.concatenate([U, whole])
    expected = u ** (1.0 / a) if b == 1.0 else -np.expm1(np.log1p(-u) / b)
    assert np.allclose(quantile(u, a, b), expected, rtol=1e-12, atol=0.0)


@pytest.mark.parametrize(("a", "b"), SHAPES[:60])
def test_what_lies_below_a_value_is_scipys(a, b):
    for x in np.linspace(0.001, 0.999, 37):
        assert below_beta(x, a, b) == pytest.approx(special.betainc(a, b, x), rel=1e-11, abs=1e-300)


def test_ends_are_ends():
    assert (below_beta(0.0, 2.0, 3.0), below_beta(1.0, 2.0, 3.0)) == (0.0, 1.0)
    assert quantile(np.array([0.0, 1.0]), 2.0, 3.0).tolist() == [0.0, 1.0]


@pytest.mark.parametrize(("a", "b"), [(0.05, 0.05), (2.4, 5e8), (1e6, 2e6), (1e-2, 4.0)])
def test_extreme_shapes_are_solved_too(a, b):
    u = np.array([1e-9, 0.01, 0.3, 0.7 if a >= 1.0 else 0.4])
    values = quantile(u, a, b)
    assert np.isfinite(values).all()
    whole = values > 1e-250
    assert stats.beta(a, b).cdf(values[whole]) == pytest.approx(u[whole], rel=2e-8)
    assert (values[~whole] < 1e-249).all()
