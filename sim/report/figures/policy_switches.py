"""Where two policies change places: their difference by fifths of a parameter's prior."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiments.policy.findings import PolicyFinding
from sim.parameters import REGISTRY
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.style import DARK, INK, LIGHT, QUANTITY, wrap
from sim.report.figures.words import lever_name, short
from sim.wording import number_text, percent

STEM = "policy-switches"
ACROSS = 3
DASHES = (0, (3, 2))
PANEL_POINTS = 205.0


def draw_switches(answer: Answer[PolicyFinding]) -> Drawing:
    """Draw the switch points; where there is none, a page that says so in words and draws nothing."""
    data, switches = answer.finding.switch_bins, answer.finding.switch_table
    title, subtitle = _title(answer), _subtitle(answer)
    if switches.empty:
        return Drawing(
            STEM,
            title,
            answer_page(answer, title, subtitle, _none(answer), height=0.2),
            data.iloc[:0],
            subtitle,
        )
    keys = list(dict.fromkeys(zip(data["first"], data["second"], data["parameter"], strict=True)))
    rows = max(1, -(-len(keys) // ACROSS))
    figure = answer_page(answer, title, subtitle, _reading(), height=0.7 + 3.0 * rows)
    panels = figure.subplots(rows, ACROSS, squeeze=False).ravel()
    for axes, key in zip(panels, keys, strict=False):
        _panel(axes, data, key, switches)
    for axes in panels[len(keys) :]:
        axes.set_visible(False)
    for axes in panels[::ACROSS]:
        axes.set_ylabel("Difference in risk\n(percentage points)")
    legend: list[tuple[Artist, str]] = [
        (Patch(facecolor=QUANTITY), "mean difference, first less second"),
        (Line2D([], [], color=INK, linewidth=1.2), "95% by chance"),
        (Line2D([], [], color=INK, linewidth=1.2, linestyle=DASHES), "switch point"),
        (Patch(facecolor=INK, alpha=LIGHT), "its 95%"),
    ]
    add_legend(figure, legend)
    return Drawing(STEM, title, figure, data, subtitle)


def _panel(axes: Axes, data: pd.DataFrame, key: tuple[str, str, str], switches: pd.DataFrame) -> None:
    first, second, parameter = key
    mine = data[(data["first"] == first) & (data["second"] == second) & (data["parameter"] == parameter)]
    middle = (mine["from_quantile"] + mine["to_quantile"]) / 2
    height = 100 * mine["difference"]
    axes.bar(middle, height, width=0.18, color=QUANTITY, alpha=DARK + LIGHT)
    spread = [height - 100 * mine["low"], 100 * mine["high"] - height]
    axes.errorbar(middle, height, yerr=spread, fmt="none", color=INK, elinewidth=1.2)
    axes.axhline(0.0, color=INK, linewidth=0.8)
    _mark_switch(axes, key, switches)
    unit = REGISTRY[parameter].unit
    values = [*mine["from_value"], float(mine["to_value"].iloc[-1])]
    marks = [*mine["from_quantile"], 1.0]
    axes.set_xticks(marks, [number_text(value, 2) for value in values], fontsize=9)
    axes.set_xlabel(f"{parameter}{'' if unit == '1' else f' ({unit})'}", fontsize=10)
    panel_title(axes, wrap(f"{first} less {second}", PANEL_POINTS, 10.5, most=2), size=10.5)


def _mark_switch(axes: Axes, key: tuple[str, str, str], switches: pd.DataFrame) -> None:
    names = ["first", "second", "parameter"]
    for row in switches.to_dict("records"):
        if tuple(row[name] for name in names) == key:
            axes.axvspan(row["quantile_low"], row["quantile_high"], color=INK, alpha=LIGHT, linewidth=0)
            axes.axvline(row["quantile"], color=INK, linewidth=1.2, linestyle=DASHES)


def _title(answer: Answer[PolicyFinding]) -> str:
    of = answer.finding
    table = of.switch_table
    if of.switch_tests == 0:
        return "Parameters are not drawn, so that none makes two policies change places"
    if table.empty:
        return "No parameter was found that makes two policies change places in risk"
    row: dict[str, Any] = table.iloc[0].to_dict()
    first, second = (short(row[name], 14) for name in ("first", "second"))
    return f"{first} and {second} change places at {lever_name(row['parameter'])} {number_text(row['value'])}"


def _subtitle(answer: Answer[PolicyFinding]) -> str:
    of = answer.finding
    table = of.switch_table
    if table.empty:
        return f"As far as {of.rows_judged:,} rows can tell, of {of.switch_tests:,} pairs of policies and parameters."
    row: dict[str, Any] = table.iloc[0].to_dict()
    low, high = number_text(row["value_low"]), number_text(row["value_high"])
    return (
        f"95% by chance {low} to {high}; {percent(row['quantile'])} of the parameter's prior lies below. "
        f"{len(table)} such {'change' if len(table) == 1 else 'changes'} of places in all."
    )


def _none(answer: Answer[PolicyFinding]) -> list[str]:
    """What was looked for, and what came nearest to it, in words."""
    of = answer.finding
    told = [
        "A change of places would be told where the lowest and the highest quarter of a parameter's prior differ in "
        "sign, both beyond chance, with a chance of 5% that any of those told is a false alarm (Holm)."
    ]
    if (near := of.nearest_switch) is not None:
        told.append(
            f"Nearest to it: {near.first} and {near.second} by {near.parameter}, which may well be chance."
        )
    return told


def _reading() -> list[str]:
    return [
        "Each bar: a fifth of the parameter's prior, from low to high, marked with its values; all other parameters as "
        "drawn. Above zero the second policy has the lower risk. The same rows and luck for both.",
        "A change of places is told only where the lowest and the highest quarter differ in sign, both beyond chance, "
        "with a chance of 5% that any of those told is a false alarm (Holm). Bars that seem to change sign without "
        "that were picked as the most extreme of many.",
    ]
