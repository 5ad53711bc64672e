"""The panels of a comparison: changes of risks, runs tipped each way, means in proportion."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from sim.outcomes import OUTCOMES
from sim.report.figures.page import panel_title
from sim.report.figures.style import ANYWAY, FAINT, INK, LIGHT, QUANTITY, SPIRAL, SPIRALS
from sim.report.figures.words import capital, outcome_words
from sim.wording import change_with_chance, number_text, percent

COLOURS = {**SPIRALS, "spiral": SPIRAL, "anyway": ANYWAY}
SMALL = 9.5
MOST_MARKS = 6


def draw_changes(axes: Axes, risks: pd.DataFrame, headline: str, span: str) -> None:
    """Draw the change of each risk in percentage points, the headline's and its parts first, with both risks named."""
    order = {name: place for place, name in enumerate((headline, "spiral", "anyway", "averted"))}
    rows = sorted(risks.to_dict("records"), key=lambda row: order.get(row["outcome"], len(order)))
    for place, row in enumerate(rows):
        ends = [100 * row[f"difference{end}"] for end in ("", "_low", "_high")]
        colour = COLOURS.get(row["outcome"], INK)
        axes.plot(
            np.clip(ends[1:], -100, 100), [place, place], color=colour, linewidth=2.5, solid_capstyle="butt"
        )
        axes.plot(ends[0], place, "o", color=colour, markersize=7, gid=row["outcome"])
        text = change_with_chance(*(value / 100 for value in ends))
        axes.annotate(
            text, (1.0, place), (8, 0), xycoords=("axes fraction", "data"), textcoords="offset points", va="center",
            size=SMALL, annotation_clip=False,
        )  # fmt: skip
    names = [
        f"{outcome_words(row['outcome'], headline)}\n{percent(row['first'])} to {percent(row['value'])}"
        for row in rows
    ]
    _upright(axes, names)
    _zero(axes, 0.0)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda points, _: f"{points:+.6g}" if points else "0"))
    _widen(axes)
    axes.set_xlabel("Change (percentage points)")
    panel_title(axes, [f"Risk, {span}"])


def draw_tips(axes: Axes, tips: pd.DataFrame) -> None:
    """Draw how many runs are tipped into an exchange, to the right, and out of one, to the left."""
    most = max(1, int(tips[["into", "out"]].to_numpy().max()))
    for place, row in enumerate(tips.to_dict("records")):
        colour = SPIRALS[row["definition"]]
        for count, sign, opacity in ((row["into"], 1, 0.9), (row["out"], -1, LIGHT * 1.6)):
            axes.barh(place, sign * count, height=0.62, color=colour, alpha=opacity, linewidth=0)
            axes.annotate(
                f"{count:,}", (sign * count, place), (4 * sign, 0), textcoords="offset points", size=SMALL,
                ha="left" if sign > 0 else "right", va="center",
            )  # fmt: skip
    _upright(axes, [f"{capital(name)}\nexchange" for name in tips["definition"]])
    _zero(axes, 0.0)
    axes.set_xlim(-1.5 * most, 1.5 * most)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{abs(count):,.0f}"))
    axes.set_xlabel("Runs tipped out of it ← → into it")
    panel_title(axes, [f"Of {int(tips['runs'].iloc[0]):,} runs, tipped by the change"])


def draw_means(axes: Axes, means: pd.DataFrame, first: str) -> None:
    """Draw each mean in proportion to the first scenario's, on a logarithmic axis."""
    rows = means.to_dict("records")
    ratios = np.array([[1 + row[f"change{end}"] for end in ("", "_low", "_high")] for row in rows])
    shown = ratios[np.isfinite(ratios) & (ratios > 0)]
    low, high = (float(shown.min()), float(shown.max())) if len(shown) else (1.0, 1.0)
    edges = min(low, 0.8) / 1.15, max(high, 1.25) * 1.15
    for place, (row, ratio) in enumerate(zip(rows, ratios, strict=True)):
        _draw_mean(axes, place, row, ratio, edges)
    axes.set_xscale("log")
    axes.set_xlim(*edges)
    axes.xaxis.set_major_locator(FixedLocator(_marks(*edges)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda times, _: f"{times:g}"))
    _upright(axes, [OUTCOMES[row["outcome"]].heading for row in rows])
    _zero(axes, 1.0)
    axes.set_xlabel(f"Times that of {first}")
    panel_title(axes, ["Means over runs"])


def _draw_mean(
    axes: Axes, place: int, row: dict[str, Any], ratio: npt.NDArray[np.float64], edges: tuple[float, float]
) -> None:
    """Draw a ratio and its interval; a mark at the edge where there is none, of whatever is none on one side."""
    middle, least, most = ratio
    if middle > 0:
        ends = np.clip((least, most), *edges)
        axes.plot(ends, [place, place], color=QUANTITY, linewidth=2.5, solid_capstyle="butt")
        axes.plot(middle, place, "o", color=QUANTITY, markersize=6, gid=row["outcome"])
    else:
        edge, mark = (
            (1.0, "o")
            if row["first"] == row["value"]
            else (edges[0], "<")
            if row["first"]
            else (edges[1], ">")
        )
        axes.plot(edge, place, mark, color=QUANTITY, markersize=8, clip_on=False, gid=row["outcome"])
    axes.annotate(
        f"{number_text(row['first'])} to {number_text(row['value'])}", (1.0, place), (9, 0),
        xycoords=("axes fraction", "data"), textcoords="offset points", size=SMALL, va="center", annotation_clip=False,
    )  # fmt: skip


def _marks(low: float, high: float) -> list[float]:
    """Marks of a logarithmic axis around one, as many as can be read."""
    for mantissas in ((1, 1.2, 1.5, 2, 3, 5, 7), (1, 2, 3, 5), (1, 2, 5), (1,)):
        marks = [m * 10.0**power for power in range(-4, 7) for m in mantissas]
        inside = [mark for mark in marks if low <= mark <= high]
        if len(inside) <= MOST_MARKS:
            break
    return inside


def _upright(axes: Axes, names: list[str]) -> None:
    """Name the rows, the first on top."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.45, -0.65)
    axes.tick_params(axis="y", length=0, labelsize=10.5)
    axes.grid(False)
    axes.grid(True, axis="x")


def _zero(axes: Axes, where: float) -> None:
    axes.axvline(where, color=FAINT, linewidth=1.2, zorder=0.8)


def _widen(axes: Axes) -> None:
    """Hold the axis a little beyond what is drawn, and within what a risk can change by."""
    low, high = axes.dataLim.intervalx
    low, high = min(low, 0.0), max(high, 0.0)
    room = max(0.06 * (high - low), 0.05)
    axes.set_xlim(max(-101.0, low - room), min(101.0, high + room))
