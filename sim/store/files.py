"""Files written whole or not at all, and the error that says why one could not be."""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from sim.errors import InputError, SpiralError
from sim.scenario.errors import printable

DRAFTS = f".*.{'[0-9a-f]' * 8}.draft"
"""What the drafts of files are called, as a pattern."""

LONGEST = 1_000  # characters of a reason


class StoreError(SpiralError):
    """A result folder that cannot be written or read; the message is one line."""


class RefusedPlace(StoreError, InputError):
    """A place that holds something else than what was asked for; nothing in it was touched."""


@dataclass(frozen=True)
class Kept:
    """What a file held when it was written: size in bytes, and SHA-256 as a hexadecimal number."""

    bytes: int
    sha256: str


def kept_of(entry: Mapping[str, Any]) -> Kept:
    """What a manifest or a journal notes of a file.

    Raises
    ------
    ValueError, KeyError, TypeError
        When it is no such note.
    """
    size, sha256 = entry["bytes"], entry["sha256"]
    if type(size) is not int or not 0 <= size < 2**63 or not isinstance(sha256, str):
        raise ValueError("no size and checksum")
    return Kept(size, sha256)


def is_inside(name: Any) -> bool:
    """Whether something that was read is the name of a file below the folder that it was read in."""
    if not isinstance(name, str) or not name.isprintable():  # half a character is not printable either
        return False
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def read_at_most(file: Path, largest: int) -> bytes:
    """Read a file, and of one that is larger no more than shows it: whoever checks the size sees one byte too many.

    Raises
    ------
    OSError
        When it cannot be read, or is no file but, such as a pipe, might keep whoever reads it waiting.
    """
    if file.exists() and not file.is_file() and not file.is_dir():
        raise OSError(errno.EINVAL, "is no regular file", str(file))
    with file.open("rb") as handle:
        return handle.read(largest + 1)


def write_whole(file: Path, data: bytes) -> Kept:
    """Write a file beside its place, and move it there when it is on the disk.

    Raises
    ------
    OSError
        When it cannot be written; what stood there then still stands.
    """
    draft = file.parent / f".{file.name}.{uuid.uuid4().hex[:8]}.draft"
    try:
        with draft.open("xb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(file)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return Kept(len(data), hashlib.sha256(data).hexdigest())


def settle(folder: Path) -> None:
    """Have the names of the files in a folder on the disk, as their contents are."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_as_kept(file: Path, kept: Kept) -> bool:
    """Whether a file holds what was written.

    Raises
    ------
    OSError
        When it is there and cannot be read.
    """
    try:
        if file.stat().st_size != kept.bytes:
            return False
        with file.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest() == kept.sha256
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def matches(data: bytes, kept: Kept) -> bool:
    """Whether these are the bytes that were written."""
    return len(data) == kept.bytes and hashlib.sha256(data).hexdigest() == kept.sha256


def reason(error: Exception) -> str:
    """Why something was refused, in the words of whoever refused it, on one line that a terminal prints as it is."""
    words = (getattr(error, "strerror", None) or str(error)).split()
    return printable(" ".join(words), LONGEST) or type(error).__name__
