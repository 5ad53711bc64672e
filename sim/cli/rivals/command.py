"""The command that weighs rival explanations, and what it prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from sim.cli.analysing import Common, agree_to, asked, begin, conclude, number_of
from sim.cli.calibrate.command import record_of
from sim.cli.failures import BadInput
from sim.wording import percent, percent_with_chance

if TYPE_CHECKING:
    import pandas as pd

    from sim.cli.screen import Screen
    from sim.store import Analysis


def rivals_command(name: str, common: Common, *, islands: str | None, runs: str | None) -> None:
    """Fit the rival explanations of a scenario, weigh them, and print the answer under each."""
    from sim.experiments import rivals as r

    scenario, place = begin(name, "rivals", common)
    number = number_of("--islands", islands, r.ISLANDS, least=2, most=10_000)
    each = number_of("--runs", runs, r.RUNS, least=1_000)
    try:
        plan = r.plan_rivals(scenario, record_of(None), number, each)
    except r.RivalsError as error:
        raise BadInput(str(error)) from error
    if not agree_to(number, "rivals", common):
        return
    with asked(common) as how:
        analysis = r.run_rivals(plan, how, place)
    conclude(analysis, common, tell)


def tell(screen: Screen, analysis: Analysis) -> None:
    """Print weights, and the headline under each rival and averaged."""
    of, table = analysis.estimates, analysis.tables["rivals"]
    screen.say(
        f"The risk of a {of['definition']} spiral is {percent(of['least'])} to {percent(of['most'])} over rival "
        f"explanations, and {percent(of['averaged'])} averaged over them by what is on record to {of['until']}.",
        "bold",
    )
    screen.print(_table(table))
    screen.say(
        "Weights: all held equally likely before, but for no feedback, which has none. What is on record to "
        f"{of['until']} hardly tells them apart; what the articles tell up to {of['until_all']} was known to whoever "
        "built the model, so that the second weights "
        f"are post hoc. With them the average is {percent(of['averaged_all'])}. Risks are those of the fit to "
        f"{of['until']}; in brackets: 95% by chance."
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
