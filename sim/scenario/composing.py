"""The parser's events put together to a tree in which every key and value knows where it was written."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from typing import Any

from sim.scenario.errors import Place, ScenarioError, complaint, printable

Scalar = None | bool | int | float | str | datetime.date

MOST_DIGITS = 400

_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LOOSE_DATE = re.compile(r"[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2}")
_DATE_AND_TIME = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:.*")


def meaning(text: str) -> Scalar:
    """Give the value that an unquoted scalar stands for.

    Raises
    ------
    ValueError
        For what YAML would read as a number or a date, but which is none that a file can hold.
    """
    if text in _WORDS:
        return _WORDS[text]
    if not text[0].isdigit() and text[0] not in "+-.":
        return text
    if _DECIMAL.fullmatch(text):
        return _number(text)
    if _NOT_FINITE.fullmatch(text):
        raise ValueError("is not a finite number")
    return _date_or_text(text)


def _number(text: str) -> int | float:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"is a number of more than {MOST_DIGITS} digits")
    if _WHOLE.fullmatch(text):
        return int(text)
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("is not a finite number")
    return number


def _date_or_text(text: str) -> str | datetime.date:
    if _DATE_AND_TIME.fullmatch(text):
        raise ValueError("has a time of day; a date is written as YYYY-MM-DD")
    if _DATE.fullmatch(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise ValueError("is no day of the calendar; a date is written as YYYY-MM-DD") from None
    if _LOOSE_DATE.fullmatch(text):
        raise ValueError("is no date as it is written here, YYYY-MM-DD")
    return text


DEEPEST = 50  # mappings and lists inside one another
MOST_EVENTS = 20_000  # about one a key and one a value; the parser takes 20 microseconds for each


@dataclass(slots=True)
class Node:
    """A value with the place of its first character, and of its key if it has one.

    `bare` is a key that stands alone, with no colon and no value, as what follows a comma in `{note: one, two}`.
    """

    value: Scalar | dict[str, Node] | list[Node]
    place: Place
    key: Place | None = None
    bare: bool = False

    def plain(self) -> Any:
        """Give the value without places: dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


IN_PLAIN_WORDS = {
    "expected <block end>, but found '<block mapping start>'": (
        "is indented, but under no key: is the heading that it belongs to commented out (#), or the line before it "
        "indented otherwise?"
    ),
}
"""What the parser says of mistakes that are often made, put plainly."""


class Composer:
    """Builds the tree from the parser's events, holding the containers that are open."""

    def __init__(self, first: Place, root: tuple[str | int, ...] = (), kind: str = "scenario") -> None:
        self.first, self.root, self.kind = first, root, kind
        self.events = 0
        self.top: Node | None = None
        self.open: list[Node] = []
        self.keys: list[tuple[str, Place] | None] = []
        self.end_of_key: Place | None = None

    def take(self, event: Any) -> None:
        """Take in the parser's next event."""
        self.events += 1
        if self.events > MOST_EVENTS:
            raise complaint(
                self._place(event), f"is too large; a {self.kind} has at most {MOST_EVENTS:,} values"
            )
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            self._begin_document(event)
        elif getattr(event, "anchor", None):  # an alias has one too
            raise self._not_plain(event, "an anchor or alias (& or *); write the value out")
        elif getattr(event, "ctag", None) is not None:
            raise self._not_plain(event, f"a tag, {event.ctag}; leave it out")
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._begin(event, {} if kind == "MappingStartEvent" else [])
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self.open.pop()
            self.keys.pop()
        elif kind == "ScalarEvent":
            self._scalar(event)

    def _not_plain(self, event: Any, what: str) -> ScenarioError:
        return complaint(self._place(event), f"uses {what}", self._path())

    def _begin_document(self, event: Any) -> None:
        if self.top is not None:
            raise complaint(self._place(event), f"holds a second document; a {self.kind} is one document")
        if event.version or event.tags:
            raise complaint(self.first, "begins with a YAML directive (%); leave it out")

    def _begin(self, event: Any, container: dict[str, Node] | list[Node]) -> None:
        if len(self.open) >= DEEPEST:
            raise complaint(self._place(event), f"is nested more than {DEEPEST} deep")
        node = Node(container, self._place(event))
        self._put(node)
        self.open.append(node)
        self.keys.append(None)

    def _scalar(self, event: Any) -> None:
        place = self._place(event)
        if any(0xD800 <= ord(c) <= 0xDFFF for c in event.value):
            raise complaint(place, "holds half of a character (a lone surrogate)", self._path())
        if self._expects_key():
            self.keys[-1] = self._checked_key(event, place), place
            self.end_of_key = self._place_of(event.end_mark)
            return
        value = event.value
        if event.style is None:
            try:
                value = meaning(value)
            except ValueError as error:
                raise complaint(place, str(error), self._path(), printable(value)) from None
        self._put(Node(value, place, bare=value is None and place == self.end_of_key))

    def _expects_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].value, dict) and self.keys[-1] is None

    def _checked_key(self, event: Any, place: Place) -> str:
        key: str = event.value
        if key == "<<" and event.style is None:
            raise complaint(place, "uses a merge key (<<); write the keys out", self._path())
        if event.style is None and not self._is_text(key):
            problem = f"has the key {printable(key) or 'null'}, which is not text; put it in quotes"
            raise complaint(place, problem, self._path())
        siblings = self.open[-1].value
        assert isinstance(siblings, dict)
        if key in siblings:
            line = (siblings[key].key or place).line
            raise complaint(place, f"is given twice, first on line {line}", [*self._path(), key])
        return key

    @staticmethod
    def _is_text(key: str) -> bool:
        try:
            return isinstance(meaning(key), str)
        except ValueError:
            return False

    def _put(self, node: Node) -> None:
        if not self.open:
            self.top = node
            return
        holder = self.open[-1].value
        if isinstance(holder, list):
            holder.append(node)
            return
        pending = self.keys[-1]
        if pending is None:
            raise complaint(node.place, "has a list or mapping for a key; a key is plain text", self._path())
        assert isinstance(holder, dict)
        key, node.key = pending
        holder[key] = node
        self.keys[-1] = None

    def _path(self) -> list[str | int]:
        """Keys and indices from the top to what is being read."""
        path = list(self.root)
        for node, pending in zip(self.open, self.keys, strict=True):
            if isinstance(node.value, list):
                path.append(len(node.value) - (node is not self.open[-1]))
            elif isinstance(node.value, dict):
                if pending is not None:
                    path.append(pending[0])
                elif node is not self.open[-1]:
                    path.append(next(reversed(node.value)))
        return path

    def _place(self, event: Any) -> Place:
        return self._place_of(event.start_mark)

    def _place_of(self, mark: Any) -> Place:
        column = mark.column + (self.first.column if mark.line == 0 else 1)
        return Place(self.first.file, self.first.line + mark.line, column)

    def unreadable(self, error: Exception) -> ScenarioError:
        """Tell an error of the parser's own as ours."""
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        reason = " ".join(str(getattr(error, "problem", None) or error).split()) or type(error).__name__
        told = IN_PLAIN_WORDS.get(reason, reason)
        return complaint(self._place_of(mark) if mark else self.first, f"is not readable as YAML: {told}")
