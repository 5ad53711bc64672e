"""Pairing runs by addressed luck saves variance at least 3 times on the direct exchange and 10 times on attacks.

`restraint-doctrine` against `decisive-doctrine`, at the level of rows of parameters, which are the units of every
interval: the variance of the difference between two samples with runs, rows and luck of their own, over that of the
difference row by row. Beside it, for information, the same of single runs; and what is saved by sharing rows alone,
with luck of their own, and by sharing luck alone, with all parameters at their defaults.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial

import numpy as np
import numpy.typing as npt

from benchmarks.measure import Claim, Options, Report
from sim.parameters import REGISTRY
from sim.scenario import load_scenario
from sim.simulate.job import Job, Parameters, make_job, simulate, simulate_rows
from sim.simulate.parameter_draws import RUNS_PER_ROW, prior_rows, rows_of_runs
from sim.simulate.pools import on_threads
from sim.simulate.responses import responses

RUNS, FEWER, RESAMPLES, BATCH = 200_000, 5, 2_000, 10_000
PAIR = ("restraint-doctrine", "decisive-doctrine")
LEAST = {"direct": 3.0, "attacks": 10.0}
OTHER_LUCK = 1 << 40

Values = npt.NDArray[np.float64]


def measure(options: Options) -> Report:
    report = Report("pairing")
    runs = max(20, (options.runs or RUNS) // RUNS_PER_ROW) * RUNS_PER_ROW
    few = runs // FEWER // RUNS_PER_ROW * RUNS_PER_ROW
    first, second = (of_runs(name, runs) for name in PAIR)
    apart = of_runs(PAIR[1], few, luck=OTHER_LUCK)
    fixed = [of_runs(name, few, "default") for name in PAIR]
    for outcome, least in LEAST.items():
        one, other, elsewhere = (part[outcome] for part in (first, second, apart))
        rows = [by_row(values) for values in (one, other)]
        spread = resampled(*rows)
        report.add(f"{outcome}, by row", "times", spread)
        rows_only = resampled(by_row(one[:few]), by_row(elsewhere))
        report.add(f"{outcome}, by row, sharing rows only", "times", rows_only)
        report.add(f"{outcome}, of single runs", "times", [saved(one, other)])
        report.add(f"{outcome}, of single runs, sharing rows only", "times", [saved(one[:few], elsewhere)])
        luck_only = saved(*(part[outcome] for part in fixed))
        report.add(f"{outcome}, of single runs, sharing luck only", "times", [luck_only])
        found, (low, high) = saved(*rows), np.quantile(spread, (0.025, 0.975))
        told = f"{found:.1f}; by resampling rows {low:.1f} to {high:.1f}"
        report.claims.append(Claim(f"{outcome}: at least {least:g} times", told, bool(found >= least)))
        report.notes.append(f"{outcome}: {tail(*rows)}")
    report.notes.append("luck only: all parameters at their defaults; otherwise drawn from the prior")
    report.notes.append(
        f"{runs:,} runs of each scenario, {few:,} where rows or luck only are shared; rows by bootstrap"
    )
    return report


def of_runs(name: str, runs: int, parameters: Parameters = "prior", luck: int = 0) -> Mapping[str, Values]:
    """Outcomes of each run; with `luck` the rows are those of the run numbers, and the luck is that of others."""
    job = make_job(load_scenario(name), parameters)
    starts = range(0, runs, BATCH)
    parts = [*on_threads(partial(_outcomes, job, runs, luck), starts, os.cpu_count() or 1)]
    return {
        outcome: np.concatenate([part[outcome] for part in parts]).astype(np.float64) for outcome in LEAST
    }


def _outcomes(job: Job, runs: int, luck: int, start: int) -> npt.NDArray[np.void]:
    numbers = np.arange(start, min(start + BATCH, runs), dtype=np.uint64)
    worlds = simulate(job, numbers) if not luck else _with_luck(job, numbers, luck)
    return responses(worlds, np.arange(len(numbers)))


def _with_luck(job: Job, numbers: npt.NDArray[np.uint64], luck: int) -> np.ndarray:
    rows, places = np.unique(rows_of_runs(numbers), return_inverse=True)
    table = prior_rows(rows, job.random_seed, {})
    columns = {p: table[p.split(".")[0]][p.split(".")[1]] for p in REGISTRY}
    return simulate_rows(job, numbers + np.uint64(luck), places.astype(np.int64), columns)


def by_row(values: Values) -> Values:
    """Means of whole rows."""
    return values.reshape(-1, RUNS_PER_ROW).mean(axis=1)


def saved(one: Values, other: Values) -> float:
    """Variance of a difference with samples of their own, over that with the same."""
    return float((one.var(ddof=1) + other.var(ddof=1)) / (one - other).var(ddof=1))


def resampled(one: Values, other: Values) -> list[float]:
    """The same, of rows drawn anew with replacement."""
    draw = np.random.default_rng(1)
    chosen = (draw.integers(0, len(one), len(one)) for _ in range(RESAMPLES))
    return [saved(one[rows], other[rows]) for rows in chosen]


def tail(one: Values, other: Values) -> str:
    """Say how much of the paired variance is in the hundredth of the rows that differ most."""
    squares = np.sort((one - other - (one - other).mean()) ** 2)[::-1]
    few = max(1, len(squares) // 100)
    return f"the {few} rows that differ most hold {squares[:few].sum() / squares.sum():.0%} of the paired variance"
