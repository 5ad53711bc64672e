"""A decision of a run, and the reasons that it was decided by."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """One term of a decision.

    Attributes
    ----------
    name : what it is
    factor : what it multiplies the rate or the odds by, above zero
    since : the day, from the scenario's start, that a memory chiefly stems from; -1 before the start, None for others
    """

    name: str
    factor: float
    since: int | None = None


@dataclass(frozen=True)
class Decision:
    """What was decided by what.

    Attributes
    ----------
    what : what was decided
    measure : 'rate' (a day) or 'odds' or 'chance'
    value : the rate, odds or chance
    base : what it is without any of the reasons
    reasons : factors; their product with the base is the value
    luck : of Washington's response, what the day's luck multiplied the odds by: it goes through above 1 in all
    """

    what: str
    measure: str
    value: float
    base: float
    reasons: tuple[Reason, ...]
    luck: float | None = None

    @property
    def chance(self) -> float:
        """How probable it was on its day, in [0, 1]; of a rate, that it happens at least once."""
        if self.measure == "rate":
            return 1.0 - math.exp(-self.value)
        return self.value if self.measure == "chance" else self.value / (1.0 + self.value)
