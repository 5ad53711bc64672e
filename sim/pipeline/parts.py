"""Parts that many findings have: a probability with both its intervals, and the headline."""

from __future__ import annotations

from typing import Self

from sim.estimates.intervals import Estimate
from sim.pipeline.experiment import Part


class Probability(Part):
    """A probability, as `sim.estimates.intervals.Estimate` has it.

    `chance` is the 95% interval of its Monte Carlo error, `ignorance` the central 90% over the parameters, None where
    they are not drawn or it was not asked for.
    """

    probability: float
    chance: list[float]
    ignorance: list[float] | None
    seen: int
    runs: int

    @classmethod
    def of(cls, estimate: Estimate) -> Self:
        """The part that an estimate becomes."""
        return cls(**estimate.as_dict())


class Headline(Part):
    """The probability that the scenario asks about, listed by `spiral results`."""

    definition: str
    probability: float
    chance: list[float]
    ignorance: list[float] | None
    seen: int
    runs: int

    @classmethod
    def of(cls, definition: str, estimate: Estimate) -> Self:
        """The headline that an estimate becomes."""
        return cls(definition=definition, **estimate.as_dict())
