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
from sim.report.figures.words import exchange, short
from sim.wording import change_with_chance, day_text, percent_with_chance

MOST_LABEL = 19  # letters of a scenario's name in the title
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
    outcomes = _with_averted(outcomes, of.averted)
    title, subtitle = title_of(outcomes, of.headline_tips, label), _subtitle(outcomes, of.definition)
    figure = answer_page(answer, title, subtitle, _reading(of, label), height=6.2)
    grid = figure.add_gridspec(2, 2, width_ratios=(1.05, 1), height_ratios=(1, 1.6))
    span = " to ".join(day_text(dt.date.fromisoformat(end)) for end in (of.start, of.end))
    risks = outcomes[outcomes["unit"] == "probability"]
    draw_changes(figure.add_subplot(grid[:, 0]), risks, of.definition, span)
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
    return Drawing(stem, title, figure, data, subtitle)


def _legend(first: str, label: str) -> list[tuple[Artist, str]]:
    return [
        (Line2D([], [], color=INK, marker="o", markersize=5), "change, 95% by chance"),
        (Patch(color=INK, alpha=0.9, linewidth=0), f"comes in {_short(label, 26)} only"),
        (Patch(color=INK, alpha=LIGHT * 1.6, linewidth=0), f"in {_short(first, 26)} only"),
    ]


def title_of(outcomes: pd.DataFrame, tips: dict[str, Any], label: str) -> str:
    """Say what the scenario does to the risk, and only what the paired difference can tell."""
    row = outcomes[outcomes["outcome"] == tips["definition"]].iloc[0]
    ends = [row[f"difference{end}"] for end in ("", "_low", "_high")]
    name, mine, first = (
        exchange(tips["definition"]),
        short(label, MOST_LABEL),
        short(tips["against"], MOST_LABEL),
    )
    if not ends[1] > 0 and not ends[2] < 0:
        return f"{mine}: no sure change of {name}s against {first}"
    moved = change_with_chance(*ends).partition(" [")[0].lstrip("+-")
    return f"{mine} {'raises' if ends[1] > 0 else 'lowers'} {name}s by {moved} points against {first}"


def _subtitle(outcomes: pd.DataFrame, headline: str) -> str:
    """The risks, the paired change, and the changes of its parts."""
    rows = {row["outcome"]: row for row in outcomes.to_dict("records")}
    whole = rows[headline]
    there, here = (
        percent_with_chance(*(whole[f"{side}{end}"] for end in ("", "_low", "_high")))
        for side in ("first", "value")
    )
    parts = [
        f"{words} {change_with_chance(*(rows[key][f'difference{end}'] for end in ('', '_low', '_high')))}"
        for key, words in (("spiral", "spiral"), ("anyway", "anyway"), ("averted", "averted"))
        if key in rows
    ]
    moved = change_with_chance(*(whole[f"difference{end}"] for end in ("", "_low", "_high")))
    return f"{there} to {here}: {moved} points, paired by run, 95% by chance; {', '.join(parts)}."


def _with_averted(outcomes: pd.DataFrame, averted: pd.DataFrame) -> pd.DataFrame:
    """The outcomes with what restraint averted, after the parts of the headline."""
    row = averted.assign(outcome="averted", unit="probability")
    keys = list(outcomes["outcome"])
    place = 1 + max(keys.index(key) for key in ("spiral", "anyway") if key in keys)
    return pd.concat([outcomes.iloc[:place], row, outcomes.iloc[place:]], ignore_index=True)


def _reading(of: CompareFinding, label: str) -> list[str]:
    tips = of.headline_tips
    notes = [
        f"{of.runs:,} runs of each, with the same parameters and luck run by run, so that a change "
        "is surer than two risks held against each other. In brackets and as lines: 95% by chance. Spiral: by "
        "reactions; anyway: without any too; averted: comes only without damping reactions. Severe exchange: US killed "
        "and a wave of US strikes in answer.",
        *of.notes,
        *([f"{label}: {question}"] if (question := of.questions.get(label)) else []),
        _differs(of.assumptions),
    ]
    return [*notes, sign_line(tips)] if tips["sign_rows"] else notes


def _differs(assumptions: pd.DataFrame) -> str:
    """Name the assumptions that differ, the first few of them."""
    rows = assumptions.head(MOST_TOLD).astype(object).fillna("").to_dict("records")
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
