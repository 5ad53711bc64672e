"""The commands that list result folders and check them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from sim.cli.places import RESULTS, place_named
from sim.errors import InputError, SpiralError
from sim.report.brief import brief
from sim.report.terminal.screen import Screen
from sim.scenario.errors import printable
from sim.store.answer import left_out
from sim.store.drawn import is_drawn
from sim.store.files import StoreError
from sim.store.form import offered
from sim.store.manifest import RUN
from sim.store.naming import folder_name
from sim.store.standing import Standing, look_at, standings
from sim.wording import size_text

NOTHING = "{}: holds no results; `spiral run` makes one."
MOST_SHOWN, MOST_TOLD = 200, 5_000  # characters of an answer, and of a line
OLDER = "was made by an earlier version, and holds no checksums"


def results_command(home: Path, as_json: bool) -> None:
    """List the result folders in a folder."""
    found = _standings(home)
    if as_json:
        click.echo(json.dumps([_as_object(one) for one in found]))
        return
    if not found:
        click.echo(NOTHING.format(home))
        return
    screen = Screen()
    screen.print(_table(found))
    for one in found:
        for line in _hints(one):
            click.echo(_line(line))  # not wrapped, so that a command in it can be copied


def _table(found: Sequence[Standing]) -> Table:
    """One row a result; its answer takes as many lines as it needs."""
    parents = {one.folder.parent for one in found}
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(
        f"in {printable(str(parents.pop()), MOST_SHOWN)}" if len(parents) == 1 else "folder",
        overflow="fold",
        min_width=10,
    )
    table.add_column("state", no_wrap=True)
    table.add_column("runs", justify="right", no_wrap=True)
    table.add_column("answer", overflow="fold", min_width=20)
    table.add_column("size", justify="right", no_wrap=True)
    table.add_column("made", no_wrap=True)
    for one in found:
        table.add_row(
            Text(printable(one.folder.name, MOST_SHOWN)),
            one.state,
            f"{one.runs:,}" if one.runs else "",
            Text(_answer(one)),
            size_text(one.bytes) if one.bytes else "",
            one.made[:10],
        )
    return table


def verify_command(places: Sequence[Path], as_json: bool, under: Path = RESULTS) -> None:
    """Hold every file of results against its checksum: of those named, or of all in a folder.

    Raises
    ------
    SpiralError
        When any is not as it was written.
    """
    folders = [folder for place in places or [under] for folder in _folders(place, bool(places))]
    checked = [look_at(folder, every_bit=True) for folder in dict.fromkeys(folders)]
    if as_json:
        click.echo(json.dumps([asdict(one) | {"folder": str(one.folder)} for one in checked]))
    elif not checked:
        click.echo(NOTHING.format(under))
    else:
        for one in checked:
            click.echo(_line(f"{one.folder}: {_verdict(one)}"))
            for fault in one.faults:
                click.echo(f"  {_line(fault)}")
    damaged = sum(one.state in ("damaged", "unreadable") or bool(one.faults) for one in checked)
    if damaged:
        raise SpiralError(
            f"{damaged} of {len(checked)} results {'is' if damaged == 1 else 'are'} not as written"
        )


def _folders(place: Path, named: bool) -> list[Path]:
    found = [one.folder for one in _standings(place)]
    if named and not found:
        raise InputError(f"{place}: holds no results")
    return found


def _standings(home: Path) -> list[Standing]:
    if home == RESULTS and not home.exists():
        return []
    try:
        return standings(place_named(home))
    except StoreError as error:
        raise SpiralError(str(error)) from error


def _blocks(one: Standing) -> str:
    """How much of an unfinished job is there."""
    if one.state not in ("unfinished", "at work") or not one.blocks:
        return ""
    return f"{one.counted:,} of {one.blocks:,} blocks are kept; "


def _answer(one: Standing) -> str:
    """What kind of result it is, and what came out in a few words where it is whole."""
    kind = one.kind or "run"
    told = printable(brief(one.folder, one.kind), MOST_SHOWN) if one.state == "whole" else ""
    return f"{kind}: {told}" if told else kind


def _as_object(one: Standing) -> dict[str, Any]:
    told = brief(one.folder, one.kind) if one.state == "whole" else ""
    return asdict(one) | {"folder": str(one.folder), "answer": told}


def _hints(one: Standing) -> list[str]:
    if one.state == "unfinished":
        again = f"{_offer(_again(one), 'goes on with it')}{left_out(one.command, one.kind or RUN)}"
        return [f"{one.folder}: {_blocks(one)}{again}"]
    if one.state == "at work":
        return [f"{one.folder}: {_blocks(one)}a process is at work there"]
    if one.state == "damaged":
        more = f"; and {len(one.faults) - 1} more" if len(one.faults) > 1 else ""
        mend = (
            f"; {_offer(again, 'mends it')}{left_out(one.command, one.kind or RUN)}"
            if (again := _mend(one)) or one.command
            else ""
        )
        return [f"{one.faults[0]}{more}{mend}"]
    if one.state == "unreadable":
        return [one.faults[0]]
    if one.state == "older":
        return [f"{one.folder}: {OLDER}"]
    return []


def _offer(command: str, does: str) -> str:
    """A command to be typed; what a folder keeps in its place may be anything."""
    return f"`{command}` {does}" if command else "the command that it keeps is not one of Spiral's"


def _mend(one: Standing) -> str:
    """The command that makes a damaged result whole; what is only drawn of it is drawn again."""
    names = [fault.removeprefix(f"{one.folder}/").partition(":")[0] for fault in one.faults]
    return shlex.join(["spiral", "plot", str(one.folder)]) if all(map(is_drawn, names)) else _again(one)


def _again(one: Standing) -> str:
    """The command that works in a folder where it stands now, whatever its place was called when it began."""
    if not (command := offered(one.command, one.kind or RUN)):
        return ""
    words = shlex.split(command)
    given = RESULTS / folder_name(one.name, one.kind)
    for place, word in enumerate(words):
        if word == "--out" and place + 1 < len(words):
            given = Path(words[place + 1])
        elif word.startswith("--out="):
            given = Path(word.removeprefix("--out="))
    if given.resolve() == one.folder.resolve():
        return command
    kept = [
        word
        for before, word in zip(["", *words], words, strict=False)
        if "--out" not in (before, word.partition("=")[0])
    ]
    return shlex.join([*kept, "--out", str(one.folder)])


def _line(text: str) -> str:
    """One line, whatever a folder or file in it is called."""
    return printable(text, MOST_TOLD)


def _verdict(one: Standing) -> str:
    if one.state == "older":
        return OLDER
    files = f"{one.checked:,} file{'' if one.checked == 1 else 's'}"
    loose = (
        f"; nobody vouches for {one.unlisted:,} figure{'' if one.unlisted == 1 else 's'}"
        if one.unlisted
        else ""
    )
    if one.faults:
        number = f"{len(one.faults)} fault{'' if len(one.faults) == 1 else 's'}"
        return f"{one.state}; {number} in {files}{loose}" if one.checked else one.state
    return f"{one.state}; {_blocks(one)}all {files} are as written{loose}"
