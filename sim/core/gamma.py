"""What is left of the logarithm of the gamma function when Stirling's formula has had its share."""

from sim.core.functions import log
from sim.core.jit import rule

FAR = 10.0
"""From here on seven terms of the series are exact to 1e-16."""


@rule
def beyond_stirling(x):
    """Log of gamma(x), less (x - 1/2) log x - x + log(2 pi) / 2; x > 0.

    What it is at x differs from what it is at x + 1 by (x + 1/2) log(1 + 1 / x) - 1.
    """
    more = 0.0
    while x < FAR:
        more += (x + 0.5) * log((x + 1.0) / x) - 1.0
        x += 1.0
    r = 1.0 / (x * x)
    series = 1.0 / 156.0
    series = series * r - 691.0 / 360360.0
    series = series * r + 1.0 / 1188.0
    series = series * r - 1.0 / 1680.0
    series = series * r + 1.0 / 1260.0
    series = series * r - 1.0 / 360.0
    series = series * r + 1.0 / 12.0
    return more + series / x
