"""What a fit says of the parameters: each held against its prior, and the pairs that are only fixed together."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.inference.filter import systematic
from sim.inference.fitting import Fit
from sim.inference.observation.model import LAG
from sim.parameters import REGISTRY, Prior
from sim.pipeline.experiment import Part

if TYPE_CHECKING:
    import pandas as pd

INFORMED = 4.0
"""Standard errors by which a mean or a spread has moved, if the record informs a parameter: a false alarm in a fit of
113 parameters has a chance of 226 x 6e-5 = 1.4%."""

TOGETHER = 4.8
"""The same of the correlation of a pair: 6,328 x 1.6e-6 = 1%."""

EVENLY = (np.arange(4_000) + 0.5) / 4_000
"""Probabilities of quantiles that stand for a whole prior."""

VERDICTS = ("informed", "not told from its prior", "cannot act")

Floats = npt.NDArray[np.float64]


class SecondOpinion(Part):
    """What the field's own library says of a fit; nothing where it is not installed, or of a single island.

    `median` and `least` effective number of draws over parameters, of which `parameter`, and the largest `rhat`.
    """

    median: float | None = None
    least: float | None = None
    parameter: str | None = None
    rhat: float | None = None


def weighted_quantiles(values: Floats, weights: Floats, probabilities: Collection[float]) -> Floats:
    """Quantiles of weighted draws: the least value that at least so much of the weight is at or below."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    places = np.searchsorted(below, np.asarray(list(probabilities)) * below[-1], side="left")
    return np.asarray(values[order][np.minimum(places, len(values) - 1)])


def parameter_table(fit: Fit, cannot: Collection[str]) -> pd.DataFrame:
    """Prior and posterior of every parameter.

    Parameters
    ----------
    fit : Fit
    cannot : collection of str
        Those that cannot act before the as-of date.

    Returns
    -------
    DataFrame
        One row a parameter, by contraction: `prior_mean`, `prior_sd`, `prior_low`, `prior_median`, `prior_high` (5,
        50, 95%) and `mean`, `sd`, `low`, `median`, `high` of the posterior in its unit; `shift`, how many prior
        standard deviations the mean has moved, and `sd_ratio`, posterior over prior, both of the coordinate that is
        standard normal in the prior, with their standard errors; `contraction`, 1 - sd_ratio^2; `verdict`, one of
        `VERDICTS`.
    """
    import pandas as pd

    space, w = fit.problem.space, fit.weights
    z = space.coordinates({name: fit.rows[name] for name in space.names})
    mean = w @ z
    sd = np.sqrt(w @ (z - mean) ** 2)
    of_mean, of_sd = 1.0 / math.sqrt(fit.effective), 1.0 / math.sqrt(2.0 * fit.effective)
    moved = np.maximum(np.abs(mean) / of_mean, np.abs(sd - 1.0) / of_sd)
    rows = []
    for place, name in enumerate(space.names):
        verdict = VERDICTS[2] if name in cannot else VERDICTS[0 if moved[place] > INFORMED else 1]
        rows.append(
            {
                "parameter": name, "unit": REGISTRY[name].unit if name != LAG else "days",
                **_in_its_unit(space.priors[name], fit.rows[name], w),
                "shift": mean[place], "shift_error": of_mean, "sd_ratio": sd[place], "sd_ratio_error": of_sd,
                "contraction": 1.0 - sd[place] ** 2, "verdict": verdict,
            }
        )  # fmt: skip
    return pd.DataFrame(rows).sort_values("contraction", ascending=False, kind="stable", ignore_index=True)


