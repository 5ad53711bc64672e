"""Washington's dilemma drawn: both halves of it, the ceiling, the shapes of single draws, and what a strike brings."""

from __future__ import annotations

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiments.dilemma import DilemmaFinding
from sim.experiments.dilemma.telling import change_at, ends_sentence, on
from sim.experiments.dilemma.worlds import CEILING, NO_FEEDBACK, READINESS, TOGETHER
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.dilemma_response import draw_response, look_of
from sim.report.figures.dilemma_shapes import draw_shapes
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.style import FAINT, INK, LIGHT, percent_axis, points_axis
from sim.report.figures.words import capital, exchange
from sim.wording import change_with_chance, number_text, percent_with_chance

BESIDE = {
    "low_strikes": "US strikes of level 1 or 2 a run",
    "attacks": "Attacks suffered a run",
    "any_killed": "Runs with US killed by fire (%)",
    "credibility": "Credibility at the end (0 to 1)",
}
SHARES = ("any_killed",)
UNSURE = "no sure change"


def drawings(answer: Answer[DilemmaFinding]) -> list[Drawing]:
    """Draw both halves of the dilemma, and all else that was found."""
    found = [_halves(answer, READINESS, "dilemma"), _halves(answer, CEILING, "ceiling")]
    return [*found, draw_shapes(answer), draw_response(answer)]


def _halves(answer: Answer[DilemmaFinding], lever: str, stem: str) -> Drawing:
    """Risk and its change at the left, what is suffered meanwhile at the right, against one lever."""
    event, curve = answer.finding.definition, answer.finding.curve
    data = curve[curve["lever"] == lever].reset_index(drop=True)
    title, subtitle = _title(curve, lever, event), _subtitle(curve, lever, event)
    figure = answer_page(answer, title, subtitle, _reading(answer.finding, lever), height=6.2)
    grid = figure.add_gridspec(4, 2, width_ratios=(1.5, 1))
    risk = figure.add_subplot(grid[:2, 0])
    _lines(risk, data, event)
    _band(risk, data, event)
    panel_title(risk, [f"Runs that come to a {exchange(event)} (%)"])
    risk.set_ylim(bottom=0.0)
    percent_axis(risk)
    change = figure.add_subplot(grid[2:, 0], sharex=risk)
    _changes(change, data, event)
    change.set_xlabel(_axis(lever))
    for place, (name, heading) in enumerate(BESIDE.items()):
        axes = figure.add_subplot(grid[place, 1], sharex=risk)
        _lines(axes, data, name)
        panel_title(axes, [heading], size=10.5)
        axes.set_ylim(bottom=0.0)
        axes.tick_params(labelbottom=place == len(BESIDE) - 1)
        if name in SHARES:
            percent_axis(axes, most=4)
    axes.set_xlabel(_axis(lever, whole=False))
    risk.tick_params(labelbottom=False)
    add_legend(figure, _legend(data), rows=2)
    return Drawing(stem, title, figure, data, subtitle)


def _axis(lever: str, whole: bool = True) -> str:
    name = f"{lever.partition('.')[2]} (logits)"
    ends = (
        "hardly ever answers ← → answers daily" if lever == READINESS else "red lines far ← → red lines near"
    )
    return f"{name}: {ends}" if whole else name


def _lines(axes: Axes, data: pd.DataFrame, name: str) -> None:
    """One line a world, the one with all mechanisms on top."""
    for pack in data["pack"].unique():
        mine = data[data["pack"] == pack]
        axes.plot(mine["value"], mine[name], **look_of(pack), gid=f"{name} {pack}")
    axes.axvline(0.0, color=FAINT, linewidth=0.8, linestyle=":")


def _band(axes: Axes, data: pd.DataFrame, name: str) -> None:
    mine = data[data["pack"] == TOGETHER]
    low, high = mine[f"{name}_low"], mine[f"{name}_high"]
    axes.fill_between(mine["value"], low, high, color=INK, alpha=LIGHT, linewidth=0)


