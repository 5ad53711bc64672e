"""Sobol's indices against the Ishigami function, whose indices are known in closed form (Ishigami and Homma 1990)."""

import math

import numpy as np
import pytest

from sim.experiments.sensitivity.design import Sobol
from sim.experiments.sensitivity.indices import with_luck, without_luck

A, B = 7.0, 0.1
FIRST = (0.3139, 0.4424, 0.0)
TOTAL = (0.5576, 0.4424, 0.2437)
PAIRS = {(0, 1): 0.0, (0, 2): 0.2437, (1, 2): 0.0}
WITHIN = 0.01
DESIGN = Sobol(("x1", "x2", "x3"), 8192, 1)


def ishigami(cube: np.ndarray) -> np.ndarray:
    x = math.pi * (2 * cube - 1)
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def answers(design: Sobol) -> np.ndarray:
    return ishigami(design.slice(0, design.samples).cube())


def free(design: Sobol, values: np.ndarray):
    """Indices by the estimators that take luck out, of a function that has none."""
    return without_luck(design, values, np.zeros_like(values), np.zeros_like(values), 1)


@pytest.mark.parametrize("estimate", [lambda design, values: with_luck(design, values, 1), free])
def test_first_and_total_indices_are_those_of_ishigami(estimate):
    found = estimate(DESIGN, answers(DESIGN))
    assert found.first[:, 0] == pytest.approx(FIRST, abs=WITHIN)
    assert found.total[:, 0] == pytest.approx(TOTAL, abs=WITHIN)
    assert found.variance == pytest.approx(
        A**2 / 8 + B * math.pi**4 / 5 + B**2 * math.pi**8 / 18 + 0.5, rel=0.01
    )
    for truth, told in ((FIRST, found.first), (TOTAL, found.total)):
        assert (np.abs(told[:, 0] - truth) <= told[:, 1] + 1e-4).all()  # the intervals hold the truth
        assert (told[:, 1] < 0.05).all()


def test_second_order_indices_are_those_of_ishigami():
    design = Sobol(("x1", "x2", "x3"), 2048, 2, pairs=True)
    values = answers(design)
    for found in (with_luck(design, values, 1), free(design, values)):
        assert found.pairs is not None
        for pair, truth in PAIRS.items():
            assert found.pairs[pair][0] == pytest.approx(truth, abs=0.03)


def test_groups_are_those_of_ishigami():
    """x1 and x3 together do all that x2 does not."""
    design = Sobol(("one", "other", "one"), 4096, 3)
    found = with_luck(design, answers(design), 1)
    assert found.names == ("one", "other")
    assert found.first[:, 0] == pytest.approx((FIRST[0] + PAIRS[0, 2], FIRST[1]), abs=WITHIN)
    assert found.total[:, 0] == pytest.approx((FIRST[0] + PAIRS[0, 2], FIRST[1]), abs=WITHIN)
