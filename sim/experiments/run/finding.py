"""What a scenario comes to: the form of its answer."""

from __future__ import annotations

from typing import Annotated, Any

import pandas as pd
from pydantic import ConfigDict

from sim.pipeline.experiment import Finding, Part
from sim.pipeline.parts import Headline, Probability


class RunHeadline(Headline):
    """The headline, with the couplings off and in the altered worlds' runs, and how far ignorance decides it."""

    couplings_off: Probability | None
    same_runs: float
    ignorance_share: float | None


class Spiral(Probability):
    """One definition of a spiral, with the couplings off and in the altered worlds' runs."""

    couplings_off: Probability | None
    same_runs: float


class Prevented(Part):
    """What damping reactions averted in a sample of the runs: the headline, in all and by mechanism.

    A run counts that does not come to the headline, and does when it is lived again without them.
    """

    runs: int
    in_all: Probability
    by_mechanism: dict[str, Probability]


class Path(Part):
    """How spirals come about, as shares of runs and days."""

    first_severe_event: dict[str, float]
    first_mover: dict[str, float]
    median_days_between_rungs: dict[str, int | None]
    median_day_of_spiral: int | None


class Range(Part):
    """Ends of a range of a parameter."""

    low: float
    high: float


class OwnRange(Part):
    """A parameter's shipped range, and the scenario's own."""

    shipped: Range
    own: Range


class OwnPriors(Part):
    """What priors in place of the shipped ones move: the headline in the same runs with either, and the ranges.

    `ranges` are those that the scenario gives itself, `of_class` those that follow from its reference class.
    """

    with_shipped: float
    with_own: float
    ranges: dict[str, OwnRange]
    reference_class: str = ""
    of_class: dict[str, OwnRange] | None = None


class Averaged(Part):
    """The headline averaged over rival explanations, each weighed by how well it explains the record."""

    weights: dict[str, float]
    probability: float


class RunFinding(Finding):
    """The answer of a scenario, by its definitions of a spiral, its ladder, its path and its outcomes.

    `spiral` is the headline that came by reactions, `anyway` the one that comes without the amplifying ones too; they
    add up to it. Besides, under its name, the probability of every event of `sim.outcomes` that is no spiral and
    no rung.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Probability]

    headline: RunHeadline
    spiral: Probability
    anyway: Probability
    prevented: Prevented | None = None
    spirals: dict[str, Spiral]
    rungs: dict[str, Probability]
    chain: dict[str, Probability | None]
    last_step: dict[str, float]
    mechanisms: dict[str, float]
    path: Path
    endings: dict[str, float]
    outcomes: dict[str, Any]
    own_priors: OwnPriors | None = None
    averaged: Averaged | None = None
    reference: str = ""
    """How often lethal episodes of the scenario's reference class brought a strike on Iran, in words, by class."""

    last_article: Probability | None = None
    """The headline in the first runs with parameters as of the last article, where the others know less."""

    daily: pd.DataFrame
    rungs_by_day: Annotated[pd.DataFrame, "rungs"]
    incidence: pd.DataFrame
    distributions: pd.DataFrame
