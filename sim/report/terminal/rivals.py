"""What a weighing of rival explanations prints at its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from sim.wording import day_text, percent, percent_with_chance

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.rivals import RivalsFinding
    from sim.pipeline.answers import Answer
    from sim.report.terminal.screen import Screen


def brief(screen: Screen, answer: Answer[RivalsFinding]) -> None:
    """Print the headline under each rival and averaged, and what each is given for the record."""
    of = answer.finding
    screen.say(
        f"A {of.definition} exchange by {day_text(answer.scenario.end)}: {percent(of.least)} to {percent(of.most)} "
        f"over rival explanations, {percent(of.averaged)} averaged over them by what is on record to {of.until}.",
        "bold",
    )
    rows = (
        (row["rival"], _risk(row), "" if row["weight"] != row["weight"] else f"{row['weight']:.2f}")
        for row in of.rivals.to_dict("records")
    )
    screen.compact(("explanation", "risk [95% by chance]", "weight, 0 to 1"), rows)
    screen.say("All were held equally likely before. The record hardly tells them apart.")


def _risk(row: Mapping[Any, Any]) -> str:
    return percent_with_chance(row["risk"], row["risk_low"], row["risk_high"])


def tell(screen: Screen, answer: Answer[RivalsFinding]) -> None:
    """Print weights, by either record, and what they rest on."""
    of = answer.finding
    screen.print(_table(of.rivals))
    screen.say(
        "Weights: all held equally likely before, but for no feedback, which has none. What is on record to "
        f"{of.until} hardly tells them apart; what the articles tell up to {of.until_all} was known to whoever "
        "built the model, so that the second weights "
        f"are post hoc. With them the average is {percent(of.averaged_all)}. Risks are those of the fit to "
        f"{of.until}; in brackets: 95% by chance."
    )


def _weight(weight: float) -> str:
    return f" ({weight:.2f})" if weight == weight else ""


def _table(rows: pd.DataFrame) -> Table:
    found = Table(title="Rival explanations", title_justify="left")
    for heading in ("", "risk", "log evidence (weight)", "post hoc (weight)"):
        found.add_column(heading, justify="left" if not heading else "right")
    for row in rows.to_dict("records"):
        found.add_row(
            Text(row["rival"]),
            Text(_risk(row)),
            f"{row['log_evidence']:.2f} ± {2 * row['log_evidence_error']:.2f}{_weight(row['weight'])}",
            f"{row['log_evidence_all']:.1f} ± {2 * row['log_evidence_all_error']:.1f}{_weight(row['weight_all'])}",
        )
    return found
