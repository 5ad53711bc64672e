"""What is printed for people: lines wrapped to the terminal, and tables."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text


class Screen(Console):
    """The terminal, or the pipe or file that stands in its place."""

    def __init__(self) -> None:
        super().__init__(highlight=False, soft_wrap=True, force_jupyter=False)

    def on_broken_pipe(self) -> None:
        """Leave it to the command line, which ends quietly."""
        raise BrokenPipeError

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
        for part in textwrap.wrap(line, max(60, min(self.width, 110)), subsequent_indent="    "):
            self.print(Text(part, style=style))
