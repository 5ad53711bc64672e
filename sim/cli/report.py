"""The command that writes the report of a result: one file of HTML, to be read, printed and passed on."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.places import place_named
from sim.cli.waiting import WAITS
from sim.cli.work import tell_of_compiling
from sim.errors import InputError, SpiralError

OURS = b'<meta name="generator" content="Spiral '
"""What a report holds near its beginning."""

NEAR = 4_000  # bytes


def report_command(place: Path, out: Path | None) -> None:
    """Write the report of a result, and say where it is."""
    from sim.experiments import open_answer
    from sim.store import StoreError, showing
    from sim.store.manifest import REPORT

    folder = place_named(place)
    file = out or folder / REPORT
    check_file(file)
    try:
        answer = open_answer(folder)
    except StoreError as error:
        raise InputError(str(error)) from error
    tell_of_compiling()
    with WAITS.named("writing the report"):
        from sim.report.html import write_report

        try:
            with showing(folder):
                write_report(answer, file)
        except StoreError as error:
            raise InputError(str(error)) from error
        except OSError as error:
            raise SpiralError(f"{file}: cannot be written: {error.strerror or error}") from error
    click.echo(file)


def check_file(file: Path) -> None:
    """Refuse a place for a report at which something else stands, or whose folder is not there.

    Raises
    ------
    InputError
    """
    try:
        if file.is_dir():
            raise InputError(f"{file}: is a folder; --out names a file, such as {file / 'report.html'}")
        if not file.parent.is_dir():
            raise InputError(f"{file}: there is no folder {file.parent}")
        begin = b""
        if file.exists():
            with file.open("rb") as handle:
                begin = handle.read(NEAR)
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from error
    if begin and OURS not in begin:
        raise InputError(f"{file}: holds something that is not a report; name another file with --out")
