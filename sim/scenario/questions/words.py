"""The words of a question one by one, and what is wrong with one of them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from sim.scenario.errors import did_you_mean, printable

LONGEST = 1_000  # characters of a question
MOST = 1_000_000
ARTICLES = ("a", "an", "the", "any")
_WORD = re.compile(r"[()]|[^\s()]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class TextError(ValueError):
    """A word that does not fit; `problem` says what is wrong and allowed, `hint` what was perhaps meant."""

    def __init__(self, problem: str, column: int, hint: str = "") -> None:
        super().__init__(f"column {column}: {problem}{hint}")


class Words:
    """Words of a text, in lower case, of which the next one is looked at or taken."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise TextError(f"is longer than {LONGEST:,} characters", 1)
        if not text.isprintable():
            raise TextError("must be text on one line", 1)
        found = [(m[0].lower().strip(",;:."), m.start() + 1) for m in _WORD.finditer(text)]
        self._found = [(word, column) for word, column in found if word]
        self._place, self._end = 0, len(text) + 1

    @property
    def next(self) -> str:
        """The next word; '' at the end."""
        return self._found[self._place][0] if self._place < len(self._found) else ""

    @property
    def column(self) -> int:
        """Where the next word stands, from 1."""
        return self._found[self._place][1] if self._place < len(self._found) else self._end

    def ahead(self, number: int) -> tuple[str, ...]:
        """The next words, at most so many."""
        return tuple(word for word, _ in self._found[self._place : self._place + number])

    def begins(self, *words: str) -> bool:
        """Whether these come next."""
        return self.ahead(len(words)) == words

    def skip(self, number: int = 1) -> None:
        """Go on."""
        self._place += number

    def takes(self, *words: str) -> bool:
        """Whether these come next; they are taken then."""
        if not self.begins(*words):
            return False
        self.skip(len(words))
        return True

    def articles(self) -> None:
        """Take articles, which say nothing."""
        while self.next in ARTICLES:
            self.skip()

    def must(self, *allowed: str) -> str:
        """Take one of these words, or refuse what is there."""
        if self.next not in allowed:
            raise self.wrong(f"must be {' or '.join(allowed)}", allowed)
        word = self.next
        self.skip()
        return word

    def number(self, least: int, most: int = MOST) -> int:
        """Take a whole number, or refuse what is there."""
        word = self.next
        if not re.fullmatch(r"[0-9]{1,9}", word) or not least <= int(word) <= most:
            raise self.wrong(f"must be a whole number from {least} to {most:,}")
        self.skip()
        return int(word)

    def is_date(self) -> bool:
        """Whether a date comes next, right or wrong."""
        return bool(re.match(r"[0-9]+[-/.][0-9]+[-/.]", self.next + "-"))

    def date(self) -> datetime.date:
        """Take a date, or refuse what is there."""
        word = self.next
        try:
            if not _DATE.fullmatch(word):
                raise ValueError
            day = datetime.date.fromisoformat(word)
        except ValueError:
            raise self.wrong("must be a date, written as 2023-11-21") from None
        self.skip()
        return day

    def end(self) -> None:
        """Refuse what is left."""
        if self.next:
            allowed = ("from", "to", "by", "within", "and", "or", "given")
            raise self.wrong(f"does not go on what stands before; one of {', '.join(allowed)} can", allowed)

    def wrong(self, problem: str, allowed: Iterable[str] = (), given: str | None = None) -> TextError:
        """What is wrong with the next word."""
        word = self.next if given is None else given
        shown = f"'{printable(word)}'" if word else "the end"
        return TextError(f"{shown} {problem}", self.column, did_you_mean(word, allowed) if word else "")
