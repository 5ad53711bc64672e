"""The beta distribution, by own arithmetic: what lies below a value, and the quantile.

Below x, with y = 1 - x and n = a + b, lies x^a y^b / (a B(a, b)) / (1 + d1 / (1 + d2 / (1 + ...))) (DLMF 8.17.22). The
fraction converges fast up to x = (a + 1) / (n + 2); beyond that the other tail is asked. Logarithms are taken all
through, so that nothing underflows.
"""

import math

from sim.core.functions import exp, log
from sim.core.gamma import beyond_stirling
from sim.core.jit import rule

TWO_PI = 6.283185307179586
LEAST = 1e-300
STILL = 2.0**-52
ENOUGH = 1e-8
"""A step of the logarithm after which the next, of third order, would be none."""
MOST_TERMS, MOST_STEPS = 100_000, 100


@rule
def beta_below(x, a, b):
    """Probability that a number of the distribution beta(a, b) is at most `x`; x in [0, 1], a and b > 0."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    front = log_front(a, b)
    y = 1.0 - x
    turned = x > (a + 1.0) / (a + b + 2.0)
    if turned:
        a, b, x, y = b, a, y, x
    part = exp(_log_power(x, y, a, b) + front - log(a * _fraction(x, a, b)))
    return 1.0 - part if turned else part


@rule
def beta_quantile(u, a, b, front):
    """Value below which a share `u` of beta(a, b) lies; u in (0, 1), a and b > 0, `front` as `log_front` gives it."""
    split = (a + 1.0) / (a + b + 2.0)
    at_split = _log_power(split, 1.0 - split, a, b) + front - log(a * _fraction(split, a, b))
    if log(u) <= at_split:
        return _in_lower_part(log(u), a, b, front, split)
    return 1.0 - _in_lower_part(log(1.0 - u), b, a, front, 1.0 - split)


@rule
def log_front(a, b):
    """Log of (a / n)^a (b / n)^b / B(a, b), n = a + b; the same when a and b change places."""
    n = a + b
    apart = beyond_stirling(n) - beyond_stirling(min(a, b)) - beyond_stirling(max(a, b))
    return 0.5 * log(a * b / (TWO_PI * n)) + apart


@rule
def _log_power(x, y, a, b):
    """Log of (x n / a)^a (y n / b)^b, where x n / a = 1 + (b x - a y) / a, which is exact near the middle."""
    away = b * x - a * y
    return a * _log_ratio(x * (a + b) / a, away / a) + b * _log_ratio(y * (a + b) / b, -away / b)


@rule
def _log_ratio(ratio, excess):
    """Log of a ratio, which is 1 + `excess`: by the one of the two that tells it to the last bits."""
    if ratio < 0.5:
        return log(ratio)
    whole = 1.0 + excess
    return log(whole) * (excess / (whole - 1.0)) if whole != 1.0 else excess


@rule
def _fraction(x, a, b):
    """The continued fraction 1 + d1 / (1 + d2 / (1 + ...)), from its head on until it stands still (Lentz)."""
    n = a + b
    value = 1.0 - n * x / (a + 1.0)
    c, d = value, 1.0
    for m in range(1, MOST_TERMS):
        even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        odd = -(a + m) * (n + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        d = 1.0 / (1.0 + even * d)
        c = 1.0 + even / c
        value *= c * d
        d = 1.0 / (1.0 + odd * d)
        c = 1.0 + odd / c
        value *= c * d
        if abs(c * d - 1.0) <= STILL:
            break
    return value


@rule
def _in_lower_part(log_u, a, b, front, top):
    """Solve for the quantile below `top`: Halley's steps in the logarithms of both, kept within what brackets it."""
    lower, upper = LEAST, top
    beginning = (log_u + log(a) - front - b * log((a + b) / b)) / a + log(a / (a + b))
    x = min(max(exp(min(beginning, 0.0)), lower), top)
    for _ in range(MOST_STEPS):
        fraction = _fraction(x, a, b)
        over = _log_power(x, 1.0 - x, a, b) + front - log(a * fraction) - log_u
        lower, upper = (lower, min(x, upper)) if over > 0.0 else (max(x, lower), upper)
        slope = a * fraction / (1.0 - x)
        step = -over / slope
        bend = a - (b - 1.0) * x / (1.0 - x) - slope
        step /= max(1.0 + 0.5 * step * bend, 0.25)
        x *= exp(min(max(step, -50.0), 50.0))
        if abs(step) <= ENOUGH:
            break
        if not lower <= x <= upper:
            x = math.sqrt(lower) * math.sqrt(upper)
    return x
