"""The beta distribution whose ends lie where somebody says."""

from sim.core.beta import beta_below
from sim.core.functions import exp, log
from sim.core.jit import entry, rule

SMALLEST, LARGEST = -4.0, 24.0
"""Logarithms of the shapes that are looked at: 0.02 to 26,000,000,000."""
NEXT_TO = 1e-9
HALVINGS = 60
CLOSE = 1e-6
"""How far the shares below the ends may be from what was asked."""


@entry
def beta_within(low, high, tail):
    """Shapes of the beta distribution of which a share `tail` lies below `low`, and as much above `high`.

    Parameters
    ----------
    low, high : float
        0 < low < high < 1.
    tail : float
        Below 1/2.

    Returns
    -------
    a, b : float
        Both 0 where there is none.
    """
    lower, upper = SMALLEST, LARGEST
    for _ in range(HALVINGS):  # the larger a is, the narrower are those that have the share below `low`
        middle = 0.5 * (lower + upper)
        a = exp(middle)
        b = _second_shape(low, a, tail)
        narrow = beta_below(high, a, b) > 1.0 - tail or log(b) > LARGEST - NEXT_TO
        lower, upper = (lower, middle) if narrow else (middle, upper)
    a = exp(0.5 * (lower + upper))
    b = _second_shape(low, a, tail)
    miss = max(abs(beta_below(low, a, b) - tail), abs(beta_below(high, a, b) - 1.0 + tail))
    return (a, b) if miss <= CLOSE else (0.0, 0.0)


@rule
def _second_shape(low, a, tail):
    """The b with which a share `tail` of beta(a, b) lies below `low`: that share grows with b."""
    lower, upper = SMALLEST, LARGEST
    for _ in range(HALVINGS):
        middle = 0.5 * (lower + upper)
        much = beta_below(low, a, exp(middle)) > tail
        lower, upper = (lower, middle) if much else (middle, upper)
    return exp(0.5 * (lower + upper))
