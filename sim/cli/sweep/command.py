"""The command that varies numbers of a scenario."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from sim.cli.analysing import Common, agree_to, asked, begin, conclude, number_of
from sim.cli.failures import BadInput
from sim.cli.running import parameters_for
from sim.scenario import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from rich.table import Table

    from sim.cli.screen import Screen
    from sim.experiments.sweep import Lever
    from sim.store import Analysis

MOST_SHOWN = 20
BESIDE = ("attacks", "killed")


def sweep_command(
    name: str,
    common: Common,
    *,
    vary: Sequence[str],
    runs: str | None,
    design: Literal["grid", "lhs", "sobol"] | None,
    points: str | None,
) -> None:
    """Carry out a sweep, or go on with it, and print what came out."""
    scenario, place = begin(name, "sweep", common)
    from sim.experiments.sweep import SweepError, end_points, plan_sweep, read_levers, run_sweep

    number = None if points is None else number_of("--points", points, 0, most=10**12)
    each = None if runs is None else number_of("--runs", runs, 0)
    try:
        plan = plan_sweep(scenario, read_levers(vary), design, number, each)
    except SweepError as error:
        text = str(error)
        raise BadInput(text if text.startswith("--") else f"--vary: {text}") from error
    _check_not_set_too(plan.levers, common)
    if not agree_to(plan.total, f"{len(plan.values):,} points", common):
        return
    try:
        ends = [point.scenario for point in end_points(plan)]
        common = replace(common, parameters=parameters_for(ends, common.parameters))
        with asked(common) as how:
            analysis = run_sweep(plan, how, place)
    except ScenarioError as error:
        raise BadInput(str(error)) from error
    conclude(analysis, common, tell)


def _check_not_set_too(levers: Sequence[Lever], common: Common) -> None:
    """Refuse a setting of what is varied: it would be without effect."""
    from sim.scenario.merging import full_path

    varied = {full_path(lever.path, 1): lever.path for lever in levers}
    for text in common.settings:
        path = text.partition("=")[0].strip()
        if path and all(path.split(".")) and (found := varied.get(full_path(path, 1))):
            raise BadInput(f"--set {path} has no effect, since {found} is varied; leave one of them out")


def tell(screen: Screen, analysis: Analysis) -> None:
    """Print the points of a sweep."""
    table, of = analysis.tables["sweep"], analysis.estimates
    paths = [lever["path"] for lever in of["levers"]]
    points = "1 point" if len(table) == 1 else f"{len(table):,} points"
    screen.say(f"{points} of {of['runs']:,} runs, all with the same luck.")
    chosen = _shown(table, of["definition"])
    screen.print(_table(chosen, paths, of["definition"]))
    if len(chosen) < len(table):
        screen.say(f"{len(chosen)} of {len(table):,} points, by risk; all are in sweep.csv.")
    paired = (
        " Change: from the first point, in percentage points, with the same runs, so that it is surer than two risks "
        "held against each other."
    )
    screen.say("In brackets: 95% by chance." + paired * (f"{of['definition']}_change" in table))


def _shown(table: pd.DataFrame, event: str) -> pd.DataFrame:
    """All points, or some of those in order of risk, the least and the highest among them."""
    if len(table) <= MOST_SHOWN:
        return table
    import numpy as np

    ranked = table.sort_values(event, kind="stable")
    return ranked.iloc[np.linspace(0, len(ranked) - 1, MOST_SHOWN).round().astype(int)]


def _table(points: pd.DataFrame, paths: list[str], event: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    from sim.outcomes import OUTCOMES
    from sim.wording import number_text, percent_with_chance

    found = Table(title_justify="left")
    paired, beside = f"{event}_change" in points, (OUTCOMES[name].short for name in BESIDE)
    for heading in (*paths, f"{event} spiral", *(["change"] if paired else []), *beside):
        found.add_column(heading, justify="right", overflow="fold")
    for row in points.to_dict("records"):
        cells = (
            *(number_text(row[path]) for path in paths),
            percent_with_chance(row[event], row[f"{event}_low"], row[f"{event}_high"]),
            *([_change(row, event)] if paired else []),
            *(number_text(row[name]) for name in BESIDE),
        )
        found.add_row(*map(Text, cells))
    return found


def _change(row: Mapping[str, Any], event: str) -> str:
    from sim.wording import change_with_chance

    change, low, high = (row[f"{event}_change{end}"] for end in ("", "_low", "_high"))
    if row["point"] == 0:
        return ""
    return "no run moved" if change == 0 and low == -high else change_with_chance(change, low, high)
