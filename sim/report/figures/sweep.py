"""A sweep drawn: a line for one number varied, a map for two, one panel each beyond."""

from __future__ import annotations

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from sim.experiments.sweep import LeverPart, SweepFinding
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.style import DARK, FAINT, LIGHT, QUANTITY, SPIRALS, percent_axis
from sim.report.figures.sweep_map import draw_map
from sim.report.figures.sweep_panels import draw_panels
from sim.wording import number_text, percent, percent_with_chance

STEM = "sweep"
BESIDE = {name: f"{OUTCOMES[name].heading} a run" for name in ("attacks", "killed", "strikes")}


def drawings(answer: Answer[SweepFinding]) -> list[Drawing]:
    """Draw a sweep in the form that fits the number of its levers."""
    levers = answer.finding.levers
    if len(levers) == 1:
        return [_line(answer)]
    if len(levers) == 2 and answer.finding.points >= 4:
        return [draw_map(answer)]
    return [draw_panels(answer)]


def _line(answer: Answer[SweepFinding]) -> Drawing:
    """Draw the risk large, with what else moves beside it."""
    (lever,), event = answer.finding.levers, answer.finding.definition
    data = answer.finding.sweep.sort_values(lever.path, ignore_index=True)
    title = _title(data, lever, event)
    figure = answer_page(answer, title, _reading(answer, f"{event}_change" in data), height=5.2)
    change = f"{event}_change"
    beside = ({change: "Change from the first point (points)"} if change in data else {}) | BESIDE
    grid = figure.add_gridspec(len(beside), 2, width_ratios=(1.75, 1))
    large = figure.add_subplot(grid[:, 0])
    legend = _draw_risk(large, data, lever, event)
    for place, (name, heading) in enumerate(beside.items()):
        axes = figure.add_subplot(grid[place, 1])
        _draw_band(axes, data, lever.path, name, SPIRALS[event] if name == change else QUANTITY)
        panel_title(axes, [heading], size=10.5)
        if name == change:
            axes.axhline(0.0, color=FAINT, linewidth=1.0)
            axes.yaxis.set_major_formatter(
                FuncFormatter(lambda share, _: f"{100 * share:+.6g}" if share else "0")
            )
        else:
            axes.set_ylim(bottom=0.0)
        _lever_axis(axes, lever, last=place == len(beside) - 1)
    add_legend(figure, legend)
    return Drawing(STEM, title, figure, data)


def _draw_risk(axes: Axes, data: pd.DataFrame, lever: LeverPart, event: str) -> list[tuple[Artist, str]]:
    colour, x = SPIRALS[event], data[lever.path]
    legend: list[tuple[Artist, str]] = [(Line2D([], [], color=colour, marker="o", markersize=4), "estimate")]
    legend.append((Patch(color=colour, alpha=DARK, linewidth=0), "95% by chance"))
    tops = [data[f"{event}_high"]]
    if f"{event}_unknown_low" in data:
        low, high = data[f"{event}_unknown_low"], data[f"{event}_unknown_high"]
        axes.fill_between(x, low, high, color=colour, alpha=LIGHT, linewidth=0, gid="unknown")
        legend.append((Patch(color=colour, alpha=LIGHT, linewidth=0), "90% with the parameters unknown"))
        tops.append(high)
    _draw_band(axes, data, lever.path, event, colour)
    panel_title(axes, [f"{event.capitalize()} spiral, the headline"])
    axes.set_ylabel("Runs that spiral (%)")
    axes.set_ylim(0.0, min(1.0, max(0.001, 1.08 * float(pd.concat(tops).max()))))
    percent_axis(axes)
    _lever_axis(axes, lever)
    return legend


def _draw_band(axes: Axes, data: pd.DataFrame, path: str, name: str, colour: str) -> None:
    x = data[path]
    axes.fill_between(x, data[f"{name}_low"], data[f"{name}_high"], color=colour, alpha=DARK, linewidth=0)
    axes.plot(x, data[name], color=colour, marker="o", markersize=4, gid=name)


def _lever_axis(axes: Axes, lever: LeverPart, last: bool = True) -> None:
    axes.set_xlabel(f"{lever.path} ({lever.unit})" if last and lever.unit else lever.path if last else "")
    axes.tick_params(labelbottom=last)


def _title(data: pd.DataFrame, lever: LeverPart, event: str) -> str:
    """Say how the risk goes from end to end, and only what the paired change can tell."""
    ends = [data.iloc[0], data.iloc[-1]]
    at = [f"{lever.path} {number_text(end[lever.path])}" for end in ends]
    risks = [percent_with_chance(end[event], end[f"{event}_low"], end[f"{event}_high"]) for end in ends]
    if len(data) == 1:
        return f"{event.capitalize()} spiral at {at[0]}: {risks[0]} (95% by chance)"
    found = f"{risks[0]} at {at[0]}, {risks[1]} at {at[1]}"
    return f"Risk of a {event} spiral {_goes(data, event)}: {found} (95% by chance)"


def _goes(data: pd.DataFrame, event: str) -> str:
    first, last = data.iloc[0][event], data.iloc[-1][event]
    lowest, highest = data[event].min(), data[event].max()
    low_width = _known_to_within(data, event)
    turn = max(low_width, 0.25 * (highest - lowest))
    if min(first, last) - lowest > turn:
        return f"falls and rises, least {percent(lowest)}"
    if highest - max(first, last) > turn:
        return f"rises and falls, most {percent(highest)}"
    if abs(last - first) <= low_width:
        return "hardly moves"
    return "rises" if last > first else "falls"


def _reading(answer: Answer[SweepFinding], paired: bool) -> list[str]:
    runs = answer.finding.runs
    lines = [
        f"Each point: {runs:,} runs. Dark bands: 95% interval by chance; light band: central 90% of the risk over what "
        "is unknown of the parameters. All points share runs and luck, so that differences between points are surer "
        f"than the bands of risk say{': the change from the first point has a panel of its own' * paired}."
    ]
    if lever := REGISTRY.get(answer.finding.levers[0].path):
        lines.append(f"{lever.name}: {lever.meaning}.")
    return lines


def _known_to_within(data: pd.DataFrame, event: str) -> float:
    """Half the width of the widest interval of a change, or of a risk where no change is told."""
    name = f"{event}_change" if f"{event}_change" in data else event
    return float((data[f"{name}_high"] - data[f"{name}_low"]).max() / 2)
