"""The evidence ledger: `seeds/` read into sources and facts, every entry checked.

What the fields mean, and how dates and disagreements are coded, is told in seeds/codebook.md.
"""

from __future__ import annotations

import datetime as dt
import re
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sim.ledger import Entry, EvidenceError, field_names, parsed
from sim.paths import data_folder

__all__ = ["Evidence", "EvidenceError", "Fact", "Source", "fact_ids", "load_evidence"]

KINDS = (
    "count", "casualty", "strike", "force", "death_toll",
    "motive", "control", "policy", "assessment", "event",
)  # fmt: skip
BOUNDS = ("exact", "at_least", "about")
ACTORS = ("militias", "us", "iraq", "iran", "israel", "hamas", "other")
PLACES = ("iraq", "syria", "iraq-and-syria", "jordan", "gaza", "israel", "lebanon", "iran", "region")
CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True, kw_only=True)
class Source:
    """An article: where it appeared and when."""

    id: str
    file: str
    title: str
    publisher: str
    published: dt.date
    published_inferred: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """Another value, or another last day, that the evidence gives for a fact."""

    source: str
    note: str
    value: float | None
    date: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One claim of one article; `start` and `end` are `from` and `to` in the file."""

    id: str
    claim: str
    kind: str
    actor: str
    source: str
    confidence: str
    value: float | None
    unit: str | None
    bound: str | None
    date: dt.date | None
    start: dt.date | None
    end: dt.date | None
    as_of: dt.date | None
    date_inferred: bool
    place: str | None
    also: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    note: str | None


@dataclass(frozen=True)
class Evidence:
    """The whole ledger, by id."""

    sources: Mapping[str, Source]
    facts: Mapping[str, Fact]


@lru_cache
def fact_ids() -> frozenset[str]:
    """Identifiers of all facts of the project's ledger, without reading what they say: a hundred times faster."""
    text = (data_folder("seeds") / "facts.yaml").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^([a-z0-9][a-z0-9-]*):", text, re.MULTILINE))


def load_evidence(folder: str | Path | None = None) -> Evidence:
    """Read and check a ledger once, and remember it.

    Parameters
    ----------
    folder : str or Path, optional
        Where ``sources.yaml`` and ``facts.yaml`` lie; by default the project's own ledger.

    Raises
    ------
    EvidenceError
        At the first thing that the codebook does not allow.
    """
    return _load(Path(folder or data_folder("seeds")).resolve())


@lru_cache(maxsize=8)
def _load(folder: Path) -> Evidence:
    sources = {entry.id: _source(entry) for entry in _entries(folder / "sources.yaml", "source")}
    facts = {entry.id: _fact(entry, sources) for entry in _entries(folder / "facts.yaml", "fact")}
    return Evidence(sources, facts)


def _source(entry: Entry) -> Source:
    texts = {field: entry.text(field) for field in ("file", "title", "publisher", "note")}
    if re.search(r"[/\\]", texts["file"]):
        entry.refuse("file", "must be a file name without folders")
    inferred = entry.need("published_inferred", lambda v: isinstance(v, bool), "must be true or false")
    return Source(id=entry.id, published=entry.day("published"), published_inferred=inferred, **texts)


def _fact(entry: Entry, sources: Mapping[str, Source]) -> Fact:
    source = entry.choice("source", sources)
    dates = _dates(entry, sources[source].published)
    value, unit, bound = _coded_value(entry)
    return Fact(
        id=entry.id,
        claim=entry.text("claim"),
        kind=entry.choice("kind", KINDS),
        actor=entry.choice("actor", ACTORS),
        source=source,
        confidence=entry.choice("confidence", CONFIDENCES),
        value=value,
        unit=unit,
        bound=bound,
        date=dates.get("date"),
        start=dates.get("from"),
        end=dates.get("to"),
        as_of=dates.get("as_of"),
        date_inferred=entry.flag("date_inferred"),
        place=entry.choice("place", PLACES) if "place" in entry.content else None,
        also=_also(entry, source, sources),
        alternatives=_alternatives(entry, value, sources),
        note=entry.text("note") if "note" in entry.content or entry.flag("date_inferred") else None,
    )


def _dates(entry: Entry, published: dt.date) -> dict[str, dt.date]:
    given = tuple(field for field in ("date", "from", "to", "as_of") if field in entry.content)
    if given not in (("date",), ("from", "to"), ("as_of",)):
        field = given[-1] if given else "date"
        entry.refuse(field, "must be dated in one way: date, or from and to, or as_of")
    dates = {field: entry.day(field, published) for field in given}
    if given == ("from", "to") and dates["from"] > dates["to"]:
        entry.refuse("from", f"must not be after to, {dates['to']}")
    return dates


def _coded_value(entry: Entry) -> tuple[float, str, str] | tuple[None, None, None]:
    if "value" in entry.content:
        return entry.number("value"), entry.text("unit"), entry.choice("bound", BOUNDS)
    for field in ("unit", "bound"):
        if field in entry.content:
            entry.refuse(field, "must not be given without a value")
    return None, None, None


def _also(entry: Entry, source: str, sources: Mapping[str, Source]) -> tuple[str, ...]:
    also = tuple(entry.parts("also"))
    others = [id for id in sources if id != source]
    if any(id not in others for id in also) or len(set(also)) < len(also):
        entry.refuse("also", f"must name other sources, each once: {', '.join(others)}")
    return also


def _alternatives(
    entry: Entry, value: float | None, sources: Mapping[str, Source]
) -> tuple[Alternative, ...]:
    found = []
    for number, content in enumerate(entry.parts("alternatives"), start=1):
        part = Entry(f"{entry.where}: alternative {number}", entry.id, content, field_names(Alternative))
        source = part.choice("source", sources)
        if ("value" in content) == ("date" in content) or ("value" in content and value is None):
            part.refuse("value", "must be given, or else a date, and for a fact that has a value")
        other = part.number("value") if "value" in content else None
        day = part.day("date", sources[source].published) if "date" in content else None
        found.append(Alternative(source=source, note=part.text("note"), value=other, date=day))
    return tuple(found)


def _entries(path: Path, kind: str) -> list[Entry]:
    where = f"{path.parent.name}/{path.name}"
    content = parsed(path, where, kind)
    if not isinstance(content, dict) or not content:
        raise EvidenceError(
            f"{where}: file = {reprlib.repr(content)}: must map each {kind}'s id to its fields"
        )
    for id in content:
        if not isinstance(id, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
            allowed = "must be a text of lower-case words or numbers joined by hyphens"
            raise EvidenceError(f"{where}: {kind} {id!r}: id = {id!r}: {allowed}")
    known = field_names(Source if kind == "source" else Fact)
    return [Entry(f"{where}: {kind} {id!r}", id, entry, known) for id, entry in content.items()]
