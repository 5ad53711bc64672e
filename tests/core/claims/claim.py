"""What is claimed of a rule, and the values that its arguments take."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from sim.parameters import REGISTRY


@dataclass(frozen=True)
class Real:
    """Numbers of a range; half of those taken lie at its ends, at nought or close by."""

    low: float
    high: float

    def one(self, rng: np.random.Generator) -> float:
        edges = (self.low, self.high, 0.0, 1e-9, -1e-9)
        edge = edges[rng.integers(len(edges))]
        inside = self.low <= edge <= self.high and rng.random() < 0.6
        return float(edge) if inside else float(rng.uniform(self.low, self.high))


@dataclass(frozen=True)
class Whole:
    """Whole numbers of a range; half of those taken are its first, its second or its last."""

    low: int
    high: int

    def one(self, rng: np.random.Generator) -> int:
        edges = (self.low, min(self.low + 1, self.high), self.high)
        return int(edges[rng.integers(3)] if rng.random() < 0.5 else rng.integers(self.low, self.high + 1))


class Flag:
    def one(self, rng: np.random.Generator) -> bool:
        return bool(rng.integers(2))


Values = Real | Whole | Flag


def points(count: int, *values: Values) -> Iterator[tuple]:
    """Points whose places are values of these ranges, the same at every call."""
    rng = np.random.default_rng(20231017)
    for _ in range(count):
        yield tuple(of_place.one(rng) for of_place in values)


SHARE = Real(0.0, 1.0)
STANCE = Real(-1.0, 1.0)
LOG_RATIO = Real(-6.0, 6.0)  # a reason: weight times level
LOGITS = Real(-60.0, 60.0)
LEVEL = Whole(1, 4)
FLAG = Flag()
REST = 1e-9  # rounding


def of(name: str) -> Real:
    """Any value in the range of a parameter."""
    return Real(REGISTRY[name].low, REGISTRY[name].high)


@dataclass
class Claim:
    """What is claimed of a rule.

    `given`: the values that each argument takes. `hand`: arguments and the value worked out by hand; the first one is
    also the point at which each signed argument, moved up by `step`, must move the result. `rises`, `falls`: the
    arguments with which the result rises or falls. `free`: those of no one sign.
    """

    rule: Callable
    given: dict[str, Values]
    hand: list[tuple[tuple, float]]
    low: float = -math.inf
    high: float = math.inf
    rises: str = ""
    falls: str = ""
    free: str = ""
    step: dict[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.rule.__module__.rpartition('.')[2]}.{self.rule.__name__}"
