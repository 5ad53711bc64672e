"""The risk by day, at the ends of months, as a table of a report."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.report.html.page import Cell, records, risk, unknown


def month_ends(start: datetime.date, end: datetime.date) -> list[datetime.date]:
    """Last days of the months within a span, and its last day."""
    every = pd.date_range(start, end, freq="ME")
    return list(dict.fromkeys([*(one.date() for one in every), end]))


def rows_of(
    table: pd.DataFrame, event: str, days: Sequence[datetime.date]
) -> dict[datetime.date, dict[str, Any]]:
    """Rows of an event on some days, by day."""
    chosen = table[table["event"] == event]
    return {row["date"].date(): row for row in records(chosen[chosen["date"].dt.date.isin(days)])}


def on_day(rows: Mapping[datetime.date, Mapping[str, Any]], date: datetime.date) -> Cell:
    """The risk by a day."""
    row = rows.get(date)
    if row is None:
        return Cell("", value=-1.0)
    seen = {
        "probability": row["probability"],
        "chance": (row["low"], row["high"]),
        "seen": row["probability"] > 0,
    }
    return risk(seen)


def unknown_on(rows: Mapping[datetime.date, Mapping[str, Any]], date: datetime.date) -> Cell:
    """The range of the risk by a day with the parameters unknown."""
    row = rows.get(date)
    known = row is not None and row["unknown_low"] == row["unknown_low"]
    return unknown({"ignorance": (row["unknown_low"], row["unknown_high"]) if row and known else None})
