"""Score the fitted model against what was reported later.

Fit up to a date, and score what is foreseen against what was reported after it, beside rivals. Without --record: what
the articles report after 24 October, 30 October and 17 November 2023. The same command goes on where it was cut short.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sim.errors import QuestionError
from sim.experiments.validate.baselines import RIVALS, fit_rival
from sim.experiments.validate.holdout import (
    BLIND,
    MODELS,
    OFF,
    Split,
    as_table,
    counts_of_rival,
    event_rows,
    increment_rows,
    score_rows,
    split_of,
    whole_rows,
)
from sim.experiments.validate.strikes import strike_rows
from sim.inference.events import DATES
from sim.inference.fitting import CollapseError, posterior_of_fit
from sim.inference.foresight import Foresight, foresee_model
from sim.inference.islands import Island, islands_of
from sim.inference.observation import Record, until
from sim.inference.observation.reading import later_record
from sim.inference.problem import AS_OF, Problem, check_problem
from sim.parameters import couplings
from sim.pipeline.experiment import Finding
from sim.pipeline.fitting import RECORD, TIMELINE, Fitting, digest, digest_of_timeline, record_or_own
from sim.pipeline.options import Day, Whole, option
from sim.pipeline.runner import Runner
from sim.scenario.drivers import Driver
from sim.scenario.varying import with_parameters
from sim.simulate.job import make_job, with_posterior
from sim.simulate.posterior import Posterior

PARTICLES, ROWS = 1_000, 4_000
LEAST_EFFECTIVE = 100.0
EARLIER = (datetime.date(2023, 10, 24), datetime.date(2023, 10, 30))
"""Dates of the articles of 2023 before the last, at which their own counts can be split too."""

Rows = list[dict[str, Any]]


class ValidateFinding(Finding):
    """How forecasters fared at each date, count by count and together, and what they gave to what came later."""

    fits = True

    record: str
    as_of: list[str]
    given: list[str]
    """Names of the outside pressures that were given."""
    runs: int
    log_scores: dict[str, float]
    """Joint log score of attack counts over all dates, by forecaster; of none that is withheld at some date."""

    scores: pd.DataFrame | None = None
    together: pd.DataFrame
    """All that is scored at a date together, attacks or not."""

    increments: pd.DataFrame
    events: pd.DataFrame | None = None


@dataclass(frozen=True)
class Validate(Fitting):
    """The model fitted up to a date, and held against what was reported after it, beside rivals.

    Called retrodiction where whoever built the model knew what came. `timeline` holds outside pressures after the date,
    by driver; those missing are drawn.
    """

    kind = "validate"
    finding = ValidateFinding

    record: Record | None = option(**RECORD)
    timeline: Mapping[str, Driver] | None = option(**TIMELINE)
    as_of: datetime.date = option(AS_OF, Day(), help="The last day that is fitted.")
    islands: int = option(12, Whole(2, 10_000), help="Particle filters of each fit.")
    runs: int = option(
        16_000,
        Whole(2_000, 1_000_000),
        help="Histories from each date on, of each of the models that are scored.",
    )

    def __post_init__(self) -> None:
        """See that scenario, record and date go together, and that something can be scored."""
        super().__post_init__()
        for split in self.splits:
            check_problem(Problem(self.scenario, split.record, split.as_of))
        last, name, end = self.splits[-1], self.scenario.name, self.scenario.end
        if not (last.held_out or last.strikes):
            raise QuestionError(
                f"the record {last.record.name} reports nothing that begins after {last.as_of}, to be scored on"
            )
        if last.dates[-1] > end:
            raise QuestionError(
                f"the record reports up to {last.dates[-1]}, and {name} ends on {end}; "
                f"--set end={last.dates[-1]} has it go on"
            )

    @property
    def is_own(self) -> bool:
        """Whether it is the articles' own record, and what they tell of later too, that the model is held against."""
        return self.record is None and self.as_of == AS_OF

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """In order of their date: the articles' own record is also split at their earlier dates."""
        record = record_or_own(self.record)
        if not self.is_own:
            return (split_of(record, record, self.as_of),)
        earlier = (split_of(record, record, date) for date in EARLIER)
        return (*earlier, split_of(record, later_record(), self.as_of))

    @cached_property
    def tasks(self) -> Mapping[tuple[int, str], list[Island]]:
        """Islands of every fit, by split and model."""
        off = with_parameters(self.scenario, couplings())
        found: dict[tuple[int, str], list[Island]] = {}
        for place, split in enumerate(self.splits):
            for name in MODELS:
                scenario = off if name == OFF else self.scenario
                problem = Problem(scenario, split.record, split.as_of, blind=name == BLIND)
                found[place, name] = islands_of(
                    problem, self.islands, PARTICLES, first=len(found) * self.islands
                )
        return found

    @property
    def days_besides(self) -> int:
        """Of the runs of all models, from each date to the last that is scored."""
        return (
            len(MODELS) * self.runs * sum((dates[-1] - self.scenario.start).days + 1 for dates in self._dates)
        )

    @property
    def _dates(self) -> list[list[datetime.date]]:
        """Days after which counts are wanted, by split."""
        last = self.splits[-1]
        return [sorted({*s.dates, *(DATES if self.is_own and s is last else ())}) for s in self.splits]

    @property
    def identity(self) -> Mapping[str, Any]:
        """What is fitted to and scored on, pressures that are given, and size."""
        told = [
            {
                **asdict(until(s.record, s.as_of)),
                "as_of": s.as_of,
                "held_out": [*map(asdict, s.held_out), *map(asdict, s.strikes)],
            }
            for s in self.splits
        ]
        return {
            "record": digest(told),
            "timeline": digest_of_timeline(self.timeline or {}),
            "islands": self.islands,
            "particles": PARTICLES,
            "runs": self.runs,
            "events": self.is_own,
        }

    @property
    def title(self) -> str:
        """So many fits."""
        return f"{len(self.tasks)} fits"

    def answer(self, runner: Runner) -> ValidateFinding:
        """Fit all, simulate on, and score.

        Raises
        ------
        CollapseError
            When a fit rests on too few draws.
        """
        posteriors = {key: self._posterior(runner, key) for key in self.tasks}
        rows: Rows = []
        scores: Rows = []
        events: Rows = []
        together: Rows = []
        for place, split in enumerate(self.splits):
            seen = {name: self._foreseen(place, posteriors[place, name], runner.threads) for name in MODELS}
            self._score(split, seen, rows, scores)
            together += whole_rows(split, seen)
            if self.is_own and split is self.splits[-1]:
                events = [row for name, each in seen.items() for row in event_rows(name, each)]
        return ValidateFinding(
            record=self.splits[-1].record.name,
            as_of=[split.as_of.isoformat() for split in self.splits],
            given=sorted(self.timeline or ()),
            runs=self.runs,
            log_scores=_summed(scores),
            scores=as_table(scores),
            together=pd.DataFrame(together),
            increments=pd.DataFrame(rows),
            events=as_table(events),
        )

    def _posterior(self, runner: Runner, key: tuple[int, str]) -> Posterior:
        fit = self.fitted(runner, key)
        if fit.effective < LEAST_EFFECTIVE:
            raise CollapseError(
                f"{key[1]}, fitted up to {fit.problem.as_of}: only {fit.effective:.0f} draws are left, and "
                f"{LEAST_EFFECTIVE:.0f} are needed; what is on record is too improbable for it"
            )
        return posterior_of_fit(fit, ROWS)

    def _foreseen(self, place: int, posterior: Posterior, threads: int) -> Foresight:
        scenario = with_parameters(self.scenario, posterior.fixed)
        job = with_posterior(make_job(scenario, "prior"), posterior)
        dates, as_of = self._dates[place], self.splits[place].as_of
        return foresee_model(job, as_of, dates, self.runs, threads, self.timeline)

    def _score(self, split: Split, seen: Mapping[str, Foresight], rows: Rows, scores: Rows) -> None:
        """Add the scores of all forecasters at a split, of each count and together."""
        seed = self.scenario.random_seed
        foreseen = {name: each.counts for name, each in seen.items()}
        if split.attacks:
            for name in RIVALS:
                fitted = fit_rival(name, split.record, split.as_of, seed)
                foreseen[name] = counts_of_rival(fitted, split, seed)
        for name, counts in foreseen.items():
            reports = split.held_out if name in seen else split.attacks
            rows += increment_rows(name, split, counts, reports, seed)
        for name, each in seen.items():
            rows += strike_rows(name, split.as_of, split.strikes, each, seed)
        if split.attacks:
            scores += score_rows(split, foreseen, rows)


def _summed(scores: Rows) -> dict[str, float]:
    """Log scores over all dates, by forecaster."""
    total: dict[str, float] = {}
    withheld = {row["forecaster"] for row in scores if row["withheld"]}
    for row in scores:
        if row["forecaster"] not in withheld:
            total[row["forecaster"]] = total.get(row["forecaster"], 0.0) + row["log_score"]
    return total
