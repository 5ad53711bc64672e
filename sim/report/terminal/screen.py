"""What is printed for people: lines wrapped to the terminal, and tables."""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.text import Text


class Screen(Console):
    """The terminal, or the pipe or file that stands in its place."""

    def __init__(self) -> None:
        super().__init__(highlight=False, soft_wrap=True, force_jupyter=False)

    def on_broken_pipe(self) -> None:
        """Leave it to the command line, which ends quietly."""
        raise BrokenPipeError

    def say(self, line: str, style: str = "") -> None:
        """Print a line wrapped to the terminal, its further lines indented."""
        for part in textwrap.wrap(line, max(60, min(self.width, 110)), subsequent_indent="    "):
            self.print(Text(part, style=style))
