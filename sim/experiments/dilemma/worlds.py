"""Over what the dilemma is asked: Washington's levers, worlds with and without feedback, levels of a strike."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from types import MappingProxyType

from sim.parameters import PACKS, couplings, only

DRAW_VALUES = (-6.0, -3.0, 0.0, 3.0, 6.0)
"""Values of readiness at which single draws of the parameters are tried, in logits."""

PAIRS = tuple(combinations(range(len(DRAW_VALUES)), 2))
"""Every two of the values that draws are tried at, the lower one first."""

LEVELS = (1, 2, 3, 4)
WEEK = 7

READINESS, CEILING = "us.readiness", "us.ceiling"
LEVERS = (READINESS, CEILING)
TOGETHER, NO_FEEDBACK = "all together", "no feedback"
WORLDS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {TOGETHER: {}, NO_FEEDBACK: couplings(), **{pack: only(pack) for pack in PACKS}}
)
"""What is held at which value in each world: nothing, all mechanisms off, all but those of a pack off."""
