"""Priors by the range that somebody holds likely: the family, and where its central 90% lies."""

from __future__ import annotations

import math

from sim.parameters.parameter import Family, Parameter, Prior

TAIL = 0.05
NORMAL_TAIL = 1.6448536269514722  # standard normal quantile of 0.95


def prior_within(parameter: Parameter, low: float, high: float, family: Family | None = None) -> Prior:
    """Give the prior of a family whose central 90% is a range; of a uniform one the range is the whole.

    Parameters
    ----------
    parameter : Parameter
    low, high : float
        In the parameter's unit, low < high, inside of its own range.
    family : str, optional
        By default the family of the parameter's own prior; uniform for a constant.

    Raises
    ------
    ValueError
        When the family holds no such range.
    """
    chosen = family or (parameter.prior.family if parameter.prior else "uniform")
    if chosen == "uniform":
        return Prior("uniform", low, high)
    if chosen == "normal":
        return Prior("normal", (low + high) / 2, (high - low) / (2 * NORMAL_TAIL))
    if chosen == "lognormal":
        from sim.core.functions import log

        if low <= 0:
            raise ValueError("a lognormal range begins above 0; give another family, such as uniform")
        return Prior("lognormal", math.sqrt(low * high), log(high / low) / (2 * NORMAL_TAIL))
    return _beta_within(low, high)


def _beta_within(low: float, high: float) -> Prior:
    from sim.core.ranges import beta_within

    if not 0 < low < high < 1:
        raise ValueError(
            "a beta range lies between 0 and 1, without them; give another family, such as uniform"
        )
    a, b = beta_within(float(low), float(high), TAIL)
    if not a > 0:
        raise ValueError("no beta prior has this range; give another family, such as uniform")
    return Prior("beta", a, b)
