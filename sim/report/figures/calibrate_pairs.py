"""Pairs of parameters that a record fixes only together, drawn as clouds in the circle of their prior."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from sim.experiments.calibrate import CalibrateFinding
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.style import CAPTION, FAINT

DRAW = "#2F4B6E"
HALF_90 = 2.146  # radius within which a pair of standard normal numbers lies with probability 0.9
EDGE = 3.4


def draw_pairs(answer: Answer[CalibrateFinding]) -> Drawing:
    """Scatter the fitted draws of the strongest pairs, at most six."""
    pairs, draws = answer.finding.pairs, answer.finding.draws
    first = pairs.iloc[0]
    many = f"{len(pairs)} pairs of parameters are" if len(pairs) > 1 else "A pair of parameters is"
    title = f"{many} fixed together better than each alone"
    subtitle = (
        f"Most of all {first['first']} with {first['second']}: correlation {first['correlation']:+.2f}."
    )
    chosen = pairs.head(6)
    reading = (
        "Each parameter on the scale on which its prior is standard normal. Circle: 90% of the prior, in which no "
        "parameter tells of another. Dots: 500 fitted draws. Beside each pair its correlation, and the standard "
        "deviation of each alone and in the direction in which the two are known best, 1 before the record. All pairs "
        "that chance does not explain are in pairs.csv.",
    )
    down = -(-len(chosen) // 3)
    figure = answer_page(answer, title, subtitle, reading, 0.5 + 3.7 * down)
    for axes, (_, pair) in zip(figure.subplots(down, 3, squeeze=False).flat, chosen.iterrows(), strict=False):
        mine = draws[(draws["first"] == pair["first"]) & (draws["second"] == pair["second"])]
        _panel(axes, pair, mine)
    for axes in list(figure.axes)[len(chosen) :]:
        axes.set_visible(False)
    dot = Line2D([], [], color=DRAW, marker="o", markersize=4, linestyle="")
    add_legend(
        figure, [(dot, "fitted draws"), (Line2D([], [], color=FAINT), "90% of the prior")], size=CAPTION
    )
    return Drawing("together", title, figure, draws, subtitle)


def _panel(axes: Axes, pair: pd.Series, draws: pd.DataFrame) -> None:
    axes.plot(draws["x"], draws["y"], "o", color=DRAW, alpha=0.35, markersize=3, markeredgewidth=0)
    axes.add_patch(Circle((0, 0), HALF_90, fill=False, edgecolor=FAINT, linewidth=1.2))
    axes.set_aspect("equal")
    axes.set_xlim(-EDGE, EDGE)
    axes.set_ylim(-EDGE, EDGE)
    axes.set_xticks([-2, 0, 2])
    axes.set_yticks([-2, 0, 2])
    axes.set_xlabel(str(pair["first"]), fontsize=CAPTION)
    axes.set_ylabel(str(pair["second"]), fontsize=CAPTION)
    alone = f"alone {pair['sd_first']:.2f} and {pair['sd_second']:.2f}"
    panel_title(
        axes,
        [f"correlation {pair['correlation']:+.2f}", f"{alone}, together {pair['sd_together']:.2f}"],
        CAPTION,
    )
