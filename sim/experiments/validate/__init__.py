"""Validation: the model fitted up to a date, and held against what was reported after it, beside rivals.

Called retrodiction where whoever built the model knew what came.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sim.experiments.analysis import Asked, answer, responses_of
from sim.experiments.calibrate import AS_OF, CalibrationError, check_problem
from sim.experiments.calibrate.fitting import fit_of, posterior_of_fit
from sim.experiments.calibrate.islands import Island, Problem, carry_out_island, islands_of
from sim.experiments.validate.baselines import RIVALS, fit_rival
from sim.experiments.validate.events import DATES, event_rows
from sim.experiments.validate.foresight import Foresight, foresee_model
from sim.experiments.validate.holdout import (
    MODEL,
    OFF,
    Split,
    as_table,
    counts_of_rival,
    increment_rows,
    score_rows,
    split_of,
)
from sim.inference.observation import Record, until
from sim.parameters import couplings
from sim.scenario import Scenario
from sim.scenario.drivers import Driver
from sim.scenario.varying import with_parameters
from sim.simulate.job import make_job, with_posterior
from sim.simulate.posterior import Posterior
from sim.store import Analysis, Findings, Work

__all__ = ["ISLANDS", "RUNS", "Plan", "ValidationError", "plan_validation", "run_validation"]

ISLANDS, PARTICLES, ROWS, RUNS = 12, 20_000, 4_000, 16_000
LEAST_EFFECTIVE = 100.0
EARLIER = (datetime.date(2023, 10, 24), datetime.date(2023, 10, 30))
"""Dates of the articles of 2023 before the last, at which their own counts can be split too."""


class ValidationError(ValueError):
    """A record that cannot be scored; its text is one line."""


@dataclass(frozen=True)
class Plan:
    """A validation, checked and ready.

    Attributes
    ----------
    scenario : Scenario
    splits : in order of their date
    events : whether the last split is also held against what the articles tell of later
    timeline : outside pressures after the as-of date, by driver; those missing are drawn
    runs : of the model, in each split
    """

    scenario: Scenario
    splits: tuple[Split, ...]
    events: bool
    timeline: Mapping[str, Driver] = field(default_factory=dict)
    runs: int = RUNS

    @property
    def tasks(self) -> dict[tuple[int, str], list[Island]]:
        """The islands of every fit, by split and model, numbered through."""
        off = with_parameters(self.scenario, couplings())
        found: dict[tuple[int, str], list[Island]] = {}
        for place, split in enumerate(self.splits):
            for name, scenario in ((MODEL, self.scenario), (OFF, off)):
                first = len(found) * ISLANDS
                problem = Problem(scenario, split.record, split.as_of)
                own = islands_of(problem, ISLANDS, PARTICLES)
                found[place, name] = [Island(first + i.number, problem, i.particles, i.kept) for i in own]
        return found


def plan_validation(
    scenario: Scenario,
    record: Record,
    later: Record | None = None,
    as_of: datetime.date = AS_OF,
    timeline: Mapping[str, Driver] | None = None,
    runs: int = RUNS,
) -> Plan:
    """Check a validation.

    Parameters
    ----------
    scenario : Scenario
        Without a past.
    record : Record
        Fitted to, up to a date, and scored on after it.
    later : Record, optional
        What the articles tell of later, where `record` is their own: it is then also split at their earlier dates.
    as_of : date
    timeline : mapping, optional
        Outside pressures after the as-of date, by driver.
    runs : int

    Raises
    ------
    ValidationError
        When nothing can be scored.
    """
    dates = (*(d for d in EARLIER if later is not None and d < as_of), as_of)
    splits = tuple(
        split_of(record, later if later is not None and date == as_of else record, date) for date in dates
    )
    try:
        for split in splits:
            check_problem(Problem(scenario, split.record, split.as_of))
    except CalibrationError as error:
        raise ValidationError(str(error)) from error
    _check_scorable(splits[-1], record, scenario)
    return Plan(scenario, splits, later is not None, timeline or {}, runs)


def _check_scorable(last: Split, record: Record, scenario: Scenario) -> None:
    if not last.held_out:
        raise ValidationError(
            f"the record {record.name} reports nothing that begins after {last.as_of}, to be scored on"
        )
    if last.dates[-1] > scenario.end:
        raise ValidationError(
            f"the record reports up to {last.dates[-1]}, and {scenario.name} ends on {scenario.end}; "
            f"--set end={last.dates[-1]} has it go on"
        )


def run_validation(plan: Plan, asked: Asked, place: Path) -> Analysis:
    """Validate in a result folder, going on with what is there.

    Raises
    ------
    StoreError
        When the folder cannot be worked in.
    ValidationError
        When a fit rests on too few draws.
    """
    tasks = plan.tasks
    total = sum(island.particles for own in tasks.values() for island in own)
    count = sum(len(own) for own in tasks.values())

    def make(work: Work) -> Findings:
        posteriors, done = {}, 0
        for key, own in tasks.items():
            fit = fit_of(
                own[0].problem, responses_of(work, own, carry_out_island, asked.counting_on(done, total))
            )
            if fit.effective < LEAST_EFFECTIVE:
                raise ValidationError(
                    f"{key[1]}, fitted up to {fit.problem.as_of}: only {fit.effective:.0f} draws are left, and "
                    f"{LEAST_EFFECTIVE:.0f} are needed; what is on record is too improbable for it"
                )
            posteriors[key] = posterior_of_fit(fit, ROWS)
            done += sum(island.particles for island in own)
        return _findings(plan, posteriors, asked.threads or os.cpu_count() or 1)

    return answer("validate", plan.scenario, asked, _identity(plan), place, make, total, count)


def _findings(plan: Plan, posteriors: Mapping[tuple[int, str], Posterior], threads: int) -> Findings:
    seed = plan.scenario.random_seed
    rows: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for place, split in enumerate(plan.splits):
        seen = {name: _foreseen(plan, split, posteriors[place, name], threads) for name in (MODEL, OFF)}
        foreseen = {name: each.counts for name, each in seen.items()}
        if split.attacks:
            for name in RIVALS:
                fitted = fit_rival(name, split.record, split.as_of, seed)
                foreseen[name] = counts_of_rival(fitted, split, seed)
        for name, counts in foreseen.items():
            reports = split.held_out if name in seen else split.attacks
            rows += increment_rows(name, split, counts, reports, seed)
        if split.attacks:
            scores += score_rows(split, foreseen, rows)
        if plan.events and place == len(plan.splits) - 1:
            for name, each in seen.items():
                events += event_rows(name, each)
    tables = {"scores": as_table(scores), "increments": as_table(rows), "events": as_table(events)}
    return Findings(_estimates(plan, scores), {name: table for name, table in tables.items() if len(table)})


def _foreseen(plan: Plan, split: Split, posterior: Posterior, threads: int) -> Foresight:
    scenario = with_parameters(plan.scenario, posterior.fixed)
    job = with_posterior(make_job(scenario, "prior"), posterior)
    dates = sorted({*split.dates, *(DATES if plan.events and split is plan.splits[-1] else ())})
    return foresee_model(job, split.as_of, dates, plan.runs, threads, plan.timeline)


def _estimates(plan: Plan, scores: list[dict[str, Any]]) -> dict[str, Any]:
    by_name: dict[str, float] = {}
    for row in scores:
        by_name[row["forecaster"]] = by_name.get(row["forecaster"], 0.0) + row["log_score"]
    return {
        "record": plan.splits[-1].record.name,
        "as_of": [split.as_of.isoformat() for split in plan.splits],
        "given": sorted(plan.timeline),
        "runs": plan.runs,
        "log_scores": by_name,
    }


def _identity(plan: Plan) -> dict[str, Any]:
    told = [
        {**asdict(until(s.record, s.as_of)), "as_of": s.as_of, "held_out": [asdict(r) for r in s.held_out]}
        for s in plan.splits
    ]
    text = json.dumps(told, default=str, sort_keys=True)
    timeline = json.dumps({n: d.model_dump(mode="json") for n, d in plan.timeline.items()}, sort_keys=True)
    return {
        "record": hashlib.sha256(text.encode()).hexdigest(),
        "timeline": hashlib.sha256(timeline.encode()).hexdigest(),
        "runs": plan.runs,
        "events": plan.events,
    }
