"""What a forced strike brings: attacks in the weeks after it against none, level by level, and the risk."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiments.dilemma import DilemmaFinding
from sim.experiments.dilemma.telling import change_at, signed
from sim.experiments.dilemma.worlds import LEVELS, NO_FEEDBACK, TOGETHER
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.style import DARK, FAINT, INK, points_axis
from sim.wording import LEVEL_MEANINGS, day_text, number_text

REVENGE = "revenge only"
SHORT_TARGETS = {1: "Syria", 2: "Iraq", 3: "a wave", 4: "Iran"}
LOOKS: dict[str, dict[str, Any]] = {
    TOGETHER: {"color": INK, "linewidth": 2.6, "zorder": 3},
    NO_FEEDBACK: {"color": FAINT, "linewidth": 1.6, "linestyle": (0, (4, 2))},
    "deterrence only": {"color": "#117733", "linewidth": 1.5},
    "revenge only": {"color": "#882255", "linewidth": 1.5, "linestyle": (0, (6, 1.5, 1, 1.5))},
    "Tehran decides": {"color": "#D9B23A", "linewidth": 1.8},
    "host pressure": {"color": "#44AA99", "linewidth": 1.5, "linestyle": (0, (1, 1))},
}
"""A colour and a line for each world, the same in every figure."""


def look_of(world: str) -> dict[str, Any]:
    """Colour, width and dashes of a world's line."""
    return LOOKS.get(world, {"color": FAINT, "linewidth": 1.2})


def draw_response(answer: Answer[DilemmaFinding]) -> Drawing:
    """Draw a panel a level, and the change of risk by the end beside them."""
    of, data, summary = answer.finding, answer.finding.response, answer.finding.response_summary
    title, subtitle = _title(of), _subtitle(of)
    figure = answer_page(answer, title, subtitle, _reading(of), height=5.6)
    grid = figure.add_gridspec(2, 3, width_ratios=(1, 1, 0.8))
    first = None
    for place, level in enumerate(LEVELS):
        axes = figure.add_subplot(grid[place // 2, place % 2], sharex=first)
        first = first or axes
        _draw_level(axes, data[data["level"] == level])
        row = _row(summary, level)
        panel_title(axes, [f"Level {level}, {_target(level)}", _when(row)], size=10.5)
        axes.tick_params(labelbottom=place > 1)
        if place > 1:
            axes.set_xlabel("days after the strike")
    _draw_risk(figure.add_subplot(grid[:, 2]), summary, of.definition)
    figure.supylabel("Change in attacks a day, against holding", fontsize=11.5)
    add_legend(figure, _legend(data), rows=2)
    return Drawing("response", title, figure, data, subtitle)


def _target(level: int) -> str:
    return {1: "Syria", 2: "militias in Iraq", 3: "a wave", 4: "Iran"}[level]


def _when(row: pd.Series) -> str:
    """From which day the band leaves zero out, and until when."""
    if row["way"] == "no change":
        return "no week's change beyond chance"
    until = "on" if row["to_day"] == row["days"] else f"to {row['to_day']}"
    return f"{row['way']} attacks from day {row['from_day']} {until}"


def _row(summary: pd.DataFrame, level: int, pack: str = TOGETHER) -> pd.Series:
    return summary[(summary["pack"] == pack) & (summary["level"] == level)].iloc[0]


def _draw_level(axes: Axes, data: pd.DataFrame) -> None:
    for pack in reversed(data["pack"].unique()):
        mine = data[data["pack"] == pack]
        middle = (mine["first_day"] + mine["last_day"]) / 2
        if pack == TOGETHER:
            ends = mine["change_low"], mine["change_high"]
            axes.fill_between(middle, *ends, color=INK, alpha=DARK * 0.5, linewidth=0, zorder=2)
        axes.plot(middle, mine["change"], **look_of(pack), gid=f"response {pack}")
    axes.axhline(0.0, color=INK, linewidth=0.8)


def _draw_risk(axes: Axes, summary: pd.DataFrame, event: str) -> None:
    """Change of risk by level, all together and by world, where the strike is not itself the spiral."""
    counted = summary[~summary["is_the_spiral"].astype(bool)]
    packs = counted["pack"].unique()
    for place, pack in enumerate(packs):
        mine = counted[counted["pack"] == pack]
        x = mine["level"] + 0.13 * (place - (len(packs) - 1) / 2)
        colour = look_of(pack)["color"]
        size = 7 if pack == TOGETHER else 4
        errors = (
            mine["risk_change"] - mine["risk_change_low"],
            mine["risk_change_high"] - mine["risk_change"],
        )
        axes.errorbar(
            x, mine["risk_change"], errors, fmt="o", color=colour, markersize=size, elinewidth=size / 4
        )
    axes.axhline(0.0, color=INK, linewidth=0.8)
    levels = [level for level in LEVELS if level in set(counted["level"])]
    axes.set_xticks(levels, [f"{level}\n{SHORT_TARGETS[level]}" for level in levels], fontsize=10.0)
    axes.set_xlabel("level of the strike")
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, -1.0), min(high, 1.0))  # no risk changes by more
    points_axis(axes)
    panel_title(axes, [f"Change of {event}", "exchanges by the end,", "percentage points"], size=10.5)


