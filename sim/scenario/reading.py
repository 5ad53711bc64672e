"""YAML text to a plain tree in which every key and value knows where it was written.

The parser's events are read one by one, so that what is too deep, repeated or not plain is refused before
anything is built from it.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from sim.scenario.errors import Place, ScenarioError, complaint, printable, show
from sim.scenario.scalars import Scalar, meaning

LARGEST = 1_000_000  # bytes
DEEPEST = 50  # mappings and lists inside one another

_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Node:
    """A value with the place of its first character, and of its key if it has one."""

    value: Scalar | dict[str, Node] | list[Node]
    place: Place
    key: Place | None = None

    def plain(self) -> Any:
        """Give the value without places: dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def read_file(path: str | PathLike[str], shown: str | None = None) -> Node:
    """Read a scenario file into a tree whose top is a mapping.

    Parameters
    ----------
    path : the file
    shown : how errors call it, by default as given

    Raises
    ------
    ScenarioError
        If there is no such file, or it is not strict YAML of at most 1 MB in UTF-8.
    """
    name = shown or str(path)
    try:
        raw = _bytes_of(Path(path))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise complaint(Place(name), f"cannot be read: {reason}") from None
    return read_bytes(raw, name)


def _bytes_of(path: Path) -> bytes:
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise ValueError("it is a folder, not a file")
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("it is not a regular file")
    if status.st_size > LARGEST:
        raise ValueError(f"it has {status.st_size:,} bytes; a scenario has at most {LARGEST:,}")
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def read_bytes(raw: bytes, name: str) -> Node:
    """Read the bytes of a scenario file; see `read_file`."""
    if len(raw) > LARGEST:
        raise complaint(Place(name), f"is too large; a scenario has at most {LARGEST:,} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _place_in(raw[: error.start].decode("utf-8-sig", "ignore"), Place(name))
        raise complaint(place, f"is not text in UTF-8 (byte 0x{raw[error.start]:02x})") from None
    tree = read_text(text, name)
    if not isinstance(tree.value, dict):
        problem = f"holds {show(tree.plain())}; a scenario is a mapping of keys to values"
        raise complaint(tree.place, problem)
    return tree


def read_text(text: str, name: str, first: Place | None = None) -> Node:
    """Read strict YAML text, of any kind of top; `first` is the place of its first character."""
    reader = _Reader(name, first or Place(name))
    odd = _NOT_TEXT.search(text)
    if odd:
        problem = f"holds the character {odd[0]!a}, which is not text: is it a binary file?"
        raise complaint(_place_in(text[: odd.start()], reader.first), problem)
    try:
        for event in _events(text):
            reader.take(event)
    except ScenarioError:
        raise
    except Exception as error:  # whatever the parser raises on hostile text
        raise reader.unreadable(error) from None
    if reader.top is None:
        raise complaint(reader.first, "is empty; a scenario is a mapping of keys to values")
    return reader.top


def _place_in(before: str, first: Place) -> Place:
    """Give the place that follows the text `before`, which begins at `first`."""
    lines = before.count("\n")
    column = len(before) - before.rfind("\n") - 1
    return Place(first.file, first.line + lines, column + (first.column if lines == 0 else 1))


def _events(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML

    yield from YAML(typ="safe", pure=True).parse(text)


class _Reader:
    """Builds the tree from the parser's events, holding the containers that are open."""

    def __init__(self, name: str, first: Place) -> None:
        self.name, self.first = name, first
        self.top: Node | None = None
        self.open: list[Node] = []
        self.keys: list[tuple[str, Place] | None] = []

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            self.begin_document(event)
        elif kind == "AliasEvent" or getattr(event, "anchor", None):
            raise complaint(self.place(event), "uses an anchor or alias (& or *); write the value out", self.path())
        elif getattr(event, "ctag", None) is not None:
            raise complaint(self.place(event), f"uses a tag ({event.ctag}); leave it out", self.path())
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self.begin(event, {} if kind == "MappingStartEvent" else [])
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self.open.pop()
            self.keys.pop()
        elif kind == "ScalarEvent":
            self.scalar(event)

    def begin_document(self, event: Any) -> None:
        if self.top is not None:
            raise complaint(self.place(event), "holds a second document; a scenario is one document")
        if event.version or event.tags:
            raise complaint(self.first, "begins with a YAML directive (%); leave it out")

    def begin(self, event: Any, container: dict[str, Node] | list[Node]) -> None:
        if len(self.open) >= DEEPEST:
            raise complaint(self.place(event), f"is nested more than {DEEPEST} deep")
        node = Node(container, self.place(event))
        self.put(node)
        self.open.append(node)
        self.keys.append(None)

    def scalar(self, event: Any) -> None:
        place = self.place(event)
        if any(0xD800 <= ord(c) <= 0xDFFF for c in event.value):
            raise complaint(place, "holds half of a character (a lone surrogate)", self.path())
        if self.expects_key():
            self.keys[-1] = self.checked_key(event, place), place
            return
        value = event.value
        if event.style is None:
            try:
                value = meaning(value)
            except ValueError as error:
                raise complaint(place, str(error), self.path(), printable(value)) from None
        self.put(Node(value, place))

    def expects_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].value, dict) and self.keys[-1] is None

    def checked_key(self, event: Any, place: Place) -> str:
        key: str = event.value
        if key == "<<" and event.style is None:
            raise complaint(place, "uses a merge key (<<); write the keys out", self.path())
        if event.style is None and not self.is_text(key):
            problem = f"has the key {printable(key) or 'null'}, which is not text; put it in quotes"
            raise complaint(place, problem, self.path())
        siblings = self.open[-1].value
        assert isinstance(siblings, dict)
        if key in siblings:
            line = (siblings[key].key or place).line
            raise complaint(place, f"is given twice, first on line {line}", [*self.path(), key])
        return key

    @staticmethod
    def is_text(key: str) -> bool:
        try:
            return isinstance(meaning(key), str)
        except ValueError:
            return False

    def put(self, node: Node) -> None:
        if not self.open:
            self.top = node
            return
        holder = self.open[-1].value
        if isinstance(holder, list):
            holder.append(node)
            return
        pending = self.keys[-1]
        if pending is None:
            raise complaint(node.place, "has a list or mapping for a key; a key is plain text", self.path())
        assert isinstance(holder, dict)
        key, node.key = pending
        holder[key] = node
        self.keys[-1] = None

    def path(self) -> list[str | int]:
        """Keys and indices from the top to what is being read."""
        path: list[str | int] = []
        for node, pending in zip(self.open, self.keys, strict=True):
            if isinstance(node.value, list):
                path.append(len(node.value) - (node is not self.open[-1]))
            elif isinstance(node.value, dict):
                if pending is not None:
                    path.append(pending[0])
                elif node is not self.open[-1]:
                    path.append(next(reversed(node.value)))
        return path

    def place(self, event: Any) -> Place:
        return self.place_of(event.start_mark)

    def place_of(self, mark: Any) -> Place:
        column = mark.column + (self.first.column if mark.line == 0 else 1)
        return Place(self.name, self.first.line + mark.line, column)

    def unreadable(self, error: Exception) -> ScenarioError:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        reason = " ".join(str(getattr(error, "problem", None) or error).split()) or type(error).__name__
        return complaint(self.place_of(mark) if mark else self.first, f"is not readable as YAML: {reason}")
