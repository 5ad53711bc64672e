"""Rival explanations drawn: the risk under each, and how far what is on record speaks for it."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiments.rivals import RivalsFinding
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.sensitivity_bars import name_rows
from sim.report.figures.style import CAPTION, INK, LIGHT, QUANTITY, SPIRALS
from sim.report.figures.words import capital, exchange
from sim.wording import day_text, percent


def drawings(answer: Answer[RivalsFinding]) -> list[Drawing]:
    """Draw the risk under each rival beside both of its weights."""
    of, table = answer.finding, answer.finding.rivals
    name, (least, most) = exchange(of.definition), (percent(share) for share in (of.least, of.most))
    title = f"{capital(name)} in {least} to {most} of runs over rival explanations"
    lightest, heaviest = (percent(weight) for weight in (table["weight"].min(), table["weight"].max()))
    subtitle = f"Their weights by the record to {_day(of.until)}: {lightest} to {heaviest}."
    figure = answer_page(answer, title, subtitle, _reading(of), 3.9)
    left, right = figure.subplots(1, 2, sharey=True)
    y = np.arange(len(table))[::-1]
    _draw_risks(left, table, y, of.definition)
    _draw_weights(right, table, y)
    name_rows(left, list(table["rival"]), CAPTION)
    add_legend(figure, _legend(SPIRALS[of.definition]))
    return [Drawing("rivals", title, figure, table, subtitle)]


def _reading(of: RivalsFinding) -> list[str]:
    return [
        "Left: risk under each, with 95% by chance (line) and the central 90% with the parameters unknown (pale). "
        f"Right: weight, all held equally likely before, by what is on record to {_day(of.until)} (dark), and post hoc "
        f"by what the articles tell up to {_day(of.until_all)} (pale): whoever built the model knew that.",
    ]


def _draw_risks(axes: Axes, table: pd.DataFrame, y: np.ndarray, event: str) -> None:
    width, left = 100 * (table["unknown_high"] - table["unknown_low"]), 100 * table["unknown_low"]
    axes.barh(y, width, 0.62, left=left, color=SPIRALS[event], alpha=LIGHT, linewidth=0)
    axes.hlines(y, 100 * table["risk_low"], 100 * table["risk_high"], color=INK, linewidth=1.6)
    axes.plot(100 * table["risk"], y, "o", color=SPIRALS[event])
    axes.set_xlim(0, min(100.0, 108 * float(table[["risk_high", "unknown_high"]].max().max())))
    axes.set_xlabel("risk (%)")
    panel_title(axes, [f"Risk of a {exchange(event)}"])


def _draw_weights(axes: Axes, table: pd.DataFrame, y: np.ndarray) -> None:
    """Both weights of each rival; of one that is held beside them, that it has none."""
    axes.barh(y + 0.17, 100 * table["weight"], 0.3, color=QUANTITY, linewidth=0)
    axes.barh(y - 0.17, 100 * table["weight_all"], 0.3, color=QUANTITY, alpha=LIGHT + 0.15, linewidth=0)
    for place in y[table["weight"].isna()]:
        axes.text(0.6, place, "held beside them, and not weighed", va="center", size=CAPTION)
    axes.set_xlim(0, min(100.0, 125 * float(table[["weight", "weight_all"]].max().max())))
    axes.set_xlabel("weight (%)")
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    axes.grid(True, axis="x")
    panel_title(axes, ["Weight"])


def _legend(colour: str) -> list[tuple[Artist, str]]:
    return [
        (Line2D([], [], color=INK, linewidth=1.6), "95% by chance"),
        (Patch(color=colour, alpha=LIGHT, linewidth=0), "90%, parameters unknown"),
        (Patch(color=QUANTITY, linewidth=0), "by the record"),
        (Patch(color=QUANTITY, alpha=LIGHT + 0.15, linewidth=0), "post hoc"),
    ]


def _day(iso: str) -> str:
    return day_text(datetime.date.fromisoformat(iso))
