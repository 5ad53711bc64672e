"""How the worlds of the dilemma look: a colour and a line each, the same in every figure of it."""

from __future__ import annotations

from typing import Any

from sim.experiments.dilemma.plan import NO_FEEDBACK, TOGETHER
from sim.report.figures.style import FAINT, INK

LOOKS: dict[str, dict[str, Any]] = {
    TOGETHER: {"color": INK, "linewidth": 2.6, "zorder": 3},
    NO_FEEDBACK: {"color": FAINT, "linewidth": 1.6, "linestyle": (0, (4, 2))},
    "deterrence only": {"color": "#117733", "linewidth": 1.5},
    "revenge only": {"color": "#882255", "linewidth": 1.5},
    "Tehran decides": {"color": "#C29A1B", "linewidth": 1.5},
    "host pressure": {"color": "#44AA99", "linewidth": 1.5, "linestyle": (0, (1, 1))},
}


def look_of(world: str) -> dict[str, Any]:
    """Colour, width and dashes of a world's line."""
    return LOOKS.get(world, {"color": FAINT, "linewidth": 1.2})
