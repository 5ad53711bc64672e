"""The map that a user gives with a list of events: who is who, what is what, which column holds what."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sim.errors import InputError
from sim.scenario.composing import Node
from sim.scenario.errors import complaint, did_you_mean, printable, show
from sim.scenario.reading import read_file

FIELDS = (
    "date", "first", "country", "kind", "type", "actor", "target", "killed", "wounded", "level", "id", "precision",
    "low", "high",
)  # fmt: skip
"""What a column can hold."""

ROLES = ("us", "militia", "iran", "other")
ACTS = ("attack", "strike", "strike-1", "strike-2", "strike-3", "strike-4", "force", "drop")
"""What a kind of event can be; `force` is an act of force of whoever is the actor."""

COUNTRIES = ("iraq", "syria", "jordan", "iran", "other")
ORDER = ("first", "second")
LAYOUT_NAMES = ("acled", "ucdp", "plain")

MEANINGS: Mapping[str, tuple[str, ...]] = {
    "actors": ROLES,
    "kinds": ACTS,
    "countries": COUNTRIES,
    "columns": (),
}
SINGLE: Mapping[str, tuple[str, ...]] = {"acts": ORDER, "layout": LAYOUT_NAMES}
ONE_OF = {"actor": "actors", "kind": "kinds", "country": "countries", "column": "columns"}
"""Sections by the word that begins a single setting, such as `actor.NAME=us`."""

WRITTEN = "write it as actor.NAME=us, kind.NAME=attack, country.NAME=iraq, column.date=NAME or acts=first"


@dataclass(frozen=True)
class EventMap:
    """What the words of a list mean.

    Attributes
    ----------
    actors, kinds, countries : meanings by name, where `*` stands for any text; see `ROLES`, `ACTS`, `COUNTRIES`
    columns : columns by what they hold; see `FIELDS`
    acts : which of two actors acted, 'first' or 'second'; None when that is not said
    layout : 'acled', 'ucdp' or 'plain'; None to know it by the columns
    """

    actors: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    acts: str | None = None
    layout: str | None = None

    @cached_property
    def _folded(self) -> Mapping[str, Mapping[str, str]]:
        return {part: {_fold(n): m for n, m in getattr(self, part).items()} for part in MEANINGS}

    def meaning(self, section: str, name: str) -> str | None:
        """What a name means: as it is written, but for case, or by the longest pattern with `*` that it fits."""
        known, folded = self._folded[section], _fold(name)
        if folded in known:
            return known[folded]
        fits = [pattern for pattern in known if "*" in pattern and _fits(folded, pattern)]
        return known[max(fits, key=len)] if fits else None

    def unused(self, section: str, names: Iterable[str]) -> list[str]:
        """Names of a section that none of a list's is or fits."""
        found = {_fold(name) for name in names}
        return [name for name in getattr(self, section) if not any(_fits(one, _fold(name)) for one in found)]


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())


def _fits(name: str, pattern: str) -> bool:
    """Whether a name fits a pattern in which only `*` has a meaning of its own."""
    return fnmatch.fnmatchcase(name, re.sub(r"([\[?])", r"[\1]", pattern))


def read_map(given: Iterable[str | Mapping[str, object] | EventMap]) -> EventMap:
    """Read maps, of which a later one goes before an earlier one.

    Parameters
    ----------
    given : of each the path of a YAML or CSV file, a setting such as `actor.NAME=us`, or the sections as a mapping

    Raises
    ------
    InputError
        For a section, a name or a meaning that there is not.
    """
    found: dict[str, dict[str, str]] = {section: {} for section in MEANINGS}
    single: dict[str, str] = {}
    for one in given:
        for section, name, meaning in _entries(one):
            if section in SINGLE:
                single[section] = meaning
            else:
                found[section][name] = meaning
    return EventMap(**found, **single)  # type: ignore[arg-type]


def _entries(given: str | Mapping[str, object] | EventMap) -> list[tuple[str, str, str]]:
    if isinstance(given, EventMap):
        kept = {part: dict(getattr(given, part)) for part in MEANINGS}
        return _of_mapping(
            {**kept, **{part: getattr(given, part) for part in SINGLE if getattr(given, part)}}
        )
    if isinstance(given, Mapping):
        return _of_mapping(given)
    text = str(given)
    if "=" not in text or Path(text).is_file():
        return _of_csv(text) if text.lower().endswith(".csv") else _of_tree(read_file(text, kind="map"))
    word = text.split(".")[0].split("=")[0].strip()
    if word in ONE_OF or word in SINGLE:
        return [_of_setting(text, word)]
    raise InputError(f"--map: {printable(text)}: {WRITTEN}{did_you_mean(word, (*ONE_OF, *SINGLE))}")


