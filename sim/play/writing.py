"""Small files written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from sim.play.game import GameError
from sim.scenario.errors import printable
from sim.store import files


def check_path(file: Path) -> None:
    """Refuse what no file can be called, or what lies where nothing may be looked at.

    Raises
    ------
    GameError
        In one line that says why.
    """
    try:
        os.lstat(file)
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise GameError(f"{printable(str(file))}: cannot be written: {reason}") from None


def write_whole(file: Path, text: str) -> None:
    """Write a text beside its place, and move it there when it is on the disk.

    Raises
    ------
    GameError
        When it cannot be written; what stood there then still stands.
    """
    try:
        files.write_whole(Path(os.path.realpath(file)), text.encode())
    except OSError as error:
        raise GameError(f"{file}: cannot be written: {files.reason(error)}") from error


def block_of(resolved: str, key: str) -> str:
    """Give the lines of one top-level key of a resolved scenario's text, as `dump_resolved` writes it."""
    lines = resolved.splitlines(keepends=True)
    first = next(i for i, line in enumerate(lines) if line.startswith(f"{key}:"))
    last = first + 1
    while last < len(lines) and lines[last].startswith(" "):
        last += 1
    return "".join(lines[first:last])
