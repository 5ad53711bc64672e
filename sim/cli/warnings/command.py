"""The command that tells which signs foretell a spiral."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.cli.analysing import Common, agree_to, asked, begin, conclude, number_of
from sim.cli.failures import BadInput

if TYPE_CHECKING:
    from rich.table import Table

    from sim.cli.screen import Screen
    from sim.store import Analysis

MOST_DAYS = 10_000
MOST_SHOWN = 14


def warnings_command(name: str, common: Common, *, runs: str | None, ahead: str | None) -> None:
    """Weigh signs, or go on with it, and print what came out."""
    scenario, place = begin(name, "warnings", common)
    from sim.experiments.warnings import AHEAD, LEAST_RUNS, MOST_RUNS, RUNS, WarningsError, run_warnings

    number = number_of("--runs", runs, RUNS, LEAST_RUNS, MOST_RUNS)
    days = number_of("--ahead", ahead, AHEAD, 1, MOST_DAYS)
    if not agree_to(number, "watched day by day", common):
        return
    try:
        with asked(common) as how:
            analysis = run_warnings(scenario, number, days, how, place)
    except WarningsError as error:
        raise BadInput(f"--ahead: {error}") from error
    conclude(analysis, common, tell)


def tell(screen: Screen, analysis: Analysis) -> None:
    """Print the signs and what they are worth."""
    from sim.experiments.warnings.words import eve_sentence

    of, signs = analysis.estimates, analysis.tables["signs"].to_dict("records")
    screen.say(f"{of['verdict']}.", "bold")
    if sentence := eve_sentence(of):
        screen.say(f"{sentence}.")
    if not signs:
        return
    screen.print(_table(signs, of["ahead"]))
    _tell_together(screen, of)
    _explain(screen, of)


def _table(signs: list[dict[str, Any]], ahead: int) -> Table:
    from rich.table import Table

    from sim.experiments.warnings.words import area_text, lead_text
    from sim.wording import percent

    found = Table(title_justify="left")
    found.add_column("sign", no_wrap=True)
    for heading in ("alarm at", "area", "before", "quiet", "falsely", "true", "days"):
        found.add_column(heading, justify="right")
    for sign in signs[:MOST_SHOWN]:
        shares = (percent(sign[name]) for name in ("hit_rate", "quiet_rate", "false_alarms", "precision"))
        rule = "" if sign["sign"] == "together" else str(sign["alarm"])
        found.add_row(sign["sign"], rule, area_text(sign), *shares, lead_text(sign, ahead))
    return found


def _tell_together(screen: Screen, of: dict[str, Any]) -> None:
    gain = of["together_over_best"]
    better = "better than" if gain["low"] > 0 else "not shown to be better than"
    screen.say(
        f"All signs together are {better} the best single one: their area is larger by {gain['gain']:+.3f} "
        f"[{gain['low']:+.3f}, {gain['high']:+.3f}]."
    )
    if of["silent"]:
        screen.say(f"The same on every evening, so that they tell nothing: {', '.join(of['silent'])}.")


def _explain(screen: Screen, of: dict[str, Any]) -> None:
    from sim.wording import percent_with_chance

    base, ahead = of["base"], of["ahead"]
    screen.say(
        "A number after a sign is of days looked back; what each means, the weaker ones and every interval are in "
        f"signs.csv. Area: how often an evening that a spiral follows within {ahead} days ranks above one that none "
        "follows; 0.5 tells nothing."
    )
    screen.say(
        f"Before: share of spirals in the {ahead} days before which the alarm sounded. Quiet: share of stretches "
        f"of {ahead} days, with no spiral for {ahead} more, in which it sounded. Falsely: share under alarm of "
        "evenings that no spiral follows. True: share of evenings under alarm that one follows; of all evenings "
        f"{percent_with_chance(base['value'], base['low'], base['high'])}. Days: from the first alarm in "
        f"the {ahead} days to the spiral, median and quartiles; {ahead}+ is an alarm that sounded already."
    )
    screen.say(
        "Alarms were chosen on one half of the rows of parameters and judged on the other "
        f"({of['evenings']:,} evenings, {of['every']} days apart); in brackets 95%, with rows as units. A sign "
        "foretells in part because it tells which of the worlds that the prior holds possible one lives in."
    )
