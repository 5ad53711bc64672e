"""What a report is made of: plain values, that a template puts into HTML."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd
from markupsafe import Markup

from sim.wording import day_text, number_text, percent, percent_interval, percent_with_chance

MOST_TOGETHER = 14
"""Lines of a table that print does not break over two pages."""


@dataclass(frozen=True)
class Bar:
    """A risk drawn in a cell of a table: estimate and both intervals, as shares of `most`, the end of the scale."""

    probability: float
    chance: tuple[float, float]
    unknown: tuple[float, float] | None
    most: float

    def at(self, p: float) -> float:
        """Where a probability lies on a bar 120 units wide."""
        return round(120 * min(1.0, max(0.0, p / self.most)), 2)


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its text, further lines under it, what it is sorted by, and a risk drawn beside it."""

    text: str
    lines: tuple[str, ...] = ()
    value: float | None = None
    bar: Bar | None = None


@dataclass(frozen=True)
class Table:
    """A table, sorted by a click on a heading; columns whose cells all have a value are of numbers."""

    kind: ClassVar[str] = "table"

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    unbroken: int = 7
    """Columns, at most, with which no number is broken, so that the table has room in print."""

    @property
    def is_wide(self) -> bool:
        """Whether its cells are broken, so that it has room in print."""
        return len(self.head) > self.unbroken

    @property
    def is_short(self) -> bool:
        """Whether it stays on one page in print."""
        return sum(max(1 + len(cell.lines) for cell in row) for row in self.rows) <= MOST_TOGETHER

    @property
    def of_numbers(self) -> tuple[bool, ...]:
        """Whether each column is one of numbers."""
        columns = list(zip(*self.rows, strict=True)) or [()] * len(self.head)
        return tuple(bool(column) and all(cell.value is not None for cell in column) for column in columns)


@dataclass(frozen=True)
class Prose:
    """Paragraphs, or with `listed` a list."""

    kind: ClassVar[str] = "prose"

    lines: tuple[str, ...]
    listed: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure as SVG with its text alternative inside."""

    kind: ClassVar[str] = "picture"

    svg: Markup
    title: str


@dataclass(frozen=True)
class Life:
    """One run: which it is, its story, what it came to, its timeline."""

    kind: ClassVar[str] = "life"

    heading: str
    picked: str
    story: tuple[str, ...]
    came_to: tuple[str, ...]
    notes: tuple[str, ...]
    picture: Picture | None


@dataclass(frozen=True)
class Listing:
    """Text to be copied; `folded` where it is shown only when asked for."""

    kind: ClassVar[str] = "listing"

    text: str
    heading: str = ""
    folded: bool = False


@dataclass(frozen=True)
class Explorer:
    """The points of a sweep, which a reader moves through; `data` is what the script of the page reads."""

    kind: ClassVar[str] = "explorer"

    data: Mapping[str, Any]
    note: str


Block = Table | Prose | Picture | Life | Listing | Explorer


@dataclass(frozen=True)
class Section:
    """A section with a heading; `apart` where it begins on a page of its own in print."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    apart: bool = False


@dataclass(frozen=True)
class Page:
    """A report.

    Attributes
    ----------
    title, question : of what was asked
    first : what must be known before any number is read
    said : the answer, in three sentences
    key : what the two intervals beside every number are
    never : what must not be said of it
    sections : the rest
    foot : one line at the end
    """

    title: str
    question: str
    first: tuple[str, ...]
    said: tuple[str, ...]
    key: str
    never: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str = ""


def printable(text: str) -> str:
    """A text that any file and any screen can hold: control characters and lone surrogates replaced."""
    return "".join("\ufffd" if _is_odd(character) else character for character in text)


def _is_odd(character: str) -> bool:
    turns = (
        "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"
    )  # the direction of what follows
    return character not in "\n\t" and (turns or unicodedata.category(character) in ("Cc", "Cs", "Cn"))


def words(text: object, *lines: str) -> Cell:
    """A cell of text."""
    return Cell(str(text), tuple(lines))


def day(date: datetime.date) -> Cell:
    """A cell of a date, which is not broken."""
    return Cell(day_text(date).replace(" ", "\u00a0"), value=float(date.toordinal()))


def number(value: float, digits: int = 3) -> Cell:
    """A cell of a number."""
    return Cell(number_text(value, digits), value=float(value))


def risk(estimate: Mapping[str, Any], most: float | None = None) -> Cell:
    """A cell of a probability with both intervals, drawn where `most` says where the scale ends."""
    p, chance, unknown = estimate["probability"], estimate["chance"], estimate.get("ignorance")
    text = percent_with_chance(p, *chance)
    if int(estimate.get("seen", 1)) == 0:
        text = f"none seen, below {percent(chance[1])}"
    unknown = tuple(unknown) if unknown and any(unknown) else None
    bar = None if most is None else Bar(p, tuple(chance), unknown, most)
    return Cell(unbroken(text), value=float(p), bar=bar)


def unknown(estimate: Mapping[str, Any]) -> Cell:
    """A cell of the range of a probability with the parameters unknown."""
    ends = estimate.get("ignorance")
    return (
        Cell("not told", value=-1.0)
        if not ends
        else Cell(unbroken(percent_interval(*ends)), value=float(ends[1]))
    )


def unbroken(text: str) -> str:
    """A text whose intervals are not broken."""
    return re.sub(r"\[[^\]]*\]", lambda found: found[0].replace(" ", "\u00a0"), text)


def points(change: float) -> Cell:
    """A cell of a difference of two probabilities, in percentage points, of which no interval is known."""
    size = number_text(abs(100 * change), 2)
    text = "no difference" if change == 0 else f"{'+' if change > 0 else '-'}{size} points"
    return Cell(text, value=change)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table by the names of its columns."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def scale(estimates: Sequence[Mapping[str, Any]]) -> float:
    """Where the scale of bars ends that share a table: a little beyond all that is drawn."""
    ends = [end for one in estimates for end in (one["chance"][1], *(one.get("ignorance") or ())[1:])]
    return min(1.0, 1.05 * max([*ends, 0.001]))
