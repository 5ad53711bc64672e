"""The outside pressures on top of a run's timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.replay.words import date_of
from sim.report.figures.style import BODY, CAPTION, FAINT, day_number
from sim.scenario import Scenario
from sim.scenario.outside import short_title

DASHES = {
    "gaza": "-", "lebanon": (0, (6, 2)), "diplomacy": (0, (1.2, 1.4)), "talks": (0, (4, 1.5, 1, 1.5)),
    "posture": (0, (2.5, 1.2)), "troops": (0, (8, 2, 1, 2, 1, 2)),
}  # fmt: skip
OTHER_DASHES = ("-", (0, (6, 2)), (0, (10, 2, 2, 2)), (0, (1, 1)), (0, (5, 1)), (0, (3, 3)))
"""Of a scenario's own drivers, in turn."""

DRIVER_NAMES = {
    "diplomacy": "US diplomacy", "talks": "talks (outside)", "posture": "US posture", "troops": "US troops",
}  # fmt: skip


LEADER = {
    "arrowstyle": "-",
    "color": FAINT,
    "linewidth": 0.7,
    "relpos": (0.0, 0.5),
    "shrinkA": 1,
    "shrinkB": 0,
}
NEUTRAL = {"troops": 1.0}
"""Level at which a driver presses on nobody; of all others 0."""


def draw_drivers(axes: Axes, data: pd.DataFrame, scenario: Scenario) -> None:
    """Draw the outside pressures that there are (or all, when there is none), each named at its end."""
    rows = data[data["lane"] == "drivers"]
    series = {name: part["size"].to_numpy() for name, part in rows.groupby("mark", sort=False)}
    shown = {n: levels for n, levels in series.items() if np.any(levels != NEUTRAL.get(n, 0.0))} or series
    x = _across([date_of(day, scenario) for day in range(scenario.days)])
    own = [name for name in scenario.timeline if name not in DASHES]
    dashes = {name: OTHER_DASHES[n % len(OTHER_DASHES)] for n, name in enumerate(own)} | DASHES
    for name, levels in shown.items():
        y = np.repeat(levels, 2) if len(levels) == 1 else levels
        axes.plot(x, y, color=FAINT, linewidth=1.5, linestyle=dashes[name], gid=f"driver-{name}")
    tops = spread_apart([float(levels[-1]) for levels in shown.values()], 0.17)
    for (name, levels), y in zip(shown.items(), tops, strict=True):
        axes.annotate(
            DRIVER_NAMES.get(name) or short_title(scenario.drivers, name),
            (1.0, float(levels[-1])), xycoords=axes.get_yaxis_transform(),
            xytext=(1.035, y), textcoords=axes.get_yaxis_transform(), size=CAPTION, va="center",
            annotation_clip=False, arrowprops=LEADER,
        )  # fmt: skip
    axes.set_ylim(0.0, max(1.0, *(float(levels.max()) for levels in shown.values())) * 1.03)
    axes.set_yticks([0.0, 0.5, 1.0])
    axes.set_ylabel("Outside\npressures", rotation=0, ha="right", va="center", size=BODY)


def spread_apart(places: Sequence[float], apart: float) -> list[float]:
    """Move places in [0, 1] little, and keep their order, so that they are so far apart and not below 0."""
    order = np.argsort(places, kind="stable")
    moved = np.asarray(places, dtype=float)[order]
    for _ in range(200):
        for i in range(1, len(moved)):
            gap = apart - (moved[i] - moved[i - 1])
            if gap > 1e-9:
                moved[i - 1], moved[i] = moved[i - 1] - gap / 2, moved[i] + gap / 2
        moved[0] = max(0.04, moved[0])
    back = np.empty(len(moved))
    back[order] = moved
    return [float(value) for value in back]


def _across(dates: Sequence[dt.date]) -> np.ndarray:
    """Days as places on the axis; a single day is as wide as a day."""
    x = np.array([day_number(date) for date in dates])
    return x[0] + np.array([-0.5, 0.5]) if len(x) == 1 else x
