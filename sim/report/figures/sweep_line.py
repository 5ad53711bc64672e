"""A sweep of one number: the risk and its parts at every point, their paired change, and what else moves."""

from __future__ import annotations

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedFormatter, FixedLocator

from sim.experiments.sweep import LeverPart, SweepFinding
from sim.experiments.sweep.table import NAMED
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.style import (
    ANYWAY,
    DARK,
    FAINT,
    INK,
    PAPER,
    QUANTITY,
    SPIRAL,
    percent_axis,
    points_axis,
    text_width,
)
from sim.report.figures.words import capital, exchange, lever_name
from sim.report.swept import is_dated, is_named, placed, shares_luck, value_text
from sim.wording import change_with_chance, percent_with_chance

STEM = "sweep"
BESIDE = {name: f"{OUTCOMES[name].heading} a run" for name in ("attacks", "killed", "strikes")}
MOST_MARKS = 9


def draw_line(answer: Answer[SweepFinding]) -> Drawing:
    """Draw the risk large, its paired change beside it, and what else moves below."""
    (lever,), event = answer.finding.levers, answer.finding.event
    data = placed(answer.finding.sweep, [lever]).sort_values(lever.path, ignore_index=True)
    title, subtitle = _title(data, lever, event), _subtitle(data, lever, event)
    paired = f"{event}_change" in data and len(data) > 1
    figure = answer_page(answer, title, subtitle, _reading(answer, paired), height=6.4)
    grid = figure.add_gridspec(2, 6, height_ratios=(1.9, 1))
    level = figure.add_subplot(grid[0, :3] if paired else grid[0, :])
    _draw_level(level, data, lever, event)
    if paired:
        _draw_change(figure.add_subplot(grid[0, 3:]), data, lever, event)
    for place, (name, heading) in enumerate(BESIDE.items()):
        axes = figure.add_subplot(grid[1, 2 * place : 2 * place + 2])
        _draw_band(axes, data, lever.path, name, QUANTITY)
        panel_title(axes, [heading], size=10.5)
        axes.set_ylim(bottom=0.0)
        lever_axis(axes, lever, data[lever.path], 120.0)
    add_legend(figure, _legend(data, event))
    return Drawing(STEM, title, figure, data if not is_named(lever) else answer.finding.sweep, subtitle)


def _draw_level(axes: Axes, data: pd.DataFrame, lever: LeverPart, event: str) -> None:
    """Stack the spiral on what would come anyway; the whole with both intervals at every point."""
    x, whole = data[lever.path], data[event]
    if {"spiral", "anyway"} <= set(data):
        axes.fill_between(x, 0.0, data["anyway"], color=ANYWAY, linewidth=0, gid="anyway")
        axes.fill_between(x, data["anyway"], whole, color=SPIRAL, linewidth=0, gid="spiral")
        axes.plot(x, data["anyway"], color=PAPER, linewidth=1.0)
    tops = [data[f"{event}_high"]]
    if f"{event}_unknown_low" in data:
        low, high = data[f"{event}_unknown_low"], data[f"{event}_unknown_high"]
        axes.vlines(x, low, high, color=FAINT, alpha=DARK, linewidth=6, gid="unknown")
        tops.append(high)
    axes.vlines(x, data[f"{event}_low"], data[f"{event}_high"], color=INK, linewidth=1.8, gid="chance")
    axes.plot(x, whole, color=INK, linewidth=1.6, marker="o", markersize=5, gid=event)
    panel_title(axes, [f"Runs that come to a {exchange(event)} (%)"])
    axes.set_ylim(0.0, min(1.0, max(0.001, 1.08 * float(pd.concat(tops).max()))))
    percent_axis(axes)
    lever_axis(axes, lever, data[lever.path])


def _draw_change(axes: Axes, data: pd.DataFrame, lever: LeverPart, event: str) -> None:
    """The change of the risk from the first point, paired by run."""
    first = data[data["point"] == 0][lever.path].iloc[0]
    _draw_band(axes, data, lever.path, f"{event}_change", INK)
    axes.axhline(0.0, color=FAINT, linewidth=1.0)
    points_axis(axes)
    axes.set_ylabel("Percentage points")
    panel_title(axes, [f"Change from {value_text(lever, first)}, paired by run"])
    lever_axis(axes, lever, data[lever.path])


def _draw_band(axes: Axes, data: pd.DataFrame, path: str, name: str, colour: str) -> None:
    x = data[path]
    axes.fill_between(x, data[f"{name}_low"], data[f"{name}_high"], color=colour, alpha=DARK / 2, linewidth=0)
    axes.plot(x, data[name], color=colour, marker="o", markersize=4, gid=name)


