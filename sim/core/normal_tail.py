"""The normal distribution by own arithmetic: what lies below a value. Its quantile is in `sim.core.chance`."""

from sim.core.functions import exp
from sim.core.jit import rule

ROOT_OF_TWO_PI = 2.5066282746310002
NEAR = 1.5
FAR = 38.5
"""Beyond this the density is no number of double precision."""
TERMS = 400


@rule
def normal_below(z):
    """Probability that a standard normal number is at most `z`, relative error about 1e-15."""
    size = min(abs(z), FAR)
    density = exp(-0.5 * size * size) / ROOT_OF_TWO_PI
    tail = 0.5 - density * _series(size) if size <= NEAR else density / _fraction(size)
    return tail if z < 0.0 else 1.0 - tail


@rule
def _series(z):
    """What lies from 0 to z over the density: z + z^3 / 3 + z^5 / 15 + ..., until it stands still."""
    term, total, before, odd = z, z, -1.0, 1.0
    while total != before:
        before = total
        odd += 2.0
        term = term * z * z / odd
        total = total + term
    return total


@rule
def _fraction(z):
    """The density over the tail beyond z: z + 1 / (z + 2 / (z + ...)) (Laplace), from its foot on."""
    value = z
    for k in range(TERMS, 0, -1):
        value = z + k / value
    return value
