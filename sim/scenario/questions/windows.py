"""The dates of an event, in words: `from D to D`, `by D`, `between D and D`, `within 6 months of D`."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable

from sim.scenario.questions.tree import ONE_DAY
from sim.scenario.questions.words import Words

UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7, "month": 0, "months": 0}
FORMS = (
    "from DATE", "after DATE", "to DATE", "by DATE", "until DATE", "before DATE", "on DATE",
    "between DATE and DATE", "within N days (weeks, months) of DATE",
)  # fmt: skip
"""How dates can be written."""

Window = tuple[datetime.date | None, datetime.date | None]


def read_window(words: Words) -> Window:
    """Take the dates that follow an event; None where the first or the last is left open."""
    first: datetime.date | None = None
    last: datetime.date | None = None
    while (read := _READ.get(words.next)) is not None:
        begins, ends = read(words)
        if (first and begins) or (last and ends):
            raise words.wrong(
                "comes after two dates for one end of the window", given=words.next or "the end"
            )
        first, last = first or begins, last or ends
    if first and last and last < first:
        raise words.wrong(f"comes after dates that end, {last}, before they begin, {first}")
    return first, last


def later(day: datetime.date, number: int, unit: str) -> datetime.date:
    """The day so many days, weeks or months after another; of a shorter month its last."""
    if UNITS[unit]:
        return day + number * UNITS[unit] * ONE_DAY
    months = day.year * 12 + day.month - 1 + number
    year, month = divmod(months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _from(words: Words) -> Window:
    words.skip()
    return words.date(), None


def _after(words: Words) -> Window:
    words.skip()
    return words.date() + ONE_DAY, None


def _to(words: Words) -> Window:
    words.skip()
    return None, words.date()


def _before(words: Words) -> Window:
    words.skip()
    return None, words.date() - ONE_DAY


def _on(words: Words) -> Window:
    words.skip()
    day = words.date()
    return day, day


def _between(words: Words) -> Window:
    words.skip()
    first = words.date()
    words.must("and", "to")
    return first, words.date()


def _within(words: Words) -> Window:
    words.skip()
    number = words.number(1, 1_100)
    unit = words.must(*UNITS)
    words.must("of", "after")
    first = words.date()
    return first, later(first, number, unit)


_READ: dict[str, Callable[[Words], Window]] = {
    "from": _from,
    "since": _from,
    "after": _after,
    "to": _to,
    "by": _to,
    "until": _to,
    "before": _before,
    "on": _on,
    "between": _between,
    "within": _within,
}

STARTS = tuple(_READ)
"""Words with which dates begin."""
