"""How the screens of a game are laid out: lines and tables no wider than the terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Sequence

from sim.scenario.titles import told

WIDEST, NARROWEST = 100, 60  # columns


def width() -> int:
    """Columns of a line: the terminal's, within limits; the most where there is no terminal."""
    if not sys.stdout.isatty():
        return WIDEST
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size().columns))


def wrapped(lines: Sequence[str], indent: int = 4) -> list[str]:
    """Lines of a screen's width, their further parts indented, in the words of the scenario."""
    wrapper = textwrap.TextWrapper(width(), subsequent_indent=" " * indent, break_on_hyphens=False)
    return [part for line in lines for part in (wrapper.wrap(told(line)) or [""])]


def glossary(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Words to the left and what they mean to the right, each under the one before."""
    widest = max(len(word) for word, _ in rows)
    return [
        part
        for word, meaning in rows
        for part in wrapped([f"  {word:<{widest}}  {meaning}"], indent=widest + 4)
    ]


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table, the first column to the left, the others to the right."""
    rows = [[told(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  " + "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]  # fmt: skip
