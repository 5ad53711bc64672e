"""Scores of probabilistic forecasts of counts and events (Gneiting and Raftery 2007)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.estimates.tables import QUANTILES

Floats = npt.NDArray[np.float64]

LEAST_PROBABILITY = 1e-6
"""An event is never given less: it keeps a log score finite."""

LEAST_EFFECTIVE = 50.0
"""Effective draws that a joint score is to rest on; one that rests on fewer is the luck of a few runs, and withheld."""


@dataclass(frozen=True)
class Score:
    """A score, its standard error over draws, and the effective number of draws that it rests on."""

    value: float
    error: float
    effective: float

    @property
    def withheld(self) -> str:
        """Why it is not to be told; empty where it is."""
        if self.effective >= LEAST_EFFECTIVE:
            return ""
        return f"rests on {self.effective:.1f} effective draws, and needs {LEAST_EFFECTIVE:.0f}"


def log_score(log_likelihoods: Floats) -> Score:
    """Log of the mean likelihood over draws of a forecast: higher is better.

    Parameters
    ----------
    log_likelihoods : ndarray, shape (draws,) or (draws, reports)
        Of several reports the joint score: their likelihoods are multiplied within each draw.

    Returns
    -------
    Score
        In nats; the error is that of the mean, by the delta method, and takes the draws as independent. Where no
        draw has any likelihood the score is minus infinity, and rests on none.
    """
    joint = log_likelihoods if log_likelihoods.ndim == 1 else log_likelihoods.sum(1)
    top = float(joint.max())
    if top == -math.inf:
        return Score(-math.inf, math.inf, 0.0)
    likelihood = np.exp(joint - top)
    mean = float(likelihood.mean())
    error = (
        float(likelihood.std(ddof=1) / math.sqrt(len(likelihood)) / mean) if len(likelihood) > 1 else math.inf
    )
    effective = float(likelihood.sum() ** 2 / (likelihood**2).sum())
    return Score(top + math.log(mean), error, effective)


def crps(draws: Floats, value: float) -> float:
    """Continuous ranked probability score of a forecast given as draws, by its fair estimator (Ferro 2014).

    E|X - y| - E|X - X'| / 2, in the unit of the count; lower is better.

    Parameters
    ----------
    draws : ndarray, shape (n,), n at least 2
    value : what came
    """
    ordered, n = np.sort(draws), len(draws)
    pairs = float((ordered * (2 * np.arange(1, n + 1) - n - 1)).sum()) / (n * (n - 1))
    return float(np.abs(draws - value).mean()) - pairs


def rank_probability(draws: Floats, value: float, u: float) -> float:
    """Randomised probability integral transform of a count: P(X < y) + u P(X = y), uniform if the forecast is right.

    `u` is one uniform number in (0, 1).
    """
    return float((draws < value).mean() + u * (draws == value).mean())


def covers(draws: Floats, value: float, mass: float) -> bool:
    """Whether the central interval of a forecast that holds so much holds what came, ends included."""
    low, high = np.quantile(draws, [0.5 - mass / 2, 0.5 + mass / 2], method="inverted_cdf")
    return bool(low <= value <= high)


def event_scores(probability: float, came: bool) -> tuple[float, float]:
    """Brier score (lower is better) and log score (higher is better) of an event's probability."""
    clipped = min(max(probability, LEAST_PROBABILITY), 1.0 - LEAST_PROBABILITY)
    return (probability - came) ** 2, math.log(clipped if came else 1.0 - clipped)


def scored(
    would: Floats, likelihoods: Floats, value: float, at_least: bool, generator: np.random.Generator
) -> dict[str, Any]:
    """A number on record scored by itself.

    Parameters
    ----------
    would : ndarray, shape (draws,), what would be on record
    likelihoods : ndarray, shape (draws,), log likelihood of what is
    value, at_least : what is on record, and whether it is only a lower bound
    generator : breaks ties

    Returns
    -------
    dict
        The quantiles of `would`, `log_score` with its error and the effective number of draws behind it, `crps` and
        `rank` (uniform if the forecast is right; neither of a lower bound), `in50` and `in90`.
    """
    score = log_score(likelihoods)
    return {
        **dict(zip(QUANTILES, np.quantile(would, list(QUANTILES.values())), strict=True)),
        "log_score": score.value, "log_score_error": score.error, "effective": score.effective,
        "crps": None if at_least else crps(would, value),
        "rank": None if at_least else rank_probability(would, value, generator.random()),
        "in50": covers(would, value, 0.5), "in90": covers(would, value, 0.9),
    }  # fmt: skip
