"""What a sweep prints at its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from sim.outcomes import OUTCOMES
from sim.wording import change_with_chance, day_text, number_text, percent, percent_with_chance

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.sweep import SweepFinding
    from sim.pipeline.answers import Answer
    from sim.report.terminal.screen import Screen

MOST_SHOWN = 20
MOST_IN_BRIEF = 5
BESIDE = ("attacks", "killed")


def brief(screen: Screen, answer: Answer[SweepFinding]) -> None:
    """Print where the risk is least and greatest, and some of the points between."""
    of = answer.finding
    table, paths, event = of.sweep, [lever.path for lever in of.levers], of.definition
    ranked = table.sort_values(event, kind="stable")
    least, most = ranked.iloc[0], ranked.iloc[-1]
    by = day_text(answer.scenario.end)
    screen.say(
        f"A {event} exchange by {by}: from {_risk(least, event)} at {_place(least, paths)} to {_risk(most, event)} at "
        f"{_place(most, paths)}.",
        "bold",
    )
    paired = f"{event}_change" in table
    heads = (*paths, f"{event} exchange", *(["change"] if paired else []), "spiral")
    chosen = _shown(table, event, MOST_IN_BRIEF).to_dict("records")
    screen.compact(heads, (_cells(row, paths, event, paired) for row in chosen), words=0)
    if len(chosen) < len(table):
        screen.say(f"{len(chosen)} of {len(table):,} points; all are in sweep.csv.")
    first = "; change: from the first point, in percentage points" if paired else ""
    screen.say(f"In brackets 95% by chance{first}.")


def _risk(row: Mapping[str, Any], event: str) -> str:
    return percent_with_chance(row[event], row[f"{event}_low"], row[f"{event}_high"])


def _place(row: Mapping[str, Any], paths: list[str]) -> str:
    return ", ".join(f"{path}={number_text(row[path])}" for path in paths)


def _cells(row: Mapping[str, Any], paths: list[str], event: str, paired: bool) -> tuple[str, ...]:
    change = [_change(row, event)] if paired else []
    levers = (number_text(row[path]) for path in paths)
    return (*levers, _risk(row, event), *change, percent(row["spiral"]))


def tell(screen: Screen, answer: Answer[SweepFinding]) -> None:
    """Print the points of a sweep."""
    of = answer.finding
    table, event = of.sweep, of.definition
    points = "1 point" if len(table) == 1 else f"{len(table):,} points"
    screen.say(f"{points} of {of.runs:,} runs, all with the same luck.")
    chosen = _shown(table, event, MOST_SHOWN)
    screen.print(_table(chosen, [lever.path for lever in of.levers], event))
    if len(chosen) < len(table):
        screen.say(f"{len(chosen)} of {len(table):,} points, by risk; all are in sweep.csv.")
    paired = (
        " Change: from the first point, in percentage points, with the same runs, so that it is surer than two risks "
        "held against each other."
    )
    screen.say("In brackets: 95% by chance." + paired * (f"{event}_change" in table))


def _shown(table: pd.DataFrame, event: str, most: int) -> pd.DataFrame:
    """All points, or so many of those in order of risk, the least and the highest among them."""
    if len(table) <= most:
        return table
    import numpy as np

    ranked = table.sort_values(event, kind="stable")
    return ranked.iloc[np.linspace(0, len(ranked) - 1, most).round().astype(int)]


def _table(points: pd.DataFrame, paths: list[str], event: str) -> Table:
    found = Table(title_justify="left")
    paired, beside = f"{event}_change" in points, (OUTCOMES[name].short for name in BESIDE)
    by_reactions = OUTCOMES["spiral"].short
    for heading in (*paths, f"{event} exchange", *(["change"] if paired else []), by_reactions, *beside):
        found.add_column(heading, justify="right", overflow="fold")
    for row in points.to_dict("records"):
        cells = (
            *(number_text(row[path]) for path in paths),
            _risk(row, event),
            *([_change(row, event)] if paired else []),
            percent(row["spiral"]),
            *(number_text(row[name]) for name in BESIDE),
        )
        found.add_row(*map(Text, cells))
    return found


def _change(row: Mapping[str, Any], event: str) -> str:
    change, low, high = (row[f"{event}_change{end}"] for end in ("", "_low", "_high"))
    if row["point"] == 0:
        return ""
    return "no run moved" if change == 0 and low == -high else change_with_chance(change, low, high)
