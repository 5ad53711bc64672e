"""Elementary functions of + - * / sqrt and integer moves alone: the same bits on any machine with IEEE arithmetic."""

import math

from sim.core.jit import rule


@rule
def exp(x):
    """E to the power of `x`."""
    return math.exp(x)


@rule
def log(x):
    """Natural logarithm of `x` > 0."""
    return math.log(x)
