"""A sweep of two numbers: a map of the risk with contours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiments.sweep import LeverPart, SweepFinding
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.style import INK, PAPER, SPIRALS
from sim.wording import number_text, percent, points_text

CONTOURS = 6


def shades(event: str) -> LinearSegmentedColormap:
    """Paper to the colour of a spiral, so that darker is riskier in every figure."""
    return LinearSegmentedColormap.from_list(event, [PAPER, SPIRALS[event]])


def draw_map(answer: Answer[SweepFinding]) -> Drawing:
    """Draw the risk over two levers: cells of a grid, or a surface through scattered points."""
    levers, event = answer.finding.levers, answer.finding.definition
    data = answer.finding.sweep
    title = extremes(data, levers, event)
    figure = answer_page(answer, title, _reading(answer, data), height=5.2)
    axes = figure.subplots()
    scale = Normalize(0.0, max(float(data[event].max()), 1e-6))
    draw = _draw_grid if answer.finding.design == "grid" else _draw_scattered
    draw(axes, data, [lever.path for lever in levers], event, scale)
    for lever, name in zip(levers, ("x", "y"), strict=True):
        getattr(axes, f"set_{name}label")(f"{lever.path} ({lever.unit})" if lever.unit else lever.path)
    panel_title(axes, [f"Probability of a {event} spiral"])
    axes.grid(False)
    bar = figure.colorbar(ScalarMappable(scale, shades(event)), ax=axes, pad=0.02)
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: percent(max(0.0, share))))
    bar.set_label("Runs that spiral (%)")
    return Drawing("sweep", title, figure, data)


def _draw_grid(axes: Axes, data: pd.DataFrame, paths: list[str], event: str, scale: Normalize) -> None:
    table = data.pivot(index=paths[1], columns=paths[0], values=event)
    x, y, z = table.columns.to_numpy(), table.index.to_numpy(), table.to_numpy()
    if min(z.shape) > 1:
        axes.pcolormesh(x, y, z, cmap=shades(event), norm=scale, shading="nearest", rasterized=True)
        _contours(axes, axes.contour, (x, y, z))
    else:
        axes.scatter(
            data[paths[0]], data[paths[1]], c=data[event], cmap=shades(event), norm=scale, edgecolors=INK
        )


def _draw_scattered(axes: Axes, data: pd.DataFrame, paths: list[str], event: str, scale: Normalize) -> None:
    x, y, z = (data[name].to_numpy() for name in (*paths, event))
    axes.tripcolor(x, y, z, cmap=shades(event), norm=scale, shading="gouraud", rasterized=True)
    _contours(axes, axes.tricontour, (x, y, z))
    axes.scatter(x, y, s=8, color=INK, linewidths=0)


def _contours(axes: Axes, draw: Any, values: tuple[Any, ...]) -> None:
    low, high = float(np.min(values[2])), float(np.max(values[2]))
    if high - low < 1e-9:
        return
    marks = np.array(MaxNLocator(CONTOURS, steps=[1, 2, 5, 10]).tick_values(100 * low, 100 * high)) / 100
    inside = marks[(marks > low) & (marks < high)]
    if not len(inside):
        return
    lines = draw(*values, levels=inside, colors=INK, linewidths=0.9)
    axes.clabel(lines, fmt=percent, fontsize=9.5)


def extremes(data: pd.DataFrame, levers: list[LeverPart], event: str) -> str:
    """Say where the risk is least and where most."""
    ends = [data.loc[data[event].idxmin()], data.loc[data[event].idxmax()]]
    least, most = (
        f"{percent(end[event])} at "
        + ", ".join(f"{lever.path} {number_text(end[lever.path])}" for lever in levers)
        for end in ends
    )
    return f"{event.capitalize()} spiral: from {least} to {most}"


def _reading(answer: Answer[SweepFinding], data: pd.DataFrame) -> list[str]:
    event = answer.finding.definition
    alone = float((data[f"{event}_high"] - data[f"{event}_low"]).max() / 2)
    return [
        f"Colour and contours: share of {answer.finding.runs:,} runs a point that spiral. By chance a point is "
        f"known to within {points_text(alone)}; points share runs and luck, so that their differences are surer. The "
        f"least and the most are picked among {len(data):,} points, and so a little extreme.",
        "What is unknown of the parameters is averaged over; its range stands beside every point in the data.",
    ]
