"""The ranking of Morris's method: how large the elementary effects are, and how much they differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.experiments.sensitivity.finding import SensitivityFinding
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.sensitivity_bars import BASES, bars, basis_legend, kinds_legend, name_rows
from sim.report.figures.style import INK
from sim.report.figures.words import capital, exchange, short
from sim.wording import change_with_chance

STEM, SHOWN = "sensitivity", 16


def draw_morris(answer: Answer[SensitivityFinding]) -> Drawing:
    """Draw the size of the largest effects on the left, and their mean and spread on the right."""
    whole = answer.finding.tables["effects"]
    data = whole.head(SHOWN).reset_index(drop=True)
    title, subtitle = _title(data, answer.finding.event), _subtitle(data)
    figure = answer_page(answer, title, subtitle, _reading(answer), height=1.4 + 0.34 * len(data))
    left, right = figure.subplots(1, 2, sharey=True)
    percent = data.copy()
    numbers = [name for name in data if str(name).startswith(("size", "mean", "sigma"))]
    percent[numbers] = 100 * data[numbers]
    colours = [BASES[basis] for basis in data["basis"]]
    _draw_size(left, percent, colours)
    _draw_mean(right, percent, colours)
    add_legend(figure, [*basis_legend(data["basis"].tolist()), *kinds_legend({"line": "95% by chance"})])
    return Drawing(STEM, title, figure, whole, subtitle)


def _draw_size(axes: Axes, data: pd.DataFrame, colours: list[str]) -> None:
    bars(axes, data, "size", colours, light=True)
    axes.plot(data["sigma"], np.arange(len(data))[::-1], "x", color=INK, markersize=5, label="sigma")
    name_rows(axes, data["factor"].tolist())
    axes.set_xlim(left=0.0)
    panel_title(axes, ["Size of the effect, either way (mu*); x: sigma"])
    axes.set_xlabel("percentage points of risk")


def _draw_mean(axes: Axes, data: pd.DataFrame, colours: list[str]) -> None:
    bars(axes, data, "mean", colours, light=True)
    axes.axvline(0.0, color=INK, linewidth=0.8)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)
    panel_title(axes, ["Mean effect, with its sign (mu)"])
    axes.set_xlabel("percentage points of risk")


def _title(data: pd.DataFrame, event: str) -> str:
    top = data.iloc[0]
    if not top["size"] > 0:
        return f"{capital(exchange(event))}: the risk is the same at every point that was tried"
    told = _size(top).partition(" [")[0]
    return f"{short(top['factor'], 30)} moves {exchange(event)}s most: by {told} points on average"


def _subtitle(data: pd.DataFrame) -> str:
    top = data.iloc[0]
    return (
        f"{_size(top)} percentage points, 95% by chance."
        if top["size"] > 0
        else "No elementary effect was seen."
    )


def _size(top: pd.Series) -> str:
    return change_with_chance(top["size"], top["size_low"], top["size_high"]).replace("+", "")


def _reading(answer: Answer[SensitivityFinding]) -> list[str]:
    of = answer.finding
    return [
        f"Effects of moving one parameter, scaled to the way from the 5% to the 95% end of its prior, "
        f"over {of.samples} trajectories "
        f"through the space of all {of.factors}, {of.runs} runs a point with the same luck. Size counts changes "
        "either way, and holds some luck: compare the bar of luck, in which only the luck is changed. A sigma (x) as "
        "large as the size means that the effect hangs on the other parameters. The first of a ranking "
        "is likely overstated. All are in the data.",
    ]
