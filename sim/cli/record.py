"""The commands that make records of what was reported."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import FILE, JSON
from sim.errors import InputError, SpiralError
from sim.pipeline.options import Day, Whole

if TYPE_CHECKING:
    from sim.records import MadeRecord

ORDERS = ("day-first", "month-first")
BOUNDS = ("exact", "about", "at_least")


@click.group(short_help="Make a record of a list of events.")
def record() -> None:
    """Make a record: what was reported of a campaign, by date, which calibrate, validate and forecast take."""


@record.command("from-csv")
@click.argument("events", type=FILE)
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="FILE|NAME=MEANING",
    help="Who is who and what is what: a YAML or CSV file, or one of it, such as actor.NAME=us, kind.NAME=attack, "
    "country.NAME=iraq, column.date=NAME, acts=first. A later one goes before an earlier one.",
)
@click.option(
    "--out", type=FILE, metavar="FILE", help="The record file; <EVENTS>-record.yaml here by default."
)
@click.option("--name", metavar="TEXT", help="What the record is called; as the list by default.")
@click.option(
    "--start", type=Day(), help="The first day that is counted; that of the first event by default."
)
@click.option("--until", type=Day(), help="The last day that is counted; the last of the list by default.")
@click.option(
    "--every",
    type=Whole(1, 366),
    default=7,
    show_default=True,
    help="Days from one count of attacks to the next.",
)
@click.option(
    "--bound",
    type=click.Choice(BOUNDS),
    default="exact",
    show_default=True,
    help="What counts of attacks are.",
)
@click.option(
    "--complete-until", type=Day(), help="The day up to which no US strike is missing from the list."
)
@click.option(
    "--dates", type=click.Choice(ORDERS), help="What 03/04/2023 means: needed where dates are written so."
)
@click.option("--encoding", metavar="NAME", help="Of the list, such as cp1252; UTF-8 by default.")
@click.option("--separator", metavar="C", help="Between cells; found from the header by default.")
@click.option("--decimal-comma", is_flag=True, help="Read 2,0 as two.")
@click.option(
    "--drop-unreadable", is_flag=True, help="Drop rows with a cell that cannot be read; refused otherwise."
)
@click.option("--force", is_flag=True, help="Replace files of these names.")
@JSON
def from_csv(
    events: Path, out: Path | None, force: bool, as_json: bool, maps: tuple[str, ...], **given: Any
) -> None:
    """Make a record of a list of events, such as ACLED's, UCDP GED's or one of your own.

    Writes the record, and beside it the rows that it does not hold, with the reasons. Nothing is guessed: who is
    American, a militia or Iranian, and who acted, is said by --map.
    """
    from sim.records import record_from_csv

    file, beside = _places(events, out, force)
    made = record_from_csv(events, maps, **given)
    _write(made, file, beside)
    _tell(made, file, beside, as_json)


def _places(events: Path, out: Path | None, force: bool) -> tuple[Path, Path]:
    """Where the record and what was dropped go, refused where they cannot."""
    file = out or Path(f"{events.stem}-record.yaml")
    beside = file.with_name(f"{file.stem}-dropped.csv")
    if file.suffix not in (".yaml", ".yml"):
        raise InputError(f"--out: {file}: a record is a YAML file; name it {file.stem}.yaml")
    if not file.parent.is_dir():
        raise InputError(f"--out: {file}: there is no folder {file.parent}")
    for one in (file, beside):
        if one.is_dir():
            raise InputError(f"{one}: is a folder; name another file with --out")
        if os.path.lexists(one) and events.exists() and one.exists() and one.samefile(events):
            raise InputError(f"{one}: is the list itself; name another file with --out")
        if os.path.lexists(one) and not force:
            raise InputError(
                f"{one}: is there already; name another with --out, or give --force to replace it"
            )
    return file, beside


def _write(made: MadeRecord, file: Path, beside: Path) -> None:
    from sim.store.files import reason, write_whole

    for one, data in ((beside, made.dropped_csv), (file, made.text.encode())):
        try:
            write_whole(one, data)
        except OSError as error:
            raise SpiralError(f"{one}: cannot be written: {reason(error)}") from error


def _tell(made: MadeRecord, file: Path, beside: Path, as_json: bool) -> None:
    import json

    from sim.records.telling import as_dict, told

    if as_json:
        click.echo(json.dumps(as_dict(made) | {"file": str(file), "dropped_file": str(beside)}))
        return
    for line in told(made, str(file), str(beside)):
        click.echo(line)