def _of_setting(text: str, word: str) -> tuple[str, str, str]:
    key, equals, meaning = text.rpartition("=")
    name = key.partition(".")[2].strip()
    if not equals or (word in ONE_OF and not name):
        raise InputError(f"--map: {printable(text)}: {WRITTEN}")
    wrong = _wrong(ONE_OF.get(word, word), name, meaning.strip())
    if wrong:
        raise InputError(f"--map: {printable(text)}: {wrong}")
    return ONE_OF.get(word, word), name, meaning.strip()


def _wrong(section: str, name: str, meaning: str) -> str:
    """What is wrong with one entry, or nothing."""
    if section == "columns":
        if name not in FIELDS:
            hint = did_you_mean(name, FIELDS)
            return (
                f"'{printable(name)}' is nothing that a column can hold; it can be {', '.join(FIELDS)}{hint}"
            )
        return "" if meaning else "must be the name of a column"
    allowed = MEANINGS.get(section) or SINGLE[section]
    return (
        "" if meaning in allowed else f"must be one of {', '.join(allowed)}{did_you_mean(meaning, allowed)}"
    )


def _of_mapping(given: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """Entries of sections that were given as a mapping, in Python."""
    found: list[tuple[str, str, str]] = []
    for section, content in given.items():
        if section not in MEANINGS and section not in SINGLE:
            known = (*MEANINGS, *SINGLE)
            raise InputError(
                f"map: {printable(str(section))}: must be one of {', '.join(known)}{did_you_mean(section, known)}"
            )
        if section in MEANINGS and not isinstance(content, Mapping):
            raise InputError(f"map: {section}: must be a mapping of names to meanings")
        pairs = content.items() if isinstance(content, Mapping) else [("", content)]
        for name, meaning in pairs:
            if wrong := _wrong(str(section), str(name), str(meaning)):
                raise InputError(f"map: {section}.{printable(str(name))} = {show(meaning)}: {wrong}")
            found.append((str(section), str(name), str(meaning)))
    return found


def _of_tree(tree: Node) -> list[tuple[str, str, str]]:
    """Entries of a YAML file; errors say where in it."""
    found: list[tuple[str, str, str]] = []
    assert isinstance(tree.value, dict)
    for section, node in tree.value.items():
        known = (*MEANINGS, *SINGLE)
        if section not in known:
            text = f"unknown key; it must be one of {', '.join(known)}"
            raise complaint(node.key or node.place, text, (section,), "", did_you_mean(section, known))
        if section in SINGLE:
            _take(found, section, "", node)
        elif isinstance(node.value, dict):
            for name, inner in node.value.items():
                _take(found, section, name, inner)
        else:
            raise complaint(
                node.place, "must be a mapping of names to meanings", (section,), show(node.plain())
            )
    return found


def _take(found: list[tuple[str, str, str]], section: str, name: str, node: Node) -> None:
    meaning = node.value if isinstance(node.value, str) else show(node.plain())
    if wrong := _wrong(section, name, meaning):
        raise complaint(node.place, wrong, (section, name) if name else (section,), show(node.plain()))
    found.append((section, name, meaning))


def _of_csv(path: str) -> list[tuple[str, str, str]]:
    """Entries of a CSV file with the columns what, name, means."""
    from sim.records.table import read_table

    table = read_table(path)
    columns = {str(c).casefold(): str(c) for c in table.cells.columns}
    for needed in ("what", "name", "means"):
        if needed not in columns:
            raise InputError(
                f"{table.name}:1: has no column {needed}; a map as CSV has the columns what, name, means"
            )
    found = []
    for row, (what, name, means) in enumerate(
        table.cells[[columns[c] for c in ("what", "name", "means")]].to_numpy()
    ):
        section = ONE_OF.get(what, what)
        if section not in MEANINGS and section not in SINGLE:
            known = (*ONE_OF, *SINGLE)
            table.refuse(
                row, columns["what"], f"must be one of {', '.join(known)}{did_you_mean(what, known)}"
            )
        if wrong := _wrong(section, name, means):
            table.refuse(row, columns["means"], wrong)
        found.append((section, name, means))
    return found
