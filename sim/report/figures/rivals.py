"""Rival explanations drawn: the risk under each, and how far what is on record speaks for it."""

from __future__ import annotations

import datetime

import numpy as np
from matplotlib.artist import Artist
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
    of = answer.finding
    table = of.rivals
    colour = SPIRALS[of.definition]
    name, (least, most) = exchange(of.definition), (percent(share) for share in (of.least, of.most))
    title = f"{capital(name)} in {least} to {most} of runs over rival explanations"
    lightest, heaviest = (percent(weight) for weight in (table["weight"].min(), table["weight"].max()))
    subtitle = f"Their weights by the record to {_day(of.until)}: {lightest} to {heaviest}."
    reading = (
        "Left: risk under each, with 95% by chance (line) and the central 90% with the parameters unknown (pale). "
        f"Right: weight, all held equally likely before, by what is on record to {_day(of.until)} (dark), and post hoc "
        f"by what the articles tell up to {_day(of.until_all)} (pale): whoever built the model knew that.",
    )
    figure = answer_page(answer, title, subtitle, reading, 3.9)
    left, right = figure.subplots(1, 2, sharey=True)
    y = np.arange(len(table))[::-1]
    left.barh(
        y, 100 * (table["unknown_high"] - table["unknown_low"]), 0.62, left=100 * table["unknown_low"], color=colour,
        alpha=LIGHT, linewidth=0,
    )  # fmt: skip
    left.hlines(y, 100 * table["risk_low"], 100 * table["risk_high"], color=INK, linewidth=1.6)
    left.plot(100 * table["risk"], y, "o", color=colour)
    left.set_xlim(0, min(100.0, 108 * float(table[["risk_high", "unknown_high"]].max().max())))
    left.set_xlabel("risk (%)")
    panel_title(left, [f"Risk of a {exchange(of.definition)}"])
    right.tick_params(axis="y", length=0)
    right.barh(y + 0.17, 100 * table["weight"], 0.3, color=QUANTITY, linewidth=0)
    right.barh(y - 0.17, 100 * table["weight_all"], 0.3, color=QUANTITY, alpha=LIGHT + 0.15, linewidth=0)
    right.set_xlim(0, min(100.0, 125 * float(table[["weight", "weight_all"]].max().max())))
    right.set_xlabel("weight (%)")
    panel_title(right, ["Weight"])
    for place in y[table["weight"].isna()]:
        right.text(0.6, place, "held beside them, and not weighed", va="center", size=CAPTION)
    name_rows(left, list(table["rival"]), CAPTION)
    right.grid(False, axis="y")
    right.grid(True, axis="x")
    marks: list[tuple[Artist, str]] = [
        (Line2D([], [], color=INK, linewidth=1.6), "95% by chance"),
        (Patch(color=colour, alpha=LIGHT, linewidth=0), "90%, parameters unknown"),
        (Patch(color=QUANTITY, linewidth=0), "by the record"),
        (Patch(color=QUANTITY, alpha=LIGHT + 0.15, linewidth=0), "post hoc"),
    ]
    add_legend(figure, marks)
    return [Drawing("rivals", title, figure, table, subtitle)]


def _day(iso: str) -> str:
    return day_text(datetime.date.fromisoformat(iso))
