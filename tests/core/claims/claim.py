"""What is claimed of a rule, and the values that arguments take."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import strategies as st

from sim.parameters import REGISTRY

SHARE = st.floats(0.0, 1.0)
STANCE = st.floats(-1.0, 1.0)
LOG_RATIO = st.floats(-6.0, 6.0)  # a reason: weight times level
RELATIVE = st.floats(-1.0, 1.0)  # a level against that of 17 October 2023
LOGITS = st.floats(-60.0, 60.0)
LEVEL = st.integers(1, 4)
FLAG = st.booleans()
REST = 1e-9  # rounding


def of(name: str) -> st.SearchStrategy[float]:
    """Any value in the range of a parameter."""
    return st.floats(REGISTRY[name].low, REGISTRY[name].high)


@dataclass
class Claim:
    """What is claimed of a rule.

    `given`: the values that each argument takes. `hand`: arguments and the value worked out by hand; the first one is
    also the point at which each signed argument, moved up by `step`, must move the result. `rises`, `falls`: the
    arguments with which the result rises or falls. `free`: those of no one sign.
    """

    rule: Callable
    given: dict[str, st.SearchStrategy]
    hand: list[tuple[tuple, float]]
    low: float = -math.inf
    high: float = math.inf
    rises: str = ""
    falls: str = ""
    free: str = ""
    step: dict[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{plain(self.rule).__module__.rpartition('.')[2]}.{self.rule.__name__}"


def plain(function):
    """The Python function under a compiled one."""
    return getattr(function, "py_func", function)
