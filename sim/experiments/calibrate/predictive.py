"""Posterior predictive checks: what would be reported under the fitted parameters, held against what was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.estimates.tables import QUANTILES
from sim.experiments.calibrate.tables import weighted_quantiles
from sim.inference.conditioning import Conditioning, condition, spares_lives
from sim.inference.filter import Particles, run_filter
from sim.inference.fitting import Fit
from sim.inference.observation import Record, Report, would_report
from sim.inference.observation.model import Counts
from sim.inference.observation.record import DISCRETE
from sim.inference.problem import Problem
from sim.inference.space import table_of
from sim.simulate.job import make_job
from sim.simulate.posterior import Posterior

if TYPE_CHECKING:
    import pandas as pd

FIRST_RUN = 2**47 + 2**45
"""Run numbers of predictive runs; no run that is counted has them."""

KINDS = ("fitted past", "fresh luck, Washington led", "fresh luck, all free")
"""What is held against the record: the pasts that were fitted; the same parameters with fresh luck, Washington doing
what is on record and nobody dying; the same with all left to the model, which is the posterior predictive proper."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Target:
    """A number on record: what is counted of which days, the number, and its bound."""

    series: str
    report: Report

    @property
    def label(self) -> str:
        """How tables and figures call it."""
        return f"{self.series} to {self.report.last}"


def targets_of(record: Record) -> tuple[Target, ...]:
    """What is on record, as told: cumulative counts, attacks in all where countries are told apart."""
    found = [Target(report.series, report) for report in record.reports if report.series != "bargains"]
    for date in record.dates:
        parts = [r for r in record.reports if r.last == date and r.series in DISCRETE and not r.in_retrospect]
        if len(parts) > 1 and all(r.series != "attacks" for r in parts):
            total = Report("attacks", record.start, date, sum(r.value for r in parts), "exact")
            found.append(Target("attacks", total))
    return tuple(sorted(found, key=lambda t: (t.report.last, t.series)))


def target_table(fit: Fit, posterior: Posterior, runs: int) -> pd.DataFrame:
    """Every number on record, and where it lies in what the fitted model would have reported.

    Parameters
    ----------
    fit : Fit
    posterior : Posterior
        Its rows.
    runs : int
        Of each kind with fresh luck.

    Returns
    -------
    DataFrame
        One row a kind of `KINDS` and target: `kind`, `series`, `first`, `date`, `recorded`, `bound`, the `mean` and
        the quantiles of what would be reported, `tail` (probability of a report as far out as the recorded one or
        further, on its side; of an `at_least` one, of fewer), and `inside` (whether the central 90% holds it; of an
        `at_least` one, whether the upper end reaches it).
    """
    import pandas as pd

    rows = []
    for kind, counts, weights in _kinds(fit, posterior, runs):
        generator = np.random.Generator(np.random.Philox(fit.problem.scenario.random_seed))
        for target in targets_of(fit.problem.told):
            would = would_report(target.report, counts, fit.problem.record.counts_jordan, generator)
            rows.append({"kind": kind, **_held(target, would, weights)})
    return pd.DataFrame(rows)


def _held(target: Target, would: Floats, weights: Floats) -> dict[str, object]:
    report = target.report
    ends = dict(zip(QUANTILES, weighted_quantiles(would, weights, QUANTILES.values()), strict=True))
    fewer = float(weights[would < report.value].sum())
    no_more = float(weights[would <= report.value].sum())
    at_least = report.bound == "at_least"
    return {
        "series": target.series, "first": report.first, "date": report.last, "recorded": report.value,
        "bound": report.bound, "mean": float(weights @ would), **ends,
        "tail": 1.0 - fewer if at_least else min(no_more, 1.0 - fewer),
        "inside": ends["q95"] >= report.value if at_least else ends["q05"] <= report.value <= ends["q95"],
    }  # fmt: skip


def _kinds(fit: Fit, posterior: Posterior, runs: int) -> Iterator[tuple[str, Counts, Floats]]:
    problem = fit.problem
    yield KINDS[0], fit.counts, fit.weights
    led = problem.conditioning
    free = condition(problem.segment, problem.scenario.start, unsteered(led.record), problem.as_of)
    for kind, conditioning in ((KINDS[1], led), (KINDS[2], free)):
        lived = fresh(problem, posterior, conditioning, runs)
        counts = Counts(problem.scenario.start, conditioning.kept, lived.values)
        yield kind, counts, np.full(runs, 1.0 / runs)


def unsteered(record: Record) -> Record:
    """The same record, which leads worlds nowhere: without strikes, and deaths as a mere lower bound."""
    reports = tuple(replace(r, bound="at_least") if spares_lives(r) else r for r in record.reports)
    return replace(record, reports=reports, strikes=(), strikes_until=None)


def fresh(problem: Problem, posterior: Posterior, conditioning: Conditioning, runs: int) -> Particles:
    """Worlds lived to the as-of date with rows of a posterior, in turn, and luck of their own."""
    rows = np.arange(runs) % posterior.rows
    columns = {name: values[rows] for name, values in posterior.columns.items()}
    table, lags = table_of({**problem.space.fixed_columns(runs), **columns}, runs)
    setting = make_job(problem.scenario, "prior").segments[-1].setting
    seed = problem.scenario.random_seed
    return run_filter(conditioning, setting, seed, FIRST_RUN, table, lags, (0,)).particles
