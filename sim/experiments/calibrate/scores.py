"""Log scores of the record: under the model, and under the same model with its couplings at zero."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.inference.filter import run_filter
from sim.inference.fitting import Fit, posterior_of_fit
from sim.inference.problem import Problem
from sim.inference.space import table_of
from sim.parameters import REGISTRY, couplings
from sim.scenario.varying import with_parameters

if TYPE_CHECKING:
    import pandas as pd

MODELS = ("as it stands", "couplings off")
DRAWS, REPEATS = 20_000, 6
FIRST_RUN, APART = 2**47 + 2**44, 2**24
"""Run numbers of the filters of fitted draws; no run that is counted has them."""


def uncoupled(problem: Problem) -> Problem | None:
    """The same problem with every coupling at zero that the scenario leaves free; None where it leaves none free."""
    held = problem.segment.fixed
    free = {n: x for n, x in couplings().items() if n not in held and REGISTRY[n].prior is not None}
    return replace(problem, scenario=with_parameters(problem.scenario, free)) if free else None


def score_table(fit: Fit, off: Fit | None) -> pd.DataFrame:
    """Log probability of the record under both models.

    Returns
    -------
    DataFrame
        One row a model of `MODELS`: `evidence`, with the parameters drawn from the prior (each report foreseen from
        those before it, so that nothing is used twice); `fitted`, with the parameters that were fitted to that very
        record, which flatters whoever has more to fit; both with their standard errors `_error`; and `parameters`, how
        many are free. Differences of logs: 1 is a factor of 2.7.
    """
    import pandas as pd

    rows = []
    for model, one in zip(MODELS, (fit, off), strict=True):
        if one is not None:
            score, error = fitted_score(one, DRAWS, REPEATS)
            count = len(one.problem.space.names)
            rows.append((model, count, one.log_evidence, one.log_evidence_error, score, error))
    names = ["model", "parameters", "evidence", "evidence_error", "fitted", "fitted_error"]
    return pd.DataFrame(rows, columns=names)


def fitted_score(fit: Fit, draws: int, repeats: int) -> tuple[float, float]:
    """Log probability of the record with fitted parameters and fresh luck, and its standard error.

    Filters of so many draws each; the error is from their scatter, without that of the fit itself.
    """
    problem, posterior = fit.problem, posterior_of_fit(fit, draws)
    columns = {**problem.space.fixed_columns(draws), **posterior.columns}
    table, lags = table_of(columns, draws)
    conditioning, segment = problem.conditioning, problem.segment
    found = np.array(
        [
            run_filter(
                conditioning,
                segment.setting,
                problem.scenario.random_seed,
                FIRST_RUN + k * APART,
                table,
                lags,
            ).log_evidence
            for k in range(repeats)
        ]
    )
    z = np.exp(found - found.max())
    error = float(z.std(ddof=1) / z.mean() / math.sqrt(repeats))
    return float(found.max() + math.log(z.mean())), error
