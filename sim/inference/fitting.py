"""Islands put together: the posterior, how many draws it is worth, and the probability of the record."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.core.state import DRIVERS
from sim.errors import FAILED, InputError
from sim.inference.filter import stages_of, systematic
from sim.inference.observation.model import COLUMNS, Counts
from sim.inference.problem import Problem
from sim.simulate.posterior import RUN, STEERED, Posterior, plain_setting

LEAST_EFFECTIVE = 300.0
"""Effective draws that a posterior is to rest on."""


class CollapseError(InputError):
    """Too few draws are left of a fit: what is on record is too improbable for the model."""

    exit_code = FAILED


@dataclass(frozen=True)
class Fit:
    """What the islands of a problem say together.

    Attributes
    ----------
    problem : Problem
    rows : record array, the particles kept by all islands, as `carry_out_island` gives them
    weights : shape (len(rows),), adding up to 1
    effective : effective number of draws of parameters, see `effective_number`
    log_evidence : log of the estimated probability (density) of the record
    log_evidence_error : its standard error, from the scatter of the islands
    """

    problem: Problem
    rows: npt.NDArray[np.void]
    weights: npt.NDArray[np.float64]
    effective: float
    log_evidence: float
    log_evidence_error: float

    @property
    def counts(self) -> Counts:
        """What happened in the fitted worlds."""
        kept = self.problem.conditioning.kept
        values = np.stack(
            [np.stack([self.rows[f"{c}_{day}"] for c in COLUMNS], axis=1) for day in range(len(kept))], axis=1
        )
        return Counts(self.problem.scenario.start, kept, values)


def fit_of(problem: Problem, rows: npt.NDArray[np.void]) -> Fit:
    """Put islands together, each weighed by its estimate of the evidence.

    The estimate of each is unbiased, so their mean is, and so are, in the limit of many islands, all means under the
    weights, however few particles an island has.
    """
    islands, first = np.unique(rows["island"], return_index=True)
    log_z = rows["log_evidence"][first]
    z = np.exp(log_z - log_z.max())
    weights = (z / z.sum())[np.searchsorted(islands, rows["island"])] * len(islands) / len(rows)
    error = float(z.std(ddof=1) / z.mean() / math.sqrt(len(z))) if len(z) > 1 else math.inf
    coordinates = problem.space.coordinates({name: rows[name] for name in problem.space.names})
    families = np.unique(np.stack([rows["island"], rows["row"]]), axis=1, return_inverse=True)[1].ravel()
    effective = effective_number(coordinates, weights, families)
    return Fit(problem, rows, weights, effective, float(log_z.max() + math.log(z.mean())), error)


def effective_number(
    coordinates: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], families: npt.NDArray[np.int64]
) -> float:
    """So many independent draws would know the means of the coordinates as well, on average over them.

    Draws of one family descend from the same draw of the prior: they are alike, as far as they have not been moved
    apart. The variance of a mean is estimated from the sums of families (Chan and Lai 2013; Lee and Whiteley 2018),
    with the factor F / (F - 1) for F families of equal weight.

    Parameters
    ----------
    coordinates : ndarray, shape (n, coordinates)
    weights : ndarray, shape (n,), adding up to 1
    families : ndarray of int, shape (n,), numbered from 0 on
    """
    off = coordinates - weights @ coordinates
    spread = weights @ off**2
    count = families.max() + 1
    sums = np.stack([np.bincount(families, weights * column, count) for column in off.T], axis=1)
    alike = float((np.bincount(families, weights, count) ** 2).sum())
    if alike > 1.0 - 1e-9 or not (spread > 0.0).any():
        return 1.0
    share = (sums**2).sum(0)[spread > 0.0] / spread[spread > 0.0] / (1.0 - alike)
    return float(1.0 / share.mean())


def posterior_of_fit(fit: Fit, count: int) -> Posterior:
    """Give so many rows of equal weight, each with the luck of its past."""
    return posterior_at(fit, spread_out(systematic(fit.weights, count, 0.5)))


def spread_out(taken: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The same indices in an order in which equal ones are far apart: blocks of runs would share one row otherwise."""
    return taken[np.argsort((np.arange(len(taken)) * 0.6180339887498949) % 1.0, kind="stable")]


def posterior_at(fit: Fit, taken: npt.NDArray[np.int64]) -> Posterior:
    """The particles kept at an index, in its order, as rows that count alike."""
    problem = fit.problem
    conditioning, segment = problem.conditioning, problem.segment
    stages = stages_of(conditioning)
    timeline, rows = np.asarray(conditioning.timeline), fit.rows[taken]
    return Posterior(
        name=problem.scenario.name,
        start=problem.scenario.start,
        as_of=problem.as_of,
        random_seed=problem.scenario.random_seed,
        columns={name: rows[name].astype(np.float64) for name in problem.space.names},
        stages=stages,
        lineage=np.stack([rows[f"{RUN}{stage}"] for stage in range(len(stages))], axis=1).astype(np.uint64),
        fixed=dict(segment.fixed),
        setting=plain_setting(segment.setting),
        drivers={name: [float(x) for x in timeline[name]] for name in DRIVERS},
        steered={name: [int(x) for x in timeline[name]] for name in STEERED},
        log_evidence=fit.log_evidence,
    )
