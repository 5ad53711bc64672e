"""Figures of what a scenario comes to."""

from __future__ import annotations

from sim.experiments.run.finding import RunFinding
from sim.pipeline.answers import Answer
from sim.report.figures import campaign, ladder, outcomes, risk, split, timing
from sim.report.figures.result import Drawing, Result

FIGURES = (split, risk, campaign, ladder, outcomes, timing)


def drawings(answer: Answer[RunFinding]) -> list[Drawing]:
    """The headline split, risk by day, the campaign, the ladder, outcomes and timing."""
    of = answer.finding
    result = Result(
        answer.scenario,
        answer.manifest,
        of.estimates,
        of.daily,
        of.rungs_by_day,
        of.incidence,
        of.distributions,
    )
    return [figure.draw(result) for figure in FIGURES]
