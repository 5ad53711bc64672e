"""What is fitted to what: a scenario, a record, and the last day whose reports count."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from functools import cached_property

from sim.errors import QuestionError
from sim.inference.conditioning import Conditioning, condition
from sim.inference.filter import stages_of
from sim.inference.observation import Record, until
from sim.inference.space import Space, space_of
from sim.parameters import blind_priors
from sim.scenario import Scenario
from sim.scenario.shipped import unlike
from sim.simulate.job import make_job
from sim.simulate.segment import Segment

AS_OF = datetime.date(2023, 11, 17)
"""The last day that the articles of 2023 report on, up to which the shipped posteriors are fitted."""


@dataclass(frozen=True)
class Problem:
    """What is fitted to what.

    Attributes
    ----------
    scenario : Scenario, without a past
    record : whole; what is reported after `as_of` is left out
    as_of : the last day whose reports count
    only : the parameters that are free, for a reduced problem; None for all uncertain ones
    blind : whether priors that rest on the last article take the form that is blind to it; a scenario's own stay
    """

    scenario: Scenario
    record: Record
    as_of: datetime.date
    only: tuple[str, ...] | None = None
    blind: bool = False

    @property
    def segment(self) -> Segment:
        """The scenario made ready for the engine."""
        segment = make_job(self.scenario, "prior").segments[-1]
        return replace(segment, priors={**blind_priors(), **segment.priors}) if self.blind else segment

    @property
    def space(self) -> Space:
        """The space of what is fitted."""
        return space_of(self.segment, self.only)

    @property
    def told(self) -> Record:
        """What is on record up to the as-of date."""
        return until(self.record, self.as_of)

    @property
    def days(self) -> int:
        """Days from the scenario's start to the as-of date, both included."""
        return (self.as_of - self.scenario.start).days + 1

    @cached_property
    def stages(self) -> tuple[int, ...]:
        """First day of every stage of the fit, as index."""
        return stages_of(self.conditioning)

    @property
    def conditioning(self) -> Conditioning:
        """The days that are led along the record."""
        return condition(self.segment, self.scenario.start, self.told, self.as_of)


def check_problem(problem: Problem) -> None:
    """Raise QuestionError when scenario, record and date do not go together."""
    scenario, record, as_of, told = problem.scenario, problem.record, problem.as_of, problem.told
    if scenario.past is not None:
        raise QuestionError(
            f"{scenario.name} starts from the worlds of another scenario; fit the one that it continues, "
            "whose posterior it then starts from"
        )
    if not scenario.start <= as_of <= scenario.end:
        if unlike(scenario):
            raise QuestionError(
                f"{scenario.name} is of another crisis, from {scenario.start} to {scenario.end}: fitting it takes a "
                f"record of that crisis, given by --record, up to one of these days; the record {record.name} up to "
                f"{as_of} cannot be used"
            )
        raise QuestionError(
            f"{as_of} is not from {scenario.start} to {scenario.end}, the days of {scenario.name}"
        )
    if record.start < scenario.start:
        raise QuestionError(
            f"the record {record.name} counts from {record.start}, before {scenario.name} starts on {scenario.start}"
        )
    if not told.reports and not told.strikes and told.strikes_until is None:
        raise QuestionError(f"the record {record.name} reports nothing up to {as_of}")
