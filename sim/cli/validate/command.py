"""The command that holds the model, fitted up to a date, against what was reported after it; and what it prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from sim.cli.analysing import Common, agree_to, asked, begin, conclude, number_of
from sim.cli.calibrate.command import date_of, record_of
from sim.cli.failures import BadInput, Failed
from sim.scenario import ScenarioError
from sim.wording import number_text, percent, percent_with_chance

if TYPE_CHECKING:
    import pandas as pd

    from sim.cli.screen import Screen
    from sim.inference.observation import Record
    from sim.scenario.drivers import Driver
    from sim.store import Analysis


WORST = 30
"""Nats beyond which a score is only told to be worse."""


def validate_command(
    name: str,
    common: Common,
    *,
    record: Path | None,
    timeline: Path | None,
    as_of: str | None,
    runs: str | None,
) -> None:
    """Fit the model up to a date, score what it foresees, and print it beside rivals."""
    from sim.experiments import validate as v
    from sim.experiments.calibrate import AS_OF

    scenario, place = begin(name, "validate", common)
    last = AS_OF if as_of is None else date_of("--as-of", as_of)
    number = number_of("--runs", runs, v.RUNS, least=2_000, most=1_000_000)
    later = _later() if record is None and last == AS_OF else None
    try:
        plan = v.plan_validation(scenario, record_of(record), later, last, timeline_of(timeline), number)
    except v.ValidationError as error:
        raise BadInput(str(error)) from error
    if not agree_to(number, "validation", common):
        return
    try:
        with asked(common) as how:
            analysis = v.run_validation(plan, how, place)
    except v.ValidationError as error:
        raise Failed(str(error)) from error
    conclude(analysis, common, tell)


def _later() -> Record:
    from sim.inference.observation.reading import later_record

    return later_record()


def timeline_of(file: Path | None) -> dict[str, Driver]:
    """Read outside pressures; what is wrong with them is bad input."""
    from sim.inference.observation.reading import load_timeline

    try:
        return {} if file is None else load_timeline(file)
    except ScenarioError as error:
        raise BadInput(str(error)) from error


def tell(screen: Screen, analysis: Analysis) -> None:
    """Print scores by date, and the probability of what came later."""
    of, tables = analysis.estimates, analysis.tables
    known = ". Retrodiction: whoever built the model knew what came" if "events" in tables else ""
    screen.say(
        f"Fitted to the record {of['record']} up to a date, and held against what is reported of the days "
        f"after{known}.",
        "bold",
    )
    if "scores" in tables:
        for as_of, rows in tables["scores"].groupby("as_of", sort=False):
            screen.print(_scores(str(as_of)[:10], rows))
        screen.say(
            "Log score: of all counts together, in nats, higher is better; ahead: by how much this model's is higher, "
            "give or take two standard errors; distance: mean CRPS, in attacks, lower is better."
        )
    if "events" in tables:
        screen.print(_events(tables["events"]))
        screen.say("In brackets: 95% by chance. These events hang together: they are no independent tests.")
    given = f", but for {', '.join(of['given'])}, which were given" if of["given"] else ""
    screen.say(
        f"Outside pressures after each date are drawn from a prior, and not read from the record{given}."
    )


def _scores(as_of: str, rows: pd.DataFrame) -> Table:
    counts = int(rows["counts"].iloc[0])
    found = Table(
        title=f"Fitted to {as_of}: {counts} {'count' if counts == 1 else 'counts'} of attacks after it",
        title_justify="left",
    )
    for heading in ("forecaster", "log score", "ahead", "distance", "in 90%"):
        found.add_column(heading, justify="left" if heading == "forecaster" else "right")
    for row in rows.to_dict("records"):
        found.add_row(
            Text(row["forecaster"]),
            f"{row['log_score']:.2f}" if row["log_score"] > -WORST else f"below -{WORST}",
            _ahead(row),
            number_text(row["crps"]) if row["crps"] == row["crps"] else "",
            f"{round(row['in90'] * counts)} of {counts}",
        )
    return found


def _ahead(row: dict[str, Any]) -> str:
    if row["ahead"] == 0:
        return ""
    return f"{row['ahead']:+.2f} ± {2 * row['ahead_error']:.2f}" if row["ahead"] < WORST else f"over +{WORST}"


def _events(table: pd.DataFrame) -> Table:
    names = list(dict.fromkeys(table["forecaster"]))
    found = Table(title="Probability given to what came", title_justify="left")
    for heading in ("", *names):
        found.add_column(heading, justify="left" if not heading else "right")
    for event, rows in table.groupby("event", sort=False):
        by_name: dict[str, Any] = {row["forecaster"]: row for row in rows.to_dict("records")}
        found.add_row(Text(str(event)), *(Text(_probability(by_name[name])) for name in names))
    return found


def _probability(row: dict[str, Any]) -> str:
    p, low, high = row["probability"], row["probability_low"], row["probability_high"]
    return percent_with_chance(p, low, high) if 0 < p < 1 else percent(p)
