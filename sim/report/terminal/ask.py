"""What questions of one's own print at their end: the answer, how many runs it is from, what it rests on."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from sim.wording import (
    change_with_chance,
    day_text,
    percent,
    percent_interval,
    percent_with_chance,
    probability_text,
)

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.ask import AskFinding
    from sim.experiments.ask.answering import AnswerPart
    from sim.pipeline.answers import Answer
    from sim.report.terminal.screen import Screen

MOST_IN_BRIEF = 6
LONGEST_NAME = 34
SHARES = (0.25, 0.5, 0.75)
"""Of the whole probability, by whose dates a curve is told."""


def brief(screen: Screen, answer: Answer[AskFinding]) -> None:
    """Print one answer in sentences, several in a table."""
    of = answer.finding
    if len(of.answers) == 1:
        _one(screen, of.answers[0], of.forecast)
        return
    shown = of.answers[:MOST_IN_BRIEF]
    heads = ("question", "probability [95%]", "unknown [90%]", *(("change",) if of.against else ("runs",)))
    screen.compact(heads, (_cells(part, bool(of.against)) for part in shown))
    more = f"{len(shown)} of {len(of.answers)} questions. " if len(shown) < len(of.answers) else ""
    change = f" Change: under {of.against}, in points, same runs." if of.against else ""
    screen.say(
        f"{more}95% by chance; unknown: 90%, parameters unknown; runs: those that met the condition.{change}"
    )


def _one(screen: Screen, part: AnswerPart, curve: pd.DataFrame) -> None:
    screen.say(f"{_capital(part.question)}: {answer_text(part)}.", "bold")
    if part.given and part.estimate is not None:
        screen.say(f"The condition was met in {part.met:,} of {part.runs:,} runs.")
    if told := by_date_text(part, curve):
        screen.say(told)
    if part.against is not None:
        screen.say(_against(part))
    if part.estimate is not None and (told := rests_text(part)):
        screen.say(told)


def answer_text(part: AnswerPart) -> str:
    """The probability with both intervals; or why there is none, and what it would take."""
    if part.estimate is not None:
        return probability_text(part.estimate.model_dump())
    return refusal(part)


def refusal(part: AnswerPart) -> str:
    """Why a question is not answered."""
    about = "about" if part.met else "more than"
    return (
        f"not answered, since {part.met:,} of {part.runs:,} runs met the condition and at least {part.least} must: "
        f"that takes {about} {part.needed:,} runs, --runs {part.needed}"
    )


def by_date_text(part: AnswerPart, curve: pd.DataFrame) -> str:
    """When: by which dates a quarter, half and three quarters of the probability have come."""
    rows = curve[curve["question"] == part.name]
    if part.estimate is None or not len(rows) or part.estimate.seen == 0:
        return ""
    told, whole = dict[datetime.date, str](), part.estimate.probability
    for share in SHARES:
        row = rows[rows["probability"] >= share * whole].iloc[0]
        told.setdefault(row["date"].date(), percent(row["probability"]))
    told.setdefault(datetime.date.fromisoformat(part.last), percent(whole))
    return "By date: " + ", ".join(f"{risk} by {day_text(day)}" for day, risk in told.items()) + "."


def _against(part: AnswerPart) -> str:
    of = part.against
    assert of is not None
    if of.change is None or of.low is None or of.high is None or of.probability is None or of.chance is None:
        return f"Under {of.scenario}: {of.met:,} runs met the condition, too few to tell."
    there = percent_with_chance(of.probability, *of.chance)
    if of.change == 0 and of.low == -of.high:
        return f"Under {of.scenario}: {there}; no run moved."
    moved = change_with_chance(of.change, of.low, of.high)
    sure = "" if of.low > 0 or of.high < 0 else ", which chance alone may have made"
    return f"Under {of.scenario}: {there}, {moved} points in the same runs{sure}."


def rests_text(part: AnswerPart) -> str:
    """How much of the variance is the parameters', and which of them the answer goes with."""
    told = []
    if part.of_parameters is not None:
        told.append(f"{percent(part.of_parameters)} of the variance is of the parameters, the rest is chance")
    if part.rests_on:
        names = ", ".join(f"{one.parameter} ({one.correlation:+.2f})" for one in part.rests_on)
        told.append(f"it goes most with {names} (rank correlation)")
    return f"It rests on the model and its parameters: {'; '.join(told)}." if told else ""


def _cells(part: AnswerPart, against: bool) -> tuple[str, ...]:
    name = part.name if part.title else _capital(part.question)
    name = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    estimate = part.estimate
    if estimate is None:
        return name, "not answered", "", f"{part.met:,}"
    if estimate.seen in (0, estimate.runs):
        low, high = estimate.chance
        risk = f"below {percent(high)}" if estimate.seen == 0 else f"above {percent(low)}"
    else:
        risk = percent_with_chance(estimate.probability, *estimate.chance)
    unknown = percent_interval(*estimate.ignorance) if estimate.ignorance and any(estimate.ignorance) else ""
    return name, risk, unknown, _change_cell(part) if against else f"{part.met:,}"


def _change_cell(part: AnswerPart) -> str:
    of = part.against
    if of is None or of.change is None or of.low is None or of.high is None:
        return "too few"
    return "none" if of.change == 0 and of.low == -of.high else change_with_chance(of.change, of.low, of.high)


def tell(screen: Screen, answer: Answer[AskFinding]) -> None:
    """Print each question with its rule and its risk by date."""
    of = answer.finding
    for part in of.answers:
        screen.print()
        screen.say(f"{part.name}: {part.title or _capital(part.question)}", "bold")
        if part.title:
            screen.say(f"In the model: {part.question}.")
        if part.resolves:
            screen.say(f"Resolution: {part.resolves}")
        if len(of.answers) > 1:
            screen.say(f"{_capital(answer_text(part))}. {part.met:,} of {part.runs:,} runs counted.")
            for line in (_against(part) if part.against else "", rests_text(part) if part.estimate else ""):
                if line:
                    screen.say(line)
        rows = of.forecast[of.forecast["question"] == part.name]
        if len(rows):
            screen.print(_curve(rows))
    screen.say("forecast.csv and forecast.json hold every question's risk by date.")


def _curve(rows: pd.DataFrame) -> Table:
    found = Table(title="Risk by date", title_justify="left")
    for heading in ("by", "probability", "unknown [90%]"):
        found.add_column(heading, justify="left" if heading == "by" else "right")
    for row in _some(rows).to_dict("records"):
        unknown = (
            ""
            if row["unknown_low"] != row["unknown_low"]
            else percent_interval(row["unknown_low"], row["unknown_high"])
        )
        risk = percent_with_chance(row["probability"], row["low"], row["high"])
        found.add_row(*map(Text, (day_text(row["date"].date()), risk, unknown)))
    return found


def _some(rows: pd.DataFrame, most: int = 10) -> pd.DataFrame:
    import numpy as np

    return rows.iloc[np.unique(np.linspace(0, len(rows) - 1, most).round().astype(int))]


def closing(answer: Answer[AskFinding], full: bool) -> Sequence[str]:
    """What the answer was made from."""
    from sim.report.terminal import answer_parameters

    made = answer.manifest
    more = f", seed {made['random_seed']}, {made['seconds']:.1f} s" if full else ""
    return [f"{made['runs']:,} runs in all, parameters {answer_parameters(answer)}{more}."]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
