"""The report of a sweep, which holds its points: whoever reads it can move through them, with no server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.sweep import LeverPart, SweepFinding
from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.pipeline.answers import Answer
from sim.report.html.assumptions import assumptions, parameter_table
from sim.report.html.basis import BEYOND, TWO_KINDS, given_text, not_a_forecast
from sim.report.html.drawn import Drawn
from sim.report.html.page import Block, Cell, Explorer, Section, Table, number, records, risk, scale
from sim.report.swept import by_when, is_named, placed, shares_luck, value_text
from sim.wording import (
    change_with_chance,
    percent,
    percent_interval,
    percent_with_chance,
)

MOST_HELD = 4_000
"""Points that a report holds; of more, as many are taken evenly."""

MOST_ROWS = 150
LUCK = (
    "That two risks differ, or do not, because their intervals part or overlap. All points share runs and luck: the "
    "change is told by its own interval, where the sweep has one."
)
Row = Mapping[str, Any]


def said(answer: Answer[SweepFinding], drawn: Drawn) -> tuple[str, ...]:
    """The answer in three sentences: least and most, the paired change, and the part that came by reactions."""
    of = answer.finding
    kind, table = of.definition, of.sweep
    low, high = (
        records(table.iloc[[position]])[0] for position in (table[kind].argmin(), table[kind].argmax())
    )
    lines = [
        f"{given_text(answer)}, the probability of a {kind} exchange {by_when(answer)} goes from "
        f"{_risk_text(low, kind)} at {_at(low, of.levers)} to {_risk_text(high, kind)} at "
        f"{_at(high, of.levers)} (brackets: "
        f"95% by chance), over {len(table):,} points of {of.runs:,} runs each."
    ]
    if f"{kind}_change" in table and len(table) > 1:
        furthest = records(table.iloc[[table[f"{kind}_change"].abs().argmax()]])[0]
        lines.append(
            f"Against the first point ({_at(records(table)[0], of.levers)}), with the same runs and luck, "
            "the largest change "
            f"is {_change_text(furthest, kind)}, at {_at(furthest, of.levers)}."
        )
    ends = [percent(table["spiral"].min()), percent(table["spiral"].max())]
    lines.append(
        f"What came by reactions alone, the spiral, goes from {ends[0]} to {ends[1]} over the points."
    )
    return tuple(lines)


def never(answer: Answer[SweepFinding]) -> tuple[str, ...]:
    """What must not be said of it."""
    found = [
        not_a_forecast(answer),
        "Anything about values between the points, or beyond them. Only the points were run.",
        *([LUCK] if shares_luck(answer.finding) else []),
    ]
    if f"{answer.finding.definition}_unknown_low" in answer.finding.sweep:
        found.append(TWO_KINDS)
    return (
        *found,
        "That an actor could or would set such a value. Whoever asks chooses the range of a sweep; the basis of a "
        "parameter says what is known of it.",
        BEYOND,
    )


def sections(answer: Answer[SweepFinding], drawn: Drawn) -> list[Section]:
    """All below the answer."""
    of = answer.finding
    named = [lever.path for lever in of.levers if lever.path in REGISTRY]
    about = [parameter_table("What was varied", named, answer.scenario)] if named else []
    return [
        Section("move", "Move the levers", (_explorer(answer), *about)),
        Section("points", "The points", (*drawn.rest(), _table(answer)), apart=True),
        Section("assumptions", "The assumptions that matter most", tuple(assumptions(answer)), apart=True),
    ]


def _explorer(answer: Answer[SweepFinding]) -> Block:
    of = answer.finding
    held = _held(of.sweep, MOST_HELD)
    crossed = (
        ""
        if of.design == "grid"
        else " The points are scattered: as one lever moves, the others follow to the nearest."
    )
    some = "" if len(held) == len(of.sweep) else f" {len(held):,} of {len(of.sweep):,} points are held here."
    return Explorer(
        explorer_data(answer, held),
        "Each lever stops at the values that were run, and nothing is put in between. Answer, intervals "
        "and figure follow. "
        f"Use the mouse or the arrow keys.{crossed}{some}",
    )


def explorer_data(answer: Answer[SweepFinding], held: pd.DataFrame) -> dict[str, Any]:
    """Levers with the values that were run, and what every point came to, in numbers and in words."""
    of = answer.finding
    kind = of.definition
    held = placed(held, of.levers)
    values = [sorted({float(v) for v in held[lever.path]}) for lever in of.levers]
    places = [{value: place for place, value in enumerate(own)} for own in values]
    columns = [kind, f"{kind}_low", f"{kind}_high", f"{kind}_unknown_low", f"{kind}_unknown_high"]
    points = [
        {
            "at": [where[float(row[lever.path])] for where, lever in zip(places, of.levers, strict=True)],
            "risk": [_plain(row.get(column)) for column in columns],
            "said": _said_at(row, answer),
        }
        for row in records(held)
    ]
    return {
        "heading": f"{kind.capitalize()} exchange {by_when(answer)}",
        "levers": [_lever(lever, own) for lever, own in zip(of.levers, values, strict=True)],
        "points": points,
        "scattered": of.design != "grid",
    }


def _lever(lever: LeverPart, values: Sequence[float]) -> dict[str, Any]:
    unit = f" {lever.unit}" if lever.unit else ""
    meaning = REGISTRY[lever.path].meaning if lever.path in REGISTRY else ""
    texts = [f"{value_text(lever, value)}{unit}" for value in values]
    return {
        "name": lever.path,
        "unit": lever.unit,
        "meaning": meaning,
        "values": list(values),
        "texts": texts,
    }


def _plain(value: Any) -> float | None:
    return None if value is None or not np.isfinite(value) else float(f"{value:.5g}")


def _said_at(row: Row, answer: Answer[SweepFinding]) -> list[str]:
    """What one point came to, in sentences."""
    of = answer.finding
    kind = of.definition
    text = f"{kind.capitalize()} exchange {by_when(answer)}: {_risk_text(row, kind)} by chance"
    ends = [_plain(row.get(f"{kind}_unknown_{end}")) for end in ("low", "high")]
    if None not in ends and any(ends):
        unknown = percent_interval(row[f"{kind}_unknown_low"], row[f"{kind}_unknown_high"])
        text += f", {unknown} with the parameters unknown"
    lines = [f"{text}.", f"Of that by reactions, the spiral: {_risk_text(row, 'spiral')}."]
    if f"{kind}_change" in row:
        first = (
            "This is the first point."
            if row["point"] == 0
            else f"Against the first point: {_change_text(row, kind)}."
        )
        lines.append(first)
    return lines


def _risk_text(row: Row, name: str) -> str:
    if row[name] == 0:
        return f"none seen, below {percent(row[f'{name}_high'])},"
    return percent_with_chance(row[name], row[f"{name}_low"], row[f"{name}_high"])


def _change_text(row: Row, kind: str) -> str:
    change, low, high = (row[f"{kind}_change{end}"] for end in ("", "_low", "_high"))
    if change == 0 and low == -high:
        return "no run moved"
    return f"{change_with_chance(change, low, high)} percentage points"


def _at(row: Row, levers: Sequence[LeverPart]) -> str:
    return ", ".join(f"{lever.path} {value_text(lever, row[lever.path])}" for lever in levers)


def _held(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """All points, or so many of them, evenly and with the first and the last."""
    if len(table) <= most:
        return table
    return table.iloc[np.linspace(0, len(table) - 1, most).round().astype(int)]


def _table(answer: Answer[SweepFinding]) -> Table:
    of = answer.finding
    kind, table = of.definition, _held(of.sweep, MOST_ROWS)
    rows = records(table)
    dumps = [_estimate(row, kind) for row in rows]
    most = scale(dumps)
    paired = f"{kind}_change" in table
    heads = [f"{lever.path} ({lever.unit})" if lever.unit else lever.path for lever in of.levers]
    told = tuple(
        (
            *(Cell(row[lever.path]) if is_named(lever) else number(row[lever.path]) for lever in of.levers),
            risk(dump, most),
            *([_change(row, kind)] if paired else []),
            risk(_estimate(row, "spiral")),
            number(row["attacks"]),
        )
        for row, dump in zip(rows, dumps, strict=True)
    )
    some = (
        ""
        if len(table) == len(of.sweep)
        else f"{len(table):,} of {len(of.sweep):,} points; all are in sweep.csv. "
    )
    return Table(
        f"Every point: {of.runs:,} runs{', with the same luck' if shares_luck(of) else ''}",
        (
            *heads,
            f"{kind} exchange",
            *(["change from the first (points)"] if paired else []),
            "spiral",
            f"{OUTCOMES['attacks'].label}, mean",
        ),
        told,
        f"{some}Brackets: 95% by chance. The bars go from 0% to {percent(most)}; pale: with the parameters unknown.",
    )


def _estimate(row: Row, name: str) -> dict[str, Any]:
    ends = [row.get(f"{name}_unknown_low"), row.get(f"{name}_unknown_high")]
    unknown = None if any(_plain(end) is None for end in ends) else ends
    chance = (row[f"{name}_low"], row[f"{name}_high"])
    return {"probability": row[name], "chance": chance, "ignorance": unknown, "seen": row[name] > 0}


def _change(row: Row, kind: str) -> Cell:
    if row["point"] == 0:
        return Cell("the first point", value=0.0)
    text = _change_text(row, kind).removesuffix(" percentage points")
    return Cell(text.replace(" ", "\u00a0"), value=float(row[f"{kind}_change"]))
