"""A question in words: `us killed from 2023-11-21 to 2023-12-31 given none before`, read into a tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sim.scenario.questions.events import read_event
from sim.scenario.questions.tree import (
    Both,
    Either,
    Opposite,
    Question,
    Tree,
    dated,
    events_of,
    none_before,
    span_of,
)
from sim.scenario.questions.windows import read_window
from sim.scenario.questions.words import TextError, Words

DEEPEST = 20
Named = Callable[[str], Question]


@dataclass
class _Reader:
    """Reads trees from words; `subject` is what a condition is a condition of."""

    words: Words
    names: frozenset[str] = frozenset()
    named: Named | None = None
    subject: Tree | None = None
    depth: int = field(default=0)

    def either(self) -> Tree:
        """Parts joined by or."""
        parts = [self.both()]
        while self.words.takes("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self) -> Tree:
        """Parts joined by and."""
        parts = [self.one()]
        while self.words.takes("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def one(self) -> Tree:
        """What stands between them."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.words.wrong(f"is nested deeper than {DEEPEST}")
        try:
            return self._one()
        finally:
            self.depth -= 1

    def _one(self) -> Tree:
        words = self.words
        if words.takes("not") or words.takes("no"):
            return Opposite(self.one())
        if words.takes("("):
            inner = self.either()
            words.must(")")
            return dated(inner, *read_window(words))
        if words.begins("none", "before"):
            return self._none_before()
        if words.next in self.names and self.named is not None:
            return self._reference(self.named)
        event = read_event(words, tuple(self.names))
        first, last = read_window(words)
        return replace(event, first=first, last=last)

    def _none_before(self) -> Tree:
        words = self.words
        if self.subject is None:
            raise words.wrong("can only stand after given")
        found = none_before(self.subject)
        if found is None:
            raise words.wrong(
                "needs a date from which the event counts, such as from 2023-11-21: before which day is else not said"
            )
        words.takes("none")
        words.takes("before")
        return found

    def _reference(self, named: Named) -> Tree:
        found = named(self.words.next)
        if found.given is not None:
            raise self.words.wrong("has a condition of its own, and cannot be part of another question")
        self.words.skip()
        return found.event


def read_text(
    text: str,
    name: str = "",
    given: str | None = None,
    names: Mapping[str, object] | frozenset[str] = frozenset(),
    named: Named | None = None,
) -> Question:
    """Read a question.

    Parameters
    ----------
    text : an event or several, with dates, and perhaps a condition after `given`
    name : by which it is told apart
    given : a condition that is written apart from it
    names, named : names of other questions that it may name, and what gives one of them

    Raises
    ------
    TextError
        At the first word that does not fit.
    """
    reader = _Reader(Words(text), frozenset(names), named)
    event = _dates_at_the_end(reader.either())
    condition = None
    if reader.words.takes("given"):
        if given is not None:
            raise reader.words.wrong("gives a condition although one is given beside it")
        reader.subject = event
        condition = reader.either()
    reader.words.end()
    if given is not None:
        condition = read_condition(given, event, names, named)
    if condition is not None:
        condition = dated(_dates_at_the_end(condition), *span_of(event))
    return Question(name or named_by(text), event, condition)


def read_condition(
    text: str,
    event: Tree,
    names: Mapping[str, object] | frozenset[str] = frozenset(),
    named: Named | None = None,
) -> Tree:
    """Read a condition that is written apart from its event; `none before` is of that event."""
    reader = _Reader(Words(text), frozenset(names), named, event)
    condition = reader.either()
    reader.words.end()
    return dated(_dates_at_the_end(condition), *span_of(event))


def named_by(text: str) -> str:
    """A name for a question that has none: its first words joined by hyphens."""
    joined = "-".join(re.findall(r"[a-z0-9]+", text.lower()))
    return joined[:60].strip("-") or "question"


def _dates_at_the_end(tree: Tree) -> Tree:
    """Dates that are written last hold for what is written before and has none."""
    last = [*events_of(tree)][-1]
    return dated(tree, last.first, last.last)


__all__ = ["TextError", "named_by", "read_condition", "read_text"]
