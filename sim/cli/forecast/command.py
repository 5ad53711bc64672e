"""The command that conditions runs on a record up to a date, and prints the risk from there on."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from sim.cli.analysing import Common, agree_to, asked, begin, conclude, number_of
from sim.cli.calibrate.command import date_of, record_of
from sim.cli.failures import BadInput, Failed
from sim.cli.validate.command import timeline_of
from sim.outcomes import OUTCOMES, SERIES
from sim.wording import day_text, number_text, percent, percent_with_chance

if TYPE_CHECKING:
    import pandas as pd

    from sim.cli.screen import Screen
    from sim.store import Analysis

NAMES = {name: OUTCOMES[name].label for name in SERIES} | {"attacks": "attacks in all"}


def forecast_command(
    name: str,
    common: Common,
    *,
    record: Path | None,
    timeline: Path | None,
    as_of: str | None,
    islands: str | None,
    particles: str | None,
    runs: str | None,
) -> None:
    """Condition a scenario on a record, simulate on, and print the risk."""
    from sim.experiments import forecast as f

    scenario, place = begin(name, "forecast", common)
    told = record_of(record)
    last = told.end if as_of is None else date_of("--as-of", as_of)
    numbers = (
        number_of("--islands", islands, f.ISLANDS, least=2, most=10_000),
        number_of("--particles", particles, f.PARTICLES, least=100, most=200_000),
        number_of("--runs", runs, f.RUNS, least=100, most=10_000_000),
    )
    try:
        plan = f.plan_forecast(scenario, told, last, *numbers, timeline_of(timeline))
    except f.ForecastError as error:
        raise BadInput(str(error)) from error
    if not agree_to(plan.islands * plan.particles + plan.runs, f"{plan.islands:,} islands", common):
        return
    try:
        with asked(common) as how:
            analysis = f.run_forecast(plan, how, place)
    except f.ForecastError as error:
        raise Failed(str(error)) from error
    conclude(analysis, common, tell)


def tell(screen: Screen, analysis: Analysis) -> None:
    """Print the risk, what is expected next, and how the filter fared."""
    of, tables = analysis.estimates, analysis.tables
    as_of = datetime.date.fromisoformat(of["as_of"])
    screen.say(
        f"As of {day_text(as_of)}, by {day_text(analysis.scenario.end)}: {of['headline']['definition']} spiral "
        f"{_risk(of['headline'])}",
        "bold",
    )
    others = [
        f"{name} {_risk(entry)}"
        for name, entry in of["spirals"].items()
        if name != of["headline"]["definition"]
    ]
    screen.say("; ".join(others))
    if len(tables["ahead"]):
        screen.print(_ahead(tables["ahead"]))
    screen.print(_stages(tables["stages"], of["particles"]))
    screen.say(
        f"{number_text(of['effective'])} effective rows of parameters of {of['islands'] * of['particles']:,} "
        f"particles; {percent(of['moves_taken'])} of rejuvenating moves were taken. Log probability of the record "
        f"{of['log_evidence']:.2f}, give or take {2 * of['log_evidence_error']:.2f}."
    )
    given = f", but for {', '.join(of['given'])}, which were given" if of["given"] else ""
    screen.say(f"Outside pressures after the date are those that the scenario assumes{given}.")


def _risk(entry: dict[str, object]) -> str:
    chance, ignorance = entry["chance"], entry["ignorance"]
    assert isinstance(chance, list)
    text = percent_with_chance(float(str(entry["probability"])), *chance) + " by chance"
    if isinstance(ignorance, list):
        text += f", {percent(ignorance[0])} to {percent(ignorance[1])} with the parameters unknown"
    return text


def _ahead(table: pd.DataFrame) -> Table:
    days = list(dict.fromkeys(table["days"]))
    found = Table(title="Expected after that date: mean (5 to 95%)", title_justify="left")
    for heading in ("", *(f"next {number} days" for number in days)):
        found.add_column(heading, justify="left" if not heading else "right")
    for name, rows in table.groupby("count", sort=False):
        cells = [
            f"{number_text(row['mean'])} ({number_text(row['q05'])} to {number_text(row['q95'])})"
            for row in rows.to_dict("records")
        ]
        found.add_row(NAMES[str(name)], *cells)
    return found


def _stages(table: pd.DataFrame, particles: int) -> Table:
    found = Table(title="How the particles fared", title_justify="left")
    for heading in ("up to", "on record", f"effective of {particles:,}"):
        found.add_column(heading, justify="left" if heading == "on record" else "right")
    for row in table.to_dict("records"):
        found.add_row(str(row["last"])[:10], Text(str(row["on_record"])), number_text(row["effective"]))
    return found
