"""A comparison drawn, one figure for each scenario against the first: risks, runs tipped, and means."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiments.compare import CompareFinding
from sim.experiments.compare.signs import sign_line
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.compare_panels import draw_changes, draw_means, draw_tips
from sim.report.figures.page import add_legend
from sim.report.figures.result import Drawing
from sim.report.figures.style import INK, LIGHT
from sim.wording import change_with_chance, day_text, percent_with_chance

MOST_TOLD = 3  # assumptions in the notes
LONGEST = 60  # characters of each


def drawings(answer: Answer[CompareFinding]) -> list[Drawing]:
    """Draw every scenario against the first."""
    others = answer.finding.others
    return [
        _draw(answer, label, "compare" if len(others) == 1 else f"compare-{number}")
        for number, label in enumerate(others, start=1)
    ]


def _draw(answer: Answer[CompareFinding], label: str, stem: str) -> Drawing:
    of = answer.finding.about(label)
    outcomes, tips = of.outcomes, of.tips
    title = title_of(outcomes, of.headline_tips, label)
    figure = answer_page(answer, title, _reading(of, label), height=5.8)
    grid = figure.add_gridspec(2, 2, width_ratios=(1.05, 1), height_ratios=(1, 1.25))
    span = " to ".join(day_text(dt.date.fromisoformat(end)) for end in (of.start, of.end))
    draw_changes(figure.add_subplot(grid[:, 0]), outcomes[outcomes["unit"] == "probability"], span)
    draw_tips(figure.add_subplot(grid[0, 1]), tips)
    draw_means(
        figure.add_subplot(grid[1, 1]), outcomes[outcomes["unit"] != "probability"], _short(of.first, 30)
    )
    add_legend(figure, _legend(of.first, label))
    data = outcomes.merge(
        tips[["definition", "runs", "into", "out"]].rename(columns={"definition": "outcome"}),
        "left",
        "outcome",
    )
    return Drawing(stem, title, figure, data)


def _legend(first: str, label: str) -> list[tuple[Artist, str]]:
    return [
        (Line2D([], [], color=INK, marker="o", markersize=5), "change, 95% by chance"),
        (Patch(color=INK, alpha=0.9, linewidth=0), f"spirals in {_short(label, 30)} only"),
        (Patch(color=INK, alpha=LIGHT * 1.6, linewidth=0), f"in {_short(first, 30)} only"),
    ]


def title_of(outcomes: pd.DataFrame, tips: dict[str, Any], label: str) -> str:
    """Say what the scenario does to the risk, and only what the paired difference can tell."""
    row = outcomes[outcomes["outcome"] == tips["definition"]].iloc[0]
    ends = [row[f"difference{end}"] for end in ("", "_low", "_high")]
    there = percent_with_chance(*(row[f"first{end}"] for end in ("", "_low", "_high")))
    does = "raises" if ends[1] > 0 else "lowers" if ends[2] < 0 else "shows no change beyond chance"
    moved = f"{change_with_chance(*ends)} percentage points from {there}"
    tipped = f"{tips['into']:,} of {tips['runs']:,} runs tipped into one, {tips['out']:,} out of one"
    name, first = tips["definition"], tips["against"]
    if does.startswith("shows"):
        return f"{label} against {first}: the risk of a {name} spiral {does}, {moved}; {tipped}"
    return f"{label} {does} the risk of a {name} spiral against {first}: {moved}; {tipped}"


def _reading(of: CompareFinding, label: str) -> list[str]:
    tips = of.headline_tips
    notes = [
        f"{of.runs:,} runs of each, with the same parameters and luck run by run, so that a change "
        "is surer than two risks held against each other. In brackets and as lines: 95% by chance. Severe exchange: US "
        "killed and a wave of US strikes in answer. Killed: by fire.",
        *of.notes,
        *([f"{label}: {question}"] if (question := of.questions.get(label)) else []),
        _differs(of.assumptions),
    ]
    return [*notes, sign_line(tips)] if tips["sign_rows"] else notes


def _differs(assumptions: pd.DataFrame) -> str:
    """Name the assumptions that differ, the first few of them."""
    rows = assumptions.head(MOST_TOLD).fillna("").to_dict("records")
    told = [
        f"{row['path']} {_short(row['first'] or 'nothing')} there and {_short(row['value'] or 'nothing')} here"
        + (f" ({row['unit']})" if row["unit"] not in ("", "date") else "")
        for row in rows
    ]
    more = (
        f"; and {len(assumptions) - MOST_TOLD} more, in assumptions.csv"
        if len(assumptions) > MOST_TOLD
        else ""
    )
    return f"What differs: {'; '.join(told)}{more}."


def _short(text: Any, longest: int = LONGEST) -> str:
    whole = str(text)
    return whole if len(whole) <= longest else f"{whole[: longest - 1]}…"
