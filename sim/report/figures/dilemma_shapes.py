"""Single draws of the parameters drawn: their curves by shape, what they suffer, and what tells them apart."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from sim.experiments.dilemma import DilemmaFinding
from sim.experiments.dilemma.shapes import DILEMMA, FALSE_ALARM, SHAPES
from sim.experiments.dilemma.telling import share_at, where_lines
from sim.experiments.dilemma.where import RISING
from sim.experiments.dilemma.worlds import NO_FEEDBACK, TOGETHER
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.dilemma_response import look_of
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.style import FAINT, INK, LIGHT, SPIRALS, percent_axis
from sim.report.figures.words import exchange
from sim.wording import percent

MOST_PARAMETERS = 8
GROUPS = ("falls through feedback", "rises through feedback", "both", "neither", DILEMMA)
FEWER, SAME, MORE = "#BFE3CA", "#8F8F8F", "#882255"


def draw_shapes(answer: Answer[DilemmaFinding]) -> Drawing:
    """Draw every draw's risk against readiness, a panel a shape; below, attacks and parameters."""
    of = answer.finding
    shapes, draws, title, subtitle = of.shapes, of.each_draw, _title(of), _subtitle(of)
    figure = answer_page(answer, title, subtitle, _reading(of), height=6.4)
    parts: Any = figure.subfigures(2, 1, height_ratios=(1, 1.1))
    upper, lower = parts
    seen = _seen(shapes)
    panels = upper.subplots(1, len(seen), sharex=True, sharey=True, squeeze=False)[0]
    for axes, shape in zip(panels, seen, strict=True):
        _draw_curves(axes, draws[draws["shape"] == shape], of.definition)
        mine = shapes[shapes["shape"] == shape].iloc[0]
        aside = percent(mine["without_feedback"] / of.draws)
        panel_title(axes, [shape.capitalize(), share_at(mine), f"no feedback: {aside}"], size=10.0)
    panels[0].set_ylabel(f"Runs with a\n{exchange(of.definition)} (%)")
    panels[0].set_ylim(0.0, 1.0)
    percent_axis(panels[0])
    panels[len(seen) // 2].set_xlabel("readiness (logits)")
    where = of.where[of.where["comparison"] == RISING]
    below = lower.subplots(
        1, 2 if len(where) else 1, width_ratios=(1, 1.15)[: 2 if len(where) else 1], squeeze=False
    )[0]
    _draw_groups(below[0], shapes, of.draws)
    if len(where):
        _draw_where(below[1], where)
    add_legend(figure, _legend(of.definition, bool(len(where))), rows=2)
    return Drawing("shapes", title, figure, draws, subtitle)


def _seen(shapes: pd.DataFrame) -> list[str]:
    """The shapes that some draw has."""
    return [shape for shape in SHAPES if shapes.loc[shapes["shape"] == shape, "draws"].sum() > 0]


def _draw_curves(axes: Axes, draws: pd.DataFrame, event: str) -> None:
    for _, one in draws.groupby("row"):
        axes.plot(one["value"], one["risk"], color=SPIRALS[event], linewidth=0.7, alpha=LIGHT * 1.6)
    if len(draws):
        mean = draws.groupby("value")["risk"].mean()
        axes.plot(mean.index, mean.to_numpy(), **look_of(TOGETHER))
        aside = draws.groupby("value")["risk_without_feedback"].mean()
        axes.plot(aside.index, aside.to_numpy(), **look_of(NO_FEEDBACK))
    axes.set_xticks([-6, 0, 6])


def _draw_groups(axes: Axes, shapes: pd.DataFrame, draws: int) -> None:
    """Shares of the prior by what feedback does, cut by attacks suffered at the most readiness against the least."""
    rows = shapes[shapes["shape"].isin(GROUPS)].iloc[::-1].reset_index(drop=True)
    same = rows["draws"] - rows["fewer_attacks"] - rows["more_attacks"]
    before = 0.0 * rows["draws"]
    for values, colour in ((rows["fewer_attacks"], FEWER), (same, SAME), (rows["more_attacks"], MORE)):
        axes.barh(rows["shape"], values / draws, left=before, color=colour, height=0.62, linewidth=0)
        before = before + values / draws
    errors = (rows["share"] - rows["share_low"], rows["share_high"] - rows["share"])
    axes.errorbar(
        rows["share"], rows["shape"], xerr=errors, fmt="none", ecolor=INK, elinewidth=1.4, capsize=3
    )
    axes.set_xlim(left=0.0)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set_xlabel("share of the draws")
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    panel_title(axes, ["What answering more does to the risk"], size=10.5)


def _draw_where(axes: Axes, where: pd.DataFrame) -> None:
    """The most telling parameters of rising against falling draws, those beyond chance filled."""
    rows = where.head(MOST_PARAMETERS).iloc[::-1].reset_index(drop=True)
    panel_title(axes, ["Where: what tells rising from falling draws"], size=10.5)
    for place, row in enumerate(rows.to_dict("records")):
        face = INK if row["beyond_luck"] else "white"
        axes.plot([0.5, row["higher"]], [place, place], color=FAINT, linewidth=1.2, zorder=1)
        axes.plot(row["higher"], place, marker="o", color=INK, markerfacecolor=face, markersize=6)
    axes.axvline(0.5, color=INK, linewidth=0.8)
    axes.set_yticks(range(len(rows)), rows["parameter"])
    axes.set_xlim(0.0, 1.0)
    axes.grid(visible=True, axis="x")
    axes.set_xlabel("chance that a rising draw's is higher")


def _legend(event: str, compared: bool) -> list[tuple[Artist, str]]:
    beyond: list[tuple[Artist, str]] = [
        (Line2D([], [], color=INK, linestyle="", marker="o"), "beyond chance"),
        (Line2D([], [], color=INK, linestyle="", marker="o", markerfacecolor="white"), "may be chance"),
    ]
    return [
        (Line2D([], [], color=SPIRALS[event], linewidth=0.9, alpha=0.6), "a draw"),
        (Line2D([], [], **look_of(TOGETHER)), "their mean"),
        (Line2D([], [], **look_of(NO_FEEDBACK)), "no feedback"),
        (Patch(color=FEWER, linewidth=0), "fewer attacks"),
        (Patch(color=SAME, linewidth=0), "no change"),
        (Patch(color=MORE, linewidth=0), "more attacks"),
        *(beyond if compared else []),
    ]


def _title(of: DilemmaFinding) -> str:
    by_shape = of.shapes.set_index("shape")
    if of.draws == 1:
        shape = of.shapes[of.shapes["draws"] > 0]["shape"].iloc[0]
        return f"With parameters at their defaults the {of.definition} risk against readiness is {shape}"
    fed, averted = (percent(by_shape.loc[name]["share"]) for name in GROUPS[1::-1])
    return f"Answering more feeds {exchange(of.definition)}s in {fed} of draws, averts them in {averted}"


def _subtitle(of: DilemmaFinding) -> str:
    by_shape = of.shapes.set_index("shape")
    if of.draws == 1:
        return f"One draw of the parameters, {of.draw_runs:,} runs at each value."
    fed, averted, both = (share_at(by_shape.loc[name]) for name in (*GROUPS[1::-1], DILEMMA))
    return (
        f"Through feedback, beyond the chance of {of.draw_runs:,} runs each, of {of.draws:,} draws: fed {fed}, averted "
        f"{averted}; the dilemma, fed and fewer attacks at once: {both}."
    )


def _reading(of: DilemmaFinding) -> list[str]:
    unseen = [shape for shape in SHAPES if shape not in _seen(of.shapes)]
    notes = [
        f"{of.draws:,} draw{'' if of.draws == 1 else 's'} of the parameters, {of.draw_runs:,} runs "
        "each at five values of readiness, with feedback and without, all with the same luck. Shapes are "
        "told by exact paired tests; a draw whose risk does not move is called flat in "
        f"{percent(1 - FALSE_ALARM)} of cases or more, and a flat one may move by less than so many runs "
        "can tell. In brackets: 95% by chance, of the share of the prior."
        + (f" No draw is {', '.join(unseen)}." if unseen else ""),
        "Through feedback: between two values the risk moves so beyond chance, and by more than without "
        "feedback. Bars are cut by the attacks suffered at readiness 6 against -6.",
    ]
    return notes if of.draws == 1 else [*notes, where_lines(of.where)[0]]