def _changes(axes: Axes, data: pd.DataFrame, event: str) -> None:
    """Change from the doctrine on record, with and without feedback, each with its band."""
    name, aside = f"{event}_change", data[data["pack"] == NO_FEEDBACK]
    _lines(axes, data[data["pack"].isin([TOGETHER, NO_FEEDBACK])], name)
    _band(axes, data, name)
    for end in ("low", "high"):
        axes.plot(aside["value"], aside[f"{name}_{end}"], **look_of(NO_FEEDBACK) | {"linewidth": 0.8})
    axes.axhline(0.0, color=INK, linewidth=0.8)
    lever = str(data["lever"].iloc[0]).partition(".")[2]
    panel_title(axes, [f"Change from {lever} 0, paired by run (percentage points)"])
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, -1.0), min(high, 1.0))  # no risk changes by more
    points_axis(axes)


def _legend(data: pd.DataFrame) -> list[tuple[Artist, str]]:
    lines: list[tuple[Artist, str]] = [(Line2D([], [], **look_of(p)), p) for p in data["pack"].unique()]
    return [
        *lines,
        (Patch(color=INK, alpha=LIGHT, linewidth=0), "95% by chance, all together"),
        (Line2D([], [], **look_of(NO_FEEDBACK) | {"linewidth": 0.8}), "the same, no feedback (below)"),
    ]


def _title(curve: pd.DataFrame, lever: str, event: str) -> str:
    """Say what both ends do to the risk, as far as the paired change can tell."""
    mine = on(curve, lever)
    low, high = (_moved(mine.iloc[end], f"{event}_change") for end in (0, -1))
    least, most = (
        ("hardly answering", "answering daily") if lever == READINESS else ("far red lines", "near ones")
    )
    if low == high == UNSURE:
        return f"No sure change of {exchange(event)}s, neither by {least} nor by {most}"
    return f"{capital(exchange(event))}s: {least} {low}, {most} {high}"


def _moved(row: pd.Series, name: str) -> str:
    if not row[f"{name}_low"] > 0 and not row[f"{name}_high"] < 0:
        return UNSURE
    return f"{change_at(row, name).partition(' [')[0]} points"


def _subtitle(curve: pd.DataFrame, lever: str, event: str) -> str:
    """Both changes with their intervals, beside those without feedback, and what is suffered meanwhile."""
    mine, aside = on(curve, lever), on(curve, lever, NO_FEEDBACK)
    zero = mine.iloc[len(mine) // 2]
    at_zero = percent_with_chance(zero[event], zero[f"{event}_low"], zero[f"{event}_high"])
    moved = [
        f"{change_at(mine.iloc[end], f'{event}_change')} ({points_of(aside.iloc[end], event)} without feedback)"
        for end in (0, -1)
    ]
    changes = f"Paired change from {at_zero}: {moved[0]} and {moved[1]}"
    attacks = [number_text(mine.iloc[place]["attacks"]) for place in (0, len(mine) // 2, -1)]
    if lever == READINESS:
        return f"{changes}; attacks a run {attacks[0]} and {attacks[2]}, from {attacks[1]}."
    return f"{changes}; by definition too: a strike across the last red line is the exchange."


def points_of(row: pd.Series, event: str) -> str:
    """Write a change of risk alone."""
    return change_with_chance(*(row[f"{event}_change"],) * 3).split(" [")[0]


def _reading(of: DilemmaFinding, lever: str) -> list[str]:
    points = len(on(of.curve, lever))
    runs = f"{of.runs:,} runs at each of {points} values in each world, with the same parameters and luck"
    bands = (
        "The change, paired by run, is much surer than the level. What is unknown of the parameters is averaged over: "
        "single draws are in the figure of shapes."
    )
    worlds = (
        "Worlds: all mechanisms together; each rival explanation alone; no feedback at all, where neither "
        "side answers what the other did and strikes only relieve Washington's own pressure and bring troops home."
    )
    if lever == CEILING:
        return [f"{runs}. {bands}", worlds]
    return [
        f"{runs}. {bands}",
        worlds,
        ends_sentence(of.curve, of.days),
    ]
