"""Text reaches the terminal as text: what would steer it is written out, what it lacks is replaced.

Names, sentences and commands may come from files that others made, and arrive in messages, tables and paths.
"""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sim.errors import written_out

REPLACED = "spiral-replaced"
"""Name of the way in which what an encoding lacks is replaced."""

ALIKE = {"…": "...", "–": "-", "—": "-", "−": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "·": "-", "×": "x"}
ALIKE |= {"→": ">", "±": "+/-", "≤": "<=", "≥": ">=", "\N{NO-BREAK SPACE}": " "}


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    told = "".join(ALIKE.get(c) or c.encode("ascii", "backslashreplace").decode() for c in lost)
    return told, error.end


codecs.register_error(REPLACED, _replaced)


class Plain:
    """A stream in the place of stdout or stderr that takes any text, and lets none steer the terminal.

    Attributes
    ----------
    rich_proxied_file : the stream itself, to which rich writes what it has made, styles included
    encoding : of the text that it takes, which is any
    """

    encoding, errors = "utf-8", "surrogateescape"

    def __init__(self, stream: Any) -> None:
        self.rich_proxied_file = stream

    def write(self, text: str) -> int:
        """Write text."""
        self.rich_proxied_file.write(written_out(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        """All else is the stream's own."""
        return getattr(self.rich_proxied_file, name)


@contextmanager
def plain_output() -> Iterator[None]:
    """While a command runs, text is all that it writes, whatever the terminal's encoding."""
    before = sys.stdout, sys.stderr
    errors = [(stream, stream.errors) for stream in before if isinstance(stream, io.TextIOWrapper)]
    for stream, _ in errors:
        stream.reconfigure(errors=REPLACED)
    sys.stdout, sys.stderr = Plain(before[0]), Plain(before[1])
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
        for stream, usual in errors:
            with suppress(OSError, ValueError):  # closed by now, or nobody reads on
                stream.reconfigure(errors=usual)
