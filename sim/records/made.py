"""A record made of a list of events, with the rows that it was made of and those that it does not hold."""

from __future__ import annotations

import csv
import datetime
import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.inference.observation import Record
from sim.records.counting import Struck
from sim.records.sorting import Drop, Event, Reading
from sim.scenario.errors import printable

if TYPE_CHECKING:
    import pandas as pd

LONGEST_CELL = 1_000
"""Characters of a cell that the file of what was dropped repeats."""


@dataclass(frozen=True)
class MadeRecord:
    """A record made from a list of events, and what it was made of.

    Attributes
    ----------
    record : what `calibrate`, `validate` and `forecast` take
    text : the same as a record file, YAML
    reading : the list, its columns and its map
    events : the rows that count, in order of their day
    strikes : strikes by day
    drops : the rows that do not count, in order, with the reasons
    first, last : the days that are counted
    every : days between counts of attacks
    summary : what was read, counted and dropped, in at most a dozen lines
    """

    record: Record
    text: str
    reading: Reading
    events: tuple[Event, ...]
    strikes: tuple[Struck, ...]
    drops: tuple[Drop, ...]
    first: datetime.date
    last: datetime.date
    every: int
    summary: str = ""

    @property
    def attacks(self) -> tuple[Event, ...]:
        """The rows that count as attacks."""
        return tuple(event for event in self.events if event.act == "attack")

    @property
    def dropped(self) -> pd.DataFrame:
        """Rows that do not count: line of the list, reason, the word that decides it, and the row's own cells."""
        import pandas as pd

        table = self.reading.table
        told = pd.DataFrame(
            [(table.lines[drop.row], drop.reason, drop.word) for drop in self.drops],
            columns=["line", "reason", "word"],
        )
        cells = table.cells.iloc[[drop.row for drop in self.drops]].reset_index(drop=True)
        return told.join(cells.rename(columns=lambda name: f"list: {name}"))

    @property
    def dropped_csv(self) -> bytes:
        """The same as CSV in UTF-8, on one line a row, and nothing in it that a spreadsheet would carry out."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        table = self.dropped
        writer.writerow([_harmless(str(name)) for name in table.columns])
        writer.writerows([_harmless(str(cell)) for cell in row] for row in table.itertuples(index=False))
        return buffer.getvalue().encode("utf-8", "backslashreplace")

    def __str__(self) -> str:
        """What was made of what, in a few lines."""
        return self.summary


def _harmless(text: str) -> str:
    """A cell on one line, that no spreadsheet takes for a formula."""
    flat = printable(text, LONGEST_CELL)
    return f"'{flat}" if flat[:1] in tuple("=+-@") else flat


def reasons(made: MadeRecord) -> list[tuple[str, int, list[tuple[str, int]]]]:
    """Why rows were dropped: reason, number, and the words that decided it with theirs, the most frequent first."""
    counts = Counter(drop.reason for drop in made.drops)
    words = {
        reason: Counter(d.word for d in made.drops if d.reason == reason and d.word) for reason in counts
    }
    return [(reason, number, words[reason].most_common()) for reason, number in counts.most_common()]
