"""A CSV file as a table of text: nothing is converted, and whatever is not plainly a table is refused."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import stat
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sim.errors import InputError
from sim.scenario.errors import did_you_mean, printable

if TYPE_CHECKING:
    import pandas as pd

LARGEST = 100_000_000
"""Most bytes of a list."""

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class Table:
    """A list of events as it is written.

    Attributes
    ----------
    name : how errors call it
    cells : one row an event, one column for each of the header's, all text without blanks around it
    lines : the line of the file on which each row begins, from 1
    encoding, separator : as what it was read
    sha256 : of its bytes
    """

    name: str
    cells: pd.DataFrame
    lines: tuple[int, ...]
    encoding: str
    separator: str
    sha256: str

    @cached_property
    def columns(self) -> Mapping[str, list[str]]:
        """The cells by column, for whoever goes through them row by row."""
        return {str(name): column.tolist() for name, column in self.cells.items()}

    def refuse(self, row: int, column: str, text: str) -> NoReturn:
        """Raise the error that says where a cell is, what it holds and what is wrong with it."""
        raise InputError(self.wrong(row, column, text))

    def wrong(self, row: int, column: str, text: str) -> str:
        """Say in one line where a cell is, what it holds and what is wrong with it."""
        value = printable(self.columns[column][row])
        return f"{self.name}:{self.lines[row]}: {printable(column)} = '{value}': {text}"


def read_table(
    path: str | PathLike[str],
    encoding: str | None = None,
    separator: str | None = None,
    kind: str = "event",
) -> Table:
    """Read a CSV file whose first line names its columns.

    Parameters
    ----------
    path : the file, of at most 100 MB
    encoding : such as cp1252; by default UTF-8, or UTF-16 where the file begins as such
    separator : between cells; by default the comma, semicolon, tab or bar that the header holds most of
    kind : what a row is, for errors

    Raises
    ------
    InputError
        For what cannot be read or decoded, holds NUL, has an open quote, a row of another length than the header, a
        column twice, or no row.
    """
    name = printable(str(path), 300)
    raw = bytes_of(Path(path), name)
    text, used = _decoded(raw, name, encoding)
    mark = _separator_of(text) if separator is None else _checked(separator)
    header, rows, lines = _parsed(text, mark, name)
    _check_header(header, name)
    if not rows:
        raise InputError(f"{name}: holds a header and no {kind}")
    cells = _frame(text, mark, header, rows, name)
    return Table(name, cells, tuple(lines), used, mark, hashlib.sha256(raw).hexdigest())


def _checked(separator: str) -> str:
    named = {name: mark for mark, name in SEPARATORS.items()}
    mark = named.get(separator, separator)
    if mark not in SEPARATORS:
        known = ", ".join(named)
        raise InputError(
            f"--separator: {printable(separator)}: must be one of {known}{did_you_mean(separator, named)}"
        )
    return mark


def bytes_of(path: Path, name: str) -> bytes:
    """Read a regular file of at most 100 MB that is no archive; `name` is how errors call it."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            folder = stat.S_ISDIR(status.st_mode)
            raise InputError(f"{name}: {'is a folder, not a file' if folder else 'is not a regular file'}")
        if status.st_size > LARGEST:
            raise InputError(f"{name}: has {status.st_size:,} bytes; a list has at most {LARGEST:,}")
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror or error}") from None
    except InputError:
        raise
    except ValueError as error:  # such as NUL in the path
        raise InputError(f"{name}: cannot be read: {error}") from None
    if raw.startswith(b"PK\x03\x04"):
        raise InputError(f"{name}: is a workbook or an archive; export the list from it as CSV")
    return raw


def _decoded(raw: bytes, name: str, encoding: str | None) -> tuple[str, str]:
    """The text, and as what it was decoded."""
    used = encoding or next((told for bom, told in BOMS.items() if raw.startswith(bom)), "utf-8")
    try:
        text = raw.decode(used).removeprefix("\ufeff")
    except LookupError:
        hint = did_you_mean(used, ("utf-8", "utf-16", "cp1252", "latin-1", "cp1256", "iso-8859-1"))
        raise InputError(f"--encoding: {printable(used)}: no such encoding of text{hint}") from None
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        line = raw[:start].count(b"\n") + 1
        advice = (
            "say its encoding, such as --encoding cp1252" if encoding is None else "it is of another encoding"
        )
        raise InputError(f"{name}:{line}: is not text in {printable(used)}; {advice}") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        other = "of another --encoding" if encoding is None else "in another encoding"
        raise InputError(f"{name}:{line}: holds NUL, which is no text: is it a binary file, or {other}?")
    return text, used


def _separator_of(text: str) -> str:
    """The mark that cuts the header into most cells."""
    first = text.lstrip("\r\n").splitlines()[0] if text.strip() else ""
    return max(SEPARATORS, key=first.count)


def _parsed(text: str, separator: str, name: str) -> tuple[list[str], list[list[str]], list[int]]:
    """Header, rows and the line on which each row begins; each row as long as the header."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            if row and not header:
                header = [cell.strip() for cell in row]
            elif row and len(row) != len(header):
                cells = f"has {len(row)} cells, and the header {len(header)}"
                raise InputError(f"{name}:{line}: {cells}: is a separator or a quotation mark missing?")
            elif row:
                rows.append(row)
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{name}:{line}: is not readable as CSV: {printable(str(error))}") from None
    if not header:
        raise InputError(f"{name}: is empty; its first line names the columns")
    return header, rows, lines


def _check_header(header: Sequence[str], name: str) -> None:
    counts = Counter(cell.casefold() for cell in header if cell)
    for cell, count in counts.items():
        if count > 1:
            raise InputError(f"{name}:1: has {count} columns called '{printable(cell)}'; rename all but one")


def _frame(
    text: str, separator: str, header: Sequence[str], rows: list[list[str]], name: str
) -> pd.DataFrame:
    """The rows as text; columns without a name are left out. Two parsers must read the same, or it is refused."""
    import pandas as pd

    frame = pd.read_csv(
        io.StringIO(text, newline=""),
        sep=separator,
        header=None,
        names=list(range(len(header))),
        index_col=False,
        dtype=str,
        keep_default_na=False,
        na_filter=False,
    ).iloc[1:]
    if frame.to_numpy().tolist() != rows:
        raise InputError(f"{name}: its cells cannot be told apart; look for a quotation mark inside one")
    named = {place: cell for place, cell in enumerate(header) if cell}
    cells = frame[list(named)].rename(columns=named).reset_index(drop=True)
    return cells.apply(lambda column: column.str.strip())
