"""Boxes drawn: what each leaves of each parameter's prior, and what was traded for what as the first was peeled."""

from __future__ import annotations

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiments.discover import Box, DiscoverFinding
from sim.experiments.discover.words import risk_words
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.discover_bars import draw_bars
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.style import FAINT, INK, QUANTITY, SPIRALS, percent_axis
from sim.report.figures.words import exchange
from sim.wording import percent

STEM = "discover"
NOT_HELD = "What was found did not hold up on rows that had no part in the search."


def drawings(answer: Answer[DiscoverFinding]) -> list[Drawing]:
    """Draw the boxes beside the peeling of the first."""
    of = answer.finding
    limits, path = of.limits, of.trajectory
    title, subtitle = _title(of), _subtitle(of)
    bars = len(limits) + len(of.boxes)
    figure = answer_page(answer, title, subtitle, _reading(of), height=max(4.0, 1.6 + 0.42 * bars))
    colour = SPIRALS[of.definition]
    legend: list[tuple[Artist, str]] = []
    if len(limits):
        left, right = figure.subplots(1, 2, width_ratios=(1.45, 1))
        draw_bars(left, of.boxes, limits, colour)
        if limits["more_than_chance"].any():
            legend.append((Patch(color=colour, linewidth=0), "inside the box"))
        if not limits["more_than_chance"].all():
            said = "inside, but the limit is not shown to be more than chance"
            legend.append((Patch(color=QUANTITY, linewidth=0), said))
    else:
        right = figure.subplots()
    _draw_path(right, path[path["box"] == 1], of, colour)
    legend += _path_legend(of, colour)
    add_legend(figure, legend, rows=2 if len(legend) > 3 else 1, size=10.0)
    return [Drawing(STEM, title, figure, path, subtitle)]


def _draw_path(axes: Axes, path: pd.DataFrame, of: DiscoverFinding, colour: str) -> None:
    """Draw density against coverage, step by step, on the rows searched in and on those that judge."""
    panel_title(axes, ["Peeling the first box: what is", "gained in risk is lost in what it holds"])
    axes.plot(path["searched_coverage"], path["searched_density"], color=FAINT, linestyle=":", gid="searched")
    axes.plot(path["coverage"], path["density"], color=colour, marker="o", markersize=3, gid="judged")
    _mark_ends(axes, path, of)
    axes.set_xlabel("Share of all exchanges held (%)")
    axes.set_ylabel("Runs inside that come to one (%)", fontsize=10.0)
    axes.set_xlim(0.0, 1.02)
    tops = [float(path[name].max()) for name in ("density", "searched_density") if len(path)]
    axes.set_ylim(0.0, min(1.0, 1.1 * max([*tops, 0.001])))
    percent_axis(axes)
    axes.xaxis.set_major_formatter(axes.yaxis.get_major_formatter())


def _path_legend(of: DiscoverFinding, colour: str) -> list[tuple[Artist, str]]:
    found: list[tuple[Artist, str]] = [
        (Line2D([], [], color=colour, marker="o", markersize=3), "rows that judge"),
        (Line2D([], [], color=FAINT, linestyle=":"), "rows searched in"),
    ]
    if of.boxes:
        found.append((Line2D([], [], color=INK, linestyle="", marker="D", markersize=5), "box 1 as taken"))
    return found


def _mark_ends(axes: Axes, path: pd.DataFrame, of: DiscoverFinding) -> None:
    """Mark the box that was taken, with its interval, and the risk everywhere."""
    base = of.boxes[0].base if of.boxes else path["density"].iloc[0] if len(path) else 0.0
    axes.axhline(base, color=INK, linestyle="--", linewidth=1)
    axes.annotate(
        f"everywhere {percent(base)}", (0.02, base), (0, -4), textcoords="offset points", va="top", size=9.5
    )
    for box in of.boxes[:1]:
        if box.density is None or box.density_low is None or box.density_high is None:
            continue
        ends = [
            [max(0.0, box.density - box.density_low)],
            [max(0.0, box.density_high - box.density)],
        ]
        axes.errorbar(
            box.coverage or 0.0,
            box.density,
            ends,
            color=INK,
            marker="D",
            markersize=5,
            capsize=3,
            gid="chosen",
        )


def _title(of: DiscoverFinding) -> str:
    """Say the box that holds up, or that there is none."""
    box, name = _standing(of), exchange(of.definition)
    if box is None:
        return f"No conditions found in which {name}s are more frequent"
    return (
        f"{percent(box.coverage)} of {name}s in {percent(box.mass)} of the prior: {percent(box.density)} of runs "
        f"there, {percent(box.base)} everywhere"
    )


def _subtitle(of: DiscoverFinding) -> str:
    box = _standing(of)
    if box is None:
        return (
            "What was found did not hold up on rows that had no part in the search."
            if of.boxes
            else "No limit held."
        )
    return f"Inside box {box.box}: {risk_words(box, 'density')} by chance (95%), judged on rows of their own."


def _standing(of: DiscoverFinding) -> Box | None:
    return next((box for box in of.boxes if box.holds_up), None)


def _reading(of: DiscoverFinding) -> list[str]:
    rows = of.rows
    held = (
        "; ".join(
            f"box {box.box}: {risk_words(box, 'density')} of runs come to one inside, {risk_words(box, 'outside')} "
            f"outside, it holds {percent(box.coverage)} of all in {percent(box.mass)} of the prior"
            + ("" if box.holds_up else " (does not hold up)")
            for box in of.boxes
        )
        or "none"
    )
    return [
        f"Boxes, each of what those before it leave: {held}. Searched among {of.factors} parameters on "
        f"{rows.searched:,} rows by the share of each row's {of.runs_per_row} runs that come to one; "
        f"every number is of {rows.judged:,} other rows, with 95% by chance in brackets, rows as units.",
        "Bars: each parameter's prior from its lowest to its highest, and the part of it inside the box. A box says "
        "where in the prior the model's exchanges lie, not what causes them.",
    ]