def _in_its_unit(known: tuple[Prior, float, float], values: Floats, weights: Floats) -> dict[str, float]:
    """Mean, spread, and 5, 50 and 95% of a parameter before, by its prior and range, and after, by weighted draws."""
    prior, *ends = known
    evenly, before = prior.quantile(EVENLY, *ends), prior.quantile([0.05, 0.5, 0.95], *ends)
    mean, after = float(weights @ values), weighted_quantiles(values, weights, [0.05, 0.5, 0.95])
    return {
        "prior_mean": np.mean(evenly), "prior_sd": np.std(evenly),
        "prior_low": before[0], "prior_median": before[1], "prior_high": before[2],
        "mean": mean, "sd": math.sqrt(float(weights @ (values - mean) ** 2)),
        "low": after[0], "median": after[1], "high": after[2],
    }  # fmt: skip


def draws_table(fit: Fit, pairs: pd.DataFrame, most: int = 6, draws: int = 500) -> pd.DataFrame:
    """Draws of the strongest pairs, to be seen: `first`, `second`, and `x`, `y` on the scales of `pair_table`."""
    import pandas as pd

    names, taken = fit.problem.space.names, systematic(fit.weights, draws, 0.5)
    z = fit.problem.space.coordinates({name: fit.rows[name][taken] for name in names})
    parts = [
        pd.DataFrame({"first": a, "second": b, "x": z[:, names.index(a)], "y": z[:, names.index(b)]})
        for a, b in pairs[["first", "second"]].head(most).itertuples(index=False)
    ]
    return (
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["first", "second", "x", "y"])
    )


def pair_table(fit: Fit) -> pd.DataFrame:
    """Pairs of parameters that the record fixes together more than it fixes each.

    Returns
    -------
    DataFrame
        One row a pair whose correlation is beyond chance, the strongest first: `first`, `second`, `correlation` (of
        their coordinates), `correlation_error`; `sd_first`, `sd_second`, and `sd_together`, the spread along the
        direction in which the pair is known best (1 in the prior).
    """
    import pandas as pd

    names, w = fit.problem.space.names, fit.weights
    z = fit.problem.space.coordinates({name: fit.rows[name] for name in names})
    centred = z - w @ z
    covariance = (w[:, None] * centred).T @ centred
    sd = np.sqrt(np.diag(covariance))
    correlation, error = covariance / np.outer(sd, sd), 1.0 / math.sqrt(fit.effective)
    first, second = np.triu_indices(len(names), 1)
    strength = np.abs(correlation[first, second])
    rows = []
    for k in np.argsort(-strength, kind="stable"):
        if strength[k] <= TOGETHER * error:
            break
        pair = [first[k], second[k]]
        least = np.linalg.eigvalsh(covariance[np.ix_(pair, pair)])[0]
        rows.append(
            (
                names[pair[0]],
                names[pair[1]],
                correlation[pair[0], pair[1]],
                error,
                *sd[pair],
                math.sqrt(least),
            )
        )
    columns = ["first", "second", "correlation", "correlation_error", "sd_first", "sd_second", "sd_together"]
    return pd.DataFrame(rows, columns=columns)


def second_opinion(fit: Fit) -> SecondOpinion:
    """Effective draws and R-hat by arviz (extra `calibration`), islands taken as its chains (Vehtari and others 2021).

    An island keeps its draws in the order of their ancestors, so that those which share one look like a slow chain.
    Islands count alike here, whatever their evidence: with uneven islands it is too kind.
    """
    try:
        from arviz_stats.base.array import array_stats
    except ImportError:
        return SecondOpinion()
    islands = len(np.unique(fit.rows["island"]))
    if islands < 2:
        return SecondOpinion()
    space = fit.problem.space
    z = space.coordinates({name: fit.rows[name] for name in space.names})
    by_parameter = z.reshape(islands, -1, len(space.names)).transpose(2, 0, 1)
    found = np.array([array_stats.ess(one, chain_axis=0, draw_axis=1) for one in by_parameter])
    rhat = np.array([array_stats.rhat(one, chain_axis=0, draw_axis=1) for one in by_parameter])
    least = int(found.argmin())
    return SecondOpinion(
        median=float(np.median(found)),
        least=float(found[least]),
        parameter=space.names[least],
        rhat=float(rhat.max()),
    )
