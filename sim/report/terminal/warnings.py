"""What the search for warning signs prints at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from sim.experiments.warnings.words import area_text, eve_sentence, lead_text
from sim.wording import percent, percent_with_chance

if TYPE_CHECKING:
    from sim.experiments.warnings import WarningsFinding
    from sim.pipeline.answers import Answer
    from sim.report.terminal.screen import Screen

MOST_SHOWN = 14


def brief(screen: Screen, answer: Answer[WarningsFinding]) -> None:
    """Print what foretells the exchange, and how well all signs together do."""
    of = answer.finding
    screen.say(f"{of.verdict}.", "bold")
    if sentence := eve_sentence(of):
        screen.say(f"{sentence}.")
    if len(of.signs):
        _tell_together(screen, of)
        screen.say(
            f"Chosen on one half of the draws of the parameters, judged on the other ({of.evenings:,} evenings). A "
            "sign foretells in part because it tells which of the worlds that the prior holds possible one lives in."
        )


def tell(screen: Screen, answer: Answer[WarningsFinding]) -> None:
    """Print the signs and what they are worth."""
    of = answer.finding
    signs = of.signs.to_dict("records")
    if not signs:
        return
    screen.print(_table(signs, of.ahead))
    if of.silent:
        screen.say(f"The same on every evening, so that they tell nothing: {', '.join(of.silent)}.")
    _explain(screen, of)


def _table(signs: list[dict[str, Any]], ahead: int) -> Table:
    found = Table(title_justify="left")
    found.add_column("sign", no_wrap=True)
    for heading in ("alarm at", "area", "before", "quiet", "falsely", "true", "days"):
        found.add_column(heading, justify="right")
    for sign in signs[:MOST_SHOWN]:
        shares = (percent(sign[name]) for name in ("hit_rate", "quiet_rate", "false_alarms", "precision"))
        rule = "" if sign["sign"] == "together" else str(sign["alarm"])
        found.add_row(sign["sign"], rule, area_text(sign), *shares, lead_text(sign, ahead))
    return found


def _tell_together(screen: Screen, of: WarningsFinding) -> None:
    gain = of.together_over_best
    assert gain is not None
    better = "better than" if gain.low > 0 else "not shown to be better than"
    screen.say(
        f"All signs together are {better} the best single one: their area is larger by {gain.gain:+.3f} "
        f"[{gain.low:+.3f}, {gain.high:+.3f}]."
    )


def _explain(screen: Screen, of: WarningsFinding) -> None:
    base, ahead = of.base, of.ahead
    assert base is not None
    screen.say(
        "A number after a sign is of days looked back; what each means, the weaker ones and every interval are in "
        f"signs.csv. Area: how often an evening that an exchange follows within {ahead} days ranks above one that none "
        "follows; 0.5 tells nothing."
    )
    screen.say(
        f"Before: share of exchanges in the {ahead} days before which the alarm sounded. Quiet: share of stretches "
        f"of {ahead} days, with no exchange for {ahead} more, in which it sounded. Falsely: share under alarm of "
        "evenings that no exchange follows. True: share of evenings under alarm that one follows; of all evenings "
        f"{percent_with_chance(base.value, base.low, base.high)}. Days: from the first alarm in "
        f"the {ahead} days to the exchange, median and quartiles; {ahead}+ is an alarm that sounded already."
    )
    screen.say(
        "Alarms were chosen on one half of the draws of the parameters and judged on the other "
        f"({of.evenings:,} evenings, {of.every} days apart); in brackets 95%, with rows as units. A sign "
        "foretells in part because it tells which of the worlds that the prior holds possible one lives in."
    )
