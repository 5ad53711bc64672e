"""What a validation prints at its end: scores by date, and the probability of what came later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.table import Table
from rich.text import Text

from sim.experiments.validate.holdout import MODELS
from sim.wording import number_text, percent, percent_with_chance

if TYPE_CHECKING:
    from sim.experiments.validate import ValidateFinding
    from sim.pipeline.answers import Answer
    from sim.report.terminal.screen import Screen

DISCRETE = ("attacks_iraq", "attacks_syria", "attacks_jordan", "attacks")
NAMES = {"wounded": "wounded, as counted", "killed": "killed", "days_without_strike": "days without a strike"}
WORST = 30
"""Nats beyond which a score is only told to be worse."""


def brief(screen: Screen, answer: Answer[ValidateFinding]) -> None:
    """Print how this model's scores compare with those of the others, a line each."""
    of = answer.finding
    known = ". Retrodiction: whoever built the model knew what came" if of.events is not None else ""
    screen.say(
        f"Fitted to the record {of.record} up to a date, and held against what is reported of the days "
        f"after{known}.",
        "bold",
    )
    if of.scores is not None:
        dates = list(dict.fromkeys(of.scores["as_of"]))
        named = {str(name): table for name, table in of.scores.groupby("forecaster", sort=False)}
        others = {name: table for name, table in named.items() if name not in MODELS}
        best = max(others, key=lambda name: others[name]["log_score"].fillna(-WORST).clip(-WORST).sum())
        rows = [(name, *_by_date(named[name], dates)) for name in (*MODELS, best) if name in named]
        screen.compact(("log score of attacks, fitted to", *(str(day)[:10] for day in dates)), rows)
        screen.say(
            "In nats: higher is better. In brackets: by how much this model is ahead. Of the others the best."
        )


def _by_date(table: pd.DataFrame, dates: list[Any]) -> list[str]:
    """Score of a forecaster at each date, and how far this model is ahead of it."""
    rows = {row["as_of"]: row for row in table.to_dict("records")}
    cells = []
    for day in dates:
        row = rows.get(day)
        ahead = "" if row is None else _ahead(row).partition(" ±")[0]
        score = "" if row is None else _score(row["log_score"])
        cells.append(f"{score} ({ahead})" if ahead else score)
    return cells


def tell(screen: Screen, answer: Answer[ValidateFinding]) -> None:
    """Print scores by date, and the probability of what came later."""
    of = answer.finding
    if of.scores is not None:
        for as_of, rows in of.scores.groupby("as_of", sort=False):
            screen.print(_scores(str(as_of)[:10], rows))
        for row in of.scores[of.scores["withheld"] != ""].to_dict("records"):
            screen.say(
                f"Withheld, fitted to {str(row['as_of'])[:10]}: the joint score of {row['forecaster']} "
                f"{row['withheld']}."
            )
        screen.say(
            "Log score: of all counts together, in nats, higher is better; ahead: by how much this model's is higher, "
            "give or take two standard errors; distance: mean CRPS, in attacks, lower is better."
        )
    for as_of, rows in of.increments.groupby("as_of", sort=False):
        others = rows[~rows["series"].isin(DISCRETE)]
        if len(others):
            screen.print(_others(str(as_of)[:10], others))
    for line in _together(of.together):
        screen.say(line)
    if of.events is not None:
        screen.print(_events(of.events))
        screen.say("In brackets: 95% by chance. These events hang together: they are no independent tests.")
    given = f", but for {', '.join(of.given)}, which were given" if of.given else ""
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
            _score(row["log_score"]),
            _ahead(row),
            number_text(row["crps"]) if row["crps"] == row["crps"] else "",
            f"{round(row['in90'] * counts)} of {counts}",
        )
    return found


def _score(score: float) -> str:
    """A log score; withheld where there is none."""
    if pd.isna(score):
        return "withheld"
    return f"{score:.2f}" if score > -WORST else f"below -{WORST}"


def _others(as_of: str, table: pd.DataFrame) -> Table:
    """What else is on record after a date, wounded, killed and strikes, beside what this model foresaw."""
    found = Table(title=f"Fitted to {as_of}: wounded, killed and strikes after it", title_justify="left")
    for heading in ("", "days", "on record", "foreseen (5 to 95%)", "log score", "distance"):
        found.add_column(heading, justify="left" if heading in ("", "days") else "right")
    for row in table[table["forecaster"] == table["forecaster"].iloc[0]].to_dict("records"):
        least = "at least " if row["bound"] == "at_least" else ""
        found.add_row(
            Text(series_name(row["series"])),
            f"{str(row['first'])[:10]} to {str(row['last'])[:10]}",
            f"{least}{number_text(row['recorded'])}",
            f"{number_text(row['q50'])} ({number_text(row['q05'])} to {number_text(row['q95'])})",
            _score(row["log_score"]),
            number_text(row["crps"]) if row["crps"] == row["crps"] else "",
        )
    return found


def series_name(series: str) -> str:
    """What is counted, in words."""
    if series in NAMES:
        return NAMES[series]
    kind = series.removeprefix("strikes_")
    return f"strikes of level {kind[-1]}" if kind.startswith("level") else f"strikes in {kind.capitalize()}"


def _together(table: pd.DataFrame) -> Iterator[str]:
    """What all that is scored at a date comes to together; why not, where that is withheld."""
    for row in table.to_dict("records"):
        begun = (
            f"Fitted to {str(row['as_of'])[:10]}, {row['forecaster']}: all {row['counts']} numbers together"
        )
        if row["withheld"]:
            yield f"{begun} have no score that can be told: it {row['withheld']}."
        else:
            yield f"{begun} score {row['log_score']:.2f}, give or take {2 * row['log_score_error']:.2f}."


def _ahead(row: dict[str, Any]) -> str:
    if pd.isna(row["ahead"]) or row["ahead"] == 0:
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