def _legend(data: pd.DataFrame) -> list[tuple[Artist, str]]:
    lines: list[tuple[Artist, str]] = [(Line2D([], [], **look_of(p)), p) for p in data["pack"].unique()]
    return [*lines, (Patch(color=INK, alpha=DARK * 0.5, linewidth=0), "95%, all weeks together")]


def _title(of: DilemmaFinding) -> str:
    """Say after which levels attacks become fewer or more, beyond chance."""
    ways: dict[str, list[str]] = {}
    for level in LEVELS[:-1]:
        row = _row(of.response_summary, level)
        low, high = row["attacks_change_low"], row["attacks_change_high"]
        ways.setdefault(
            "fewer attacks" if high < 0 else "more attacks" if low > 0 else "no sure change", []
        ).append(str(level))
    told = "; ".join(f"{way} after level {' and '.join(levels)}" for way, levels in ways.items())
    return f"A strike forced on {day_text(of.date)}: {told}"


def _subtitle(of: DilemmaFinding) -> str:
    summary = of.response_summary
    levels = [level for level in LEVELS if level < max(LEVELS)]
    rows = [_row(summary, level) for level in levels]
    told = ", ".join(signed(row, "attacks_change") for row in rows)
    alone = ", ".join(f"{_row(summary, level, REVENGE)['attacks_change']:+.1f}" for level in levels)
    return (
        f"Attacks of {rows[0]['days']} days after level 1, 2, 3: {told} (revenge alone {alone}); "
        f"{_risk_told(rows, of.definition)}."
    )


def _risk_told(rows: list[pd.Series], event: str) -> str:
    """Say which levels move the risk beyond chance."""
    moved = [
        f"{change_at(row, 'risk_change')} points after level {row['level']}"
        for row in rows
        if row["risk_change_low"] > 0 or row["risk_change_high"] < 0
    ]
    return f"{event} exchanges {', '.join(moved)}" if moved else f"none moves {event} exchanges beyond chance"


def _own_note(definition: str) -> str:
    what = "itself a direct exchange" if definition == "direct" else "itself half of a reciprocal exchange"
    return f"A strike of level 4 is {what}: its change of risk is no effect, and is left out."


def _reading(of: DilemmaFinding) -> list[str]:
    held = number_text(_row(of.response_summary, 1)["held_attacks"])
    return [
        f"{of.forced_runs:,} runs all together and {of.runs:,} in each other world, lived up to the "
        f"day and from there five times with the same luck: with no strike on that day ({held} attacks in "
        "the days followed), and with one of each level. All else is free.",
        "Lines: means by week. Band: 95% for all weeks of a level together, so that weeks in which it "
        f"leaves zero out can be picked. Dots: with 95% by chance. Level 3: {LEVEL_MEANINGS[3]}. "
        f"{_own_note(of.definition)}",
        f"With {NO_FEEDBACK} a strike changes no attack: what it destroys, angers and frightens is switched off.",
    ]
