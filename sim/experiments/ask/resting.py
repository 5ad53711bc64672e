"""What an answer rests on: the parameters that its probability goes with, over the draws of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sim.experiments.ask.answering import Rest
from sim.experiments.ask.counting import Counted
from sim.parameters import REGISTRY
from sim.simulate.job import Job
from sim.simulate.parameter_draws import prior_columns

MOST = 3
TAIL = 0.025


def rests_on(job: Job, counted: Counted) -> Mapping[int, list[Rest]]:
    """Of each question, by its number, the parameters that it rests on most.

    Spearman's rank correlation of a parameter with the share of a row's runs in which the event came. Only what is
    further from zero than the largest of so many would be by chance once in twenty is told.
    """
    from scipy.stats import norm, rankdata

    columns = _columns(job, counted.rows()["row"])
    names = [name for name, values in columns.items() if np.ptp(values) > 0]
    if not names:
        return {}
    ranks = np.stack([rankdata(columns[name]) for name in names])
    told = {}
    for i in range(len(counted.dates)):
        given, seen = counted.of(i)
        met = given > 0
        if met.sum() < 30 or np.ptp(shares := seen[met, -1] / given[met]) == 0:
            continue
        found_here = _correlations(ranks[:, met], rankdata(shares))
        least = float(norm.isf(TAIL / len(names))) / np.sqrt(len(np.unique(ranks[0, met])) - 1)
        order = np.argsort(-np.abs(found_here), kind="stable")[:MOST]
        told[i] = [
            Rest(parameter=names[k], correlation=float(found_here[k]))
            for k in order
            if abs(found_here[k]) > least
        ]
    return told


def _correlations(
    columns: npt.NDArray[np.float64], values: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    centred = columns - columns.mean(axis=1, keepdims=True)
    other = values - values.mean()
    scale = np.sqrt((centred**2).sum(axis=1) * (other**2).sum())
    return np.divide(centred @ other, scale, out=np.zeros(len(columns)), where=scale > 0)


def _columns(job: Job, rows: npt.NDArray[np.int64]) -> Mapping[str, npt.NDArray[np.float64]]:
    """Parameters of the rows by registry name, but for those that the scenario fixes."""
    fixed = job.segments[-1].fixed
    if job.posterior is not None:
        taken = rows % job.posterior.rows
        columns = {name: values[taken] for name, values in job.posterior.columns.items() if name in REGISTRY}
    else:
        columns = prior_columns(rows, job.random_seed, fixed, job.segments[-1].priors)
    return {name: values for name, values in columns.items() if name not in fixed}
