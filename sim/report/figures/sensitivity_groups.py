"""How much of the variance rests on what the evidence gives and on what is assumed, and on which actor."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from sim.experiments.sensitivity.factors import LUCK
from sim.experiments.sensitivity.finding import SensitivityFinding
from sim.experiments.sensitivity.words import resting_sentence, share_text
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.sensitivity_bars import BASES, bars, hold_shares, kinds_legend, name_rows, share_axis
from sim.report.figures.style import QUANTITY
from sim.wording import percent

STEM = "sensitivity-groups"
UNKNOWN = "Too few samples, or none assumed. Where there is no bar, no interval of the share is known."
OUTPUTS = {"risk": "the risk", "attacks": "the attacks"}


def draw_groups(answer: Answer[SensitivityFinding]) -> Drawing:
    """Draw shares by basis above shares by actor, of the risk on the left and of the attacks on the right."""
    basis, actor = (answer.finding.sobol[name] for name in ("by_basis", "by_actor"))
    title, subtitle = _title(basis), resting_sentence(basis) if _told(basis) else UNKNOWN
    count = len(basis) + len(actor)
    rows = [table["output"].eq("risk").sum() - 1 for table in (basis, actor)]
    data = pd.concat([_named(basis, "basis"), _named(actor, "actor")], ignore_index=True)
    told = [output for output in OUTPUTS if basis.loc[basis["output"] == output, "total_low"].notna().any()]
    if not told:
        return Drawing(
            STEM, title, answer_page(answer, title, subtitle, _reading(answer), 0.2), data, subtitle
        )
    figure = answer_page(answer, title, subtitle, _reading(answer), height=1.6 + 0.28 * count)
    panels = figure.subplots(2, len(told), height_ratios=rows, sharex=True, squeeze=False)
    for place, (table, heading) in enumerate(((basis, "basis"), (actor, "actor"))):
        for across, output in enumerate(told):
            _draw(panels[place, across], table, heading, output)
    for axes in panels.ravel():
        share_axis(axes, "share of variance" if axes in panels[1] else "")
        hold_shares(axes)
    add_legend(figure, kinds_legend({"light": "in all", "dark": "alone", "line": "95% by chance"}))
    return Drawing(STEM, title, figure, data, subtitle)


def _title(basis: pd.DataFrame) -> str:
    mine = _assumed(basis)
    if _told(basis):
        return (
            f"Assumed parameters carry {percent(min(1.0, mine.iloc[0]['total']))} of the variance of the risk"
        )
    if mine.empty and basis["total"].notna().any():
        return "None of the parameters that vary is assumed"
    return "How much of the risk rests on assumed parameters these runs do not tell"


def _assumed(basis: pd.DataFrame) -> pd.DataFrame:
    return basis[(basis["output"] == "risk") & (basis["basis"] == "assumed")]


def _told(basis: pd.DataFrame) -> bool:
    """Whether the share of assumed parameters is known at all: to within less than the whole, and not from nothing."""
    mine = _assumed(basis)
    return bool(len(mine)) and bool(0.0 < mine.iloc[0]["total_low"] > mine.iloc[0]["total_high"] - 1.0)


def _draw(axes: Axes, table: pd.DataFrame, heading: str, output: str) -> None:
    data = table[(table["output"] == output) & (table[heading] != LUCK)].sort_values("total", ascending=False)
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


def _one_run(of: SensitivityFinding) -> str:
    """Say how much of whether one run comes to it the parameters explain."""
    if of.explained_of_one_run is None:
        return "Too few runs came to it, or too few did not, to tell parameters from chance."
    share, low, high = of.explained_of_one_run
    told = share_text({"x": share, "x_low": low, "x_high": high}, "x")
    return (
        f"Of whether one run comes to it, the parameters explain {told} of the variance; the rest is chance."
    )


def _reading(answer: Answer[SensitivityFinding]) -> list[str]:
    return [
        "Alone: how much of the variance between draws of the parameters would go if all parameters of the group were "
        "known. In all: how much would be left if only these were unknown. In brackets: how many parameters are in "
        "the group. Attacks: the mean over a row's runs of log(1 + attacks). Chance averaged out. "
        + _one_run(answer.finding),
    ]
