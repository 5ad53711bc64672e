"""Posterior predictive checks drawn: every number on record in what the fitted model would have reported."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiments.calibrate import CalibrateFinding
from sim.outcomes import OUTCOMES
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.sensitivity_bars import name_rows
from sim.report.figures.style import CAPTION, COUNTRIES, DARK, INK, LIGHT, QUANTITY
from sim.wording import day_text

COLOURS = {
    "attacks_iraq": COUNTRIES["iraq"], "attacks_syria": COUNTRIES["syria"], "attacks_jordan": COUNTRIES["jordan"],
}  # fmt: skip
NAMES = {name: outcome.label for name, outcome in OUTCOMES.items()} | {"attacks": "attacks in all"}


def draw_targets(answer: Answer[CalibrateFinding]) -> Drawing:
    """Intervals of what would be reported, by kind of run, with what was."""
    table = answer.finding.targets
    kinds = list(dict.fromkeys(table["kind"]))
    last = table[table["kind"] == kinds[-1]]
    inside = int(last["inside"].sum())
    title = (
        f"{'All' if inside == len(last) else f'{inside} of'} {len(last)} numbers on record lie in the fitted model's "
        "central 90%"
    )
    each = ", ".join(f"{_apart(kind)} {_inside(table, kind)}" for kind in kinds)
    subtitle = f"Of what it would have reported: {each}."
    reading = (
        "Bands: central 50% and 90% of reports, scattered as officials' counts do; cross: what is on record (an arrow: "
        "at least so many). Left: the pasts that were fitted. Middle: the same parameters with fresh luck, Washington "
        "led along the record. Right: the same with everything left to the model.",
    )
    figure = answer_page(answer, title, subtitle, reading, 6.4)
    for axes, kind in zip(figure.subplots(1, len(kinds), sharey=True), kinds, strict=True):
        _panel(axes, table[table["kind"] == kind])
        panel_title(axes, kind.split(", "), CAPTION)
    first = figure.axes[0]
    name_rows(first, [f"{NAMES[str(r.series)]}, to {_last(r.date)}" for r in last.itertuples()], CAPTION)
    add_legend(figure, _explained(), size=CAPTION)
    return Drawing("targets", title, figure, table, subtitle)


def _apart(kind: str) -> str:
    """Put what follows a comma in brackets: `fresh luck (all free)`."""
    first, comma, rest = kind.partition(", ")
    return f"{first} ({rest})" if comma else first


def _inside(table: pd.DataFrame, kind: str) -> str:
    mine = table[table["kind"] == kind]
    return f"{int(mine['inside'].sum())} of {len(mine)}"


def _panel(axes: Axes, data: pd.DataFrame) -> None:
    y = np.arange(len(data))[::-1]
    for place, row in zip(y, data.itertuples(), strict=True):
        colour = COLOURS.get(str(row.series), QUANTITY)
        axes.barh(place, row.q95 - row.q05, 0.62, left=row.q05, color=colour, alpha=LIGHT + 0.1, linewidth=0)
        axes.barh(place, row.q75 - row.q25, 0.62, left=row.q25, color=colour, alpha=DARK, linewidth=0)
        marker = ">" if row.bound == "at_least" else "x"
        axes.plot(row.recorded, place, marker, color=INK, markersize=7, markeredgewidth=2)
    axes.set_xscale("symlog", linthresh=10)
    axes.set_xlim(-1, max(300.0, float(data["q95"].max()) * 1.1))
    axes.set_xticks([0, 5, 10, 30, 100, 300], ["0", "5", "10", "30", "100", "300"])
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.set_xlabel("number")


def _last(date: object) -> str:
    return day_text(pd.Timestamp(str(date)).date()).rsplit(" ", 1)[0]


def _explained() -> list[tuple[Artist, str]]:
    cross = Line2D([], [], color=INK, marker="x", linestyle="", markersize=7, markeredgewidth=2)
    return [
        (Patch(color=QUANTITY, alpha=DARK, linewidth=0), "50%"),
        (Patch(color=QUANTITY, alpha=LIGHT + 0.1, linewidth=0), "90%"),
        (cross, "on record"),
    ]
