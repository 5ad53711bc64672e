"""The episodes of seeds/reference-class.yaml, read and checked; seeds/codebook.md says what the fields mean."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import reprlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from sim.ledger import Entry, EvidenceError, field_names, parsed
from sim.paths import data_folder

FILE_NAME = "reference-class.yaml"
FIRST_DAY, LAST_DAY = dt.date(1983, 1, 1), dt.date(2023, 10, 16)
PLACES = ("gulf", "iran", "iraq", "jordan", "kuwait", "lebanon", "saudi-arabia", "syria")
AUTHORS = ("iran", "partner")
KINDS = ("raid", "strike", "wave", "commander", "iranian-soil", "iranian-unit", "iranian-commander")
IRANIAN = tuple(kind for kind in KINDS if kind.startswith("iranian"))
LONGEST = 60
"""Days within which something counts as an answer."""


@dataclass(frozen=True)
class Citation:
    """Where an episode is told: title, publisher, and the day, month or year of publication."""

    title: str
    publisher: str
    date: str


@dataclass(frozen=True, kw_only=True)
class Episode:
    """One episode: what was done, by whom, whom it killed, and what Washington answered within 60 days.

    Attributes
    ----------
    date : day of the attack, 1983-01-01 to 2023-10-16
    author : `iran`, its own forces, or `partner`
    killed : Americans killed, and others killed at work for American forces
    avowed : whether Iran said that it had done it
    answer : highest level of Washington's strikes in answer, 0 (none) to 4 (Iran itself)
    kinds : what the answer was made of; a raid by troops is no strike
    days : from the attack to the highest answer; None where there was none
    direct_14, direct_60 : whether a strike of level 4 or an attack that Iran avowed came within that many days
    counted : False for one that is shown and enters no rate
    """

    id: str
    what: str
    date: dt.date
    place: str
    author: str
    killed: int
    avowed: bool
    answer: int
    kinds: tuple[str, ...]
    days: int | None
    direct_14: bool
    direct_60: bool
    counted: bool
    uncertain: str
    sources: tuple[Citation, ...]


def load_episodes(path: str | Path | None = None) -> tuple[Episode, ...]:
    """Read and check the episodes once, and remember them.

    Parameters
    ----------
    path : str or Path, optional
        By default the project's own file.

    Returns
    -------
    tuple of Episode
        In order of date.

    Raises
    ------
    EvidenceError
        At the first thing that the codebook does not allow, with file, line, episode and field.
    """
    return _load(Path(path or data_folder("seeds") / FILE_NAME).resolve())


@lru_cache(maxsize=8)
def _load(path: Path) -> tuple[Episode, ...]:
    where = f"{path.parent.name}/{path.name}"
    content = parsed(path, where, "episode")
    if not isinstance(content, dict) or not content:
        raise EvidenceError(
            f"{where}: file = {reprlib.repr(content)}: must map each episode's id to its fields"
        )
    lines = path.read_text(encoding="utf-8").splitlines()
    found = tuple(_episode(_Row(where, lines, id, fields)) for id, fields in content.items())
    for before, after in itertools.pairwise(found):
        if after.date < before.date:
            _Row(where, lines, after.id, content[after.id]).refuse("date", f"must not be before {before.id}")
    return found


class _Row(Entry):
    """The fields of one episode, which knows where in the file each of them is written."""

    def __init__(self, where: str, lines: list[str], id: Any, content: Any) -> None:
        self.lines = lines
        self.file, self.first = where, _line_of(lines, 0, rf"['\"]?{re.escape(str(id))}['\"]?\s*:")
        if not isinstance(id, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
            allowed = "must be a text of lower-case words or numbers joined by hyphens"
            raise EvidenceError(f"{where}:{self.first}: episode {id!r}: id = {id!r}: {allowed}")
        super().__init__(where, id, content, field_names(Episode))

    def refuse(self, field: Any, allowed: str) -> NoReturn:
        line = _line_of(self.lines, self.first, rf"\s+['\"]?{re.escape(str(field))}['\"]?\s*:") or self.first
        self.where = f"{self.file}:{line}: episode {self.id!r}"
        super().refuse(field, allowed)

    def true_or_false(self, field: str) -> bool:
        return bool(self.need(field, lambda v: isinstance(v, bool), "must be true or false"))

    def whole(self, field: str, low: int, high: int) -> int:
        def fits(value: Any) -> bool:
            return type(value) is int and low <= value <= high

        return int(self.need(field, fits, f"must be a whole number from {low} to {high}"))


def _line_of(lines: list[str], after: int, pattern: str) -> int:
    """Give the number of the first line after some line that begins with a pattern, in one entry; 0 for none."""
    for number, line in enumerate(lines[after:], start=after + 1):
        if re.match(pattern, line):
            return number
        if after and re.match(r"[^\s#]", line):
            return 0
    return 0


def _episode(row: _Row) -> Episode:
    episode = Episode(
        id=row.id,
        what=row.text("what"),
        date=_day(row),
        place=row.choice("place", PLACES),
        author=row.choice("author", AUTHORS),
        killed=row.whole("killed", 0, 1000),
        avowed=row.true_or_false("avowed"),
        answer=row.whole("answer", 0, 4),
        kinds=_kinds(row),
        days=row.whole("days", 0, LONGEST) if "days" in row.content else None,
        direct_14=row.true_or_false("direct_14"),
        direct_60=row.true_or_false("direct_60"),
        counted=row.true_or_false("counted") if "counted" in row.content else True,
        uncertain=row.text("uncertain"),
        sources=_sources(row),
    )
    for field, wrong, allowed in _CONTRADICTIONS:
        if wrong(episode):
            row.refuse(field, allowed)
    return episode


def _day(row: _Row) -> dt.date:
    day = row.day("date")
    if not FIRST_DAY <= day <= LAST_DAY:
        row.refuse("date", f"must be from {FIRST_DAY} to {LAST_DAY}")
    return day


def _kinds(row: _Row) -> tuple[str, ...]:
    given = row.parts("kinds")
    if "kinds" not in row.content or any(kind not in KINDS for kind in given) or len(set(given)) < len(given):
        row.refuse("kinds", f"must be a list, each once, of {', '.join(KINDS)}")
    return tuple(given)


def _sources(row: _Row) -> tuple[Citation, ...]:
    given = row.parts("sources")
    if not given:
        row.refuse("sources", "must name at least one source")
    return tuple(_citation(row, content) for content in given)


def _citation(row: _Row, content: Any) -> Citation:
    fields = field_names(Citation)
    if not isinstance(content, dict) or set(content) != set(fields):
        row.refuse("sources", f"must each have {', '.join(fields)}, and no more")
    title, publisher, date = content["title"], content["publisher"], str(content["date"])
    if not all(isinstance(text, str) and text.strip() for text in (title, publisher)):
        row.refuse("sources", "must each have a title and a publisher, not empty")
    if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", date) or date > str(LAST_DAY):
        row.refuse("sources", f"must each be dated YYYY, YYYY-MM or YYYY-MM-DD, {LAST_DAY} or before")
    return Citation(title, publisher, date)


def _came(episode: Episode, days: int) -> bool:
    struck = episode.answer == 4 and episode.days is not None and episode.days <= days
    return episode.avowed or struck


_CONTRADICTIONS: tuple[tuple[str, Callable[[Episode], bool], str], ...] = (
    ("killed", lambda e: e.killed == 0 and e.author != "iran", "must be 1 or more, or else Iran the author"),
    ("avowed", lambda e: e.avowed and e.author != "iran", "must be false where Iran is not the author"),
    ("kinds", lambda e: (e.answer > 0) != any(k != "raid" for k in e.kinds), "must hold a kind of strike if"
     " and only if answer is 1 or more"),
    ("kinds", lambda e: (e.answer == 4) != any(k in IRANIAN for k in e.kinds), "must name something Iranian if"
     " and only if answer is 4"),
    ("days", lambda e: e.counted and bool(e.kinds) != (e.days is not None), "must be given if and only if there"
     " was an answer"),
    ("direct_14", lambda e: _came(e, 14) and not e.direct_14, "must be true: it was avowed, or answered at"
     " level 4 within 14 days"),
    ("direct_60", lambda e: (_came(e, 60) or e.direct_14) and not e.direct_60, "must be true: it was avowed, or"
     " answered at level 4 within 60 days, or direct_14 is true"),
)  # fmt: skip
"""What an episode may not say: field to name, test, and what is allowed."""
