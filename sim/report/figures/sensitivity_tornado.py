"""The tornado: for each of the strongest parameters its share of the variance, and which way it moves the risk."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.experiments.sensitivity.finding import SensitivityFinding
from sim.experiments.sensitivity.words import share_text, told_from_zero, values_text
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.sensitivity_bars import (
    BASES,
    bars,
    basis_legend,
    hold_shares,
    kinds_legend,
    name_rows,
    share_axis,
)
from sim.report.figures.style import FAINT, INK
from sim.report.figures.words import capital, exchange, short
from sim.wording import percent

STEM = "sensitivity"


def draw_tornado(answer: Answer[SensitivityFinding]) -> Drawing:
    """Draw shares on the left, and the risk at both ends of each prior on the right."""
    whole = answer.finding.sobol["indices"]
    data = whole[whole["fresh"]].reset_index(drop=True)
    title, subtitle = _title(data, answer.finding.event, answer.finding.factors), _subtitle(data)
    told = data["total"].notna().any()
    height = 1.5 + 0.40 * len(data) if told else 0.2
    figure = answer_page(answer, title, subtitle, _reading(answer, whole), height)
    if told:
        left, right = figure.subplots(1, 2, width_ratios=(1.0, 1.05))
        _draw_shares(left, data)
        assert answer.finding.headline is not None
        _draw_ends(right, data, answer.finding.headline.probability)
        ends: list[tuple[Artist, str]] = [
            (Line2D([], [], color=FAINT, marker="o", markersize=5.5, markerfacecolor="white"), "low tenth"),
            (Line2D([], [], color=FAINT, marker="o", markersize=5.5), "high tenth"),
        ]
        shares = kinds_legend({"light": "in all", "dark": "alone", "line": "95% by chance"})
        add_legend(figure, [*shares, *basis_legend(data["basis"].tolist()), *ends], size=10.5)
    return Drawing(STEM, title, figure, whole, subtitle)


def _draw_shares(axes: Axes, data: pd.DataFrame) -> None:
    colours = [BASES[basis] for basis in data["basis"]]
    bars(axes, data, "total", colours, light=True)
    bars(axes, data, "alone", colours, inner=True)
    name_rows(axes, data["factor"].tolist())
    panel_title(axes, ["Share of the variance of the risk"])
    share_axis(axes, "share of variance", most=5)
    hold_shares(axes)


def _draw_ends(axes: Axes, data: pd.DataFrame, mean: float) -> None:
    y = np.arange(len(data))[::-1]
    colours = [BASES[basis] for basis in data["basis"]]
    axes.hlines(y, data["at_low"], data["at_high"], color=colours, linewidth=4, alpha=0.55)
    for end, shift in (("at_low", 0.2), ("at_high", -0.2)):
        axes.hlines(y + shift, data[f"{end}_low"], data[f"{end}_high"], color=INK, linewidth=1.1)
    axes.scatter(data["at_low"], y, s=34, facecolors="white", edgecolors=colours, linewidths=1.6, zorder=3)
    axes.scatter(data["at_high"], y, s=34, color=colours, zorder=3)
    axes.axvline(mean, color=FAINT, linewidth=1.0, linestyle="--")
    name_rows(axes, [values_text(row) for row in data.to_dict("records")], size=9.0)
    panel_title(axes, ["Mean risk at both ends of the prior"])
    share_axis(axes, f"risk (dashed: over all, {percent(mean)})")
    axes.set_xlim(left=0.0, right=min(1.0, axes.get_xlim()[1]))


def _title(data: pd.DataFrame, event: str, count: int) -> str:
    if data["total"].isna().all():
        return f"{capital(exchange(event))}: these runs do not tell what its risk rests on"
    top = data.iloc[0]
    if not told_from_zero(top.to_dict(), "total"):
        return f"{capital(exchange(event))}: none of {count} parameters stands out with so many samples"
    told = share_text(top, "total").partition(" [")[0]
    return f"The risk of a {exchange(event)} rests most on {short(top['factor'], 30)}: {told} of its variance"


def _subtitle(data: pd.DataFrame) -> str:
    top = data.iloc[0]
    if data["total"].isna().all() or not told_from_zero(top.to_dict(), "total"):
        return (
            "The 95% interval by chance of every share reaches zero, or is not known: then there is no bar."
        )
    return f"{share_text(top, 'total')} in all, {share_text(top, 'alone')} alone (95% by chance)."


def _known(rest: pd.DataFrame) -> bool:
    return bool(len(rest) and rest.iloc[0]["total"] > 0 and math.isfinite(rest.iloc[0]["total_high"]))


def _reading(answer: Answer[SensitivityFinding], whole: pd.DataFrame) -> list[str]:
    of = answer.finding
    rest = whole[~whole["fresh"] & whole["total"].notna()]
    largest = (
        f", at most {share_text(rest.iloc[0], 'total')} ({rest.iloc[0]['factor']})" if _known(rest) else ""
    )
    return [
        "Left: how much of the variance of the risk between parameter draws, chance averaged out, would go if the "
        "parameter were known (dark), and how much hangs on it with its interplay with others (light). Shares in all "
        f"add up to more than 100%. Shown: the {len(whole) - len(rest) - 1} strongest of {of.factors} in a first "
        f"pass, measured again on fresh samples; all others are in the data{largest}.",
        f"Right: mean risk in the lowest and in the highest tenth of the prior over {of.rows:,} rows; values at the "
        "middle of both tenths beside the axis. A bar whose line reaches 0 is not told from nothing.",
    ]
