"""Weigh rival explanations by what is on record.

Fit the rival explanations of a scenario alike, weigh them, and give the answer under each. The same command goes on
where it was cut short.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import QuestionError
from sim.estimates.tables import estimate_event
from sim.inference.events import DATES
from sim.inference.events import EVENTS as LATER_EVENTS
from sim.inference.fitting import Fit, posterior_of_fit
from sim.inference.foresight import TIMELINES, foresee_model
from sim.inference.islands import Island, islands_of
from sim.inference.observation.reading import shipped_record
from sim.inference.problem import AS_OF, Problem, check_problem
from sim.outcomes import EVENTS
from sim.parameters import PACKS, couplings, only
from sim.pipeline.experiment import Finding
from sim.pipeline.fitting import Fitting
from sim.pipeline.options import Whole, option
from sim.pipeline.runner import Runner
from sim.scenario import Scenario
from sim.scenario.shipped import unlike
from sim.scenario.varying import with_parameters
from sim.simulate import merged, run_blocks
from sim.simulate.job import Job, make_job, with_posterior

TOGETHER, NOTHING = "all together", "no feedback"
PARTICLES, MOVES, ROWS = 1_000, 60, 2_000
LATER = (
    "no strike on Iran, and no attack that it avows, by 26 July",
    "the pause, and attacks again after it",
)
"""Events after the as-of date by whose joint probability rivals are weighed post hoc; see `sim.inference.events`.

All that the articles tell together (deaths on one day, a commander killed on another, and then the pause) hardly any of
millions of runs goes through, whatever the rival."""


class RivalsFinding(Finding):
    """The headline averaged over rivals by both weights, its range over them, and each rival in a row."""

    fits = True

    definition: str
    until: str
    until_all: str
    islands: int
    runs: int
    averaged: float
    averaged_all: float
    least: float
    most: float

    rivals: pd.DataFrame


@dataclass(frozen=True)
class Rivals(Fitting):
    """The mechanism packs fitted alike to the articles' record, weighed by it, and the answer under each."""

    kind = "rivals"
    finding = RivalsFinding

    islands: int = option(24, Whole(2, 10_000), help="Particle filters of each fit.")
    runs: int = option(
        20_000,
        Whole(1_000),
        help="Histories of the answer under each rival; those that fit it are counted by --islands and --particles.",
    )

    def __post_init__(self) -> None:
        """See that the scenario fits the record, lasts as long as what is told later, and is no rival itself."""
        super().__post_init__()
        scenario, fixed = self.scenario, make_job(self.scenario, "prior").segments[-1].fixed
        if held := set(only("Tehran decides")) & set(fixed):
            raise QuestionError(
                f"{scenario.name} holds {min(held)} fast: it is a rival explanation itself; weigh the baseline"
            )
        if unlike(scenario):
            raise QuestionError(
                f"{scenario.name} is of another crisis: rivals are weighed by the articles' record, which does not "
                "tell of it; calibrate and validate take a record of that crisis"
            )
        check_problem(Problem(scenario, shipped_record(), AS_OF))
        if scenario.end < DATES[-1]:
            raise QuestionError(
                f"{scenario.name} ends on {scenario.end}, and the articles tell of days up to {DATES[-1]}"
            )

    @cached_property
    def rivals(self) -> Mapping[str, Scenario]:
        """The scenario as it stands, with all mechanisms but some off, and with all off."""
        packs = {name: with_parameters(self.scenario, only(name)) for name in PACKS}
        return {TOGETHER: self.scenario, **packs, NOTHING: with_parameters(self.scenario, couplings())}

    @cached_property
    def tasks(self) -> Mapping[str, list[Island]]:
        """Islands of every fit, by rival."""
        record, found = shipped_record(), dict[str, list[Island]]()
        for name, scenario in self.rivals.items():
            problem, first = Problem(scenario, record, AS_OF), len(found) * self.islands
            found[name] = islands_of(problem, self.islands, PARTICLES, MOVES, first)
        return found

    @property
    def days_besides(self) -> int:
        """Of the runs that tell each rival's answer, and of those that tell what it gives to what came later."""
        later = (DATES[-1] - self.scenario.start).days + 1
        return len(self.rivals) * self.runs * (self.scenario.days + later)

    @property
    def identity(self) -> Mapping[str, Any]:
        """Size."""
        return {"islands": self.islands, "particles": PARTICLES, "runs": self.runs}

    @property
    def title(self) -> str:
        """So many rivals."""
        return f"{len(self.rivals)} rival explanations"

    def answer(self, runner: Runner) -> RivalsFinding:
        """Fit all rivals, weigh them, and give the answer under each."""
        fits = {name: self.fitted(runner, name) for name in self.tasks}
        table = pd.DataFrame([self._row(name, fit, runner.threads) for name, fit in fits.items()])
        explains = table["rival"] != NOTHING
        for end in ("", "_all"):
            share = np.exp(table[f"log_evidence{end}"] - table[f"log_evidence{end}"][explains].max()).where(
                explains
            )
            table[f"weight{end}"] = share / share.sum()
        each = table["risk"].where(explains)
        return RivalsFinding(
            definition=self.scenario.headline,
            until=AS_OF.isoformat(),
            until_all=DATES[-1].isoformat(),
            islands=self.islands,
            runs=self.runs,
            averaged=float((table["weight"] * each).sum()),
            averaged_all=float((table["weight_all"] * each).sum()),
            least=float(each.min()),
            most=float(each.max()),
            rivals=table,
        )

    def _row(self, name: str, fit: Fit, threads: int) -> dict[str, Any]:
        job = with_posterior(make_job(self.rivals[name], "prior"), posterior_of_fit(fit, ROWS))
        later, later_error = _log_probability_of_later(job, self.runs, threads)
        return {
            "rival": name, "effective": fit.effective,
            "log_evidence": fit.log_evidence, "log_evidence_error": fit.log_evidence_error,
            "later": math.exp(later), "log_evidence_all": fit.log_evidence + later,
            "log_evidence_all_error": math.hypot(fit.log_evidence_error, later_error),
            **_risk(job, self.runs, threads),
        }  # fmt: skip


def _log_probability_of_later(job: Job, runs: int, threads: int) -> tuple[float, float]:
    """Log of the probability that the events of `LATER` all came, and its standard error over drawn pressures."""
    seen = foresee_model(job, AS_OF, DATES, runs, threads)
    came = np.logical_and.reduce([event.came(seen) for event in LATER_EVENTS if event.name in LATER])
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
