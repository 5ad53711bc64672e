"""Warning signs drawn: hits against false alarms, the evening before, and what each sign is worth and how early."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.experiments.warnings import RungEve, WarningsFinding
from sim.experiments.warnings.words import NO_BORDER
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.style import COUNTRIES, FAINT, INK, RUNGS, percent_axis
from sim.report.figures.warnings_signs import draw_areas, draw_leads, shown
from sim.report.figures.words import RUNG_WORDS, exchange, short
from sim.wording import percent, percent_with_chance

STEM = "warnings"
WIDTHS = ((1.2, 1), (1.35, 1))
LINES: tuple[tuple[str, Any], ...] = (
    (INK, "-"),
    (COUNTRIES["iraq"], (0, (5, 1.5))),
    (COUNTRIES["syria"], "-"),
    (FAINT, (0, (1.5, 1.5))),
)
"""Colour and dashes of all signs together, of the two best and of the date."""


def drawings(answer: Answer[WarningsFinding]) -> list[Drawing]:
    """Draw the signs, or only the evening before where too few spirals were seen."""
    of = answer.finding
    signs, title, subtitle = of.signs, _title(of), _subtitle(of)
    figure = answer_page(
        answer, title, subtitle, _reading(of, len(signs) > 0), height=8.0 if len(signs) else 3.4
    )
    if not len(signs):
        _draw_eve(figure.subplots(), of)
        eve = pd.DataFrame([part.model_dump() for part in of.eve])
        return [Drawing(STEM, title, figure, eve, subtitle)]
    parts: Any = figure.subfigures(2, 1, height_ratios=(0.9, 1))
    upper, lower = (
        part.subplots(1, 2, width_ratios=ratios) for part, ratios in zip(parts, WIDTHS, strict=True)
    )
    handles = _draw_curves(upper[0], signs, of.curve, of)
    _draw_eve(upper[1], of)
    draw_areas(lower[0], shown(signs))
    draw_leads(lower[1], shown(signs), of)
    add_legend(figure, handles, rows=2, size=10.0)
    return [Drawing(STEM, title, figure, signs, subtitle)]


def _title(of: WarningsFinding) -> str:
    """Say what foretells the exchange, and how often that comes true, or that nothing does."""
    if not len(of.signs):
        return f"Too few {exchange(of.definition)}s were seen to tell what foretells them"
    best = _best(of)
    if best["auc_low"] <= 0.5:
        return f"Nothing that can be observed foretells a {exchange(of.definition)} better than chance"
    return f"Best sign, {short(best['meaning'], 30)}: true {percent(best['precision'])} of the time"


def _subtitle(of: WarningsFinding) -> str:
    if not len(of.signs) or of.base is None:
        return f"{of.sudden.spirals:,} were seen."
    best = _best(of)
    ranks = f"{best['auc']:.2f} [{best['auc_low']:.2f}, {best['auc_high']:.2f}]"
    true = percent_with_chance(*(best[f"precision{end}"] for end in ("", "_low", "_high")))
    return (
        f"Best single sign, {best['meaning']} ({best['alarm']}): area {ranks}; of its alarms {true} come true within "
        f"{of.ahead} days, of all evenings {percent(of.base.value)}."
    )


def _best(of: WarningsFinding) -> dict[str, Any]:
    """The single sign that was best on the rows searched in."""
    return next(sign for sign in of.signs.to_dict("records") if sign["sign"] == of.best)


def _draw_curves(
    axes: Axes, signs: pd.DataFrame, curves: pd.DataFrame, of: WarningsFinding
) -> list[tuple[Artist, str]]:
    """Draw the ROC of all signs together, of the two best and of the date."""
    handles: list[tuple[Artist, str]] = []
    axes.plot([0, 1], [0, 1], color=FAINT, linestyle=":", linewidth=1)
    single = [name for name in signs["sign"] if name not in ("together", "date")][:2]
    for name, (colour, style) in zip(("together", *single, "date"), LINES, strict=False):
        line = curves[curves["sign"] == name]
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
    axes.set_ylabel("Hit rate: evenings before an\nexchange under alarm (%)")
    panel_title(axes, [f"Hits against false alarms, {of.ahead} days ahead"])
    return handles


def _draw_eve(axes: Axes, of: WarningsFinding) -> None:
    """Draw on which rung exchanges found the world on the evening before."""
    panel_title(axes, [f"Rung on the evening before a {exchange(of.definition)}"], size=10.5)
    if not of.sudden.spirals:
        axes.set_axis_off()
        axes.text(
            0.5,
            0.5,
            f"no {exchange(of.definition)} with an evening before it was seen",
            ha="center",
            transform=axes.transAxes,
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
    labels = [_broken(RUNG_WORDS[part.rung]) for part in eve]
    axes.set_xticks([*places], labels, fontsize=9.5)
    axes.set_ylabel(f"Share of {exchange(of.definition)}s (%)", fontsize=10.5)
    percent_axis(axes)


def _broken(rung: str) -> str:
    """Break the name of a rung into lines that have room below its bar."""
    return rung.replace(" ", "\n").replace("for-tat", "\nfor-tat")


def _sudden(of: WarningsFinding) -> str:
    """Say how many came with no border crossed and nobody killed until the evening before."""
    sudden = of.sudden
    if sudden.share is None:
        return ""
    told = percent_with_chance(sudden.share, sudden.low, sudden.high)
    return (
        f"On the evening before, {told} of the {sudden.spirals:,} stood at {RUNG_WORDS[NO_BORDER]} or lower: no US "
        "strike in Iraq and nobody killed within the ladder's window."
    )


def _share(part: RungEve) -> float:
    return part.share or 0.0


def _reading(of: WarningsFinding, whole: bool) -> list[str]:
    sudden = _sudden(of)
    name = exchange(of.definition)
    if not whole:
        return [sudden or f"No {name} was seen."]
    base, gain = of.base, of.together_over_best
    assert base is not None
    assert gain is not None
    better = "better" if gain.low > 0 else "not shown to be better"
    return [
        f"Of evenings {of.every} days apart {percent(base.value)} are followed by a {name} "
        f"within {of.ahead} days. Curves: every threshold; dots: the alarms, chosen on one half of the rows of "
        "parameters; all that is drawn is of the other half, but for the rungs, which are of all. Dotted: chance.",
        f"Area: how often an evening before one ranks above another (0.5 is chance). Bars: 95%, rows as units. "
        f"All signs together rank {better} than the best single one: {gain.gain:+.3f} [{gain.low:+.3f}, "
        f"{gain.high:+.3f}]. {sudden}",
        f"Days of warning: from the first alarm in the {of.ahead} days before one to it, median and "
        f"quartiles, of those before which it sounded (their share beside it, and that of quiet stretches as long "
        f"in which it sounded too). At {of.ahead} it sounded already.",
    ]
