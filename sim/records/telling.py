"""What is said of a record that was made of a list: at most a dozen lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sim.records.made import MadeRecord, reasons
from sim.records.mapping import MEANINGS
from sim.records.sorting import NAMES, words_of
from sim.scenario.errors import did_you_mean, printable, shorten
from sim.wording import day_text

WIDTH = 110
MOST_REASONS, MOST_WORDS = 3, 3


def told(made: MadeRecord, file: str = "", dropped: str = "") -> list[str]:
    """Lines of the answer: what was read and how, what is counted, what was dropped and why.

    Parameters
    ----------
    made : MadeRecord
    file, dropped : where the record and what was dropped were written, if they were
    """
    lines = [
        (f"{printable(file)}: " if file else "") + _read(made),
        *_attacks(made),
        _killed(made),
        *_wounded(made),
        _strikes(made),
        *_dropped(made, dropped),
        *_unused(made),
    ]
    return [shorten(line, WIDTH) for line in lines]


def _read(made: MadeRecord) -> str:
    table, columns = made.reading.table, made.reading.columns
    order = f", dates {made.reading.order}" if made.reading.order else ""
    how = "" if table.separator == "," else f", cells by {table.separator!r}"
    rows, span = _number(len(table.cells), "row"), f"{day_text(made.first)} to {day_text(made.last)}"
    return f"{rows} of {table.name}, {columns.layout.title}{order}{how}: {len(made.events):,} count, {span}."


def _attacks(made: MadeRecord) -> Iterator[str]:
    by_country = Counter(event.country for event in made.attacks if event.country)
    where = ", ".join(f"{country} {number:,}" for country, number in by_country.most_common())
    yield f"Attacks: {len(made.attacks):,}{f' ({where})' if where else ''}, counted every {_number(made.every, 'day')}."
    if inexact := sum(event.inexact_day for event in made.attacks):
        yield f"  {inexact:,} of them are dated to a span of days, and counted on its last."


def _killed(made: MadeRecord) -> str:
    column, own = made.reading.columns.of.get("killed"), made.reading.columns.own_deaths
    if column is None and own is None:
        return "Killed: the list has no column of it."
    dead = [event for event in made.attacks if event.killed]
    unknown = sum(event.killed is None for event in made.attacks)
    blank = f"; not told of {_number(unknown, 'attack')}" if unknown else ""
    whose = "on the side of the US" if own else f"by the column {column}"
    said = own or "killed" in made.reading.map.columns or str(column).casefold() == "killed"
    doubt = "" if said else ", which does not say whose deaths they are"
    in_attacks = f" in {_number(len(dead), 'attack')}" if dead else ""
    return f"Killed: {sum(e.killed or 0 for e in dead):,}{in_attacks}, {whose}{doubt}{blank}."


def _wounded(made: MadeRecord) -> Iterator[str]:
    if made.reading.has("wounded"):
        unknown = sum(event.wounded is None for event in made.attacks)
        blank = f"; not told of {_number(unknown, 'attack')}" if unknown else ""
        yield f"Wounded: {sum(event.wounded or 0 for event in made.attacks):,}{blank}."


def _strikes(made: MadeRecord) -> str:
    rows = sum(len(struck.rows) for struck in made.strikes)
    if not rows:
        return "US strikes: none is listed."
    levels = Counter(struck.level for struck in made.strikes)
    by_level = ", ".join(f"level {level} on {_number(days, 'day')}" for level, days in sorted(levels.items()))
    complete = made.record.strikes_until
    other = (
        f"none missing up to {day_text(complete)}" if complete else "others may be missing (--complete-until)"
    )
    return f"US strikes: {_number(rows, 'row')}, {by_level}; {other}."


def _number(count: int, thing: str) -> str:
    return f"{count:,} {thing}" + ("" if count == 1 else "s")


def _dropped(made: MadeRecord, file: str) -> Iterator[str]:
    if not made.drops:
        yield "Dropped: none."
        return
    found = reasons(made)
    each = f"for {len(found)} reasons" if len(found) > 1 else "for one reason"
    yield f"Dropped: {_number(len(made.drops), 'row')} {each}{f'; each stands in {printable(file)}' if file else ''}."
    for reason, number, words in found[:MOST_REASONS]:
        names = [
            f"'{printable(word, 40)}'{_near(reason, word)} {count:,}" for word, count in words[:MOST_WORDS]
        ]
        more = [f"{len(words) - MOST_WORDS} more"] if len(words) > MOST_WORDS else []
        yield f"  {number:,} {reason}" + (f": {', '.join([*names, *more])}" if names else "")


def _near(reason: str, word: str) -> str:
    """The country that a name is near to, and not one itself."""
    hint = did_you_mean(word.casefold(), NAMES) if reason == "in another country" and len(word) < 12 else ""
    return f" ({hint.removeprefix('; ')})" if hint and word.casefold() not in NAMES else ""


def _not_in_list(made: MadeRecord) -> list[tuple[str, list[str]]]:
    """Names of the map that the list does not hold, perhaps misspelt, and what it holds there."""
    fields = {"actors": ("actor", "target"), "kinds": ("kind", "type"), "countries": ("country",)}
    found: list[tuple[str, list[str]]] = []
    for section in MEANINGS:
        if section in fields:
            words = [word for field in fields[section] for word in words_of(made.reading, field)]
            found += [(name, words) for name in made.reading.map.unused(section, words)]
    return found


def _unused(made: MadeRecord) -> Iterator[str]:
    if found := _not_in_list(made):
        name, words = found[0]
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        yield f"In the map and not in the list: '{printable(name, 40)}'{did_you_mean(name, words)}{more}"


def as_dict(made: MadeRecord) -> dict[str, Any]:
    """What was made of what, as plain values."""
    found = reasons(made)
    return {
        "record": made.record.name,
        "layout": made.reading.columns.layout.name,
        "columns": dict(made.reading.columns.of),
        "rows": len(made.reading.table.cells),
        "first": made.first.isoformat(),
        "last": made.last.isoformat(),
        "attacks": len(made.attacks),
        "attacks_by_country": dict(Counter(e.country for e in made.attacks if e.country)),
        "killed": _sum([event.killed for event in made.attacks]),
        "wounded": _sum([event.wounded for event in made.attacks]),
        "strikes": [
            {"date": s.date.isoformat(), "level": s.level, "countries": list(s.countries)}
            for s in made.strikes
        ],
        "dropped": [{"reason": why, "rows": number, "words": dict(words)} for why, number, words in found],
        "not_in_list": [name for name, _ in _not_in_list(made)],
    }


def _sum(numbers: list[int | None]) -> int | None:
    """Of those that are told; None where none is."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
