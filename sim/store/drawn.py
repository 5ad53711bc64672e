"""What was drawn of a result, its figures and its report: kept beside it with checksums of its own.

Figures are drawn anew whenever somebody asks, by whatever version draws them, so they are no files of the result, whose
bytes the job decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.store.files import Kept, is_as_kept, is_inside, kept_of, read_at_most, write_whole
from sim.store.form import plain_json
from sim.store.manifest import DRAWN, FIGURES, REPORT, as_json, sealed

LARGEST = 1_000_000
"""Bytes of the list: some 120 a file."""


def note_drawn(folder: Path, part: str, files: Sequence[Path] = ()) -> None:
    """Note what files hold that were drawn of a result; none is noted before they are drawn, of what is replaced.

    Parameters
    ----------
    folder : Path
        Of the result.
    part : str
        `FIGURES` or `REPORT`, whose earlier files are forgotten.
    files : sequence of Path
        In the folder.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    try:
        known = _listed(folder) or {}
    except ValueError:  # what was there is not to be believed, and is drawn anew
        known = {}
    kept = {name: entry for name, entry in known.items() if not _is_of(name, part)}
    for file in files:
        data = file.read_bytes()
        kept[file.relative_to(folder).as_posix()] = Kept(len(data), hashlib.sha256(data).hexdigest())
    if kept or (folder / DRAWN).exists():
        written: dict[str, Any] = {"files": {name: vars(entry) for name, entry in sorted(kept.items())}}
        write_whole(folder / DRAWN, as_json(sealed(written)))


def drawn_faults(folder: Path, every_bit: bool) -> Iterator[str]:
    """Say of each figure, and of the report, that it is not what was drawn.

    Raises
    ------
    OSError
        When one cannot be read.
    """
    try:
        known = _listed(folder) or {}
    except ValueError:
        yield f"{folder / DRAWN}: does not hold what was written"
        return
    for name, entry in known.items():
        file = folder / name
        if file.is_file() and (
            file.stat().st_size != entry.bytes or (every_bit and not is_as_kept(file, entry))
        ):
            yield f"{file}: does not hold what was drawn"


def drawn_and_unlisted(folder: Path) -> tuple[int, int]:
    """How many figures and reports there are that are listed, and how many that nobody vouches for."""
    try:
        known = _listed(folder) or {}
    except ValueError:
        known = {}
    there = [*(folder / FIGURES).glob("*"), folder / REPORT]
    names = [file.relative_to(folder).as_posix() for file in there if file.is_file()]
    listed = sum(name in known for name in names)
    return listed, len(names) - listed


def is_drawn(name: str) -> bool:
    """Whether a file in a result folder is one that is drawn anew when asked for."""
    return name == DRAWN or _is_of(name, FIGURES) or _is_of(name, REPORT)


def _listed(folder: Path) -> dict[str, Kept] | None:
    """What is listed; None where there is no list.

    Raises
    ------
    ValueError
        When it is damaged.
    """
    try:
        found = plain_json(read_at_most(folder / DRAWN, LARGEST), LARGEST)
    except FileNotFoundError:
        return None
    if not isinstance(found, dict) or found != sealed(found) or not isinstance(found.get("files"), dict):
        raise ValueError("not as it was written")
    if not all(is_inside(name) and is_drawn(name) for name in found["files"]):
        raise ValueError("not as it was written")
    try:
        return {name: kept_of(entry) for name, entry in found["files"].items()}
    except (KeyError, TypeError) as error:
        raise ValueError("not as it was written") from error


def _is_of(name: str, part: str) -> bool:
    return name == part or name.startswith(f"{part}/")
