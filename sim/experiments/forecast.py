"""Now-casting: runs conditioned on a record up to a date, and the risk from there on."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.core.state import SPIRALS
from sim.estimates.tables import daily_table, estimate_event, incidence_table
from sim.experiments.analysis import Asked, answer, responses_of
from sim.experiments.calibrate import CalibrationError, check_problem
from sim.experiments.calibrate.fitting import Fit, fit_of, posterior_of_fit
from sim.experiments.calibrate.islands import PARTICLES, Problem, carry_out_island, islands_of
from sim.experiments.validate.foresight import counts_at
from sim.experiments.validate.timelines import given_timeline
from sim.inference.filter import stages_of
from sim.inference.observation import Record, until
from sim.inference.observation.model import COLUMNS
from sim.scenario import Scenario
from sim.scenario.drivers import Driver
from sim.simulate import EVENTS, Tallies, merged, run_blocks
from sim.simulate.job import Job, make_job, with_posterior
from sim.simulate.pools import on_threads
from sim.simulate.posterior import MANIFEST, ROWS, Posterior, manifest_of, rows_as_parquet
from sim.store import Analysis, Findings, Work

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ISLANDS", "PARTICLES", "RUNS", "ForecastError", "Plan", "plan_forecast", "run_forecast"]

ISLANDS, MOVES, KEPT_ROWS, RUNS = 40, 30, 4_000, 20_000
LEAST_EFFECTIVE = 50.0
"""Effective rows of parameters below which a filter has collapsed: fewer say too little of the range of risks."""

SERIES_NAMES = {
    "attacks_iraq": "attacks in Iraq",
    "attacks_syria": "attacks in Syria",
    "attacks_jordan": "attacks in Jordan",
    "attacks": "attacks",
    "wounded": "wounded",
    "killed": "killed",
    "bargains": "bargains",
}
AHEAD = (7, 14, 30)
COUNTED = ("attacks", "attacks_iraq", "attacks_syria_jordan", "wounded", "killed", "strikes")
ONE_DAY = datetime.timedelta(days=1)


class ForecastError(ValueError):
    """A forecast that cannot be made; its text is one line."""


@dataclass(frozen=True)
class Plan:
    """A forecast, checked and ready.

    Attributes
    ----------
    problem : scenario, record and as-of date
    islands, particles : number of particle filters, and the size of each
    runs : simulated on from the as-of date
    timeline : outside pressures from the day after on, by driver; the scenario's own where missing
    """

    problem: Problem
    islands: int
    particles: int
    runs: int
    timeline: Mapping[str, Driver] = field(default_factory=dict)


def plan_forecast(
    scenario: Scenario,
    record: Record,
    as_of: datetime.date,
    islands: int = ISLANDS,
    particles: int = PARTICLES,
    runs: int = RUNS,
    timeline: Mapping[str, Driver] | None = None,
) -> Plan:
    """Check a forecast.

    Raises
    ------
    ForecastError
        When scenario, record and date do not go together.
    """
    problem = Problem(scenario, record, as_of)
    try:
        check_problem(problem)
    except CalibrationError as error:
        raise ForecastError(str(error)) from error
    if as_of == scenario.end:
        raise ForecastError(f"{scenario.name} ends on {as_of}: there is nothing after it to foresee")
    return Plan(problem, islands, particles, runs, timeline or {})


def run_forecast(plan: Plan, asked: Asked, place: Path) -> Analysis:
    """Condition on the record and simulate on, in a result folder, going on with what is there.

    Raises
    ------
    StoreError
        When the folder cannot be worked in.
    ForecastError
        When the filter collapses.
    """
    tasks = islands_of(plan.problem, plan.islands, plan.particles, MOVES)
    threads = asked.threads or os.cpu_count() or 1

    def make(work: Work) -> Findings:
        fit = fit_of(plan.problem, responses_of(work, tasks, carry_out_island, asked))
        check_collapse(fit)
        posterior = posterior_of_fit(fit, KEPT_ROWS)
        data = rows_as_parquet(posterior)
        work.keep(ROWS, data)
        work.keep(MANIFEST, (json.dumps(manifest_of(posterior, data), indent=1) + "\n").encode())
        return _findings(plan, fit, posterior, threads)

    total = plan.islands * plan.particles + plan.runs
    return answer("forecast", plan.problem.scenario, asked, _identity(plan), place, make, total, len(tasks))


def stage_table(fit: Fit) -> pd.DataFrame:
    """How the filter fared: one row a stage, its days, what ended it, and its effective particles on average."""
    import pandas as pd

    problem = fit.problem
    starts = stages_of(problem.conditioning)
    rows = []
    for stage, (first, end) in enumerate(zip(starts, (*starts[1:], problem.conditioning.days), strict=True)):
        days = [problem.scenario.start + day * ONE_DAY for day in (first, end - 1)]
        rows.append(
            {
                "first": days[0], "last": days[1], "on_record": _on_record(problem, *days),
                "effective": float(fit.rows[f"effective_{stage}"].mean()),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def check_collapse(fit: Fit, least: float = LEAST_EFFECTIVE) -> None:
    """Raise ForecastError when too few particles are left, and say where and what to do."""
    if fit.effective >= least:
        return
    worst = stage_table(fit).sort_values("effective").iloc[0]
    raise ForecastError(
        f"the filter has collapsed: {fit.effective:.0f} rows of parameters are left, and {least:.0f} are needed. What "
        f"is on record of {worst['first']} to {worst['last']} is least probable for the model ({worst['on_record']}): "
        "ask for more --particles, for an earlier --as-of, or look whether that is what was reported"
    )


def job_of(plan: Plan, posterior: Posterior) -> Job:
    """The scenario made ready to go on from the as-of date, with pressures as given."""
    problem = plan.problem
    job = with_posterior(make_job(problem.scenario, "prior"), posterior)
    if not plan.timeline:
        return job
    own = job.segments[-1]
    first = (problem.as_of - problem.scenario.start).days + 1
    return replace(job, segments=(replace(own, timeline=given_timeline(own.timeline, plan.timeline, first)),))


def _on_record(problem: Problem, first: datetime.date, last: datetime.date) -> str:
    told = [
        f"{r.value:g} {SERIES_NAMES[r.series]}"
        for r in problem.conditioning.scored
        if first <= r.last <= last
    ]
    struck = [f"a strike of level {s.level}" for s in problem.record.strikes if first <= s.date <= last]
    return ", ".join([*told, *struck]) or "no strike"


def _findings(plan: Plan, fit: Fit, posterior: Posterior, threads: int) -> Findings:
    job, start = job_of(plan, posterior), plan.problem.scenario.start
    tallies = merged(block.tallies for block in run_blocks(job, plan.runs, threads))
    tables = {
        "daily": daily_table(tallies, start),
        "incidence": incidence_table(tallies, start, by_row=True),
        "ahead": _ahead_table(plan, job, threads),
        "stages": stage_table(fit),
    }
    return Findings(_estimates(plan, fit, tallies), tables)


def _ahead_table(plan: Plan, job: Job, threads: int) -> pd.DataFrame:
    """What is expected of the next days: one row a horizon and count, with mean and quantiles."""
    import pandas as pd

    first = (plan.problem.as_of - plan.problem.scenario.start).days + 1
    horizons = [days for days in AHEAD if first + days <= job.days]
    stops = [first, *(first + days for days in horizons)]
    size = 2_000
    spans = [np.arange(k, min(k + size, plan.runs), dtype=np.uint64) for k in range(0, plan.runs, size)]

    def lived(runs: npt.NDArray[np.uint64]) -> npt.NDArray[np.float64]:
        values, deeds = counts_at(job, runs, stops)
        return np.concatenate([values, deeds[:, :, :1]], axis=2)

    counts = np.concatenate([*on_threads(lived, spans, threads)])
    rows = []
    for place, days in enumerate(horizons, start=1):
        more = counts[:, place] - counts[:, 0]
        by_name = {name: more[:, COLUMNS.index(name)] for name in ("attacks_iraq", "wounded", "killed")}
        by_name["attacks_syria_jordan"] = more[:, 1] + more[:, 2]
        by_name["attacks"], by_name["strikes"] = more[:, :3].sum(1), more[:, -1]
        for name in COUNTED:
            ends = np.quantile(by_name[name], [0.05, 0.25, 0.5, 0.75, 0.95])
            until_day = plan.problem.as_of + days * ONE_DAY
            rows.append((days, until_day, name, float(by_name[name].mean()), *map(float, ends)))
    names = ["days", "last", "count", "mean", "q05", "q25", "q50", "q75", "q95"]
    return pd.DataFrame(rows, columns=names)


def _estimates(plan: Plan, fit: Fit, tallies: Tallies) -> dict[str, Any]:
    headline = plan.problem.scenario.headline
    spirals = {
        name: estimate_event(tallies, EVENTS.index(name), -1, by_row=True, with_ignorance=True).as_dict()
        for name in SPIRALS
    }
    return {
        "as_of": plan.problem.as_of.isoformat(),
        "record": plan.problem.record.name,
        "reports": _reports(plan),
        "headline": {"definition": headline, **spirals[headline]},
        "spirals": spirals,
        "effective": fit.effective,
        "log_evidence": fit.log_evidence,
        "log_evidence_error": fit.log_evidence_error,
        "islands": plan.islands,
        "particles": plan.particles,
        "runs": plan.runs,
        "moves_taken": float(fit.rows["moves_taken"].mean()),
        "given": sorted(plan.timeline),
    }


def _reports(plan: Plan) -> list[dict[str, Any]]:
    """Cumulative attacks on record, for figures."""
    told = until(plan.problem.record, plan.problem.as_of)
    return [
        {"series": r.series, "date": r.last.isoformat(), "value": r.value}
        for r in told.reports
        if r.series.startswith("attacks") and r.first <= plan.problem.scenario.start and not r.in_retrospect
    ]


def _identity(plan: Plan) -> dict[str, Any]:
    record = json.dumps(asdict(until(plan.problem.record, plan.problem.as_of)), default=str, sort_keys=True)
    timeline = json.dumps({n: d.model_dump(mode="json") for n, d in plan.timeline.items()}, sort_keys=True)
    return {
        "record": hashlib.sha256(record.encode()).hexdigest(),
        "timeline": hashlib.sha256(timeline.encode()).hexdigest(),
        "as_of": plan.problem.as_of.isoformat(),
        "islands": plan.islands,
        "particles": plan.particles,
        "runs": plan.runs,
    }
