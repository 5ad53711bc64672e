"""How anything wrong with a scenario is told: one line, with the place where it was written."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from sim.errors import InputError

LONGEST = 60  # characters of a value or key that are shown
LONGEST_PATH = 300  # and of all keys of a path


class ScenarioError(InputError):
    """A scenario that cannot be used; its text is one line.

    The form is ``file:line:column: path = value: what is wrong; what is allowed; did you mean 'x'?``, with
    the parts that apply. A value that came from ``--set`` has ``--set`` for its file and the number of the
    setting, from 1, for its line.
    """


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written; lines and columns count from 1."""

    file: str
    line: int = 1
    column: int = 1


def complaint(
    place: Place, problem: str, path: Iterable[str | int] = (), shown: str = "", hint: str = ""
) -> ScenarioError:
    """Make the error for a problem at a place.

    Parameters
    ----------
    place : where it is written
    problem : what is wrong and what is allowed
    path : keys and list indices from the top of the scenario; empty when the whole file is meant
    shown : the bad value, as given by `show`; empty to leave it out
    hint : the text given by `did_you_mean`, or nothing
    """
    where = f"{printable(place.file, 300)}:{place.line}:{place.column}"
    subject = shorten(".".join(printable(str(part)) for part in path), LONGEST_PATH)
    if subject and shown:
        subject = f"{subject} = {shown}"
    tail = f"{printable(problem, 600)}{hint}"
    return ScenarioError(f"{where}: {subject}: {tail}" if subject else f"{where}: {tail}")


SHORTENED = 3
"""Letters of a beginning that is taken for the whole of a name."""


def did_you_mean(given: object, allowed: Iterable[str]) -> str:
    """Give ``; did you mean 'x'?`` when something allowed is near to what was given, else nothing."""
    names, text = list(allowed), str(given)[:LONGEST]
    near = difflib.get_close_matches(text, names, n=1, cutoff=0.6)
    if not near and len(text) >= SHORTENED:
        near = [name for name in names if name.startswith(text)]
    return f"; did you mean '{near[0]}'?" if near else ""


def show(value: object) -> str:
    """Write a plain value on one short line, near to how a scenario file writes it."""
    return shorten(_flow(value, 0))


def printable(text: str, longest: int = LONGEST) -> str:
    """Escape whatever a terminal would not print, and shorten."""
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[: longest + 1])
    return shorten(safe, longest)


def shorten(text: str, longest: int = LONGEST) -> str:
    """Cut a text to at most `longest` characters, marking the cut."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _flow(value: object, depth: int) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{printable(value)}'"
    if depth > 2:
        return "…"
    if isinstance(value, dict):
        first = list(value.items())[:4]
        return "{" + ", ".join(f"{printable(str(k))}: {_flow(v, depth + 1)}" for k, v in first) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(v, depth + 1) for v in value[:4]) + "]"
    if isinstance(value, int | float | datetime.date):
        return _number(value)
    return printable(type(value).__name__)


def _number(value: int | float | datetime.date) -> str:
    if isinstance(value, int) and abs(value) >= 10**LONGEST:
        return f"a whole number of more than {LONGEST} digits"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
