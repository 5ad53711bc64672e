"""Give the risk from a date on, given a record up to it.

Runs are conditioned on the record, and go on free from that date. The same command goes on where it was cut short.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.errors import QuestionError
from sim.estimates.tables import QUANTILES, daily_table, estimate_event, incidence_table
from sim.inference.filter import stages_of
from sim.inference.fitting import CollapseError, Fit, posterior_of_fit
from sim.inference.foresight import KEPT, counts_at
from sim.inference.islands import PARTICLES, Island, islands_of
from sim.inference.observation import Record
from sim.inference.observation.model import COLUMNS
from sim.inference.problem import Problem, check_problem
from sim.inference.timelines import given_timeline, with_timeline
from sim.outcomes import EVENTS, spirals_of
from sim.pipeline.experiment import Finding, Part
from sim.pipeline.fitting import (
    RECORD,
    TIMELINE,
    Fitting,
    digest,
    digest_of_timeline,
    keep_posterior,
    record_or_own,
)
from sim.pipeline.options import Day, Whole, option
from sim.pipeline.parts import Headline, Probability
from sim.pipeline.runner import Runner
from sim.scenario.drivers import Driver
from sim.simulate import merged, run_blocks
from sim.simulate.job import Job, make_job, with_posterior
from sim.simulate.pools import on_threads
from sim.simulate.posterior import Posterior

MOVES, KEPT_ROWS = 60, 4_000
LEAST_EFFECTIVE = 50.0
"""Effective draws below which a filter has collapsed: fewer say too little of the range of risks."""

SERIES_NAMES = {
    "attacks_iraq": "attacks in Iraq",
    "attacks_syria": "attacks in Syria",
    "attacks_jordan": "attacks in Jordan",
    "attacks": "attacks",
    "wounded": "wounded",
    "killed": "killed",
    "bargains": "bargains",
}
NOTHING_TOLD = "nothing on record"
AHEAD, SPAN = (7, 14, 30), 2_000
"""Days that are looked ahead, and runs that are simulated together for it."""

ONE_DAY = datetime.timedelta(days=1)


class ReportPart(Part):
    """A cumulative count of attacks on record, for figures."""

    series: str
    date: str
    value: int | float


class ForecastFinding(Finding):
    """The risk as of a date, what is expected next, and how the filter fared."""

    fits = True

    as_of: str
    record: str
    record_ends: str
    """The last day that the record reports of; what is after it is not told, up to the as-of date either."""

    reports: list[ReportPart]
    headline: Headline
    spirals: dict[str, Probability]
    effective: float
    log_evidence: float
    log_evidence_error: float
    islands: int
    particles: int
    runs: int
    moves_taken: float
    given: list[str]
    """Names of the outside pressures that were given."""

    daily: pd.DataFrame
    incidence: pd.DataFrame
    ahead: pd.DataFrame
    stages: pd.DataFrame


@dataclass(frozen=True)
class Forecast(Fitting):
    """Runs conditioned on a record up to a date, and simulated on from there.

    `timeline` holds outside pressures from the day after on, by driver; the scenario's own where missing.
    """

    kind = "forecast"
    finding = ForecastFinding

    record: Record | None = option(**RECORD)
    timeline: Mapping[str, Driver] | None = option(**TIMELINE)
    as_of: datetime.date | None = option(
        None, Day(), help="The last day whose reports count; the record's last by default."
    )
    islands: int = option(16, Whole(2, 10_000), help="Particle filters that know nothing of one another.")
    particles: int = option(PARTICLES, Whole(100, 200_000), help="Particles of each.")
    runs: int = option(
        20_000,
        Whole(100),
        help="Histories from the date on, in all; those that fit the record are counted by --islands and --particles.",
    )

    def __post_init__(self) -> None:
        """See that scenario, record and date go together."""
        super().__post_init__()
        check_problem(self.problem)
        if self.problem.as_of == self.scenario.end:
            raise QuestionError(
                f"{self.scenario.name} ends on {self.problem.as_of}: there is nothing after it to foresee"
            )

    @cached_property
    def problem(self) -> Problem:
        """What is fitted to what."""
        record = record_or_own(self.record)
        return Problem(self.scenario, record, self.as_of or record.end)

    @cached_property
    def tasks(self) -> Mapping[str, list[Island]]:
        """Islands of the one fit."""
        return {self.kind: islands_of(self.problem, self.islands, self.particles, MOVES)}

    @property
    def total(self) -> int:
        """Particles, and runs that are simulated on."""
        return super().total + self.runs

    @property
    def days_besides(self) -> int:
        """Of the runs to the end, and of the same once more to the last day that is looked ahead."""
        days = self.scenario.days
        return self.runs * (days + min(self.problem.days + AHEAD[-1], days))

    @property
    def identity(self) -> Mapping[str, Any]:
        """Record up to the date, pressures that are given, and size."""
        return {
            "record": digest(asdict(self.problem.told)),
            "timeline": digest_of_timeline(self.timeline or {}),
            "as_of": self.problem.as_of.isoformat(),
            "islands": self.islands,
            "particles": self.particles,
            "runs": self.runs,
        }

    @property
    def title(self) -> str:
        """So many islands."""
        return f"{self.islands:,} islands"

    def answer(self, runner: Runner) -> ForecastFinding:
        """Condition on the record, keep the posterior, and simulate on.

        Raises
        ------
        CollapseError
            When too few particles are left.
        """
        fit = self.fitted(runner, self.kind)
        check_collapse(fit)
        posterior = posterior_of_fit(fit, KEPT_ROWS)
        keep_posterior(runner, posterior)
        job, start = self.job_of(posterior), self.scenario.start
        tallies = merged(block.tallies for block in run_blocks(job, self.runs, runner.threads))
        spirals = {
            name: estimate_event(tallies, EVENTS.index(name), -1, by_row=True, with_ignorance=True)
            for name in spirals_of(self.scenario.headline)
        }
        return ForecastFinding(
            as_of=self.problem.as_of.isoformat(),
            record=self.problem.record.name,
            record_ends=self.problem.record.end.isoformat(),
            reports=self._reports(),
            headline=Headline.of(self.scenario.headline, spirals[self.scenario.headline]),
            spirals={name: Probability.of(found) for name, found in spirals.items()},
            effective=fit.effective,
            log_evidence=fit.log_evidence,
            log_evidence_error=fit.log_evidence_error,
            islands=self.islands,
            particles=self.particles,
            runs=self.runs,
            moves_taken=float(fit.rows["moves_taken"].mean()),
            given=sorted(self.timeline or ()),
            daily=daily_table(tallies, start),
            incidence=incidence_table(tallies, start, by_row=True),
            ahead=ahead_table(job, self.problem, self.runs, runner.threads),
            stages=stage_table(fit),
        )

    def job_of(self, posterior: Posterior) -> Job:
        """The scenario made ready to go on from the as-of date, with pressures as given."""
        job = with_posterior(make_job(self.scenario, "prior"), posterior)
        if not self.timeline:
            return job
        days = given_timeline(job.segments[-1].timeline, self.timeline, self.problem.days)
        return with_timeline(job, days)

    def _reports(self) -> list[ReportPart]:
        return [
            ReportPart(series=r.series, date=r.last.isoformat(), value=r.value)
            for r in self.problem.told.reports
            if r.series.startswith("attacks") and r.first <= self.scenario.start and not r.in_retrospect
        ]


def ahead_table(job: Job, problem: Problem, runs: int, threads: int) -> pd.DataFrame:
    """What is expected of the next days: one row a horizon and count, with mean and quantiles."""
    first = problem.days
    horizons = [days for days in AHEAD if first + days <= job.days]
    stops = [first, *(first + days for days in horizons)]
    spans = [np.arange(k, min(k + SPAN, runs), dtype=np.uint64) for k in range(0, runs, SPAN)]

    def lived(runs: npt.NDArray[np.uint64]) -> npt.NDArray[np.float64]:
        values, outcomes = counts_at(job, runs, stops)
        return np.concatenate([values, outcomes[:, :, [KEPT.index("strikes")]]], axis=2)

    counts = np.concatenate([*on_threads(lived, spans, threads)])
    rows = []
    for place, days in enumerate(horizons, start=1):
        last = problem.as_of + days * ONE_DAY
        for name, more in _named(counts[:, place] - counts[:, 0]).items():
            ends = np.quantile(more, [*QUANTILES.values()])
            rows.append((days, last, name, float(more.mean()), *map(float, ends)))
    return pd.DataFrame(rows, columns=["days", "last", "count", "mean", *QUANTILES])


def _named(counts: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[np.float64]]:
    """Counts of runs by name, from those of `COLUMNS` and of strikes, shape (runs, columns + 1)."""
    return {
        "attacks": counts[:, :3].sum(1),
        "attacks_iraq": counts[:, COLUMNS.index("attacks_iraq")],
        "attacks_syria_jordan": counts[:, 1] + counts[:, 2],
        "wounded": counts[:, COLUMNS.index("wounded")],
        "killed": counts[:, COLUMNS.index("killed")],
        "strikes": counts[:, -1],
    }


def stage_table(fit: Fit) -> pd.DataFrame:
    """How the filter fared: one row a stage, its days, what ended it, and its effective particles on average."""
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
    """Raise CollapseError when too few particles are left, and say where and what to do."""
    if fit.effective >= least:
        return
    worst = stage_table(fit).sort_values("effective").iloc[0]
    raise CollapseError(
        f"the filter has collapsed: {fit.effective:.0f} effective draws are left, and {least:.0f} are needed. What is "
        f"on record of {worst['first']} to {worst['last']} is least probable for the model ({worst['on_record']}): "
        "ask for more --particles, for an earlier --as-of, or look whether that is what was reported"
    )


def _on_record(problem: Problem, first: datetime.date, last: datetime.date) -> str:
    told = [
        f"{r.value:g} {SERIES_NAMES[r.series]}"
        for r in problem.conditioning.scored
        if first <= r.last <= last
    ]
    struck = [f"a strike of level {s.level}" for s in problem.record.strikes if first <= s.date <= last]
    until = problem.record.strikes_until
    complete = until is not None and last <= until
    return ", ".join([*told, *struck]) or ("no strike" if complete else NOTHING_TOLD)
