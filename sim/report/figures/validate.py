"""A validation drawn: what each forecaster foresaw of every count, with what came."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.experiments.validate import ValidateFinding
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.calibrate_targets import NAMES
from sim.report.figures.page import panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.sensitivity_bars import name_rows
from sim.report.figures.style import CAPTION, DARK, INK, LIGHT, QUANTITY
from sim.wording import day_text

MODEL_COLOUR = "#2F4B6E"
OWN = "this model"
DISCRETE = ("attacks_iraq", "attacks_syria", "attacks_jordan", "attacks")


def drawings(answer: Answer[ValidateFinding]) -> list[Drawing]:
    """Draw the counts that were held out, by forecaster."""
    table = answer.finding.increments
    chosen = table[table["series"].isin(DISCRETE)].reset_index(drop=True)
    return [draw_counts(answer, chosen)] if len(chosen) else []


def draw_counts(answer: Answer[ValidateFinding], table: pd.DataFrame) -> Drawing:
    """One panel a count: the central 50% and 90% of every forecaster, and what was reported."""
    panels = list(table.groupby(["as_of", "series", "first", "last"], sort=False))
    own = table[table["forecaster"] == OWN]
    title = (
        f"{int(own['in90'].sum())} of {len(own)} held-out counts of attacks lie in the model's central 90%"
    )
    within = f"{int(own['in50'].sum())} of {len(own)} in its central 50%; " if "in50" in own else ""
    subtitle = f"{within}beside it what simpler forecasters make of the same days."
    reading = (
        "Each panel: a count of attacks reported of days after the date up to which forecasters were fitted. Bands: "
        "central 50% and 90% of what each would have reported; line: what was reported. Retrodiction: whoever built "
        "the model knew what came. Outside pressures after each date are drawn from a prior.",
    )
    columns = 2 if len(panels) > 1 else 1
    lines = -(-len(panels) // columns)
    figure = answer_page(answer, title, subtitle, reading, 2.6 * lines + 0.6)
    grid = figure.subplots(lines, columns, squeeze=False)
    for place, (axes, (key, rows)) in enumerate(zip(grid.ravel(), panels, strict=False)):
        _panel(axes, rows.reset_index(drop=True), first=place % columns == 0)
        panel_title(axes, _heading(key), CAPTION)
    for axes in grid.ravel()[len(panels) :]:
        axes.set_axis_off()
    return Drawing("held-out", title, figure, table, subtitle)


def _panel(axes: Axes, rows: pd.DataFrame, first: bool) -> None:
    y = np.arange(len(rows))[::-1]
    for place, row in zip(y, rows.itertuples(), strict=True):
        colour = MODEL_COLOUR if str(row.forecaster).startswith(OWN) else QUANTITY
        axes.barh(place, row.q95 - row.q05, 0.62, left=row.q05, color=colour, alpha=LIGHT + 0.1, linewidth=0)
        axes.barh(place, row.q75 - row.q25, 0.62, left=row.q25, color=colour, alpha=DARK, linewidth=0)
    axes.axvline(rows["recorded"].iloc[0], color=INK, linewidth=1.6)
    name_rows(
        axes, [_short(str(name)) for name in rows["forecaster"]] if first else [""] * len(rows), CAPTION
    )
    axes.set_xlim(left=-1.0)
    axes.set_xlabel("attacks" + (", at least" if rows["bound"].iloc[0] == "at_least" else ""))


def _short(name: str) -> str:
    return name.replace("constant rate (", "").replace(")", "").replace("this model, ", "")


def _heading(key: Any) -> list[str]:
    as_of, series, first, last = key
    dates = [day_text(pd.Timestamp(str(d)).date()) for d in (as_of, first, last)]
    return [f"{NAMES[str(series)]}, {dates[1]} to {dates[2]}", f"fitted to {dates[0]}"]