def lever_axis(axes: Axes, lever: LeverPart, values: pd.Series, room: float = 240.0) -> None:
    """Mark a level axis at the values that were run, where so many points have room; it ends where they do."""
    told = sorted(set(values))
    texts = [value_text(lever, value) for value in told]
    wide = (1.2 if is_named(lever) else 1.6) * max(text_width(text, 11.5) for text in texts)
    step = max(1, -(-len(told) // max(2, min(MOST_MARKS, int(room / wide)))))
    axes.xaxis.set_major_locator(FixedLocator(told[::step]))
    axes.xaxis.set_major_formatter(FixedFormatter(texts[::step]))
    margin = 0.03 * (told[-1] - told[0]) or 0.5
    axes.set_xlim(told[0] - margin, told[-1] + margin)
    axes.set_xlabel(f"{lever.path} ({lever.unit})" if lever.unit else lever.path, fontsize=10.5)


def _legend(data: pd.DataFrame, event: str) -> list[tuple[Artist, str]]:
    entries: list[tuple[Artist, str]] = [
        (Line2D([], [], color=INK, linewidth=1.6, marker="o", markersize=5), "in all"),
    ]
    if {"spiral", "anyway"} <= set(data):
        entries += [
            (Patch(color=SPIRAL, linewidth=0), "of it spiral"),
            (Patch(color=ANYWAY, linewidth=0), "anyway"),
        ]
    entries.append((Line2D([], [], color=INK, linewidth=1.8), "95% by chance"))
    if f"{event}_unknown_low" in data:
        entries.append((Patch(color=FAINT, alpha=DARK, linewidth=0), "90%, parameters unknown"))
    return entries


def _title(data: pd.DataFrame, lever: LeverPart, event: str) -> str:
    """Say how the risk goes from end to end, and only what the paired change can tell."""
    name, path = exchange(event), lever_name(lever.path)
    at = [
        f"{_risk(end, event)} at {value_text(lever, end[lever.path])}"
        for end in (data.iloc[0], data.iloc[-1])
    ]
    if len(data) == 1:
        return f"{capital(name)}: {at[0]} of {path}"
    if is_named(lever) and not is_dated(lever):  # words have no order
        return f"{capital(name)} by {path}: {at[0]}, {at[1]}"
    return f"{_goes(data, name, event)} with {path}: {at[0]}, {at[1]}"


def _risk(row: pd.Series, event: str) -> str:
    return percent_with_chance(row[event], row[f"{event}_low"], row[f"{event}_high"]).partition(" [")[0]


def _goes(data: pd.DataFrame, name: str, event: str) -> str:
    first, last = data.iloc[0][event], data.iloc[-1][event]
    lowest, highest = data[event].min(), data[event].max()
    width = _known_to_within(data, event)
    turn = max(width, 0.25 * (highest - lowest))
    if min(first, last) - lowest > turn:
        return f"{capital(name)} falls and rises"
    if highest - max(first, last) > turn:
        return f"{capital(name)} rises and falls"
    if abs(last - first) <= width:
        return f"No sure change of a {name}"
    return f"{capital(name)} {'rises' if last > first else 'falls'}"


def _subtitle(data: pd.DataFrame, lever: LeverPart, event: str) -> str:
    ends = [data.iloc[0], data.iloc[-1]]
    told = []
    for end in ends[: len(data)]:
        risk = percent_with_chance(end[event], end[f"{event}_low"], end[f"{event}_high"]).partition(" ")[2]
        told.append(f"{risk} at {value_text(lever, end[lever.path])}")
    change = f"{event}_change"
    moved = ends[1] if ends[0]["point"] == 0 else ends[0]
    if change not in data or len(data) == 1:
        return f"By chance (95%): {', '.join(told)}."
    paired = change_with_chance(moved[change], moved[f"{change}_low"], moved[f"{change}_high"])
    return (
        f"By chance (95%): {', '.join(told)}; change from the first point to the other end {paired} points."
    )


def _reading(answer: Answer[SweepFinding], paired: bool) -> list[str]:
    change = (
        " All points share runs and luck, so that the change from the first point, paired by run, is surer than two "
        "levels held against each other."
    )
    paired = paired and shares_luck(answer.finding)
    lines = [
        f"Each point: {answer.finding.runs:,} runs. Bands of change and of means: 95% by chance. Spiral: by reactions; "
        f"anyway: without any too.{change * paired}"
    ]
    if answer.finding.event == NAMED:
        lines.append("Named exchange: what each point's headline names.")
    if lever := REGISTRY.get(answer.finding.levers[0].path):
        lines.append(f"{lever.name}: {lever.meaning}.")
    return lines


def _known_to_within(data: pd.DataFrame, event: str) -> float:
    """Half the width of the widest interval of a change, or of a risk where no change is told."""
    name = f"{event}_change" if f"{event}_change" in data else event
    return float((data[f"{name}_high"] - data[f"{name}_low"]).max() / 2)
