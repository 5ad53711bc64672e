"""What a forecast prints at its end: the risk, what is expected next, and how the filter fared."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from sim.outcomes import OUTCOMES, SERIES
from sim.wording import day_text, number_text, percent, probability_text

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.forecast import ForecastFinding
    from sim.pipeline.answers import Answer
    from sim.report.terminal.screen import Screen

NAMES = {name: OUTCOMES[name].label for name in SERIES} | {"attacks": "attacks in all"}


FEW_DRAWS = 300
IN_BRIEF = ("attacks", "wounded", "killed", "strikes")


def warnings(answer: Answer[ForecastFinding]) -> list[str]:
    """Where the record says nothing of the last days, and where few draws carry the answer."""
    of = answer.finding
    as_of, ends = (datetime.date.fromisoformat(day) for day in (of.as_of, of.record_ends))
    found = []
    if ends < as_of:
        found.append(
            f"the record {of.record} ends on {day_text(ends)}: from then to {day_text(as_of)} nothing is on record, "
            "and the model goes on by itself"
        )
    if of.effective < FEW_DRAWS:
        found.append(
            f"{number_text(of.effective)} effective draws of the parameters are few: all numbers are rough"
        )
    return found


def brief(screen: Screen, answer: Answer[ForecastFinding]) -> None:
    """Print the risk, and what is expected next."""
    of, end = answer.finding, day_text(answer.scenario.end)
    as_of = day_text(datetime.date.fromisoformat(of.as_of))
    screen.say(
        f"As of {as_of}, by what is on record: a {of.headline.definition} exchange by {end} "
        f"{probability_text(of.headline.model_dump())}.",
        "bold",
    )
    for name, entry in of.spirals.items():
        if name != of.headline.definition:
            screen.say(f"A {name} exchange: {probability_text(entry.model_dump())}.")
    if len(of.ahead):
        days = list(dict.fromkeys(of.ahead["days"]))
        named = of.ahead[of.ahead["count"].isin(IN_BRIEF)].groupby("count", sort=False)
        rows = [(NAMES[str(name)], *map(_expected, rows.to_dict("records"))) for name, rows in named]
        screen.compact(("median (5 to 95%)", *(f"next {number} days" for number in days)), rows)
    screen.say(_pressures(of))


def _expected(row: dict[Any, Any]) -> str:
    return f"{number_text(row['q50'])} ({number_text(row['q05'])} to {number_text(row['q95'])})"


def _pressures(of: ForecastFinding) -> str:
    given = f", but for {', '.join(of.given)}, which were given" if of.given else ""
    return (
        f"Outside pressures from then on are as the scenario assumes{given}; they and some priors rest on later "
        "articles."
    )


def closing(answer: Answer[ForecastFinding], full: bool) -> list[str]:
    """What the answer was made from."""
    of, made = answer.finding, answer.manifest
    more = f", seed {made['random_seed']}, {made['seconds']:.1f} s" if full else ""
    day = day_text(datetime.date.fromisoformat(of.as_of))
    return [f"{made['runs']:,} runs in all, parameters fitted to {of.record} up to {day}{more}."]


def tell(screen: Screen, answer: Answer[ForecastFinding]) -> None:
    """Print what is expected next, and how the filter fared."""
    of = answer.finding
    if len(of.ahead):
        screen.print(_ahead(of.ahead))
    screen.print(_stages(of.stages, of.particles))
    screen.say(
        f"{number_text(of.effective)} effective draws of parameters of {of.islands * of.particles:,} "
        f"particles; {percent(of.moves_taken)} of moves of parameters were taken. Log probability of the record "
        f"{of.log_evidence:.2f}, give or take {2 * of.log_evidence_error:.2f}."
    )


def _ahead(table: pd.DataFrame) -> Table:
    days = list(dict.fromkeys(table["days"]))
    found = Table(title="Expected after that date: median (5 to 95%)", title_justify="left")
    for heading in ("", *(f"next {number} days" for number in days)):
        found.add_column(heading, justify="left" if not heading else "right")
    for name, rows in table.groupby("count", sort=False):
        found.add_row(NAMES[str(name)], *map(_expected, rows.to_dict("records")))
    return found


def _stages(table: pd.DataFrame, particles: int) -> Table:
    found = Table(title="How the particles fared", title_justify="left")
    for heading in ("up to", "on record", f"effective of {particles:,}"):
        found.add_column(heading, justify="left" if heading == "on record" else "right")
    for row in table.to_dict("records"):
        found.add_row(str(row["last"])[:10], Text(str(row["on_record"])), number_text(row["effective"]))
    return found
