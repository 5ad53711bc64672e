"""What Washington and Baghdad can choose, how far, and how a choice is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.parameters import REGISTRY
from sim.wording import number_text


@dataclass(frozen=True)
class Lever:
    """A parameter that is a choice.

    Attributes
    ----------
    name : of the parameter
    low, high : how far it is searched, in the parameter's unit
    record : its value in the policy on record
    near : how far from the record it is still called as on record
    below, above : what a policy is called further down, and further up
    ends : what the two ends mean
    """

    name: str
    low: float
    high: float
    record: float
    near: float
    below: str
    above: str
    ends: tuple[str, str]

    @property
    def unit(self) -> str:
        """Unit of the parameter."""
        return REGISTRY[self.name].unit

    def word(self, value: float) -> str:
        """What a value is called; nothing where it is near the record."""
        gap = value - self.record
        return "" if abs(gap) <= self.near else self.below if gap < 0 else self.above


LEVERS = (
    Lever(
        "us.readiness", -2.0, 2.0, 0.0, 0.5, "slow to decide", "quick to decide",
        ("a strike decided on as late as in the restraint doctrine", "as soon as in the decisive doctrine"),
    ),
    Lever(
        "us.ceiling", -1.0, 1.0, 0.0, 0.3, "far from the red lines", "near the red lines",
        (
            "strikes of levels 3 and 4 as rare as in the restraint doctrine",
            "as frequent as in the decisive doctrine",
        ),
    ),
    Lever(
        "us.posture", 0.5, 2.0, 1.0, 0.2, "thinly reinforced", "reinforced",
        ("half of the carriers, air defence and troops sent in 2023", "twice as much"),
    ),
    Lever(
        "us.iraq_sensitivity", 0.0, 4.0, 2.8, 0.5, "strikes in Iraq as in Syria", "spares Iraq",
        ("strikes inside Iraq as soon as in Syria", "hardly ever inside Iraq"),
    ),
    Lever(
        "iraq.pressing", -5.0, -1.0, -3.2, 0.6, "Baghdad hardly presses", "Baghdad presses",
        ("a bargain opened on 0.7% of days, but for what holds Baghdad back", "on 27% of days"),
    ),
)  # fmt: skip
"""Choices, and no mechanism's weight: no rival explanation sets one, though what it does may be off there.
`record` is the parameter's default."""

STEP = 0.1
"""Levers move in steps of this size: what is finer means nothing, and a policy can be told as it was tried."""

RECORD = {lever.name: lever.record for lever in LEVERS}
NAMED: Mapping[str, Mapping[str, float]] = {
    "on record": RECORD,
    "restraint": RECORD | {"us.readiness": -2.0, "us.ceiling": -1.0},
    "decisive": RECORD | {"us.readiness": 2.0, "us.ceiling": 1.0},
    "hardly answering": RECORD | {"us.readiness": -6.0, "us.ceiling": -6.0},
    "host presses": RECORD | {"iraq.pressing": -1.0},
}
"""Policies that everybody asks about. `hardly answering` is the registry's lower bound, outside of what is searched."""
REFERENCES = ("on record", "restraint", "decisive")
YARDSTICKS = ("hardly answering",)
"""Shown beside the others, and never the best that another is held against: no administration has it to choose."""


@dataclass(frozen=True)
class Policy:
    """A value for every lever.

    Attributes
    ----------
    name : short, such as `on record` or `A`
    values : by parameter name, in the order of LEVERS
    searched : what the search thought of it, by quantity, as change from the record; empty for a named one
    """

    name: str
    values: Mapping[str, float]
    searched: Mapping[str, float]

    @property
    def found(self) -> bool:
        """Whether the search found it."""
        return bool(self.searched)

    @property
    def words(self) -> str:
        """What it is, such as `quick to strike, far from the red lines`."""
        said = [word for lever in LEVERS if (word := lever.word(self.values[lever.name]))]
        return ", ".join(said) or "as on record"

    @property
    def settings(self) -> str:
        """The values that differ from the record, as --set takes them."""
        return ", ".join(f"{n}={number_text(v)}" for n, v in self.values.items() if v != RECORD[n])


def named_policies() -> list[Policy]:
    """The named policies."""
    return [Policy(name, dict(values), {}) for name, values in NAMED.items()]


def rounded(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Values of the levers, shape (n, levers), in steps and within their ranges."""
    low, high = (np.array([getattr(lever, end) for lever in LEVERS]) for end in ("low", "high"))
    return np.clip(np.round(np.round(values / STEP) * STEP, 9) + 0.0, low, high)  # + 0.0: no minus zero


def by_name(row: npt.NDArray[np.float64]) -> dict[str, float]:
    """Values by parameter name."""
    return {lever.name: float(value) for lever, value in zip(LEVERS, row, strict=True)}
