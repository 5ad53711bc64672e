"""A sweep of more than two numbers: the risk against each, one panel each."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.experiments.sweep import LeverPart, SweepFinding
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend
from sim.report.figures.result import Drawing
from sim.report.figures.style import (
    FAINT,
    INK,
    SPIRAL,
    SPIRALS,
    percent_axis,
    points_axis,
)
from sim.report.figures.sweep_line import lever_axis
from sim.report.figures.sweep_map import extremes, extremes_subtitle
from sim.report.figures.words import exchange
from sim.report.swept import placed, shares_luck
from sim.wording import points_text

ACROSS, BINS, IN_BIN = 3, 8, 12
DASHES = (0, (4, 2))


def draw_panels(answer: Answer[SweepFinding]) -> Drawing:
    """Draw the risk of every point against each lever, and its change below, with means over what the others do."""
    levers, event = answer.finding.levers, answer.finding.event
    data = placed(answer.finding.sweep, levers)
    title, subtitle = extremes(data, levers, event), extremes_subtitle(data, levers, event)
    names = [event, *([f"{event}_change"] if f"{event}_change" in data else [])]
    across, rows = min(ACROSS, len(levers)), -(-len(levers) // ACROSS) * len(names)
    figure = answer_page(answer, title, subtitle, _reading(answer, len(names) > 1), height=0.6 + 2.3 * rows)
    grid = figure.add_gridspec(rows, across)
    shared: dict[str, Axes] = {}
    for place, lever in enumerate(levers):
        for step, name in enumerate(names):
            row = place // ACROSS * len(names) + step
            axes = figure.add_subplot(grid[row, place % ACROSS], sharey=shared.get(name))
            shared.setdefault(name, axes)
            _draw_panel(axes, data, lever, name, event)
            axes.tick_params(labelleft=place % ACROSS == 0)
            if answer.finding.design == "grid":
                lever_axis(axes, lever, data[lever.path], 150.0)
            if place % ACROSS == 0:
                axes.set_ylabel(
                    "Change (points)" if step else f"Runs with a\n{exchange(event)} (%)", fontsize=10.5
                )
    shared[event].set_ylim(0.0, min(1.0, max(0.001, 1.08 * float(data[event].max()))))
    add_legend(figure, _legend(event))
    return Drawing("sweep", title, figure, answer.finding.sweep, subtitle)


def _legend(event: str) -> list[tuple[Artist, str]]:
    return [
        (
            Line2D(
                [], [], color=SPIRALS.get(event, SPIRAL), linestyle="", marker="o", markersize=4, alpha=0.6
            ),
            "a point",
        ),
        (Line2D([], [], color=INK), "mean over the others"),
        (Line2D([], [], color=SPIRAL, linestyle=DASHES), "of it spiral"),
    ]


def _draw_panel(axes: Axes, data: pd.DataFrame, lever: LeverPart, name: str, event: str) -> None:
    x, y = data[lever.path].to_numpy(), data[name].to_numpy()
    axes.scatter(
        x, y, s=14, color=SPIRALS.get(event, SPIRAL), alpha=0.6, linewidths=0, rasterized=len(x) > 2_000
    )
    axes.plot(*_means(x, y), color=INK, gid=name)
    axes.set_xlabel(f"{lever.path} ({lever.unit})" if lever.unit else lever.path)
    if name != event:
        axes.axhline(0.0, color=FAINT, linewidth=1.0)
        points_axis(axes, most=5)
        return
    if "spiral" in data:
        axes.plot(*_means(x, data["spiral"].to_numpy()), color=SPIRAL, linestyle=DASHES, gid="spiral")
    percent_axis(axes)


def _means(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean of y at each value of x, or over stretches of x where the values are many."""
    values = np.unique(x)
    if len(values) > 2 * BINS:
        bins = max(2, min(BINS, len(x) // IN_BIN))
        edges = np.quantile(x, np.linspace(0.0, 1.0, bins + 1))
        groups = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, bins - 1)
    else:
        groups = np.searchsorted(values, x)
    counts = np.bincount(groups)
    return np.bincount(groups, weights=x) / counts, np.bincount(groups, weights=y) / counts


def _reading(answer: Answer[SweepFinding], paired: bool) -> list[str]:
    event, data = answer.finding.event, answer.finding.sweep
    change = " Below: the change from the first point, paired by run." if paired else ""
    luck = (
        "; all share runs and luck, so that their differences are surer"
        if shares_luck(answer.finding)
        else ""
    )
    alone = float((data[f"{event}_high"] - data[f"{event}_low"]).max() / 2)
    return [
        f"Each dot: a point of {answer.finding.runs:,} runs, drawn in every panel. By chance a dot is "
        f"known to within {points_text(alone)}{luck}.{change} "
        "Lines: the mean over what the other numbers do, over several points at a time where they are scattered. The "
        f"least and the most are picked among {len(data):,} points, and so a little extreme.",
    ]
