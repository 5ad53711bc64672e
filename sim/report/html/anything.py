"""The report of a question that has none of its own: what its figures find, and its tables as they are."""

from __future__ import annotations

import datetime
import math
from typing import Any

import pandas as pd

from sim.pipeline.answers import Answer
from sim.pipeline.experiment import Finding
from sim.report.html.assumptions import by_basis, sources
from sim.report.html.basis import BEYOND, NO_CAUSE, given_text, not_a_forecast
from sim.report.html.drawn import Drawn
from sim.report.html.page import Block, Cell, Section, Table, number, words
from sim.wording import day_text, number_text

MOST_ROWS = 100
SENTENCES = 3


def said(answer: Answer[Finding], drawn: Drawn) -> tuple[str, ...]:
    """What the figures find, at most three sentences; and where the parameters come from."""
    found = [_sentence(title) for title in drawn.titles[: SENTENCES - 1]]
    return (*found, f"{given_text(answer)}.")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def never(answer: Answer[Finding]) -> tuple[str, ...]:
    """What must not be said of it."""
    return not_a_forecast(answer), NO_CAUSE, BEYOND


def sections(answer: Answer[Finding], drawn: Drawn) -> list[Section]:
    """Figures, tables, single values, and what all of it rests on."""
    tables = tuple(_table(name, table) for name, table in answer.finding.tables.items())
    blocks: list[Block] = [*drawn.rest()]
    found = [
        Section("figures", "In figures", tuple(blocks)),
        Section("values", "In numbers", (_values(answer.finding),)),
        Section("tables", "In tables", tables, apart=True),
        Section("assumptions", "What it rests on", (by_basis(), sources()), apart=True),
    ]
    return [section for section in found if section.blocks]


def _values(finding: Finding) -> Table:
    """Every plain value under its name."""
    rows = [(words(name), words(value)) for name, value in _flat(finding.estimates, "")]
    return Table("Values of the answer", ("name", "value"), tuple(rows[:MOST_ROWS]))


def _flat(value: Any, name: str) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [
            one for key, part in value.items() for one in _flat(part, f"{name}, {key}" if name else str(key))
        ]
    if isinstance(value, list):
        return [(name, ", ".join(_text(part) for part in value[:MOST_ROWS]))]
    return [(name, _text(value))]


def _table(name: str, table: pd.DataFrame) -> Table:
    units = table.attrs.get("units", {})
    heads = tuple(f"{_plain(c)} ({units[c]})" if units.get(c) else _plain(c) for c in map(str, table.columns))
    rows = tuple(tuple(_cell(v) for v in row) for row in table.head(MOST_ROWS).itertuples(index=False))
    cut = f"The first {MOST_ROWS} of {len(table):,} rows; " if len(table) > MOST_ROWS else ""
    return Table(
        _plain(name).capitalize(), heads, rows, f"{cut}all are in {name}.csv of the result." if cut else ""
    )


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _cell(value: Any) -> Cell:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return words(_text(value))
    return number(float(value)) if math.isfinite(value) else Cell("unknown", value=-math.inf)


def _text(value: Any) -> str:
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, pd.Timestamp | datetime.date):
        return day_text(value.date() if isinstance(value, pd.Timestamp) else value)
    return "" if value is None or value is pd.NaT else str(value)
