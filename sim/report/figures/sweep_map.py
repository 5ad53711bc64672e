"""A sweep of two numbers: a map of the risk, of its change and of its spiral."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize, TwoSlopeNorm
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter, MaxNLocator

from sim.experiments.sweep import LeverPart, SweepFinding
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.style import BODY, INK, PAPER, SPIRAL, SPIRALS
from sim.report.figures.words import capital, exchange, lever_name
from sim.report.swept import placed, value_text
from sim.wording import change_with_chance, percent, percent_interval, points_text

CONTOURS = 6
WRITTEN = 8
"""Values of a lever up to which each cell holds its number; a finer grid has contours."""
SPIRAL_WRITTEN = 4
"""Values of a lever up to which each cell says how much of its number is a spiral, too."""
FEWEST_SCATTERED = 12
"""Scattered points from which a surface is drawn through them."""
CALM = "#2166AC"


def shades(event: str) -> LinearSegmentedColormap:
    """Paper to the colour of an exchange, so that darker is riskier in every figure."""
    return LinearSegmentedColormap.from_list(event, [PAPER, SPIRALS.get(event, SPIRAL)])


def both_ways() -> LinearSegmentedColormap:
    """Blue over paper to red: less and more."""
    return LinearSegmentedColormap.from_list("change", [CALM, PAPER, SPIRAL])


def draw_map(answer: Answer[SweepFinding]) -> Drawing:
    """Draw the risk over two levers: the cells of a grid and their change, or a surface through scattered points."""
    levers, event = answer.finding.levers, answer.finding.event
    data = placed(answer.finding.sweep, levers)
    title, subtitle = extremes(data, levers, event), extremes_subtitle(data, levers, event)
    gridded = _is_grid(answer.finding)
    paired = gridded and f"{event}_change" in data
    figure = answer_page(answer, title, subtitle, _reading(answer, data, gridded, paired), height=5.2)
    panels: list[Any] = [*figure.subplots(1, 2, sharey=True)] if paired else [figure.subplots()]
    paths = [lever.path for lever in levers]
    scale = Normalize(0.0, max(float(data[event].max()), 1e-6))
    if gridded:
        _draw_grid(panels[0], data, levers, event, shades(event), scale)
        _write_spirals(panels[0], data, paths, scale, event)
        if paired:
            _draw_change(panels[1], data, levers, event)
    else:
        _draw_scattered(panels[0], data, paths, event, scale)
        bar = figure.colorbar(ScalarMappable(scale, shades(event)), ax=panels[0], pad=0.02)
        bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: percent(max(0.0, share))))
    panel_title(panels[0], [f"Runs that come to a {exchange(event)} (%)"])
    for axes in panels:
        axes.set_xlabel(_named(levers[0]))
        axes.grid(False)
    panels[0].set_ylabel(_named(levers[1]))
    return Drawing("sweep", title, figure, answer.finding.sweep, subtitle)


def _is_grid(of: SweepFinding) -> bool:
    return of.design == "grid" and min(len(lever.values) for lever in of.levers) > 1


def _named(lever: LeverPart) -> str:
    return f"{lever.path} ({lever.unit})" if lever.unit else lever.path


def _draw_grid(
    axes: Axes,
    data: pd.DataFrame,
    levers: list[LeverPart],
    name: str,
    colours: LinearSegmentedColormap,
    scale: Any,
) -> None:
    """One cell a point, as wide as the others whatever lies between the values, with its number where there is room."""
    table = data.pivot(index=levers[1].path, columns=levers[0].path, values=name)
    z = table.to_numpy()
    for (row, column), value in np.ndenumerate(z):
        face = colours(scale(value))
        axes.add_patch(
            Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=face, edgecolor=PAPER, linewidth=1.0)
        )
        if max(z.shape) <= WRITTEN:
            _write(axes, (column, row), _cell_text(name, value), _ink_on(face), _size(z.shape[1]))
    _mark_values(axes, levers[0], table.columns.to_numpy(), "x")
    _mark_values(axes, levers[1], table.index.to_numpy(), "y")
    if max(z.shape) > WRITTEN:
        _contours(axes, axes.contour, (np.arange(z.shape[1]), np.arange(z.shape[0]), z), name)


def _write(axes: Axes, place: tuple[int, int], text: str, colour: str, size: float) -> None:
    axes.text(*place, text, ha="center", va="center", size=size, color=colour)


def _write_spirals(axes: Axes, data: pd.DataFrame, paths: list[str], scale: Normalize, event: str) -> None:
    """Say below each number of a small grid how much of it is a spiral."""
    table, whole = (
        data.pivot(index=paths[1], columns=paths[0], values=name).to_numpy() for name in ("spiral", event)
    )
    if max(table.shape) > SPIRAL_WRITTEN:
        return
    for (row, column), value in np.ndenumerate(table):
        colour = _ink_on(shades(event)(scale(whole[row, column])))
        axes.text(
            column, row - 0.2, f"spiral {percent(value)}", ha="center", va="center", size=9.0, color=colour
        )


def _cell_text(name: str, value: float) -> str:
    if not name.endswith("_change"):
        return percent(value)
    return change_with_chance(value, value, value).partition(" [")[0]


def _size(across: int) -> float:
    return BODY if across <= 5 else 8.5


def _ink_on(face: tuple[float, ...]) -> str:
    """Black or white, whichever is read better on a colour."""
    return INK if float(np.dot(face[:3], (0.2126, 0.7152, 0.0722))) > 0.45 else PAPER


def _mark_values(axes: Axes, lever: LeverPart, values: np.ndarray, axis: str) -> None:
    step = max(1, -(-len(values) // WRITTEN))
    shown = range(0, len(values), step)
    which = axes.xaxis if axis == "x" else axes.yaxis
    which.set_major_locator(FixedLocator([float(n) for n in shown]))
    which.set_major_formatter(FixedFormatter([value_text(lever, values[n]) for n in shown]))
    which.set_tick_params(length=0)
    (axes.set_xlim if axis == "x" else axes.set_ylim)(-0.5, len(values) - 0.5)


def _draw_change(axes: Axes, data: pd.DataFrame, levers: list[LeverPart], event: str) -> None:
    """The change of every point from the first, framed where it is beyond chance."""
    name, paths = f"{event}_change", [lever.path for lever in levers]
    most = max(float(data[name].abs().max()), 1e-6)
    _draw_grid(axes, data, levers, name, both_ways(), TwoSlopeNorm(0.0, -most, most))
    values = [sorted(set(data[path])) for path in paths]
    for row in data.to_dict("records"):
        if row[f"{name}_low"] > 0 or row[f"{name}_high"] < 0:
            x, y = (values[n].index(row[path]) for n, path in enumerate(paths))
            frame = Rectangle((x - 0.44, y - 0.44), 0.88, 0.88, fill=False, edgecolor=INK, linewidth=1.4)
            axes.add_patch(frame)
    panel_title(axes, ["Change from the first point (percentage points)"])


def _draw_scattered(axes: Axes, data: pd.DataFrame, paths: list[str], event: str, scale: Normalize) -> None:
    """Points in their colour; many of them with a surface through them, which ends where they do."""
    x, y, z = (data[name].to_numpy() for name in (*paths, event))
    if len(data) >= FEWEST_SCATTERED and np.ptp(x) > 0 and np.ptp(y) > 0:
        axes.tripcolor(x, y, z, cmap=shades(event), norm=scale, shading="gouraud", rasterized=True)
        _contours(axes, axes.tricontour, (x, y, z), event)
    axes.scatter(x, y, c=z, s=46, cmap=shades(event), norm=scale, edgecolors=INK, linewidths=0.9, zorder=3)
    axes.use_sticky_edges = False
    axes.margins(0.03)


def _contours(axes: Axes, draw: Any, values: tuple[Any, ...], name: str) -> None:
    low, high = float(np.min(values[2])), float(np.max(values[2]))
    if high - low < 1e-9:
        return
    marks = np.array(MaxNLocator(CONTOURS, steps=[1, 2, 5, 10]).tick_values(100 * low, 100 * high)) / 100
    inside = marks[(marks > low) & (marks < high)]
    if not len(inside):
        return
    lines = draw(*values, levels=inside, colors=INK, linewidths=0.9)
    axes.clabel(lines, fmt=lambda share: _cell_text(name, share), fontsize=9.5)


def extremes(data: pd.DataFrame, levers: list[LeverPart], event: str) -> str:
    """Say between what the risk lies, over which levers."""
    least, most = percent(data[event].min()), percent(data[event].max())
    names = " and ".join(lever_name(lever.path, 16) for lever in levers)
    over = names if len(levers) <= 2 else f"the {len(levers)} numbers that were varied"
    return f"{capital(exchange(event))} in {least} to {most} of runs over {over}"


def extremes_subtitle(data: pd.DataFrame, levers: list[LeverPart], event: str) -> str:
    """Say where the least and the most are, with their intervals."""
    told = []
    for word, place in (("Least", data[event].idxmin()), ("most", data[event].idxmax())):
        row = data.loc[place]
        at = ", ".join(
            f"{lever_name(lever.path, 16)} {value_text(lever, row[lever.path])}" for lever in levers
        )
        told.append(f"{word} at {at} {percent_interval(row[f'{event}_low'], row[f'{event}_high'])}")
    return f"{'; '.join(told)} (95% by chance)."


def _reading(answer: Answer[SweepFinding], data: pd.DataFrame, gridded: bool, paired: bool) -> list[str]:
    event = answer.finding.event
    alone = float((data[f"{event}_high"] - data[f"{event}_low"]).max() / 2)
    first = ", ".join(
        f"{lever.path} {value_text(lever, data.iloc[0][lever.path])}" for lever in answer.finding.levers
    )
    share = "Left: share" if paired else "Share"
    shown = f"{share} of {answer.finding.runs:,} runs a point that come to it" if gridded else (
        f"Colour: share of {answer.finding.runs:,} runs a point that come to it, which are the dots"
    )  # fmt: skip
    change = (
        f" Right: the change from the first point ({first}), paired by run, which is surer; framed where its 95% "
        "interval leaves out zero."
    )
    return [
        f"{shown}; by chance a point is known to within {points_text(alone)}.{change * paired} The least and the most "
        f"are picked among {len(data):,} points, and so a little extreme. What of it is a spiral, and its range with "
        "the parameters unknown, stands beside it in the data.",
    ]
