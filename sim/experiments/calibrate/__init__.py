"""Calibration: the posterior of a scenario's uncertain parameters, given a record up to a date."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.experiments.analysis import Asked, answer, responses_of
from sim.experiments.calibrate.acting import cannot_act
from sim.experiments.calibrate.diagnostics import second_opinion
from sim.experiments.calibrate.fitting import LEAST_EFFECTIVE, Fit, fit_of, posterior_of_fit
from sim.experiments.calibrate.information import information_table
from sim.experiments.calibrate.islands import (
    PARTICLES,
    RESERVED,
    Island,
    Problem,
    carry_out_island,
    islands_of,
)
from sim.experiments.calibrate.predictive import target_table
from sim.experiments.calibrate.scores import score_table, uncoupled
from sim.experiments.calibrate.tables import draws_table, pair_table, parameter_table
from sim.inference.filter import stages_of
from sim.inference.observation import Record, until
from sim.scenario import Scenario
from sim.simulate.fingerprint import fingerprint
from sim.simulate.posterior import MANIFEST, ROWS, manifest_of, rows_as_parquet
from sim.store import Analysis, Findings, Work
from sim.version import VERSION

__all__ = [
    "AS_OF",
    "ISLANDS",
    "KEPT_ROWS",
    "MOST_ISLANDS",
    "MOST_PARTICLES",
    "PARTICLES",
    "CalibrationError",
    "Plan",
    "check_effective",
    "check_problem",
    "plan_calibration",
    "run_calibration",
]

AS_OF = datetime.date(2023, 11, 17)
"""The last day that the articles of 2023 report on, up to which the shipped posteriors are fitted."""

ISLANDS, KEPT_ROWS = 150, 4_000
OFF_SHARE = 5
"""One island with the couplings off for so many as they stand: enough to tell the two scores apart."""

MOVES = 30
"""Rejuvenating moves of every particle that is kept: enough that hardly two share their parameters."""
PREDICTIVE = 20_000
"""Runs of each kind with fresh luck, held against the record."""

MOST_ISLANDS, MOST_PARTICLES = 10_000, 200_000


class CalibrationError(ValueError):
    """Something that cannot be fitted; its text is one line."""


@dataclass(frozen=True)
class Plan:
    """A fit, checked and ready.

    Attributes
    ----------
    problem : what is fitted to what
    islands, particles : number of particle filters, and the size of each
    rows : rows of the posterior
    """

    problem: Problem
    islands: int
    particles: int
    rows: int

    @cached_property
    def tasks(self) -> tuple[list[Island], list[Island]]:
        """Islands of the model as it stands, and of the one with its couplings off; numbered through."""
        own = islands_of(self.problem, self.islands, self.particles, MOVES)
        off = uncoupled(self.problem)
        count = max(2, self.islands // OFF_SHARE) if off else 0
        return own, [Island(self.islands + k, off, self.particles, own[0].kept) for k in range(count) if off]

    @property
    def total(self) -> int:
        """Particles in all, each a run to the as-of date."""
        return sum(task.runs for part in self.tasks for task in part)


def plan_calibration(
    scenario: Scenario,
    record: Record,
    as_of: datetime.date = AS_OF,
    islands: int = ISLANDS,
    particles: int = PARTICLES,
    rows: int = KEPT_ROWS,
) -> Plan:
    """Check a fit.

    Raises
    ------
    CalibrationError
        When scenario, record and date do not go together.
    """
    problem = Problem(scenario, record, as_of)
    check_problem(problem)
    stages = len(stages_of(problem.conditioning))
    if particles * stages >= RESERVED:
        raise CalibrationError(f"{particles:,} particles over {stages} dates are too many for an island")
    return Plan(problem, islands, particles, rows)


def check_problem(problem: Problem) -> None:
    """Raise CalibrationError when scenario, record and date do not go together."""
    scenario, record, as_of = problem.scenario, problem.record, problem.as_of
    if scenario.past is not None:
        raise CalibrationError(
            f"{scenario.name} starts from the worlds of another scenario; fit the one that it continues, "
            "whose posterior it then starts from"
        )
    if not scenario.start <= as_of <= scenario.end:
        raise CalibrationError(
            f"{as_of} is not from {scenario.start} to {scenario.end}, the days of {scenario.name}"
        )
    if record.start < scenario.start:
        raise CalibrationError(
            f"the record {record.name} counts from {record.start}, before {scenario.name} starts on {scenario.start}"
        )
    told = until(record, as_of)
    if not told.reports and not told.strikes and told.strikes_until is None:
        raise CalibrationError(f"the record {record.name} reports nothing up to {as_of}")


def run_calibration(plan: Plan, asked: Asked, place: Path) -> Analysis:
    """Fit in a result folder, going on with what is there.

    Raises
    ------
    StoreError
        When the folder cannot be worked in.
    CalibrationError
        When too few draws are left to stand for the posterior.
    """
    own, others = plan.tasks

    def make(work: Work) -> Findings:
        fit = fit_of(
            plan.problem, responses_of(work, own, carry_out_island, asked.counting_on(0, plan.total))
        )
        check_effective(fit)
        off = _off(plan, work, others, asked)
        posterior = posterior_of_fit(fit, plan.rows)
        data = rows_as_parquet(posterior)
        work.keep(ROWS, data)
        told = manifest_of(posterior, data) | _made(plan, fit)
        work.keep(MANIFEST, (json.dumps(told, indent=1) + "\n").encode())
        threads, pairs = asked.threads or os.cpu_count() or 1, pair_table(fit)
        tables = {
            "parameters": parameter_table(fit, cannot_act(plan.problem)),
            "pairs": pairs,
            "draws": draws_table(fit, pairs),
            "targets": target_table(fit, posterior, PREDICTIVE),
            "scores": score_table(fit, off),
            "information": information_table(plan.problem.scenario, posterior, threads),
        }
        return Findings(_estimates(plan, fit, tables), tables)

    tasks = len(own) + len(others)
    return answer("calibrate", plan.problem.scenario, asked, _identity(plan), place, make, plan.total, tasks)


def _off(plan: Plan, work: Work, tasks: list[Island], asked: Asked) -> Fit | None:
    """Fit the model with its couplings off, where it has any."""
    if not tasks:
        return None
    before = sum(task.runs for task in plan.tasks[0])
    counting = asked.counting_on(before, plan.total)
    return fit_of(tasks[0].problem, responses_of(work, tasks, carry_out_island, counting))


def check_effective(fit: Fit, least: float = LEAST_EFFECTIVE) -> None:
    """Raise CalibrationError when a fit rests on too few draws."""
    if fit.effective < least:
        raise CalibrationError(
            f"the fit rests on {fit.effective:.0f} effective draws, and needs {least:.0f}; ask for more --islands or "
            "--particles, or for an earlier --until"
        )


def _identity(plan: Plan) -> dict[str, Any]:
    record = json.dumps(asdict(until(plan.problem.record, plan.problem.as_of)), default=str, sort_keys=True)
    return {
        "record": hashlib.sha256(record.encode()).hexdigest(),
        "until": plan.problem.as_of.isoformat(),
        "islands": plan.islands,
        "particles": plan.particles,
        "rows": plan.rows,
    }


def _made(plan: Plan, fit: Fit) -> dict[str, Any]:
    """What the posterior's manifest says of how it was made."""
    priors = {name: str(prior) for name, (prior, _, _) in plan.problem.space.priors.items()}
    return {
        "effective": round(fit.effective, 1),
        "log_evidence_error": fit.log_evidence_error,
        "islands": plan.islands,
        "particles": plan.particles,
        "priors": priors,
        "record": json.loads(json.dumps(asdict(until(plan.problem.record, plan.problem.as_of)), default=str)),
        "version": VERSION,
        "made_by": fingerprint(),
    }


def _estimates(plan: Plan, fit: Fit, tables: dict[str, Any]) -> dict[str, Any]:
    verdicts = tables["parameters"]["verdict"].value_counts()
    return {
        "until": plan.problem.as_of.isoformat(),
        "record": plan.problem.record.name,
        "effective": fit.effective,
        "log_evidence": fit.log_evidence,
        "log_evidence_error": fit.log_evidence_error,
        "islands": plan.islands,
        "particles": plan.particles,
        "rows": plan.rows,
        "arviz": second_opinion(fit),
        "verdicts": {str(name): int(count) for name, count in verdicts.items()},
    }
