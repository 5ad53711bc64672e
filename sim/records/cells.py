"""Cells of a list read as dates and counts: one form a column, and nothing that could be read in two ways."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Literal

from sim.records.table import Table
from sim.scenario.fields import FIRST_DAY, LAST_DAY

Order = Literal["day-first", "month-first"]
ORDERS: tuple[Order, ...] = ("day-first", "month-first")
MOST = 1_000_000

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_TIME = r"([T ]+[0-9]{1,2}:[0-9:.]+ ?([AaPp][Mm]|Z|[+-][0-9:]{2,6})?)?"
FORMS = {
    "year first": re.compile(
        rf"(?P<y>[0-9]{{4}})(?P<s>[-/.])(?P<m>[0-9]{{1,2}})(?P=s)(?P<d>[0-9]{{1,2}}){_TIME}"
    ),
    "day, month by name": re.compile(r"(?P<d>[0-9]{1,2})[ -](?P<m>[A-Za-z]{3,9})[ -](?P<y>[0-9]{4})"),
    "month by name, day": re.compile(r"(?P<m>[A-Za-z]{3,9}) (?P<d>[0-9]{1,2}),? (?P<y>[0-9]{4})"),
    "numbers": re.compile(
        rf"(?P<a>[0-9]{{1,2}})(?P<s>[-/.])(?P<b>[0-9]{{1,2}})(?P=s)(?P<y>[0-9]{{4}}){_TIME}"
    ),
}
"""How dates may be written; of numbers only the user can say whether the day or the month is first."""

ODD = {
    "is the day number of a spreadsheet; have it written as a date": re.compile(r"[0-9]{5}(\.[0-9]+)?"),
    "has a year of two digits; write all four": re.compile(
        r"[0-9]{1,2}[-/. ]([0-9]{1,2}|[A-Za-z]{3,9})[-/. ][0-9]{2}"
    ),
    "is a formula; have its value written": re.compile(r"=.*", re.DOTALL),
}
WRITTEN = "must be a date such as 2023-10-17 or 17 October 2023"


class Unreadable(ValueError):
    """A cell that cannot be read; the text says what is wrong with it."""


@dataclass(frozen=True)
class Dates:
    """How the dates of a column are written."""

    form: str
    order: Order | None = None

    def read(self, text: str) -> datetime.date:
        """Read one cell.

        Raises
        ------
        Unreadable
        """
        found = FORMS[self.form].fullmatch(text)
        if found is None:
            raise Unreadable(_odd(text))
        part = found.groupdict()
        if self.form == "numbers":
            day, month = (part["a"], part["b"]) if self.order == "day-first" else (part["b"], part["a"])
        else:
            day, month = part["d"], part["m"]
        number = int(month) if month.isdigit() else _month(month)
        try:
            date = datetime.date(int(part["y"]), number, int(day))
        except ValueError:
            how = f" where dates are {self.order}" if self.order and self.form == "numbers" else ""
            raise Unreadable(f"is no day of the calendar{how}") from None
        if not FIRST_DAY <= date <= LAST_DAY:
            raise Unreadable(f"must be a date from {FIRST_DAY} to {LAST_DAY}")
        return date


def dates_of(table: Table, column: str, order: Order | None) -> Dates:
    """How the dates of a column are written: all in one form, or the list is refused.

    Raises
    ------
    InputError
        Where two forms are mixed, or where day and month could be either and no order was given.
    """
    first: tuple[int, str] | None = None
    for row, text in enumerate(table.columns[column]):
        form = next((name for name, written in FORMS.items() if written.fullmatch(text)), None)
        if form is None:
            continue
        if form == "numbers" and order is None:
            table.refuse(row, column, _asked(table, column))
        if first is not None and form != first[1]:
            other = f"{table.columns[column][first[0]]} on line {table.lines[first[0]]}"
            table.refuse(
                row, column, f"is written otherwise than {other}; dates of one list are written in one way"
            )
        first = first or (row, form)
    return Dates(first[1] if first else "year first", order)


def _asked(table: Table, column: str) -> str:
    """What has to be said of dates in numbers, with the dates that can be read in one way only."""
    told = "say whether the day or the month is first: --dates day-first or --dates month-first"
    for place, words in (("a", "day"), ("b", "month")):
        for row, text in enumerate(table.columns[column]):
            found = FORMS["numbers"].fullmatch(text)
            if found and int(found[place]) > 12:
                return f"{told} ({text} on line {table.lines[row]} can only be {words} first)"
    return told


def _month(name: str) -> int:
    found = [
        number for number, month in enumerate(MONTHS, 1) if month == name.lower() or month[:3] == name.lower()
    ]
    if not found and name.lower() == "sept":
        return 9
    if not found:
        raise Unreadable("names no month in English")
    return found[0]


def _odd(text: str) -> str:
    if not text:
        return f"is blank; {WRITTEN}"
    return next((said for said, form in ODD.items() if form.fullmatch(text)), WRITTEN)


def count_of(text: str, comma: bool = False) -> int | None:
    """Read a whole number from 0 to 1,000,000; None for a blank cell, which tells of none.

    Parameters
    ----------
    text : the cell
    comma : whether the list writes a decimal comma, and 2,0 is two

    Raises
    ------
    Unreadable
        Also for 1.000 and 1,000, which are a thousand to some and one to others.
    """
    if not text:
        return None
    if (
        re.fullmatch(rf"[0-9]{{1,7}}({',' if comma else '[.]'}0)?", text)
        and int(re.split("[,.]", text)[0]) <= MOST
    ):
        return int(re.split("[,.]", text)[0])
    said = f"must be a whole number from 0 to {MOST}, or blank"
    if not comma and re.fullmatch(r"[0-9]+,[0-9]", text):
        said += "; where a comma is a decimal one, say --decimal-comma"
    elif text.startswith("="):
        said = "is a formula; have its value written"
    raise Unreadable(said)
