"""What is printed for people: lines wrapped to the terminal, and tables, which become lists where it is narrow."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Column, Table
from rich.text import Text

from sim.errors import STEERS
from sim.scenario.titles import spoken, told

NARROWEST, UNKNOWN, WIDEST = 20, 80, 110
"""Columns: fewer are taken for so many, none for a width that nobody told; and those of the longest line."""

FOLDED = 10
"""Columns to which a longer word may be folded in a table."""


class Screen(Console):
    """The terminal, or the pipe or file that stands in its place. What it is given is text, never markup."""

    def __init__(self) -> None:
        super().__init__(
            highlight=False, soft_wrap=True, force_jupyter=False, markup=False, emoji=False, safe_box=True
        )
        if self.width < NARROWEST:
            self.width = NARROWEST if self.width > 0 else UNKNOWN

    def on_broken_pipe(self) -> None:
        """Leave it to the command line, which ends quietly."""
        raise BrokenPipeError

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Make what is to be printed, without any character in its text that would steer the terminal."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(STEERS.sub("�", segment.text), segment.style)

    def print(self, *objects: Any, **options: Any) -> None:
        """Print, in the words of the scenario; a table that is too wide as a list, so that nothing of it is cut off."""
        objects = tuple(_told(one) for one in objects)
        if len(objects) == 1 and isinstance(table := objects[0], Table):
            for column in table.columns:
                column.overflow = "fold"
            if _narrowest(table) > self.width:
                self._list(table)
                return
            if self._overflows(table):
                for column in table.columns:
                    column.min_width = None
        super().print(*objects, **options)

    def _overflows(self, table: Table) -> bool:
        """Whether what columns take at least makes a table too wide, though others could be narrower."""
        lines = Segment.split_lines(self.render(table, self.options.update_width(self.width)))
        return any(Segment.get_line_length(line) > self.width for line in lines)

    def _list(self, table: Table) -> None:
        """Print a table's rows one below the other, each cell after the head of its column."""
        if table.title:
            self._say(_plain(table.title))
        heads = [_plain(column.header) for column in table.columns]
        for row in zip(*(map(_plain, column.cells) for column in table.columns), strict=True):
            cells = [
                f"{head}: {cell}" if head else cell for head, cell in zip(heads, row, strict=True) if cell
            ]
            for place, cell in enumerate(cells):
                self._say(cell if place == 0 else f"  {cell}")
        super().print()

    def compact(self, heads: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> None:
        """Print a table of few rows without lines: its first columns, of words, to the left, numbers to the right."""
        found = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for place, head in enumerate(heads):
            left = place < words
            found.add_column(
                Text(head), justify="left" if left else "right", overflow="fold", no_wrap=not left
            )
        for row in rows:
            found.add_row(*map(Text, row))
        self.print(found)

    def say(self, line: str, style: str = "") -> None:
        """Print a line wrapped to the terminal, its further lines indented."""
        self._say(told(line), style)

    def as_it_is(self, line: str, style: str = "") -> None:
        """Print a line that has the words of the scenario already, some of which may be shipped words of another."""
        super().print(Text(line, style=style))

    def _say(self, line: str, style: str = "") -> None:
        for part in textwrap.wrap(line, min(self.width, WIDEST), subsequent_indent="    "):
            self.as_it_is(part, style)


def _told(one: Any) -> Any:
    """What is printed, in the words of the scenario; the same object where these are the shipped ones."""
    if spoken().same:
        return one
    if isinstance(one, str):
        return told(one)
    if isinstance(one, Text):
        return Text(
            told(one.plain), style=one.style, justify=one.justify, overflow=one.overflow, no_wrap=one.no_wrap
        )
    if isinstance(one, Table):
        one.title = _told(one.title)
        for column in one.columns:
            column.header = _told(column.header)
            column._cells = [_told(cell) for cell in column._cells]
    return one


def _plain(cell: RenderableType) -> str:
    return " ".join(str(cell).split())


def _narrowest(table: Table) -> int:
    """Columns that a table takes at least, if no number is to be broken, nor a word that is not long."""
    _, right, _, left = table.padding
    padding = (left + right) * len(table.columns)
    lines = len(table.columns) + 1 if table.box else 0
    return sum(map(_needed, table.columns)) + padding + lines


def _needed(column: Column) -> int:
    cells = [_plain(cell) for cell in (column.header, *column.cells)]
    if column.no_wrap:
        return max(map(cell_len, cells))
    words = max((cell_len(word) for cell in cells for word in re.split(r"\s+", cell)), default=0)
    return max(min(words, FOLDED), column.min_width or 0)
