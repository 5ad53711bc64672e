"""What a comparison prints at its end."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, isfinite, isnan, log10
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from sim.experiments.compare.signs import sign_line_in_short, tip_lines
from sim.outcomes import OUTCOMES
from sim.report.cautions import cautions
from sim.wording import (
    change_with_chance,
    day_text,
    number_text,
    percent,
    percent_with_chance,
    probability_text,
)

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.compare import CompareFinding
    from sim.pipeline.answers import Answer
    from sim.report.terminal.screen import Screen

MOST_ASSUMPTIONS = 12
LONGEST = 60  # characters of a value


BESIDE = ("spiral", "any_killed")
MOST_ASKED = 4
MOST_SCENARIOS = 3
"""Scenarios of a short answer, besides the first; of more, one less and the number of the others."""


def warnings(answer: Answer[CompareFinding]) -> list[str]:
    """In what the scenarios cannot be held against each other as they are, and what makes the numbers rough."""
    notes = [f"{note[:1].lower()}{note[1:].rstrip('.')}" for note in answer.finding.notes]
    return [*notes, *cautions(answer.kind, answer.manifest, answer.finding)]


def brief(screen: Screen, answer: Answer[CompareFinding]) -> None:
    """Print the risk of every scenario, its change from the first, how much of it is spiral, and what it costs."""
    of, kind = answer.finding, f"{answer.finding.definition} exchange"
    if of.asked is not None:
        _asked(screen, of, of.asked)
        return
    rows = {label: _risk(of.about(label), of.definition) for label in of.others}
    ranked = sorted(rows, key=lambda one: -abs(rows[one]["difference"]))
    shown = ranked if len(ranked) <= MOST_SCENARIOS else ranked[: MOST_SCENARIOS - 1]
    there = percent(next(iter(rows.values()))["first"])
    told = ", ".join(_told(label, rows[label]) for label in of.others if label in shown)
    screen.say(
        f"A {kind} by {day_text(answer.scenario.end)}: {told}, against {there} under {of.first}.", "bold"
    )
    screen.compact(
        ("", kind, "change", "spiral", "any killed"),
        [_first_row(of), *(_row(of.about(label), label) for label in of.others if label in shown)],
    )
    if len(shown) < len(ranked):
        screen.say(f"Shown are the greatest changes; {len(ranked) - len(shown)} more with --full.")
    if len(ranked) == 1 and of.headline_tips["sign_rows"]:
        screen.say(sign_line_in_short(of.headline_tips))
    screen.say("In brackets 95% by chance; change in points, paired run by run; any killed: of the US.")


def _asked(screen: Screen, of: CompareFinding, asked: pd.DataFrame) -> None:
    """Print what a question came to under every scenario."""
    rows = asked.to_dict("records")
    shown = sorted(rows, key=lambda row: -abs(row["difference"]))[:MOST_ASKED]
    told = ", ".join(_told(row["scenario"], row) for row in rows[:MOST_SCENARIOS])
    outcome = f"{of.outcome}"
    screen.say(
        f"{outcome[:1].upper()}{outcome[1:]}: {told}, against {percent(rows[0]['first'])} under {of.first}.",
        "bold",
    )
    first = (of.first, _value(rows[0], "first", True), "", f"{rows[0]['first_met']:,}")
    screen.compact(("", "probability", "change", "runs"), [first, *map(_asked_row, shown)])
    screen.say(
        "In brackets 95% by chance; change in points, paired run by run; runs: those that met the condition. The "
        "figures and --full are of the exchange."
    )


def _asked_row(row: Mapping[Any, Any]) -> tuple[str, ...]:
    change = change_with_chance(*(row[f"difference{end}"] for end in ("", "_low", "_high")))
    return row["scenario"], _value(dict(row), "value", True), change, f"{row['met']:,}"


def _told(label: str, row: Mapping[str, Any]) -> str:
    """The risk under a scenario, and whether it is told from that of the first."""
    low, high = row["difference_low"], row["difference_high"]
    same = "" if low > 0 or high < 0 else " (no change beyond chance)"
    return f"{percent(row['value'])} under {label}{same}"


def _risk(mine: CompareFinding, outcome: str) -> dict[str, Any]:
    """The row of an outcome."""
    found = next(row for row in mine.outcomes.to_dict("records") if row["outcome"] == outcome)
    return {str(name): value for name, value in found.items()}


def _first_row(of: CompareFinding) -> tuple[str, ...]:
    mine = of.about(of.others[0])
    spiral, killed = (percent(_risk(mine, name)["first"]) for name in BESIDE)
    return of.first, _value(_risk(mine, of.definition), "first", True), "", spiral, killed


def _row(mine: CompareFinding, label: str) -> tuple[str, ...]:
    row = _risk(mine, mine.definition)
    change = change_with_chance(*(row[f"difference{end}"] for end in ("", "_low", "_high")))
    spiral, killed = (percent(_risk(mine, name)["value"]) for name in BESIDE)
    return label, _value(row, "value", True), change, spiral, killed


def tell(screen: Screen, answer: Answer[CompareFinding]) -> None:
    """Print every scenario against the first."""
    of, by = answer.finding, day_text(answer.scenario.end)
    screen.say(f"{of.runs:,} runs of each scenario, with the same parameters and luck, to {by}.")
    screen.say(f"{of.first}: {of.definition} exchange {probability_text(of.headline.model_dump())}")
    for label in of.others:
        _tell_one(screen, of, label)
    screen.say(
        "In brackets: 95% by chance. Probabilities: in percent, and their differences in percentage points; the "
        "others: means over runs. Severe exchange: rung 4. Killed: by fire. Avowed: by Iran. Strikes: of Washington's; "
        "credibility: in the militias' eyes on the last day, 0 to 1."
    )
    screen.say(
        "Scenarios share parameters and luck, run by run: saved says how many times the variance of a difference is "
        "smaller than with runs of their own."
    )


def _tell_one(screen: Screen, of: CompareFinding, label: str) -> None:
    mine = of.about(label)
    screen.print()
    screen.say(f"{label} (here) against {of.first} (there)", "bold")
    if question := of.questions.get(label):
        screen.say(f"{label}: {question}")
    screen.print(_assumptions(mine.assumptions))
    if len(mine.assumptions) > MOST_ASSUMPTIONS:
        screen.say(
            f"{MOST_ASSUMPTIONS} of {len(mine.assumptions):,} assumptions that differ; all are in assumptions.csv."
        )
    screen.print(_outcomes(mine.outcomes))
    for line in (*_parts(mine, of.definition), *tip_lines(mine.headline_tips)):
        screen.say(line)


def _parts(mine: CompareFinding, definition: str) -> list[str]:
    """How the spiral by reactions changes, and what restraint averts."""
    by_name = {row["outcome"]: row for row in mine.outcomes.to_dict("records")}
    told = (
        (f"Spiral into a {definition} exchange", by_name["spiral"]),
        ("Without any amplifying reaction", by_name["anyway"]),
        ("Averted by restraint", mine.averted.to_dict("records")[0]),
    )
    return [
        f"{name}: {_value(row, 'first', True)} there, {_value(row, 'value', True)} here; "
        f"{change_with_chance(*(row[f'difference{end}'] for end in ('', '_low', '_high')))} percentage points."
        for name, row in told
    ]


def _assumptions(table: pd.DataFrame) -> Table:
    found = Table(title_justify="left")
    found.add_column("what differs", min_width=16)
    for heading in ("unit", "there", "here", "basis"):
        found.add_column(heading)
    for row in table.head(MOST_ASSUMPTIONS).astype(object).fillna("").to_dict("records"):
        bases = [row["first_basis"], row["value_basis"]]
        basis = " / ".join(dict.fromkeys(text for text in bases if text))
        said = (_short(row[name]) if row[name] != "" else "nothing" for name in ("first", "value"))
        found.add_row(*map(Text, (row["path"], row["unit"], *said, basis)))
    return found


def _short(text: Any) -> str:
    whole = str(text)
    return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1]}…"


def _outcomes(table: pd.DataFrame) -> Table:
    found = Table(title_justify="left")
    found.add_column("outcome", no_wrap=True)
    for heading in ("there", "here"):
        found.add_column(heading, justify="right")
    for heading in ("difference", "saved"):
        found.add_column(heading, justify="right", no_wrap=True)
    for row in table.to_dict("records"):
        share = row["unit"] == "probability"
        there, here = (_value(row, name, share) for name in ("first", "value"))
        write = change_with_chance if share else signed_with_chance
        difference = write(*(row[f"difference{end}"] for end in ("", "_low", "_high")))
        found.add_row(
            *map(Text, (OUTCOMES[row["outcome"]].short, there, here, difference, _saved(row["saved"])))
        )
    return found


def _value(row: dict[str, Any], name: str, share: bool) -> str:
    if not share:
        return number_text(row[name])
    return percent_with_chance(row[name], row[f"{name}_low"], row[f"{name}_high"])


def _saved(times: float) -> str:
    if isnan(times):
        return ""
    return f"{number_text(times, 2)}x" if isfinite(times) else "all"


def signed_with_chance(value: float, low: float, high: float) -> str:
    """Write a difference of means with its interval: `+48.6 [+46.2, +51.1]`."""
    width = high - low
    places = min(4, max(0, 1 - floor(log10(width)))) if isfinite(width) and width > 0 else 2
    texts = [_signed(part, places) for part in (value, low, high)]
    return f"{texts[0]} [{texts[1]}, {texts[2]}]"


def _signed(value: float, places: int) -> str:
    if not isfinite(value):
        return "unknown"
    text = f"{value:+,.{places}f}"
    return "0" if float(text.replace(",", "")) == 0 else text
