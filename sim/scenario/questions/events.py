"""One event in words: how many, of which kind, and what is said of it besides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.scenario.questions.kinds import KINDS, WRITTEN, Kind
from sim.scenario.questions.places import adjective, as_written, roles
from sim.scenario.questions.places import names as place_names
from sim.scenario.questions.tree import HIGHEST_LEVEL, Event
from sim.scenario.questions.windows import UNITS
from sim.scenario.questions.words import Words

LONGEST_SPELL = 1_100  # days
SPELLS = ("quiet", "pause")


def read_event(words: Words, names: tuple[str, ...] = ()) -> Event:
    """Take an event, without its dates; `names` are of questions that could be named in its place.

    Raises
    ------
    TextError
        At the first word that does not fit.
    """
    words.articles()
    counted = _counted(words)
    words.articles()
    kind = _kind(words, names)
    said: dict[str, Any] = {}
    if counted is not None:
        if "count" not in kind.takes:
            raise words.wrong(f"comes after a number, and {kind.name} takes none", given=words.next)
        said["least"] = counted
    if "rung" in kind.takes:
        said["rung"] = words.number(1, 6)
    while (read := _SAID.get(words.next)) is not None and not _is_window(words, kind):
        more = read(words, kind)
        if more.keys() & said.keys():
            raise words.wrong("says a thing twice")
        said |= more
    if {"length", "again"} & kind.takes and "days" not in said:
        raise words.wrong(f"must say how long: {as_written(kind.form)}")
    if "again" in kind.takes and "within" not in said:
        raise words.wrong(f"must say within how many days: {as_written(kind.form)}")
    return Event(kind.key, **said)


def _counted(words: Words) -> int | None:
    return words.number(1) if words.takes("at", "least") or words.next.isdigit() else None


def _kind(words: Words, names: tuple[str, ...]) -> Kind:
    forms = {tuple(as_written(" ".join(words)).split()): kind for words, kind in WRITTEN.items()}
    for written, kind in forms.items():
        if words.begins(*written):
            words.skip(len(written))
            return kind
    known = [as_written(kind.name) for kind in KINDS.values()]
    given = " ".join(words.ahead(2)) or words.next
    named = f"; questions here are {', '.join(names)}" if names else ""
    raise words.wrong(
        f"is no event; events are {', '.join(known)}{named}", [*map(" ".join, forms), *names], given
    )


def _is_window(words: Words, kind: Kind) -> bool:
    """Whether what follows is a date and says nothing of the event itself."""
    if words.next == "on":
        return words.ahead(2)[-1][:1].isdigit()
    return words.next == "within" and "again" not in kind.takes


def _in(words: Words, kind: Kind) -> dict[str, Any]:
    words.skip()
    if words.takes("all"):
        _check(words, kind, "count", "a count in all")
        return {"daily": False}
    if words.takes("a", "day") or words.takes("one", "day"):
        _check(words, kind, "daily", "a number a day")
        return {"daily": True}
    if not kind.places:
        is_place = words.next in place_names().values()
        raise words.wrong(f"is a place, and {kind.name} takes none" if is_place else "must be a day")
    known = roles(kind.places)
    return {"place": known[words.must(*known)]}


def _on(words: Words, kind: Kind) -> dict[str, Any]:
    words.skip()
    words.articles()
    _check(words, kind, "commander", "who is struck")
    if words.takes(adjective(), "soil"):
        return {"place": "iran"}
    whose = "iranian" if words.takes(adjective()) else "any"
    words.must("commander", "commanders")
    return {"commander": whose}


def _of(words: Words, kind: Kind) -> dict[str, Any]:
    words.skip()
    if "length" in kind.takes:
        return {"days": _days(words)}
    _check(words, kind, "level", "a level")
    words.must("level")
    level = words.number(1, HIGHEST_LEVEL)
    more = any(words.takes("or", word) for word in ("more", "higher", "above"))
    return {"levels": (level, HIGHEST_LEVEL if more else level)}


def _within(words: Words, kind: Kind) -> dict[str, Any]:
    words.skip()
    within = _days(words)
    words.must("of", "after")
    words.articles()
    of = words.must(*SPELLS)
    words.must("of")
    return {"within": within, "of": of, "days": _days(words)}


def _days(words: Words) -> int:
    number = words.number(1, LONGEST_SPELL)
    unit = words.must(*(name for name, days in UNITS.items() if days))
    return number * UNITS[unit]


def _check(words: Words, kind: Kind, what: str, called: str) -> None:
    if what not in kind.takes:
        told = f"follows {called}, which {kind.name} does not take; it is written {kind.form}"
        raise words.wrong(as_written(told))


_SAID: dict[str, Callable[[Words, Kind], dict[str, Any]]] = {
    "in": _in,
    "inside": _in,
    "on": _on,
    "of": _of,
    "within": _within,
}
