"""Bars of boxes: for each restricted parameter the part of its prior that lies inside, with the value at its ends."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.experiments.discover import Box
from sim.report.figures.page import panel_title
from sim.report.figures.style import INK, PAPER, QUANTITY, text_width
from sim.wording import number_text, percent

SIZE = 9.5  # points
WHOLE = "#E8E8E8"
FEWEST_ROWS = 4  # that there is room for, so that a single bar is no block


def draw_bars(axes: Axes, boxes: list[Box], limits: pd.DataFrame, colour: str) -> None:
    """Draw the bars of all boxes, one group below the other."""
    y, marks, names = 0.0, [], []
    for box in boxes:
        axes.text(0.0, y, _heading(box), size=SIZE, va="center", weight="bold")
        y += 1
        for factor, mine in limits[limits["box"] == box.box].groupby("factor", sort=False):
            _draw_bar(axes, y, mine, colour)
            marks.append(y)
            names.append(str(factor))
            y += 1
    axes.set_yticks(marks, names, fontsize=SIZE)
    axes.set_ylim(max(y, FEWEST_ROWS) - 0.4, -0.6)
    axes.set_xlim(0.0, 1.0)
    axes.grid(False)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f}%"))
    axes.set_xlabel("Quantile of the parameter's prior")
    panel_title(axes, ["What the boxes leave of each prior"])


def _heading(box: Box) -> str:
    doubt = "" if box.holds_up else " (does not hold up)"
    return f"Box {box.box}: {percent(box.density)} of runs inside{doubt}"


def _draw_bar(axes: Axes, y: float, limits: pd.DataFrame, colour: str) -> None:
    """Draw the whole prior pale, and what the limits leave of it."""
    axes.barh(y, 1.0, height=0.72, color=WHOLE)
    ends = {row["side"]: row for row in limits.to_dict("records")}
    low = ends["above"]["quantile"] if "above" in ends else 0.0
    high = ends["below"]["quantile"] if "below" in ends else 1.0
    sure = all(row["more_than_chance"] for row in ends.values())
    axes.barh(y, high - low, left=low, height=0.72, color=colour if sure else QUANTITY)
    text = " to ".join(
        number_text(row["value"]) for row in (ends[s] for s in ("above", "below") if s in ends)
    )
    unit = next(iter(ends.values()))["unit"]
    text = (f"{next(iter(ends))} {text}" if len(ends) == 1 else text) + (
        f" {unit}" if isinstance(unit, str) else ""
    )
    wide = high - low > text_width(text, SIZE) / 240 + 0.03
    x, align = (low + 0.015, "left") if "above" in ends else (high - 0.015, "right")
    if not wide:
        x, align = (low - 0.015, "right") if low > 0.5 else (high + 0.015, "left")
    axes.text(x, y, text, size=SIZE, va="center", ha=align, color=PAPER if wide else INK)
