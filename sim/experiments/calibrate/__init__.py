"""Fit the parameters to what was reported.

Fit the uncertain parameters to what was reported, and say what that tells and what it does not. The same command goes
on where it was cut short.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from sim.errors import QuestionError
from sim.experiments.calibrate.information import information_table
from sim.experiments.calibrate.predictive import target_table
from sim.experiments.calibrate.scores import DRAWS, MODELS, REPEATS, score_table, uncoupled
from sim.experiments.calibrate.tables import (
    SecondOpinion,
    draws_table,
    pair_table,
    parameter_table,
    second_opinion,
)
from sim.inference.acting import cannot_act
from sim.inference.fitting import LEAST_EFFECTIVE, Fit, posterior_of_fit
from sim.inference.islands import PARTICLES, Island, islands_of
from sim.inference.last_article import through_last_article
from sim.inference.observation import Record
from sim.inference.problem import AS_OF, Problem, check_problem
from sim.pipeline.experiment import Finding
from sim.pipeline.fitting import RECORD, Fitting, digest, keep_posterior, plain_record, record_or_own
from sim.pipeline.options import Day, Whole, option
from sim.pipeline.runner import Runner
from sim.simulate.fingerprint import fingerprint
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.version import VERSION

OFF_SHARE = 5
"""One island with the couplings off for so many as they stand: enough to tell the two scores apart."""

MOVES = 60
"""Moves, of each kind, of every particle that is kept: enough that hardly two share their parameters."""

LEAST_LATER = 100.0
"""Effective draws that a posterior as of the last article is to rest on: what that tells is rare in the model."""

PREDICTIVE = 20_000
"""Runs of each kind with fresh luck, held against the record."""


class CalibrateFinding(Finding):
    """What a fit says of the parameters, and what the record says of the model."""

    fits = True

    as_of: str
    """The last day that the posterior is informed of."""
    until: str
    record: str
    effective: float
    log_evidence: float
    log_evidence_error: float
    islands: int
    particles: int
    rows: int
    arviz: SecondOpinion
    verdicts: dict[str, int]
    """How many parameters have each of `sim.experiments.calibrate.tables.VERDICTS`."""

    parameters: pd.DataFrame
    pairs: pd.DataFrame
    draws: pd.DataFrame
    targets: pd.DataFrame
    scores: pd.DataFrame
    information: pd.DataFrame
    last_article: pd.DataFrame | None = None


@dataclass(frozen=True)
class Calibrate(Fitting):
    """The posterior of a scenario's uncertain parameters, given a record up to a date."""

    kind = "calibrate"
    finding = CalibrateFinding

    record: Record | None = option(**RECORD)
    until: datetime.date = option(AS_OF, Day(), help="The last day whose reports count.")
    islands: int = option(40, Whole(2, 10_000), help="Particle filters that know nothing of one another.")
    particles: int = option(PARTICLES, Whole(100, 200_000), help="Particles of each.")
    rows: int = option(4_000, Whole(100, 100_000), help="Rows of the posterior.")
    as_of: Literal["until", "last-article"] = option(
        "until",
        ("until", "last-article"),
        help="Fit what is reported up to --until, or go on from there through what the last article tells.",
    )

    def __post_init__(self) -> None:
        """See that scenario, record and date go together."""
        super().__post_init__()
        check_problem(self.problem)
        if self.is_later and (self.record is not None or self.until != AS_OF):
            raise QuestionError(
                f"--as-of last-article goes on from what the articles report up to {AS_OF}: leave out --record and "
                "--until"
            )

    @property
    def is_later(self) -> bool:
        """Whether the fit goes on through what the last article tells."""
        return self.as_of == "last-article"

    @cached_property
    def problem(self) -> Problem:
        """What is fitted to what; from priors blind to the last article where that is to weigh."""
        return Problem(self.scenario, record_or_own(self.record), self.until, blind=self.is_later)

    @cached_property
    def tasks(self) -> Mapping[str, list[Island]]:
        """Islands of the model as it stands, and of the one with its couplings off, where it has any."""
        found = {MODELS[0]: islands_of(self.problem, self.islands, self.particles, MOVES)}
        if not self.is_later and (off := uncoupled(self.problem)):
            count = max(2, self.islands // OFF_SHARE)
            found[MODELS[1]] = islands_of(off, count, self.particles, first=self.islands)
        return found

    @property
    def days_besides(self) -> int:
        """Of the runs that are held against the record and scored, and of the headline's risk by row."""
        known = (2 * PREDICTIVE + len(self.tasks) * DRAWS * REPEATS) * self.problem.days
        return known + self.rows * RUNS_PER_ROW * self.scenario.days

    @property
    def identity(self) -> Mapping[str, Any]:
        """Record up to the date, and size."""
        return {
            "record": digest(asdict(self.problem.told)),
            "until": self.until.isoformat(),
            "islands": self.islands,
            "particles": self.particles,
            "rows": self.rows,
            "as_of": self.as_of,
        }

    @property
    def folder(self) -> str:
        """Name of its result folder; that of a fit to the last article is another."""
        return f"{super().folder}{'-last-article' if self.is_later else ''}"

    @property
    def title(self) -> str:
        """So many islands."""
        return f"{self.islands:,} islands"

    def answer(self, runner: Runner) -> CalibrateFinding:
        """Fit, keep the posterior, and say what it tells.

        Raises
        ------
        QuestionError
            When too few draws are left to stand for the posterior.
        """
        fit = self.fitted(runner, MODELS[0])
        check_effective(fit)
        off = self.fitted(runner, MODELS[1]) if MODELS[1] in self.tasks else None
        scores = score_table(fit, off)
        posterior, steps = posterior_of_fit(fit, self.rows), None
        if self.is_later:
            fit, posterior, steps = through_last_article(fit, self.rows, runner.threads)
            check_effective(fit, LEAST_LATER)
        keep_posterior(runner, posterior, **self._made(fit, steps))
        idle = () if self.is_later else cannot_act(self.problem)
        pairs, parameters = pair_table(fit), parameter_table(fit, idle)
        return CalibrateFinding(
            as_of=posterior.known_until.isoformat(),
            until=self.until.isoformat(),
            record=self.problem.record.name,
            effective=fit.effective,
            log_evidence=fit.log_evidence,
            log_evidence_error=fit.log_evidence_error,
            islands=self.islands,
            particles=self.particles,
            rows=self.rows,
            arviz=second_opinion(fit),
            verdicts={str(name): int(n) for name, n in parameters["verdict"].value_counts().items()},
            parameters=parameters,
            pairs=pairs,
            draws=draws_table(fit, pairs),
            targets=target_table(fit, posterior, PREDICTIVE),
            scores=scores,
            information=information_table(self.scenario, posterior.up_to_stem(), runner.threads),
            last_article=steps,
        )

    def _made(self, fit: Fit, steps: pd.DataFrame | None) -> dict[str, Any]:
        """What the posterior's manifest says of how it was made."""
        later = {} if steps is None else {"last_article": steps.astype({"last": str}).to_dict("records")}
        return {
            **later,
            "effective": round(fit.effective, 1),
            "log_evidence_error": fit.log_evidence_error,
            "islands": self.islands,
            "particles": self.particles,
            "priors": {name: str(prior) for name, (prior, _, _) in self.problem.space.priors.items()},
            "record": plain_record(self.problem.told),
            "version": VERSION,
            "made_by": fingerprint(),
        }


def check_effective(fit: Fit, least: float = LEAST_EFFECTIVE) -> None:
    """Raise QuestionError when a fit rests on too few draws."""
    if fit.effective < least:
        raise QuestionError(
            f"the fit rests on {fit.effective:.0f} effective draws, and needs {least:.0f}; ask for more --islands or "
            "--particles, or for an earlier --until"
        )
