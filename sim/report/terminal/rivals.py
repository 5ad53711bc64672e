"""What a weighing of rival explanations prints at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from sim.wording import percent, percent_with_chance

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.rivals import RivalsFinding
    from sim.pipeline.answers import Answer
    from sim.report.terminal.screen import Screen


def tell(screen: Screen, answer: Answer[RivalsFinding]) -> None:
    """Print weights, and the headline under each rival and averaged."""
    of = answer.finding
    screen.say(
        f"The risk of a {of.definition} spiral is {percent(of.least)} to {percent(of.most)} over rival "
        f"explanations, and {percent(of.averaged)} averaged over them by what is on record to {of.until}.",
        "bold",
    )
    screen.print(_table(of.rivals))
    screen.say(
        "Weights: all held equally likely before, but for no feedback, which has none. What is on record to "
        f"{of.until} hardly tells them apart; what the articles tell up to {of.until_all} was known to whoever "
        "built the model, so that the second weights "
        f"are post hoc. With them the average is {percent(of.averaged_all)}. Risks are those of the fit to "
        f"{of.until}; in brackets: 95% by chance."
    )


def _weight(weight: float) -> str:
    return f" ({percent(weight)})" if weight == weight else ""


def _table(rows: pd.DataFrame) -> Table:
    found = Table(title="Rival explanations", title_justify="left")
    for heading in ("", "risk", "log evidence (weight)", "post hoc (weight)"):
        found.add_column(heading, justify="left" if not heading else "right")
    for row in rows.to_dict("records"):
        found.add_row(
            Text(row["rival"]),
            Text(percent_with_chance(row["risk"], row["risk_low"], row["risk_high"])),
            f"{row['log_evidence']:.2f} ± {2 * row['log_evidence_error']:.2f}{_weight(row['weight'])}",
            f"{row['log_evidence_all']:.1f} ± {2 * row['log_evidence_all_error']:.1f}{_weight(row['weight_all'])}",
        )
    return found
