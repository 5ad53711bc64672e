"""A fit drawn: what the record tells of the parameters, whether the model could have made it, what is missing most."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sim.experiments.calibrate import CalibrateFinding
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.calibrate_pairs import draw_pairs
from sim.report.figures.calibrate_targets import draw_targets
from sim.report.figures.result import Drawing
from sim.report.figures.sensitivity_bars import name_rows, share_axis
from sim.report.figures.style import CAPTION, INK, LIGHT, QUANTITY
from sim.report.figures.words import short
from sim.wording import day_text, percent, percent_interval

SHOWN = 24
FITTED = "#2F4B6E"
VERDICTS = {"informed": FITTED, "not told from its prior": QUANTITY, "cannot act": "#C9C9C9"}
KINDS = {"parameter": FITTED, "state": "#B5834A"}


def drawings(answer: Answer[CalibrateFinding]) -> list[Drawing]:
    """Draw parameters against their priors, pairs, the record against the model, and the value of information."""
    pairs = [draw_pairs(answer)] if len(answer.finding.pairs) else []
    return [draw_parameters(answer), *pairs, draw_targets(answer), draw_information(answer)]


def draw_parameters(answer: Answer[CalibrateFinding]) -> Drawing:
    """Posterior intervals over prior ones, for the parameters that the record contracts most."""
    table = answer.finding.parameters
    told = table["verdict"].value_counts()
    chosen = table.head(SHOWN)
    title = f"The record to {_until(answer)} informs {told.get('informed', 0)} of {len(table)} parameters"
    subtitle = (
        f"{told.get('cannot act', 0)} cannot act before then; {told.get('not told from its prior', 0)} are not told "
        "from their priors."
    )
    reading = (
        "Each parameter on the scale on which its prior is standard normal. Pale: the prior's central 90% (from -1.6 "
        "to 1.6). Dark: mean and central 90% of what was fitted, taken as normal. In order of how much the spread has "
        f"shrunk; {len(table) - len(chosen)} more, whose spread has shrunk less, are in parameters.csv.",
    )
    figure = answer_page(answer, title, subtitle, reading, 7.6)
    axes = figure.subplots()
    y = np.arange(len(chosen))[::-1]
    axes.barh(y, 2 * 1.645, 0.62, left=-1.645, color=QUANTITY, alpha=LIGHT, linewidth=0)
    for place, row in zip(y, chosen.itertuples(), strict=True):
        half, colour = 1.645 * row.sd_ratio, VERDICTS[str(row.verdict)]
        axes.hlines(place, row.shift - half, row.shift + half, color=colour, linewidth=3.0)
        axes.plot(row.shift, place, "o", color=colour, markersize=6)
    name_rows(axes, list(chosen["parameter"]), CAPTION)
    axes.axvline(0.0, color=INK, linewidth=0.8)
    axes.set_xlabel("standard deviations of the prior")
    _legend(axes, {name: colour for name, colour in VERDICTS.items() if name in set(chosen["verdict"])})
    return Drawing("parameters", title, figure, table, subtitle)


def draw_information(answer: Answer[CalibrateFinding]) -> Drawing:
    """Share of the variance of the risk that would go if one thing were known."""
    table = answer.finding.information
    chosen = table.head(16)
    best = chosen.iloc[0]
    told, share = bool(best["told"]), percent(max(best["share"], 0.0))
    title = (
        f"Knowing {short(best['known'], 30)} would narrow the risk most: by {share} of its variance"
        if told
        else "So few rows do not tell what would be worth knowing"
    )
    subtitle = (
        f"{_known(best)}: {percent_interval(max(best['low'], 0.0), min(best['high'], 1.0))} of the variance between "
        f"worlds (95% over draws){'' if told else ', the most of any, and picked as that'}."
    )
    reading = (
        "Share of the variance of the risk between worlds, chance taken out, that would be gone on average if one "
        "thing were known exactly. Lines: 95% over draws of the parameters. Of parameters and of the state of the "
        f"world on {_until(answer)}; all are in information.csv.",
    )
    figure = answer_page(answer, title, subtitle, reading, 5.6)
    axes = figure.subplots()
    y = np.arange(len(chosen))[::-1]
    axes.barh(y, chosen["share"], 0.62, color=[KINDS[k] for k in chosen["kind"]], linewidth=0)
    axes.hlines(y, chosen["low"], chosen["high"], color=INK, linewidth=1.1)
    name_rows(axes, [_known(row) for _, row in chosen.iterrows()], CAPTION)
    share_axis(axes, "share of the variance of the risk between worlds")
    kinds = {"parameter": "parameter", "state": "state of the world"}
    _legend(axes, {name: KINDS[kind] for kind, name in kinds.items() if kind in set(chosen["kind"])})
    return Drawing("information", title, figure, table, subtitle)


def _until(answer: Answer[CalibrateFinding]) -> str:
    return day_text(datetime.date.fromisoformat(answer.finding.until))


def _known(row: pd.Series) -> str:
    return str(row["known"]) if row["kind"] == "parameter" else str(row["meaning"])


def _legend(axes: Axes, colours: dict[str, str]) -> None:
    handles = [Patch(color=colour, linewidth=0) for colour in colours.values()]
    axes.legend(
        handles,
        list(colours),
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=len(colours),
        fontsize=CAPTION,
    )
