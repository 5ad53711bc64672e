"""How much of the variance rests on what the evidence gives and on what is assumed, and on which actor."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from sim.experiments.sensitivity.factors import LUCK
from sim.experiments.sensitivity.finding import SensitivityFinding
from sim.experiments.sensitivity.words import one_run_sentence, resting_sentence
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.sensitivity_bars import BASES, bars, kinds_legend, name_rows, share_axis
from sim.report.figures.style import QUANTITY

STEM = "sensitivity-groups"
OUTPUTS = {"risk": "the risk", "attacks": "the attacks"}


def draw_groups(answer: Answer[SensitivityFinding]) -> Drawing:
    """Draw shares by basis above shares by actor, of the risk on the left and of the attacks on the right."""
    basis, actor = (answer.finding.sobol[name] for name in ("by_basis", "by_actor"))
    title = resting_sentence(basis).rstrip(".")
    count = len(basis) + len(actor)
    figure = answer_page(answer, title, _reading(answer), height=1.6 + 0.28 * count)
    rows = [table["output"].eq("risk").sum() - 1 for table in (basis, actor)]
    panels = figure.subplots(2, 2, height_ratios=rows, sharex=True)
    for place, (table, heading) in enumerate(((basis, "basis"), (actor, "actor"))):
        for across, output in enumerate(OUTPUTS):
            _draw(panels[place, across], table, heading, output)
    for axes in panels.ravel():
        share_axis(axes, "share of variance" if axes in panels[1] else "")
    add_legend(figure, kinds_legend({"light": "in all", "dark": "alone", "line": "95% by chance"}))
    data = pd.concat([_named(basis, "basis"), _named(actor, "actor")], ignore_index=True)
    return Drawing(STEM, title, figure, data)


def _draw(axes: Axes, table: pd.DataFrame, heading: str, output: str) -> None:
    data = table[(table["output"] == output) & (table[heading] != LUCK)].sort_values("total", ascending=False)
    if data["total"].isna().all():
        panel_title(axes, [f"Variance of {OUTPUTS[output]}: none"])
        return
    colours = [BASES.get(name, QUANTITY) for name in data[heading]]
    bars(axes, data, "total", colours, light=True)
    bars(axes, data, "first", colours, inner=True)
    name_rows(
        axes, [f"{name} ({count})" for name, count in zip(data[heading], data["parameters"], strict=True)]
    )
    panel_title(axes, [f"Variance of {OUTPUTS[output]}, by {heading}"])
    axes.tick_params(axis="x", labelbottom=heading == "actor")


def _named(table: pd.DataFrame, heading: str) -> pd.DataFrame:
    renamed: dict[str, Any] = {heading: "group"}
    return table.rename(columns=renamed).assign(grouped_by=heading)


def _reading(answer: Answer[SensitivityFinding]) -> list[str]:
    return [
        "Alone: how much of the variance between rows of parameters would go if all parameters of the group were "
        "known. In all: how much would be left if only these were unknown. In brackets: how many parameters are in "
        "the group. Attacks: the mean over a row's runs of log(1 + attacks). Luck averaged out. "
        + one_run_sentence(answer.finding),
    ]
