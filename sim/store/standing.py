"""How result folders stand: whole, unfinished or damaged, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sim.store.drawn import drawn_and_unlisted, drawn_faults
from sim.store.files import Kept, StoreError, is_as_kept, kept_of, read_at_most, reason
from sim.store.form import plain_json
from sim.store.journal import Journal
from sim.store.manifest import (
    ESTIMATES,
    MANIFEST,
    PARTS,
    ROWS,
    VOUCHED,
    Json,
    hidden_name,
    read_manifest,
    sealed,
)
from sim.store.naming import blocks_counted
from sim.store.places import is_locked
from sim.store.work import JOURNAL

OF_A_SCENARIO = ("", "forecast")
"""Kinds of result whose headline is what they are about; that of a comparison is its first scenario's alone."""

READ_ALWAYS = 4_000_000
"""Bytes up to which a file that is no part of the runs is read even where only sizes are looked at: what is said of a
result in a list comes from such files."""

State = Literal["whole", "unfinished", "at work", "damaged", "unreadable", "older"]


@dataclass(frozen=True)
class Standing:
    """How a result folder stands.

    Attributes
    ----------
    folder : where it is
    state : whole; unfinished (the same command goes on with it); at work (a process is at it right now); damaged;
        unreadable; or older (made before results could be checked)
    name : of its scenario
    runs : that it holds, or will hold
    blocks, counted : blocks of the job, and of these how many are there; 0 where nothing says
    bytes : of its files
    made : when it was finished, or begun
    headline : the estimate of its headline, when it is whole and of one scenario alone
    command : that made it, or goes on with it
    faults : a line for each file that is not as it was written
    checked : files that were looked at, figures and report among them
    unlisted : figures, and report, of which nobody noted what was drawn
    kind : which question over many worlds it answers; empty for the result of a scenario
    """

    folder: Path
    state: State
    name: str = ""
    runs: int = 0
    blocks: int = 0
    counted: int = 0
    bytes: int = 0
    made: str = ""
    headline: dict[str, Any] | None = None
    command: str = ""
    faults: tuple[str, ...] = ()
    checked: int = 0
    kind: str = ""
    unlisted: int = 0


def standings(home: Path) -> list[Standing]:
    """Look at the result folders in a folder, or at the one that it is.

    Of large files sizes are looked at, not what they hold: see `look_at`.

    Raises
    ------
    StoreError
        When the folder cannot be read.
    """
    try:
        if _may_hold_result(home):
            return [look_at(home)]
        folders = sorted(path for path in home.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError as error:
        raise StoreError(f"{home}: cannot be read: {reason(error)}") from error
    return [look_at(folder) for folder in folders if _may_hold_result(folder)]


def look_at(folder: Path, every_bit: bool = False) -> Standing:
    """Say how a result folder stands.

    Parameters
    ----------
    folder : Path
    every_bit : bool
        Whether all files are read and held against their checksums, not only small ones.
    """
    try:
        manifest = read_manifest(folder)
    except StoreError as error:
        return Standing(folder, "damaged", faults=(str(error),))
    except OSError as error:
        return Standing(folder, "unreadable", faults=(f"{folder}: cannot be read: {reason(error)}",))
    if manifest is None:
        return Standing(folder, "damaged", faults=(f"{folder}: holds no {MANIFEST}",))
    try:
        return _standing(folder, manifest, every_bit)
    except OSError as error:
        return Standing(folder, "unreadable", faults=(f"{folder}: cannot be read: {reason(error)}",))


def _standing(folder: Path, manifest: Json, every_bit: bool) -> Standing:
    finished, job, kind = "finished" in manifest, manifest.get("job"), manifest.get("kind", "")
    hidden = hidden_name(job) if job is not None else ""
    kept = {name: kept_of(entry) for name, entry in manifest.get("files", {}).items()}
    if job is not None and not finished:
        kept = Journal(folder / hidden / JOURNAL).kept
    known = any(name in manifest for name in VOUCHED)
    faults = tuple(_faults(folder, manifest, kept, every_bit)) if known else ()
    drawn, unlisted = drawn_and_unlisted(folder) if finished and known else (0, 0)
    there = {name: entry for name, entry in kept.items() if finished or (folder / name).is_file()}
    blocks = manifest.get("blocks", 0)
    return Standing(
        folder,
        _state(folder, finished, known, bool(faults)),
        manifest["name"],
        manifest.get("runs", 0),
        blocks,
        blocks_counted(hidden, there, blocks),
        sum(entry.bytes for entry in there.values()),
        manifest.get("finished") or manifest.get("began") or "",
        _headline(folder) if finished and known and not faults and kind in OF_A_SCENARIO else None,
        manifest.get("command", ""),
        faults,
        len(there) + drawn,
        kind,
        unlisted,
    )


def _state(folder: Path, finished: bool, known: bool, faulty: bool) -> State:
    if is_locked(folder):
        return "at work"
    if not known:
        return "older"
    if faulty:
        return "damaged"
    return "whole" if finished else "unfinished"


def _faults(folder: Path, manifest: Json, kept: dict[str, Kept], every_bit: bool) -> Iterator[str]:
    finished = "finished" in manifest
    for name, entry in kept.items():
        small = finished and entry.bytes <= READ_ALWAYS and not name.startswith((f"{PARTS}/", f"{ROWS}/"))
        fault = _fault(folder / name, entry, finished, every_bit or small)
        if fault is not None:
            yield f"{folder / name}: {fault}"
    if not finished:
        return
    if not all(name in manifest for name in VOUCHED) or manifest != sealed(manifest):
        yield f"{folder / MANIFEST}: does not hold what was written"
    yield from drawn_faults(folder, every_bit)
    for part in sorted([*(folder / PARTS).glob("*"), *(folder / ROWS).glob("*")]):
        if part.relative_to(folder).as_posix() not in kept:
            yield f"{part}: is not part of the result, and would be read with it"


def _fault(file: Path, entry: Kept, finished: bool, every_bit: bool) -> str | None:
    """What is wrong with a file; an unfinished job also notes files that it needs no more."""
    try:
        if not file.is_file():
            return "is missing" if finished else None
        size = file.stat().st_size
        if size != entry.bytes:
            return f"holds {size:,} bytes, not the {entry.bytes:,} that were written"
        return "does not hold what was written" if every_bit and not is_as_kept(file, entry) else None
    except OSError as error:
        return f"cannot be read: {reason(error)}"


def _headline(folder: Path) -> dict[str, Any] | None:
    """The estimate of the headline, if it can be read."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        headline = dict(plain_json(read_at_most(folder / ESTIMATES, READ_ALWAYS), READ_ALWAYS)["headline"])
        low, high = headline["chance"]
        if all(0 <= p <= 1 for p in (headline["probability"], low, high)) and headline["definition"]:
            return headline
    return None


def _may_hold_result(folder: Path) -> bool:
    try:
        return (folder / MANIFEST).is_file() or (folder / PARTS).exists()
    except OSError:
        return True
