"""The functions of our own against mpmath, to the last place; the same bits compiled and as plain Python."""

import math
from statistics import NormalDist

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from sim.core.functions import exp, log, log_parts
from sim.core.normal import standard_normal
from tests.core.sums import points, values

COUNT = 4000  # points of a function, of which half are even in its range
SOME = np.random.default_rng(20231017)
LN2 = math.log(2.0)
LEAST, MOST = 2.0**-53, 1.0 - 2.0**-53  # the least and the greatest uniform
SEAMS = (0.25, 0.05, 0.001, 1e-7)  # probabilities at which the quantile goes over to other coefficients


def around(x: float, count: int = 6) -> np.ndarray:
    """`x` and its nearest neighbours."""
    steps = [x]
    for _ in range(count):
        steps = [np.nextafter(steps[0], -np.inf), *steps, np.nextafter(steps[-1], np.inf)]
    return np.array(steps)


def hard_exponents() -> np.ndarray:
    """Where the exponent of the result changes, where it is subnormal, the ends, and the tiny."""
    halves = (np.arange(-1074, 1024) + 0.5) * LN2
    tiny = SOME.choice([-1.0, 1.0], 300) * 2.0 ** SOME.uniform(-60, -1, 300)
    ends = [around(x) for x in (-745.13321910194122, -708.39641853226408, 709.78271289338397, 0.0)]
    return np.concatenate([halves, SOME.uniform(-745.13, -708.0, 400), tiny, *ends])


def hard_arguments() -> np.ndarray:
    """Near 1, subnormal, powers of two, where the fraction is cut, and the ends."""
    near = 1.0 + SOME.choice([-1.0, 1.0], 600) * 2.0 ** SOME.uniform(-53, -2, 600)
    subnormal = SOME.integers(1, 1 << 52, 300).view(float)
    cut = np.sqrt(0.5) * 2.0 ** SOME.integers(-3, 4, 600) * (1.0 + SOME.normal(0.0, 1e-3, 600))
    ends = [5e-324, 2.0**-1022, np.nextafter(2.0**-1022, 0.0), np.finfo(float).max]
    return np.concatenate([near, subnormal, cut, 2.0 ** np.arange(-1074.0, 1024.0, 7.0), around(1.0), ends])


def hard_probabilities() -> np.ndarray:
    """Near 1/2, at the seams, and the tails."""
    middle = 0.5 + SOME.choice([-1.0, 1.0], 300) * 2.0 ** SOME.uniform(-52, -2, 300)
    tail = 2.0 ** SOME.uniform(-53, -2, 600)
    seams = np.concatenate([around(p) for p in SEAMS])
    return np.concatenate([middle, tail, 1.0 - tail[:300], seams, 1.0 - seams, around(0.75), [LEAST, MOST]])


def quantile(u: float) -> mpf:
    """The normal quantile, by Newton's method from one that is right to many digits."""
    u = mpf(u)
    p = min(u, 1 - u)
    z = mpf(NormalDist().inv_cdf(float(p)))
    for _ in range(3):
        off = (mpmath.erfc(-z / mpmath.sqrt(2)) / 2 - p) / mpmath.npdf(z)
        z -= off / (1 + z * off / 2)
    return z if u < mpf(0.5) else -z


CASES = {
    "e": (exp, mpmath.exp, hard_exponents, (-745.133, 709.782), 0.8),
    "l": (log, mpmath.log, hard_arguments, (0.0, math.inf), 0.7),
    "n": (standard_normal, quantile, hard_probabilities, (0.0, 1.0), 0.65),
}


def sample(which: str) -> np.ndarray:
    least, most = CASES[which][3]
    x = np.concatenate([points(which, COUNT), CASES[which][2]()])
    x = x[(x > least) & (x < most)]
    return np.concatenate([x, np.full(-x.size % 16, x[0])])


def units_off(y: np.ndarray, true: list) -> np.ndarray:
    """Distance from the true values, in units of the last place of these."""
    return np.array(
        [abs(mpf(a) - b) / np.spacing(abs(float(b))) for a, b in zip(y.tolist(), true, strict=True)], float
    )


@pytest.mark.parametrize("which", CASES)
def test_a_value_is_within_a_unit_of_the_last_place(which: str):
    _, truth, _, _, most = CASES[which]
    x = sample(which)
    with mpmath.workprec(110):
        off = units_off(values(which, x), [truth(a) for a in x.tolist()])
    assert off.max() < most, (off.max(), x[off.argmax()].hex())
    assert off.mean() < 0.27  # 0.25 if all were rounded rightly


def test_a_normal_exponential_is_within_065_units():
    x = sample("e")
    x = x[x > -708.0]
    x = x[: x.size // 16 * 16]
    with mpmath.workprec(110):
        assert units_off(values("e", x), [mpmath.exp(a) for a in x.tolist()]).max() < 0.65


@pytest.mark.parametrize("which", CASES)
def test_compiled_and_plain_python_give_the_same_bits(which: str):
    x = sample(which)[::8]
    x = np.concatenate([x, np.full(-x.size % 16, x[0])])
    plain = [CASES[which][0](a) for a in x.tolist()]
    assert all(type(y) is float for y in plain)
    assert [y.hex() for y in plain] == [y.hex() for y in values(which, x).tolist()]


@pytest.mark.parametrize("which", CASES)
def test_it_never_falls(which: str):
    """Among neighbours too, and between the grid's where a part of the function ends."""
    x = np.sort(sample(which))
    assert (np.diff(values(which, x)) >= 0.0).all()


def test_the_quantile_rises_from_each_uniform_to_the_next_at_the_seams():
    for seam in (*SEAMS, 0.5):
        for middle in (seam, 1.0 - seam):
            u = (np.floor(middle * 2.0**52) + np.arange(-512, 512) + 0.5) * 2.0**-52
            assert (np.diff(values("n", u[(u > 0.0) & (u < 1.0)][:512])) > 0.0).all()


def test_values_that_are_exact():
    assert exp(0.0) == exp(-0.0) == 1.0
    assert math.copysign(1.0, log(1.0)) == 1.0
    assert log(1.0) == standard_normal(0.5) == 0.0
    assert math.copysign(1.0, standard_normal(0.5)) == 1.0
    u = sample("n")[:500]
    u = u[1.0 - (1.0 - u) == u].tolist()
    assert len(u) > 200
    assert [standard_normal(1.0 - a) for a in u] == [-standard_normal(a) for a in u]


def test_ends_and_what_is_no_number():
    inf, nan = math.inf, math.nan
    ends = {
        "e": [inf, 709.79, 1e308, -inf, -745.14, -1e308, nan],
        "l": [inf, 0.0, -0.0, -1.0, -inf, -5e-324, nan],
    }
    wanted = {"e": [inf, inf, inf, 0.0, 0.0, 0.0, nan], "l": [inf, -inf, -inf, nan, nan, nan, nan]}
    for which, x in ends.items():
        np.testing.assert_array_equal([CASES[which][0](a) for a in x], wanted[which])
        filled = np.array(x + [1.0] * 9)
        np.testing.assert_array_equal(values(which, filled)[:7], wanted[which])


def test_the_parts_of_a_logarithm_are_nearer_than_their_sum():
    with mpmath.workprec(150):
        for x in hard_arguments()[::5].tolist():
            large, small = log_parts(x)
            assert abs(mpf(large) + mpf(small) - mpmath.log(x)) <= abs(mpmath.log(x)) * mpf(2) ** -55
