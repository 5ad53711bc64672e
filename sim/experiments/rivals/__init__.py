"""Rival explanations: the mechanism packs fitted alike, weighed by what is on record, and the answer under each."""

from __future__ import annotations

import datetime
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.engines.job import make_job, simulate, with_posterior
from sim.engines.posterior import Posterior
from sim.estimates.tables import estimate_event
from sim.experiments.analysis import Asked, answer, responses_of
from sim.experiments.calibration import AS_OF, CalibrationError, check_problem
from sim.experiments.calibration.fitting import Fit, fit_of, posterior_of_fit
from sim.experiments.calibration.islands import Island, Problem, carry_out_island, islands_of
from sim.observation import Record
from sim.parameters import PACKS, only
from sim.runs import EVENTS, merged, run_blocks
from sim.runs.pools import on_threads
from sim.scenario import Scenario
from sim.scenario.varying import with_parameters
from sim.store import Analysis, Findings, Work

__all__ = ["ISLANDS", "RUNS", "TOGETHER", "Plan", "RivalsError", "plan_rivals", "run_rivals"]

TOGETHER = "all together"
ISLANDS, PARTICLES, MOVES, ROWS, RUNS = 24, 20_000, 30, 2_000, 20_000
LESS = 3
"""By how much fewer islands are fitted to all facts, whose runs are nine times as long."""
LAST_DAY = datetime.date(2024, 7, 28)
"""The day before the last article came out: until then no direct strike or avowed attack is told of."""


class RivalsError(ValueError):
    """Rivals that cannot be weighed; its text is one line."""


@dataclass(frozen=True)
class Plan:
    """A weighing, checked and ready.

    Attributes
    ----------
    scenario : Scenario, without a past
    record : what all are fitted to, up to 17 November 2023
    whole : the same with what was told later
    islands : particle filters of each fit
    runs : of each rival's answer
    """

    scenario: Scenario
    record: Record
    whole: Record
    islands: int
    runs: int

    @property
    def rivals(self) -> dict[str, Scenario]:
        """The scenario as it stands, and with all but some mechanisms off."""
        packs = {name: with_parameters(self.scenario, only(name)) for name in PACKS}
        return {TOGETHER: self.scenario, **packs}

    @property
    def tasks(self) -> dict[tuple[str, bool], list[Island]]:
        """Islands of every fit, by rival and whether to all facts; numbered through."""
        found: dict[tuple[str, bool], list[Island]] = {}
        for name, scenario in self.rivals.items():
            for whole in (False, True):
                problem = Problem(
                    scenario, self.whole if whole else self.record, LAST_DAY if whole else AS_OF
                )
                first = len(found) * self.islands
                count = max(self.islands // LESS, 2) if whole else self.islands
                own = islands_of(problem, count, PARTICLES, 0 if whole else MOVES)
                found[name, whole] = [replace(island, number=first + island.number) for island in own]
        return found


def plan_rivals(
    scenario: Scenario, record: Record, later: Record, islands: int = ISLANDS, runs: int = RUNS
) -> Plan:
    """Check a weighing.

    Raises
    ------
    RivalsError
        When the scenario does not fit the record, or is a rival itself.
    """
    held = {name for name in only("Tehran decides") if name in make_job(scenario, "prior").segments[-1].fixed}
    if held:
        raise RivalsError(
            f"{scenario.name} holds {min(held)} fast: it is a rival explanation itself; weigh the baseline"
        )
    whole = replace(
        record, reports=(*record.reports, *later.reports), strikes=(*record.strikes, *later.strikes)
    )
    try:
        check_problem(Problem(scenario, record, AS_OF))
        check_problem(Problem(scenario, whole, LAST_DAY))
    except CalibrationError as error:
        raise RivalsError(str(error)) from error
    return Plan(scenario, record, whole, islands, runs)


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


def _findings(plan: Plan, fits: Mapping[tuple[str, bool], Fit], threads: int) -> Findings:
    import pandas as pd

    rows = []
    for name, scenario in plan.rivals.items():
        early, whole = fits[name, False], fits[name, True]
        posterior = posterior_of_fit(early, ROWS)
        spared, spared_error = _no_direct(posterior_of_fit(whole, ROWS), whole.problem.scenario)
        rows.append(
            {
                "rival": name,
                "log_evidence": early.log_evidence, "log_evidence_error": early.log_evidence_error,
                "effective": early.effective,
                "log_evidence_all": whole.log_evidence + math.log(spared),
                "log_evidence_all_error": math.hypot(whole.log_evidence_error, spared_error),
                "effective_all": whole.effective,
                **_risk(scenario, posterior, plan.runs, threads),
            }
        )  # fmt: skip
    table = pd.DataFrame(rows)
    for end in ("", "_all"):
        share = np.exp(table[f"log_evidence{end}"] - table[f"log_evidence{end}"].max())
        table[f"weight{end}"] = share / share.sum()
    return Findings(_estimates(plan, table), {"rivals": table})


def _risk(scenario: Scenario, posterior: Posterior, runs: int, threads: int) -> dict[str, Any]:
    """The headline under a rival, from the as-of date on."""
    job = with_posterior(make_job(scenario, "prior"), posterior)
    tallies = merged(block.tallies for block in run_blocks(job, runs, threads, daily=False))
    found = estimate_event(tallies, EVENTS.index(scenario.headline), -1, by_row=True, with_ignorance=True)
    unknown = found.ignorance or (math.nan, math.nan)
    return {
        "risk": found.probability, "risk_low": found.chance[0], "risk_high": found.chance[1],
        "unknown_low": unknown[0], "unknown_high": unknown[1],
    }  # fmt: skip


def _no_direct(posterior: Posterior, scenario: Scenario) -> tuple[float, float]:
    """Share of the pasts fitted to all facts that came without a direct spiral, and its standard error, of its log."""
    short = scenario.model_copy(update={"end": LAST_DAY})
    job = with_posterior(make_job(short, "prior"), posterior)
    runs = np.arange(posterior.rows, dtype=np.uint64) * np.uint64(25)
    parts = on_threads(
        lambda part: np.asarray(simulate(job, part))["outcome"]["direct_day"] < 0, np.array_split(runs, 4), 2
    )
    spared = np.concatenate([*parts])
    share = max(float(spared.mean()), 1.0 / len(spared))
    return share, math.sqrt((1.0 - share) / share / len(spared))


def _estimates(plan: Plan, table: Any) -> dict[str, Any]:
    each = table["risk"]
    return {
        "definition": plan.scenario.headline,
        "until": AS_OF.isoformat(),
        "until_all": LAST_DAY.isoformat(),
        "islands": plan.islands,
        "runs": plan.runs,
        "averaged": float((table["weight"] * each).sum()),
        "averaged_all": float((table["weight_all"] * each).sum()),
        "least": float(each.min()),
        "most": float(each.max()),
    }
