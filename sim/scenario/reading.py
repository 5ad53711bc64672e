"""Scenario files as strict YAML 1.2: no aliases, tags, merge keys, repeated keys or second documents.

The parser's events are read one by one, so that what is too deep or not plain is refused before anything is
built from it.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any

from sim.scenario.composing import Composer, Node
from sim.scenario.errors import Place, ScenarioError, complaint, show

LARGEST = 400_000  # bytes, of which the parser takes half a second at most
MOST_PARSED = 16  # texts of which the events are kept
_PARSED: dict[str, tuple[Any, ...]] = {}
_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def read_file(path: str | PathLike[str], shown: str | None = None, kind: str = "scenario") -> Node:
    """Read a scenario file, or one of another kind in the same form, into a tree whose top is a mapping.

    Parameters
    ----------
    path : the file
    shown : how errors call it, by default as given
    kind : what such a file is, for errors: a scenario, a record

    Raises
    ------
    ScenarioError
        If there is no such file, or it is not strict YAML of at most 400 kB in UTF-8.
    """
    name = shown or str(path)
    try:
        raw = _bytes_of(Path(path), kind)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise complaint(Place(name), f"cannot be read: {reason}") from None
    return read_bytes(raw, name, kind)


def _bytes_of(path: Path, kind: str) -> bytes:
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise ValueError("it is a folder, not a file")
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("it is not a regular file")
    if status.st_size > LARGEST:
        raise ValueError(f"it has {status.st_size:,} bytes; a {kind} has at most {LARGEST:,}")
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def read_bytes(raw: bytes, name: str, kind: str = "scenario") -> Node:
    """Read the bytes of a file; see `read_file`."""
    if len(raw) > LARGEST:
        raise complaint(Place(name), f"is too large; a {kind} has at most {LARGEST:,} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _place_in(raw[: error.start].decode("utf-8-sig", "ignore"), Place(name))
        raise complaint(place, f"is not text in UTF-8 (byte 0x{raw[error.start]:02x})") from None
    tree = read_text(text, Place(name), kind=kind)
    if not isinstance(tree.value, dict):
        problem = f"holds {show(tree.plain())}; a {kind} is a mapping of keys to values"
        raise complaint(tree.place, problem)
    return tree


def read_text(text: str, first: Place, root: tuple[str, ...] = (), kind: str = "scenario") -> Node:
    """Read strict YAML text, of any kind of top.

    Parameters
    ----------
    text : the text
    first : the place of its first character
    root : the path of its top in a scenario, for errors
    kind : what is read, for errors
    """
    composer = Composer(first, root, kind)
    odd = _NOT_TEXT.search(text)
    if odd:
        problem = f"holds the character {odd[0]!a}, which is not text: is it a binary file?"
        raise complaint(_place_in(text[: odd.start()], first), problem)
    try:
        for event in _events(text):
            composer.take(event)
    except ScenarioError:
        raise
    except Exception as error:  # whatever the parser raises on hostile text
        raise composer.unreadable(error) from None
    if composer.top is None:
        raise complaint(first, f"is empty; a {kind} is a mapping of keys to values")
    return composer.top


def _place_in(before: str, first: Place) -> Place:
    """Give the place that follows the text `before`, which begins at `first`."""
    lines = before.count("\n")
    column = len(before) - before.rfind("\n") - 1
    return Place(first.file, first.line + lines, column + (first.column if lines == 0 else 1))


def _events(text: str) -> Iterator[Any]:
    """Events of a text, one by one; parsing takes most of the time of loading, and a command loads a file again."""
    if text in _PARSED:
        yield from _PARSED[text]
        return
    from ruamel.yaml import YAML

    events = []
    for event in YAML(typ="safe", pure=True).parse(text):
        events.append(event)
        yield event
    if len(_PARSED) >= MOST_PARSED:
        _PARSED.clear()
    _PARSED[text] = tuple(events)
