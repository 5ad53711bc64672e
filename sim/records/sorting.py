"""Rows of a list sorted into attacks, strikes and what a record cannot hold, each of these with the reason."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from sim.errors import InputError
from sim.inference.observation.written import WHERE
from sim.records.cells import Dates, Order, Unreadable, count_of, dates_of
from sim.records.layouts import Columns
from sim.records.mapping import EventMap
from sim.records.table import Table
from sim.scenario.errors import printable

NAMES = {
    "iraq": "iraq", "syria": "syria", "syrian arab republic": "syria", "jordan": "jordan", "iran": "iran",
    "iran (islamic republic of)": "iran", "islamic republic of iran": "iran",
}  # fmt: skip
"""Countries by the names that need no map."""

LEVELS = {country: level for level, country in WHERE.items()}
"""The level of a strike of which nothing is told but where it fell."""

NO_ROOM = "an attack of Iran's own: a record has no place for it"
NEITHER = "neither an attack by a militia on the US nor a US strike"


class Dropped(Exception):
    """A row that the record does not hold: why, and the word of the row that decides it."""

    def __init__(self, reason: str, word: str = "") -> None:
        super().__init__(reason)
        self.reason, self.word = reason, word


@dataclass(frozen=True)
class Event:
    """A row that counts.

    Attributes
    ----------
    row : its place in the list, from 0
    date : the day, or the last of those within which it was
    act : 'attack' or 'strike'
    country : None where the list has no column of it
    level : of a strike, 1 to 4
    killed, wounded : of an attack; None where that is not told
    rough : whether the dead are given as a range, or the day is not known exactly
    """

    row: int
    date: datetime.date
    act: str
    country: str | None
    level: int = 0
    killed: int | None = None
    wounded: int | None = None
    rough: bool = False
    inexact_day: bool = False


@dataclass(frozen=True)
class Drop:
    """A row that is dropped: its place in the list, why, and the word that decides it."""

    row: int
    reason: str
    word: str = ""


@dataclass(frozen=True)
class Reading:
    """What is needed to read the rows of one list.

    Attributes
    ----------
    order : whether the day or the month is first, where dates are numbers with the year last
    comma : whether commas are decimal ones
    lenient : whether a row with a cell that cannot be read is dropped; else the list is refused
    start, until : days out of which rows are dropped
    """

    table: Table
    columns: Columns
    map: EventMap
    order: Order | None = None
    comma: bool = False
    lenient: bool = False
    start: datetime.date | None = None
    until: datetime.date | None = None

    def cell(self, row: int, field: str) -> str:
        """What a row holds of something; nothing where the list has no such column."""
        column = self.columns.of.get(field)
        return "" if column is None else self.table.columns[column][row]

    def has(self, field: str) -> bool:
        """Whether the list has a column of something."""
        return field in self.columns.of


@dataclass(frozen=True)
class Sorted:
    """All rows: those that count, those that do not, and the days from the first to the last of the list."""

    events: tuple[Event, ...]
    dropped: tuple[Drop, ...]
    first: datetime.date
    last: datetime.date


def sort_rows(reading: Reading) -> Sorted:
    """Sort the rows of a list.

    Raises
    ------
    InputError
        For a cell that cannot be read, where two actors are known and it is not said which of them acted, and where no
        row counts.
    """
    table, column = reading.table, reading.columns.of["date"]
    dates = dates_of(table, column, reading.order)
    first = dates_of(table, reading.columns.of["first"], reading.order) if reading.has("first") else None
    events: list[Event] = []
    dropped: list[Drop] = []
    days: list[datetime.date] = []
    seen: dict[str, int] = {}
    for row in range(len(table.cells)):
        try:
            _check_filled(reading, row)
            date = _day(reading, dates, "date", row)
            days.append(date)
            _check_repeated(reading, row, seen)
            events.append(_event(reading, row, date, first))
        except Dropped as drop:
            dropped.append(Drop(row, drop.reason, drop.word))
    if not events:
        raise InputError(f"{table.name}: none of its {len(table.cells):,} rows counts: {_reasons(dropped)}")
    return Sorted(tuple(events), tuple(dropped), min(days), max(days))


def _reasons(dropped: list[Drop]) -> str:
    counts: dict[str, int] = {}
    for drop in dropped:
        told = drop.reason + (f" ('{printable(drop.word)}')" if drop.word else "")
        counts[told] = counts.get(told, 0) + 1
    first = [f"{count} {reason}" for reason, count in sorted(counts.items(), key=lambda item: -item[1])[:4]]
    return "; ".join(first) + "; say what they are by --map, such as --map actor.NAME=us or kind.NAME=attack"


def _unreadable(reading: Reading, row: int, field: str, error: Unreadable) -> Dropped:
    column = reading.columns.of[field]
    if not reading.lenient:
        reading.table.refuse(row, column, str(error))
    return Dropped("a cell that cannot be read", f"{column}: {reading.cell(row, field)}")


def _day(reading: Reading, dates: Dates, field: str, row: int) -> datetime.date:
    try:
        return dates.read(reading.cell(row, field))
    except Unreadable as error:
        raise _unreadable(reading, row, field, error) from None


def _count(reading: Reading, row: int, column: str | None) -> int | None:
    if column is None:
        return None
    text = reading.table.columns[column][row]
    try:
        return count_of(text, reading.comma)
    except Unreadable as error:
        if not reading.lenient:
            reading.table.refuse(row, column, str(error))
        raise Dropped("a cell that cannot be read", f"{column}: {text}") from None


def _check_filled(reading: Reading, row: int) -> None:
    if not any(column[row] for column in reading.table.columns.values()):
        raise Dropped("an empty row")


def _check_repeated(reading: Reading, row: int, seen: dict[str, int]) -> None:
    """Drop a row whose event is in the list already, by its id."""
    if id := reading.cell(row, "id"):
        if id in seen:
            raise Dropped(f"an event of an id that is on line {seen[id]} already", id)
        seen[id] = reading.table.lines[row]


def _event(reading: Reading, row: int, date: datetime.date, first: Dates | None) -> Event:
    act = _act(reading, row)
    if reading.start is not None and date < reading.start:
        raise Dropped(f"before {reading.start}")
    if reading.until is not None and date > reading.until:
        raise Dropped(f"after {reading.until}")
    began = _day(reading, first, "first", row) if first is not None else date
    if began > date:
        raise _unreadable(reading, row, "first", Unreadable(f"is after the event's last day, {date}"))
    inexact = began != date or reading.cell(row, "precision") not in ("", "1", "1.0")
    country = _country(reading, row)
    if act == "attack":
        return _attack(reading, row, date, country, inexact)
    if inexact:
        raise Dropped("a strike whose day is not known")
    return Event(row, date, "strike", country, _level(reading, row, act, country))


def _attack(reading: Reading, row: int, date: datetime.date, country: str | None, inexact: bool) -> Event:
    if country == "iran":
        raise Dropped("an attack in Iran")
    column = reading.columns.of.get("killed")
    if reading.columns.own_deaths is not None:
        column = reading.columns.own_deaths[0 if _role(reading, row, "actor") == "us" else 1]
    killed = _count(reading, row, column)
    ends = [_count(reading, row, reading.columns.of.get(field)) for field in ("low", "high")]
    rough = any(end is not None and end != killed for end in ends) and reading.columns.own_deaths is None
    wounded = _count(reading, row, reading.columns.of.get("wounded"))
    return Event(row, date, "attack", country, 0, killed, wounded, rough, inexact)


def _act(reading: Reading, row: int) -> str:
    """Whether a row is an attack or a strike, of which level if that is said."""
    kind = _kind(reading, row)
    if not (reading.has("actor") and reading.has("target")):
        if kind == "force":
            raise Dropped("of a kind that does not say who acted", reading.cell(row, "kind"))
        return kind
    roles = [_role(reading, row, field) for field in ("actor", "target")]
    if kind == "force":
        return _by_actors(reading, row, roles)
    other = next((role for role in roles if role != "us"), "us")
    if "us" not in roles or other not in ("militia", "iran"):
        raise Dropped(NEITHER, " and ".join(reading.cell(row, field) for field in ("actor", "target")))
    if kind == "attack" and other == "iran":
        raise Dropped(NO_ROOM)
    return kind


def _by_actors(reading: Reading, row: int, roles: list[str]) -> str:
    """What an act of force is, by who did it to whom."""
    if "us" not in roles or not {"militia", "iran"} & set(roles):
        raise Dropped(NEITHER, " and ".join(reading.cell(row, field) for field in ("actor", "target")))
    if reading.map.acts is None:
        first, second = (reading.columns.of[field] for field in ("actor", "target"))
        raise InputError(
            f"{reading.table.name}:{reading.table.lines[row]}: {first} and {second} = "
            f"'{printable(reading.cell(row, 'actor'))}' and '{printable(reading.cell(row, 'target'))}': which of them "
            "acted is not said, and their order does not tell; say --map acts=first or acts=second, or what each kind "
            "is, such as --map kind.NAME=attack"
        )
    by, on = roles if reading.map.acts == "first" else reversed(roles)
    if on == "us":
        if by == "iran":
            raise Dropped(NO_ROOM)
        return "attack"
    return "strike"


def _kind(reading: Reading, row: int) -> str:
    """What the map says that a kind of event is: attack, strike, strike-1 to strike-4 or force."""
    words = [word for word in (reading.cell(row, "kind"), reading.cell(row, "type")) if word]
    for word in words:
        found = reading.map.meaning("kinds", word)
        if found == "drop":
            raise Dropped("of a kind that the map drops", word)
        if found is not None:
            return found
    force = reading.columns.layout.force
    if force is not None and reading.has("type"):
        if reading.cell(row, "type").casefold() not in force:
            raise Dropped("of a kind that is no act of force", reading.cell(row, "type"))
        return "force"
    if not reading.has("kind"):
        return "force"
    if words and words[0].casefold() in ("attack", "strike"):
        return words[0].casefold()
    raise Dropped("of a kind that the map does not name", words[0] if words else "")


def _role(reading: Reading, row: int, field: str) -> str:
    name = reading.cell(row, field)
    if not name:
        raise Dropped("of an actor that the list does not name")
    role = reading.map.meaning("actors", name)
    if role is None:
        raise Dropped("of an actor that the map does not name", name)
    return role


def _country(reading: Reading, row: int) -> str | None:
    """Where it was; None where the list does not tell of any."""
    if not reading.has("country"):
        return None
    name = reading.cell(row, "country")
    if not name:
        raise Dropped("in a country that the list does not name")
    found = reading.map.meaning("countries", name) or NAMES.get(name.casefold())
    if found is None or found == "other":
        raise Dropped("in another country", name)
    return found


def _level(reading: Reading, row: int, act: str, country: str | None) -> int:
    """Level of a strike: as the map or the list says, and else by where it fell."""
    if "-" in act:
        level = int(act[-1])
    else:
        told = _count(reading, row, reading.columns.of.get("level"))
        if told is None and country is None:
            raise Dropped("a strike of which neither country nor level is told")
        level = LEVELS.get(str(country), 0) if told is None else told
    falls = {3: ("iraq", "syria")}.get(level, (WHERE.get(level, ""),))
    if (country is not None and country not in falls) or not 1 <= level <= 4:
        raise Dropped("a strike of a level that does not fall in that country", f"level {level}, {country}")
    return level


def words_of(reading: Reading, field: str) -> Iterator[str]:
    """What a column of the list holds, each word once."""
    if reading.has(field):
        yield from dict.fromkeys(cell for cell in reading.table.columns[reading.columns.of[field]] if cell)
