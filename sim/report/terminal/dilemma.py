"""What the dilemma prints at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from sim.experiments.dilemma.shapes import DILEMMA, FALSE_ALARM
from sim.experiments.dilemma.telling import (
    ceiling_sentence,
    change_at,
    ends_sentence,
    on,
    own_spiral_note,
    response_line,
    share_at,
    signed,
    where_lines,
)
from sim.experiments.dilemma.worlds import NO_FEEDBACK
from sim.wording import day_text, number_text, percent, percent_with_chance

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.dilemma import DilemmaFinding
    from sim.pipeline.answers import Answer
    from sim.report.terminal.screen import Screen


def brief(screen: Screen, answer: Answer[DilemmaFinding]) -> None:
    """Print what readiness does to the risk, what of that is feedback, and what a strike brings on."""
    of = answer.finding
    mine, aside = on(of.curve), on(of.curve, pack=NO_FEEDBACK)
    low, high = mine.iloc[0], mine.iloc[-1]
    change, without = f"{of.definition}_change", change_at(aside.iloc[-1], f"{of.definition}_change")
    screen.say(
        f"A {of.definition} exchange by {day_text(answer.scenario.end)}: more readiness to strike, from "
        f"{low['value']:g} to {high['value']:g}, takes the risk from {_risk(low, of.definition)} to "
        f"{_risk(high, of.definition)}.",
        "bold",
    )
    screen.say(
        f"From the doctrine on record to {high['value']:g}: {change_at(high, change)} points with reactions, {without} "
        "without (95% by chance)."
    )
    share = {row["shape"]: share_at(row) for row in of.shapes.to_dict("records")}
    screen.say(
        f"Of {of.draws:,} draws of the parameters the risk rises with readiness in {share['rising']}, falls in "
        f"{share['falling']} and is flat in {share['flat']}; the dilemma, attacks fewer and risk up through feedback, "
        f"holds in {share[DILEMMA]}."
    )
    screen.say(f"A strike on {day_text(of.date)}. {'; '.join(map(response_line, _together(of)))}.")


def _risk(row: Any, event: str) -> str:
    return percent_with_chance(row[event], row[f"{event}_low"], row[f"{event}_high"])


def _together(of: DilemmaFinding) -> list[dict[Any, Any]]:
    """The response to a forced strike of each level, with all mechanisms at work."""
    summary = of.response_summary
    return summary[summary["pack"] == summary["pack"].iloc[0]].to_dict("records")


def tell(screen: Screen, answer: Answer[DilemmaFinding]) -> None:
    """Print the curve, the shapes and the response."""
    _tell_curve(screen, answer.finding)
    screen.print()
    _tell_shapes(screen, answer.finding)
    screen.print()
    _tell_response(screen, answer.finding)


def _tell_curve(screen: Screen, of: DilemmaFinding) -> None:
    curve, event = of.curve, of.definition
    screen.say(f"Readiness from end to end, {of.runs:,} runs at each value, all with the same luck", "bold")
    screen.print(_points(on(curve), event))
    screen.say(ends_sentence(curve, of.days))
    screen.say(
        "In brackets: 95% by chance. Change: of the risk from readiness 0, the doctrine on record, in "
        "percentage points, with the same runs. Strikes (of level 1 or 2) and attacks: means a run. Killed: "
        "runs with US killed by fire. Cred.: Washington's credibility in the militias' eyes on the last day, 0 to 1."
    )
    screen.print(_packs(curve, event))
    screen.say(
        "Each explanation alone, and none at all (no feedback): there neither side answers what the other did, and "
        "strikes only relieve Washington's own pressure and bring troops home. By feedback: the change less that."
    )
    screen.say(ceiling_sentence(curve, event))


def _points(points: pd.DataFrame, event: str) -> Table:
    found = _table("value", "strikes", f"{event} risk", "change", "attacks", "killed", "cred.")
    for row in points.to_dict("records"):
        found.add_row(
            number_text(row["value"]),
            number_text(row["low_strikes"]),
            _risk(row, event),
            "" if row["value"] == 0 else change_at(row, f"{event}_change"),
            number_text(row["attacks"]),
            percent(row["any_killed"]),
            number_text(row["credibility"], 2),
        )
    return found


def _packs(curve: pd.DataFrame, event: str) -> Table:
    """The change of risk at both ends of readiness, and feedback's part of it, by world."""
    found = _table("world", "readiness", "change", "by feedback")
    for pack in curve["pack"].unique():
        for end in (0, -1):
            row = on(curve, pack=pack).iloc[end]
            fed = "" if pack == NO_FEEDBACK else change_at(row, f"{event}_fed")
            found.add_row(pack, number_text(row["value"]), change_at(row, f"{event}_change"), fed)
    return found


def _table(first: str, *headings: str) -> Table:
    """A table that fits a narrow screen."""
    found = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    found.add_column(first, no_wrap=True)
    for heading in headings:
        found.add_column(heading, justify="right", no_wrap=True)
    return found


def _tell_shapes(screen: Screen, of: DilemmaFinding) -> None:
    draws = "The one draw" if of.draws == 1 else f"{of.draws:,} draws of the parameters"
    screen.say(f"{draws}, {of.draw_runs:,} runs each at five values of readiness", "bold")
    found = _table("risk against readiness", "draws", "share", "no feedback", "fewer", "more")
    for row in of.shapes.to_dict("records"):
        aside = row["without_feedback"] if row["without_feedback"] >= 0 else ""
        cells = (row["draws"], share_at(row), aside, row["fewer_attacks"], row["more_attacks"])
        found.add_row(row["shape"], *(str(cell) for cell in cells))
    screen.print(found)
    screen.say(
        f"A draw whose risk does not move is called flat in {percent(1 - FALSE_ALARM)} of cases or more; a "
        "flat one may move by less than so many runs can tell. No feedback: draws of that shape there. "
        "Fewer or more: attacks, at the most readiness against the least. Through feedback: between two "
        "values the risk moves so, and by more than without feedback. Dilemma: where it rises through "
        "feedback the attacks suffered become fewer, or the credibility grows, which strikes restore by rule."
    )
    for line in where_lines(of.where) if of.draws > 1 else ():
        screen.say(line)


def _tell_response(screen: Screen, of: DilemmaFinding) -> None:
    day = day_text(of.date)
    screen.say(f"A strike forced on {day} against holding on that day, {of.forced_runs:,} runs", "bold")
    for row in _together(of):
        moved = f"{signed(row, 'attacks_change')} attacks a run, of {number_text(row['held_attacks'])}"
        risk = f"; {of.definition} risk {change_at(row, 'risk_change')} points"
        after = "" if row["is_the_spiral"] else risk
        screen.say(f"{response_line(row)}; over {row['days']} days {moved}{after}.")
    screen.say(own_spiral_note(of.definition))
    screen.say(
        "From which day to which: weeks in which a band that holds all weeks together in 95% excludes zero."
    )
