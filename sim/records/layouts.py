"""Which column of a list holds what: layouts of the usual sets, known by their columns, and what a map says instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import InputError
from sim.records.mapping import FIELDS, EventMap
from sim.records.table import Table
from sim.scenario.errors import did_you_mean, printable


@dataclass(frozen=True)
class Layout:
    """A way in which a set of events is published.

    Attributes
    ----------
    name, title : what it is called, in a map and in an answer
    needs : the columns by which it is known
    fields : columns by what they hold, the first that is there; see `FIELDS`
    force : kinds that are acts of force; None where a list holds no others
    own_deaths : columns of the deaths of either side, in the order of actor and target
    """

    name: str
    title: str
    needs: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    force: tuple[str, ...] | None = None
    own_deaths: tuple[str, str] | None = None


LAYOUTS = (
    Layout(
        "acled",
        "the columns of ACLED",
        ("event_date", "event_type", "actor1", "actor2", "country"),
        {
            "date": ("event_date",), "country": ("country",), "killed": ("fatalities",), "kind": ("sub_event_type",),
            "type": ("event_type",), "actor": ("actor1",), "target": ("actor2",), "id": ("event_id_cnty",),
            "precision": ("time_precision",),
        },
        force=("explosions/remote violence", "battles", "violence against civilians"),
    ),
    Layout(
        "ucdp",
        "the columns of UCDP GED",
        ("date_start", "date_end", "country", "side_a", "side_b", "best"),
        {
            "date": ("date_end",), "first": ("date_start",), "country": ("country",), "killed": ("best",),
            "low": ("low",), "high": ("high",), "actor": ("side_a",), "target": ("side_b",), "id": ("id",),
            "precision": ("date_prec",),
        },
        own_deaths=("deaths_a", "deaths_b"),
    ),
    Layout(
        "plain",
        "the columns of a plain list",
        ("date",),
        {
            "date": ("date",), "country": ("country", "place"), "killed": ("killed", "fatalities", "deaths"),
            "wounded": ("wounded", "injured"), "kind": ("kind", "type"), "actor": ("actor",), "target": ("target",),
            "level": ("level",), "id": ("id",),
        },
    ),
)  # fmt: skip
"""In the order in which they are tried. The order of two actors is not taken to say who acted."""


@dataclass(frozen=True)
class Columns:
    """The layout of a list, and its columns by what they hold."""

    layout: Layout
    of: Mapping[str, str]
    own_deaths: tuple[str, str] | None = None


def columns_of(table: Table, events: EventMap) -> Columns:
    """Find the columns of a list, as the map has them and else as its layout.

    Raises
    ------
    InputError
        Where the map names a column that is not there, where two could be meant, and where none holds a date, or what
        an event was.
    """
    there = {str(column).casefold(): str(column) for column in table.cells.columns}
    named = {field: _named(table, there, field, column) for field, column in events.columns.items()}
    layout = _layout(table, there, events, named)
    found = dict(named)
    for field, candidates in layout.fields.items():
        if field not in found:
            present = [
                there[name] for name in candidates if name in there and there[name] not in named.values()
            ]
            if len(present) > 1:
                said = ", ".join(present)
                raise InputError(
                    f"{table.name}:1: {field} could be any of {said}: say --map column.{field}={present[0]}"
                )
            if present:
                found[field] = present[0]
    if "kind" not in found and not {"actor", "target"} <= found.keys():
        raise InputError(
            f"{table.name}:1: no column says what an event was; name one, --map column.kind=NAME, or two of who did it "
            f"to whom, column.actor and column.target; there are {_listed(there.values())}"
        )
    own = layout.own_deaths if layout.own_deaths and "killed" not in named else None
    sides = (there[own[0]], there[own[1]]) if own and set(own) <= there.keys() else None
    return Columns(layout, found, sides)


def _named(table: Table, there: Mapping[str, str], field: str, column: str) -> str:
    if column.casefold() not in there:
        hint = did_you_mean(column.casefold(), there)
        raise InputError(
            f"{table.name}:1: column.{field} = '{printable(column)}': there is no such column; there are "
            f"{_listed(there.values())}{hint}"
        )
    return there[column.casefold()]


def _layout(table: Table, there: Mapping[str, str], events: EventMap, named: Mapping[str, str]) -> Layout:
    if events.layout is not None:
        layout = next(layout for layout in LAYOUTS if layout.name == events.layout)
        needed = [field for field in ("date",) if field not in named]
        missing = [layout.fields[field][0] for field in needed if layout.fields[field][0] not in there]
        if missing:
            raise InputError(f"{table.name}:1: layout = '{layout.name}': the list has no column {missing[0]}")
        return layout
    for layout in LAYOUTS:
        if set(layout.needs) <= there.keys():
            return layout
    if "date" in named:
        return LAYOUTS[-1]
    raise InputError(
        f"{table.name}:1: its columns are those of no layout that is known ({', '.join(one.name for one in LAYOUTS)}); "
        f"name them, such as --map column.date=NAME; what can be named: {', '.join(FIELDS)}; there are "
        f"{_listed(there.values())}"
    )


def _listed(names: object, most: int = 12) -> str:
    told = [printable(str(name)) for name in names]  # type: ignore[attr-defined]
    return ", ".join(told[:most]) + (f" and {len(told) - most} more" if len(told) > most else "")
