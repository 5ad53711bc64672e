"""Quantiles of truncated priors, of many shares at once."""

import numpy as np

from sim.core.beta import beta_below, beta_quantile, log_front
from sim.core.chance import standard_normal
from sim.core.functions import exp, log
from sim.core.jit import entry, rule
from sim.core.normal_tail import normal_below

FAMILIES = {"lognormal": 0, "normal": 1, "beta": 2, "uniform": 3}
LOGNORMAL, NORMAL, BETA = 0, 1, 2
LEAST_UNIFORM = 2.0**-53


@entry
def quantiles(family, first, second, low, high, shares):
    """Quantiles of a prior truncated to [low, high].

    Parameters
    ----------
    family : int
        One of `FAMILIES`.
    first, second : float
        Median and sd of the log; mean and sd; a and b; or low and high.
    low, high : float
        May be infinite.
    shares : ndarray of float64, shape (n,)
        In [0, 1].

    Returns
    -------
    ndarray of float64, shape (n,)
    """
    at_low, at_high = _below(family, first, second, low), _below(family, first, second, high)
    front = log_front(first, second) if family == BETA else 0.0
    values = np.empty(len(shares))
    for i in range(len(shares)):
        inside = 0.0 < shares[i] < 1.0
        u = at_low + shares[i] * (at_high - at_low) if inside else shares[i]
        values[i] = min(max(_whole(family, first, second, front, u), low), high)
    return values


@entry
def below_beta(x, a, b):
    """Probability that a number of the distribution beta(a, b) is at most `x`."""
    return beta_below(x, a, b)


@rule
def _below(family, first, second, value):
    """Share of the whole prior at or below a value."""
    if family == LOGNORMAL:
        if not 0.0 < value < np.inf:
            return 0.0 if value <= 0.0 else 1.0
        return normal_below((log(value) - log(first)) / second)
    if family == NORMAL:
        return normal_below((value - first) / second)
    if family == BETA:
        return beta_below(value, first, second)
    return min(max((value - first) / (second - first), 0.0), 1.0)


@rule
def _whole(family, first, second, front, u):
    """Quantile of the whole prior; at 0 and 1 the ends of what it is spread over."""
    if family > BETA:
        return first + u * (second - first)
    if not 0.0 < u < 1.0:
        if family == BETA:
            return 0.0 if u <= 0.0 else 1.0
        return np.inf if u >= 1.0 else 0.0 if family == LOGNORMAL else -np.inf
    if family == BETA:
        return beta_quantile(u, first, second, front)
    if family == LOGNORMAL:
        return first * exp(second * _normal(u))
    return first + second * _normal(u)


@rule
def _normal(u):
    """Standard normal quantile of any `u` in (0, 1); below the least uniform number by halving."""
    if u >= LEAST_UNIFORM:
        return standard_normal(u)
    low, high = -39.0, -8.0
    for _ in range(64):
        middle = 0.5 * (low + high)
        if normal_below(middle) < u:
            low = middle
        else:
            high = middle
    return high
