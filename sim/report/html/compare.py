"""The report of a comparison: every scenario against the first, run by run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.experiments.compare import CompareFinding
from sim.experiments.compare.signs import tip_lines
from sim.outcomes import OUTCOMES
from sim.parameters import LAST_STEP
from sim.pipeline.answers import Answer
from sim.report.html.assumptions import by_basis, facts, parameter_table, sources
from sim.report.html.basis import BEYOND, NO_CAUSE, date_text, given_text, not_a_forecast
from sim.report.html.drawn import Drawn
from sim.report.html.page import Block, Cell, Prose, Section, Table, records, unbroken, words
from sim.report.terminal.compare import signed_with_chance
from sim.wording import change_with_chance, number_text, percent_with_chance, probability_text

ENDS = ("", "_low", "_high")
Row = Mapping[str, Any]


def said(answer: Answer[CompareFinding], drawn: Drawn) -> tuple[str, ...]:
    """The answer in three sentences: the first scenario, how the others differ from it, and in what."""
    of = answer.finding
    kind, by = of.definition, date_text(of.end)
    return (
        f"{given_text(answer)}, the probability of a {kind} exchange by {by} in {of.first} is "
        f"{probability_text(of.headline.model_dump())}.",
        "With the same runs and luck, the difference from it, in percentage points with 95% by chance, is "
        f"{_moved(of, kind)}.",
        f"That of the spiral alone, the part that came by reactions, is {_moved(of, 'spiral')}.",
    )


def _moved(of: CompareFinding, outcome: str) -> str:
    """How every scenario differs from the first in an outcome."""
    told = []
    for label in of.others:
        change, low, high = (_row(of.about(label).outcomes, outcome)[f"difference{end}"] for end in ENDS)
        unseen = " (which cannot be told from none)" if low <= 0 <= high else ""
        told.append(f"{change_with_chance(change, low, high)} in {label}{unseen}")
    return "; ".join(told)


def never(answer: Answer[CompareFinding]) -> tuple[str, ...]:
    """What must not be said of it."""
    return (
        not_a_forecast(answer),
        "That the intervals of two scenarios overlap, and so they do not differ. Runs are paired: a "
        "difference is told by "
        "its own interval alone.",
        "That no change seen is no change. It says that so many runs cannot tell one.",
        "That the intervals hold what is not known of the model. They are by chance alone: other "
        "parameters may turn the "
        "sign, and the shares of parameter draws in which the risk rises and falls say how often.",
        NO_CAUSE,
        BEYOND,
    )


def sections(answer: Answer[CompareFinding], drawn: Drawn) -> list[Section]:
    """All below the answer."""
    of = answer.finding
    notes = [Prose(tuple(of.notes))] if of.notes else []
    found = [Section("scenarios", "The scenarios side by side", (*notes, _summary(answer)))]
    for number, label in enumerate(of.others, start=1):
        stem = "compare" if len(of.others) == 1 else f"compare-{number}"
        found.append(
            Section(
                f"against-{number}",
                f"{label} against {of.first}",
                (
                    *_against(of, label),
                    *drawn.take(stem),
                    _outcomes(of.about(label).outcomes, of.first, label),
                ),
            )
        )
    last = parameter_table(
        "The step from a severe exchange (rung 4) to a direct one (rung 5)", LAST_STEP, answer.scenario
    )
    found.append(Section("assumptions", "What all of them assume", (last, by_basis(), sources()), apart=True))
    return found


def _summary(answer: Answer[CompareFinding]) -> Table:
    """One row a scenario: the headline, the spiral, what restraint averted, each with its difference from the first."""
    of = answer.finding
    asked = {of.first: answer.scenario.question, **of.questions}
    kind = of.definition
    first = of.about(of.others[0])
    rows = [
        (
            words(of.first, asked[of.first]),
            *(_both(_row(first.outcomes, name), "first") for name in (kind, "spiral")),
            _both(_first(first.averted), "first"),
        )
    ]
    for label in of.others:
        mine = of.about(label)
        cells = (_both(_row(mine.outcomes, name), "value") for name in (kind, "spiral"))
        rows.append(
            (
                words(label, *([asked[label]] if label in asked else [])),
                *cells,
                _both(_first(mine.averted), "value"),
            )
        )
    return Table(
        f"Risk from {date_text(of.start)} to {date_text(of.end)}, {of.runs:,} runs of each scenario",
        ("scenario", f"{kind} exchange", "spiral: came by reactions", "averted by restraint"),
        tuple(rows),
        "Under each probability: its difference from the first scenario in percentage points, paired run "
        "by run. Brackets: 95% "
        "by chance. Averted counts other runs than the risk does, and is no part of it.",
    )


def _both(row: Row, name: str) -> Cell:
    """A probability, and its difference from the first where it is another scenario's."""
    text = percent_with_chance(*(row[f"{name}{end}"] for end in ENDS))
    if name == "first":
        return Cell(unbroken(text), value=float(row[name]))
    change = change_with_chance(*(row[f"difference{end}"] for end in ENDS))
    return Cell(unbroken(text), (f"{unbroken(change)} points",), value=float(row[name]))


def _against(of: CompareFinding, label: str) -> list[Block]:
    mine = of.about(label)
    return [
        _assumptions(mine.assumptions, of.first, label),
        Prose(tuple(tip_lines(mine.headline_tips)), listed=True),
    ]


def _assumptions(table: pd.DataFrame, first: str, label: str) -> Table:
    rows = []
    for row in table.astype(object).fillna("").to_dict("records"):
        cells = []
        for name in ("first", "value"):
            said, basis = str(row[name]), str(row[f"{name}_basis"])
            lines = [f"basis: {basis}"] if basis else []
            cells.append(words(said or "nothing", *lines, *facts(str(row[f"{name}_evidence"]).split())))
        rows.append((words(row["path"], *([str(row["unit"])] if row["unit"] else [])), *cells))
    return Table("What differs in their assumptions", ("assumption", first, label), tuple(rows))


def _outcomes(table: pd.DataFrame, first: str, label: str) -> Table:
    rows = [_outcome(row) for row in records(table)]
    return Table(
        "What differs in their outcomes",
        ("outcome", "unit", first, label, "difference"),
        tuple(rows),
        "Probabilities in percent, and their differences in percentage points; all others are means over "
        "runs, which few "
        "runs can drive where tails are heavy. Brackets: 95% by chance, paired.",
    )


def _outcome(row: Row) -> tuple[Cell, ...]:
    share = row["unit"] == "probability"
    there, here = (_value(row, name, share) for name in ("first", "value"))
    write = change_with_chance if share else signed_with_chance
    change = write(*(row[f"difference{end}"] for end in ENDS))
    unit = "%, points" if share else row["unit"]
    return (
        words(OUTCOMES[row["outcome"]].label),
        words(unit),
        there,
        here,
        Cell(unbroken(change), value=float(row["difference"])),
    )


def _value(row: Row, name: str, share: bool) -> Cell:
    value = float(row[name])
    text = percent_with_chance(*(row[f"{name}{end}"] for end in ENDS)) if share else number_text(value)
    return Cell(unbroken(text), value=value)


def _row(table: pd.DataFrame, outcome: str) -> dict[str, Any]:
    return _first(table[table["outcome"] == outcome])


def _first(table: pd.DataFrame) -> dict[str, Any]:
    return records(table)[0]
