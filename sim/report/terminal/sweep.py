"""What a sweep prints at its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from sim.experiments.sweep.table import NAMED
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.report.swept import by_when, shares_luck
from sim.scenario.given import fixed_by
from sim.simulate.responses import OUTCOME
from sim.wording import change_with_chance, meaning_text, number_text, percent, percent_with_chance

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.sweep import LeverPart, SweepFinding
    from sim.pipeline.answers import Answer
    from sim.report.terminal.screen import Screen

MOST_SHOWN = 20
MOST_IN_BRIEF = 4
BESIDE = ("attacks", "killed")


def brief(screen: Screen, answer: Answer[SweepFinding]) -> None:
    """Print how far the risk moves over what was varied, and some of the points."""
    of = answer.finding
    table, paths, event = of.sweep, [lever.path for lever in of.levers], of.event
    paired = f"{event}_change" in table
    by = f"A {event} exchange {by_when(answer)}" if of.outcome is None else of.outcome
    by = f"{by[:1].upper()}{by[1:]}"
    screen.say(f"{by}: {_moved(table, paths, event, paired)}.", "bold")
    if len(paths) == 1:
        _meaning(screen, of.levers[0])
    if event == NAMED:
        screen.say("Named exchange: what each point's headline names.")
    costs = ["any US killed"] if len(paths) == 1 else []
    heads = (*paths, _called(event), *(["change"] if paired else []), "spiral", *costs)
    chosen = _shown(table, event, MOST_IN_BRIEF, _own(answer, table, paths)).to_dict("records")
    screen.compact(heads, (_cells(row, paths, event, paired) for row in chosen), words=0)
    first = "; change from the first point" if paired else ""
    some = f"{len(chosen)} of {len(table):,} points, by risk; in" if len(chosen) < len(table) else "In"
    screen.say(f"{some} brackets 95% by chance{first}.")


def _called(event: str) -> str:
    return event if event == OUTCOME else f"{event} exchange"


def _meaning(screen: Screen, lever: LeverPart) -> None:
    """Say what a parameter is that was varied, and its unit."""
    if lever.path in REGISTRY:
        unit = f" ({lever.unit})" if lever.unit not in ("", "1") else ""
        screen.say(f"{lever.path}{unit}: {meaning_text(REGISTRY[lever.path].meaning)}.")


def _moved(table: pd.DataFrame, paths: list[str], event: str, paired: bool) -> str:
    """From where to where the risk goes: over one lever from its first value to its last, else from least to most."""
    if len(paths) == 1 and paired and len(table) > 1:
        first, last = table.iloc[0], table.iloc[-1]
        change = _change(last.to_dict(), event)
        low, high = (last[f"{event}_change{end}"] for end in ("_low", "_high"))
        sure = "" if low > 0 or high < 0 else ", which chance alone may have made"
        ends = f"{_at(first, paths, event)} to {_at(last, paths, event)}"
        return f"from {ends}, a change of {change}{sure}" if change[0] in "+-0" else f"from {ends}; {change}"
    ranked = table.sort_values(event, kind="stable")
    least, most = ranked.iloc[0], ranked.iloc[-1]
    return f"least {_at(least, paths, event)}, most {_at(most, paths, event)}"


def _at(row: Mapping[str, Any], paths: list[str], event: str) -> str:
    return f"{_risk(row, event)} at {_place(row, paths)}"


def _risk(row: Mapping[str, Any], event: str) -> str:
    return percent_with_chance(row[event], row[f"{event}_low"], row[f"{event}_high"])


def _place(row: Mapping[str, Any], paths: list[str]) -> str:
    return ", ".join(f"{path}={_text(row[path])}" for path in paths)


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else number_text(value)


def _cells(row: Mapping[str, Any], paths: list[str], event: str, paired: bool) -> tuple[str, ...]:
    change = [_change(row, event)] if paired else []
    levers = (_text(row[path]) for path in paths)
    costs = [percent(row["any_killed"])] if len(paths) == 1 else []
    return (*levers, _risk(row, event), *change, percent(row["spiral"]), *costs)


def tell(screen: Screen, answer: Answer[SweepFinding]) -> None:
    """Print the points of a sweep."""
    of = answer.finding
    table, event = of.sweep, of.event
    points = "1 point" if len(table) == 1 else f"{len(table):,} points"
    luck = ", all with the same luck" if shares_luck(of) else ""
    screen.say(f"{points} of {of.runs:,} runs{luck}.")
    chosen = _shown(table, event, MOST_SHOWN)
    if of.outcome is not None:
        screen.say(f"Outcome: {of.outcome}.")
    screen.print(_table(chosen, [lever.path for lever in of.levers], event))
    if len(chosen) < len(table):
        screen.say(f"{len(chosen)} of {len(table):,} points, by risk; all are in sweep.csv.")
    paired = (
        " Change: from the first point, in percentage points, with the same runs, so that it is surer than two risks "
        "held against each other."
    )
    screen.say("In brackets: 95% by chance." + paired * (f"{event}_change" in table))


def _own(answer: Answer[SweepFinding], table: pd.DataFrame, paths: list[str]) -> pd.DataFrame:
    """The points at which every parameter that is varied is as the scenario has it, or at its default."""
    import pandas as pd

    fixed = fixed_by(answer.scenario)
    if not all(path in REGISTRY for path in paths):
        return table.iloc[:0]
    here = [table[path] == fixed.get(path, REGISTRY[path].default) for path in paths]
    return table[pd.concat(here, axis=1).all(axis=1)]


def _shown(table: pd.DataFrame, event: str, most: int, own: pd.DataFrame | None = None) -> pd.DataFrame:
    """All points, or so many in order of risk, its ends among them, and the scenario's own.

    The one from which changes count stands before them.
    """
    if len(table) <= most:
        return table
    import numpy as np
    import pandas as pd

    paired = int(f"{event}_change" in table)
    first = table.iloc[:paired]
    kept = table.iloc[:0] if own is None else own.drop(first.index, errors="ignore")
    ranked = table.drop([*first.index, *kept.index]).sort_values(event, kind="stable")
    chosen = np.linspace(0, len(ranked) - 1, most - paired - len(kept)).round().astype(int)
    return pd.concat([first, pd.concat([kept, ranked.iloc[chosen]]).sort_values(event, kind="stable")])


def _table(points: pd.DataFrame, paths: list[str], event: str) -> Table:
    found = Table(title_justify="left")
    paired, beside = f"{event}_change" in points, (OUTCOMES[name].short for name in BESIDE)
    by_reactions = OUTCOMES["spiral"].short
    for heading in (*paths, _called(event), *(["change"] if paired else []), by_reactions, *beside):
        found.add_column(heading, justify="right", overflow="fold")
    for row in points.to_dict("records"):
        cells = (
            *(_text(row[path]) for path in paths),
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
