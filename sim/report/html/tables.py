"""Tables of a finding made readable: a value and its ends in one cell, shares in percent, dates in words."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.report.html.page import Cell, Table, day, risk, unbroken, words
from sim.wording import number_text, percent, percent_interval, percent_with_chance

MOST_ROWS, MOST_COLUMNS = 30, 9
LOW, HIGH = "_low", "_high"
TINY = 1e-4
SHARES = ("probability", "share of runs", "share of the prior", "share of variance", "share")


def plain_table(name: str, table: pd.DataFrame) -> Table:
    """A table of a finding under its name: its first rows and columns, and where the others are."""
    units = table.attrs.get("units", {})
    columns = [c for c in map(str, table.columns) if not _is_end(c, table)]
    shown = columns[:MOST_COLUMNS]
    rows = tuple(
        tuple(_cell(row, column, str(units.get(column, ""))) for column in shown)
        for row in table.head(MOST_ROWS).rename(columns=str).to_dict("records")
    )
    return Table(
        plain(name).capitalize(),
        tuple(_heading(column, units, table) for column in shown),
        rows,
        _left_out(name, len(table) - len(rows), columns[MOST_COLUMNS:]),
        unbroken=4,
    )


def _left_out(name: str, rows: int, columns: Sequence[str]) -> str:
    parts = [f"{rows:,} more rows"] if rows > 0 else []
    if columns:
        parts.append(f"columns {', '.join(map(plain, columns))}")
    return f"In {name}.csv of the result are, besides, {' and '.join(parts)}." if parts else ""


def _is_end(column: str, table: pd.DataFrame) -> bool:
    """Whether a column is an end of the interval of another one that is there, or the upper end of a range."""
    for end in (LOW, HIGH):
        base = column.removesuffix(end)
        if base != column:
            return base in table or (end == HIGH and f"{base}{LOW}" in table)
    return False


def _heading(column: str, units: Mapping[str, str], table: pd.DataFrame) -> str:
    ranged = column.endswith(LOW)
    name = plain(column.removesuffix(LOW)) if ranged else plain(column)
    unit = str(units.get(column, ""))
    unit = "%" if unit in SHARES else unit
    interval = f"{column}{LOW}" in table and not ranged
    return (
        f"{name}{f' ({unit})' if unit else ''}{' [interval]' if interval else ''}{' range' if ranged else ''}"
    )


def _cell(row: Mapping[Any, Any], column: str, unit: str) -> Cell:
    value, share = row[column], unit in SHARES
    if isinstance(value, bool) or not isinstance(value, int | float):
        return cell_of(value)
    if not math.isfinite(value):
        return Cell("unknown", value=-math.inf)
    if column.endswith(LOW):
        high = row.get(f"{column.removesuffix(LOW)}{HIGH}", value)
        return Cell(_interval(value, high, share), value=float(value))
    ends = [float(row.get(f"{column}{end}", math.nan)) for end in (LOW, HIGH)]
    if not all(map(math.isfinite, ends)):
        return Cell(_share(value) if share else short_number(value), value=float(value))
    if share and all(0 <= one <= 1 for one in (value, *ends)):
        return Cell(unbroken(percent_with_chance(value, ends[0], ends[1])), value=float(value))
    text = _share(value) if share else short_number(value)
    return Cell(f"{text} {_interval(ends[0], ends[1], share)}", value=float(value))


def _share(value: float) -> str:
    """A share in percent; shares of variance may pass 0 and 100."""
    return percent(value) if 0 <= value <= 1 else f"{number_text(100 * value, 2)}%"


def _interval(low: float, high: float, share: bool) -> str:
    if share and 0 <= low <= high <= 1:
        return unbroken(percent_interval(low, high))
    write = (lambda end: number_text(100 * end, 2)) if share else short_number
    return unbroken(f"[{write(low)}, {write(high)}]")


def value_rows(values: Mapping[str, Any], before: str = "") -> list[tuple[Cell, Cell]]:
    """Plain values under their names, risks in words; lists of parts are left to `part_tables`."""
    rows: list[tuple[Cell, Cell]] = []
    for name, value in values.items():
        called = f"{before}{plain(name)}"
        if isinstance(value, dict) and {"probability", "chance"} <= value.keys():
            rows.append((words(called), words(risk(value).text)))
        elif isinstance(value, dict):
            rows += value_rows(value, f"{called}, ")
        elif not _is_parts(value):
            rows.append((words(called), cell_of(value)))
    return rows


def part_tables(values: Mapping[str, Any]) -> list[Table]:
    """Lists of parts, each as a table of what is plain in it."""
    return [
        plain_table(name, pd.DataFrame([{k: v for k, v in part.items() if _is_plain(v)} for part in value]))
        for name, value in values.items()
        if _is_parts(value) and value
    ]


def _is_parts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) for part in value) and bool(value)


def _is_plain(value: Any) -> bool:
    return not isinstance(value, dict | list)


def cell_of(value: Any) -> Cell:
    """A cell of any plain value."""
    if value is None or value is pd.NaT:
        return words("")
    if isinstance(value, bool):
        return words("yes" if value else "no")
    if isinstance(value, pd.Timestamp | datetime.date):
        return day(value.date() if isinstance(value, pd.Timestamp) else value)
    if isinstance(value, int | float):
        return Cell(short_number(value), value=float(value))
    if isinstance(value, list | tuple):
        return words(", ".join(cell_of(part).text for part in value))
    return words(value)


def short_number(value: float) -> str:
    """A number with three digits; what is tiny by its power of ten."""
    if not math.isfinite(value):
        return "unknown"
    return f"{value:.1e}" if 0 < abs(value) < TINY else number_text(value)


def plain(name: str) -> str:
    """A name without what code joins words by."""
    return name.replace("_", " ")
