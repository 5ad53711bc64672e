"""Rival explanations: the mechanism packs fitted alike, weighed by what is on record, and the answer under each."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.estimates.tables import estimate_event
from sim.experiments.analysis import Asked, answer, responses_of
from sim.experiments.calibrate import AS_OF, CalibrationError, check_problem
from sim.experiments.calibrate.fitting import Fit, fit_of, posterior_of_fit
from sim.experiments.calibrate.islands import Island, Problem, carry_out_island, islands_of
from sim.experiments.validate.events import DATES
from sim.experiments.validate.events import EVENTS as EVENTS_LATER
from sim.experiments.validate.foresight import TIMELINES, foresee_model
from sim.inference.observation import Record
from sim.parameters import PACKS, couplings, only
from sim.scenario import Scenario
from sim.scenario.varying import with_parameters
from sim.simulate import EVENTS, merged, run_blocks
from sim.simulate.job import Job, make_job, with_posterior
from sim.store import Analysis, Findings, Work

__all__ = ["ISLANDS", "RUNS", "TOGETHER", "Plan", "RivalsError", "plan_rivals", "run_rivals"]

TOGETHER, NOTHING = "all together", "no feedback"
ISLANDS, PARTICLES, MOVES, ROWS, RUNS = 24, 20_000, 30, 2_000, 20_000
LATER = (
    "no strike on Iran, and no attack that it avows, by 26 July",
    "the pause, and attacks again after it",
)
"""Events after the as-of date by whose joint probability rivals are weighed post hoc; see `sim.experiments.validate`.

All that the articles tell together (deaths on one day, a commander killed on another, and then the pause) hardly any of
millions of runs goes through, whatever the rival."""


class RivalsError(ValueError):
    """Rivals that cannot be weighed; its text is one line."""


@dataclass(frozen=True)
class Plan:
    """A weighing, checked and ready.

    Attributes
    ----------
    scenario : Scenario, without a past
    record : what all are fitted to, up to 17 November 2023
    islands : particle filters of each fit
    runs : of each rival's answer
    """

    scenario: Scenario
    record: Record
    islands: int
    runs: int

    @property
    def rivals(self) -> dict[str, Scenario]:
        """The scenario as it stands, with all mechanisms but some off, and with all off."""
        packs = {name: with_parameters(self.scenario, only(name)) for name in PACKS}
        return {TOGETHER: self.scenario, **packs, NOTHING: with_parameters(self.scenario, couplings())}

    @property
    def tasks(self) -> dict[str, list[Island]]:
        """Islands of every fit, by rival; numbered through."""
        found: dict[str, list[Island]] = {}
        for name, scenario in self.rivals.items():
            first = len(found) * self.islands
            own = islands_of(Problem(scenario, self.record, AS_OF), self.islands, PARTICLES, MOVES)
            found[name] = [replace(island, number=first + island.number) for island in own]
        return found


def plan_rivals(scenario: Scenario, record: Record, islands: int = ISLANDS, runs: int = RUNS) -> Plan:
    """Check a weighing.

    Raises
    ------
    RivalsError
        When the scenario does not fit the record, ends before what is told later, or is a rival itself.
    """
    held = {name for name in only("Tehran decides") if name in make_job(scenario, "prior").segments[-1].fixed}
    if held:
        raise RivalsError(
            f"{scenario.name} holds {min(held)} fast: it is a rival explanation itself; weigh the baseline"
        )
    try:
        check_problem(Problem(scenario, record, AS_OF))
    except CalibrationError as error:
        raise RivalsError(str(error)) from error
    if scenario.end < DATES[-1]:
        raise RivalsError(
            f"{scenario.name} ends on {scenario.end}, and the articles tell of days up to {DATES[-1]}"
        )
    return Plan(scenario, record, islands, runs)


def run_rivals(plan: Plan, asked: Asked, place: Path) -> Analysis:
    """Fit and weigh all rivals in a result folder, going on with what is there.

    Raises
    ------
    StoreError
        When the folder cannot be worked in.
    """
    tasks = plan.tasks
    total = sum(island.particles for own in tasks.values() for island in own)
    count = sum(len(own) for own in tasks.values())
    threads = asked.threads or os.cpu_count() or 1

    def make(work: Work) -> Findings:
        fits, done = {}, 0
        for key, own in tasks.items():
            found = responses_of(work, own, carry_out_island, asked.counting_on(done, total))
            fits[key] = fit_of(own[0].problem, found)
            done += sum(island.particles for island in own)
        return _findings(plan, fits, threads)

    identity = {"islands": plan.islands, "particles": PARTICLES, "runs": plan.runs}
    return answer("rivals", plan.scenario, asked, identity, place, make, total, count)


def _findings(plan: Plan, fits: Mapping[str, Fit], threads: int) -> Findings:
    import pandas as pd

    rows = []
    for name, scenario in plan.rivals.items():
        fit = fits[name]
        job = with_posterior(make_job(scenario, "prior"), posterior_of_fit(fit, ROWS))
        later, later_error = _log_probability_of_later(job, plan.runs, threads)
        rows.append(
            {
                "rival": name, "effective": fit.effective,
                "log_evidence": fit.log_evidence, "log_evidence_error": fit.log_evidence_error,
                "later": math.exp(later), "log_evidence_all": fit.log_evidence + later,
                "log_evidence_all_error": math.hypot(fit.log_evidence_error, later_error),
                **_risk(job, plan.runs, threads),
            }
        )  # fmt: skip
    table = pd.DataFrame(rows)
    explains = table["rival"] != NOTHING
    for end in ("", "_all"):
        share = np.exp(table[f"log_evidence{end}"] - table[f"log_evidence{end}"][explains].max()).where(
            explains
        )
        table[f"weight{end}"] = share / share.sum()
    return Findings(_estimates(plan, table), {"rivals": table})


def _log_probability_of_later(job: Job, runs: int, threads: int) -> tuple[float, float]:
    """Log of the probability that the events of `LATER` all came, and its standard error over drawn pressures."""
    seen = foresee_model(job, AS_OF, DATES, runs, threads)
    came = np.logical_and.reduce([event.came(seen) for event in EVENTS_LATER if event.name in LATER])
    groups = np.array([group.mean() for group in np.array_split(came, TIMELINES)])
    share = max(float(came.mean()), 0.5 / len(came))
    return math.log(share), float(groups.std(ddof=1) / math.sqrt(len(groups)) / share)


def _risk(job: Job, runs: int, threads: int) -> dict[str, Any]:
    """The headline under a rival, from the as-of date on."""
    tallies = merged(block.tallies for block in run_blocks(job, runs, threads, daily=False))
    event = EVENTS.index(job.scenario.headline)
    found = estimate_event(tallies, event, -1, by_row=True, with_ignorance=True)
    unknown = found.ignorance or (math.nan, math.nan)
    return {
        "risk": found.probability, "risk_low": found.chance[0], "risk_high": found.chance[1],
        "unknown_low": unknown[0], "unknown_high": unknown[1],
    }  # fmt: skip


def _estimates(plan: Plan, table: Any) -> dict[str, Any]:
    each = table["risk"].where(table["rival"] != NOTHING)
    return {
        "definition": plan.scenario.headline,
        "until": AS_OF.isoformat(),
        "until_all": DATES[-1].isoformat(),
        "islands": plan.islands,
        "runs": plan.runs,
        "averaged": float((table["weight"] * each).sum()),
        "averaged_all": float((table["weight_all"] * each).sum()),
        "least": float(each.min()),
        "most": float(each.max()),
    }
