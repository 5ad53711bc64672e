"""Warning signs drawn: hits against false alarms, the evening before, and what each sign is worth and how early."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.experiments.warnings import RungEve, WarningsFinding
from sim.experiments.warnings.words import eve_sentence
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.style import COUNTRIES, FAINT, INK, RUNGS, percent_axis
from sim.report.figures.warnings_signs import draw_areas, draw_leads, shown
from sim.wording import RUNG_NAMES, percent

STEM = "warnings"
LINES = (INK, COUNTRIES["iraq"], COUNTRIES["syria"], FAINT)


def drawings(answer: Answer[WarningsFinding]) -> list[Drawing]:
    """Draw the signs, or only the evening before where too few spirals were seen."""
    of = answer.finding
    signs, title = of.signs, of.verdict
    figure = answer_page(answer, title, _reading(of, len(signs) > 0), height=8.0 if len(signs) else 3.4)
    if not len(signs):
        _draw_eve(figure.subplots(), of)
        return [Drawing(STEM, title, figure, pd.DataFrame([part.model_dump() for part in of.eve]))]
    grid = figure.add_gridspec(2, 2, width_ratios=(1.35, 1), height_ratios=(0.85, 1))
    handles = _draw_curves(figure.add_subplot(grid[0, 0]), signs, of.curve, of)
    _draw_eve(figure.add_subplot(grid[0, 1]), of)
    draw_areas(figure.add_subplot(grid[1, 0]), shown(signs))
    draw_leads(figure.add_subplot(grid[1, 1]), shown(signs), of.ahead)
    add_legend(figure, handles, rows=2, size=10.0)
    return [Drawing(STEM, title, figure, signs)]


def _draw_curves(
    axes: Axes, signs: pd.DataFrame, curves: pd.DataFrame, of: WarningsFinding
) -> list[tuple[Artist, str]]:
    """Draw the ROC of all signs together, of the two best and of the date."""
    handles: list[tuple[Artist, str]] = []
    axes.plot([0, 1], [0, 1], color=FAINT, linestyle=":", linewidth=1)
    single = [name for name in signs["sign"] if name not in ("together", "date")][:2]
    for name, colour in zip(("together", *single, "date"), LINES, strict=False):
        line = curves[curves["sign"] == name]
        style: Any = "--" if name == "date" else "-"
        axes.plot(
            [0, *line["false_alarms"]], [0, *line["hit_evenings"]], color=colour, linestyle=style, gid=name
        )
        row = signs[signs["sign"] == name].iloc[0]
        axes.plot(row["false_alarms"], row["hit_evenings"], color=colour, marker="o", markersize=6)
        handles.append((Line2D([], [], color=colour, linestyle=style), str(row["meaning"])))
    axes.set_xlim(-0.01, 1.0)
    axes.set_ylim(0.0, 1.01)
    percent_axis(axes)
    axes.xaxis.set_major_formatter(axes.yaxis.get_major_formatter())
    axes.set_xlabel("False-alarm rate: other evenings under alarm (%)")
    axes.set_ylabel("Hit rate: evenings before a\nspiral under alarm (%)")
    panel_title(axes, [f"Hits against false alarms, {of.ahead} days ahead"])
    return handles


def _draw_eve(axes: Axes, of: WarningsFinding) -> None:
    """Draw on which rung spirals found the world on the evening before."""
    panel_title(axes, ["Rung on the evening before a spiral"])
    if not of.sudden.spirals:
        axes.set_axis_off()
        axes.text(
            0.5, 0.5, "no spiral with an evening before it was seen", ha="center", transform=axes.transAxes
        )
        return
    eve = [part for part in of.eve if part.rung < 5 or _share(part) > 0]
    places = range(len(eve))
    shares = [_share(part) for part in eve]
    ends = [
        [max(0.0, _share(p) - p.low) for p in eve],
        [max(0.0, p.high - _share(p)) for p in eve],
    ]
    axes.bar(places, shares, color=[RUNGS[part.rung] for part in eve], edgecolor=FAINT, linewidth=0.6)
    axes.errorbar(places, shares, ends, color=INK, linestyle="", linewidth=1.2, capsize=2)
    labels = [f"{part.rung} {RUNG_NAMES[part.rung]}" for part in eve]
    axes.set_xticks([*places], labels, fontsize=9.5, rotation=28, ha="right")
    axes.set_ylabel("Spirals (%)")
    percent_axis(axes)


def _share(part: RungEve) -> float:
    return part.share or 0.0


def _reading(of: WarningsFinding, whole: bool) -> list[str]:
    sudden = f"{sentence}." if (sentence := eve_sentence(of)) else ""
    if not whole:
        return [sudden or "No spiral was seen."]
    base, gain = of.base, of.together_over_best
    assert base is not None
    assert gain is not None
    better = "better" if gain.low > 0 else "not shown to be better"
    return [
        f"Of evenings {of.every} days apart {percent(base.value)} are followed by a {of.definition} spiral "
        f"within {of.ahead} days. Curves: every threshold; dots: the alarms, chosen on one half of the rows of "
        "parameters; all that is drawn is of the other half, but for the rungs, which are of all. Dotted: chance.",
        f"Area: how often an evening before a spiral ranks above another (0.5 is chance). Bars: 95%, rows as units. "
        f"All signs together rank {better} than the best single one: {gain.gain:+.3f} [{gain.low:+.3f}, "
        f"{gain.high:+.3f}]. {sudden}",
        f"Days of warning: from the first alarm in the {of.ahead} days before a spiral to the spiral, median and "
        f"quartiles, of spirals before which it sounded (their share beside it, and that of quiet stretches as long "
        f"in which it sounded too). At {of.ahead} it sounded already.",
    ]
