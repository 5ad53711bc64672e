"""A result folder while a job is at work in it: locked, and kept file by file, so that it can be gone on with.

The manifest is written first, without an end, and names the job by all that its bytes hang on. Files are kept as they
come; a journal in a hidden folder named after the job says which. The manifest is written again last of all.
"""

from __future__ import annotations

import datetime
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sim.store.differing import differences
from sim.store.files import (
    DRAFTS,
    Kept,
    RefusedPlace,
    StoreError,
    is_as_kept,
    kept_of,
    reason,
    settle,
    write_whole,
)
from sim.store.journal import Journal
from sim.store.manifest import (
    DERIVED,
    HIDDEN,
    MANIFEST,
    PARTS,
    ROWS,
    Json,
    as_json,
    hidden_name,
    read_manifest,
    sealed,
)
from sim.store.places import check_place, locked, remove_empty

JOURNAL = "journal.jsonl"


class Work:
    """A result folder in hand.

    Attributes
    ----------
    folder : where it stands
    kept : files that are there, whole, by their name in the folder
    hidden : name of the folder for what is needed only until the job is done
    replaces : files of an older job, in whose place this one came
    was_whole : whether the folder held all of the job's result when it was opened
    """

    def __init__(self, folder: Path, manifest: Json) -> None:
        self.folder = folder
        self.hidden = hidden_name(manifest["job"])
        self.replaces = frozenset(manifest.get("replaces", ()))
        self._manifest = manifest
        self._journal = Journal(folder / self.hidden / JOURNAL)
        finished = {name: kept_of(entry) for name, entry in manifest.get("files", {}).items()}
        self.kept = _whole(folder, finished | self._journal.kept)
        intact = "finished" in manifest and manifest == sealed(manifest)
        self.was_whole = intact and finished.items() <= self.kept.items()
        if self.was_whole:
            self.kept = finished
        self._earlier = max(self._journal.seconds, float(manifest.get("seconds", 0.0)))
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """How long the job has been worked on, over all sittings."""
        return self._earlier + time.perf_counter() - self._began

    def keep(self, name: str, data: bytes) -> None:
        """Write a file, and note that it is there."""
        for folder in ((self.folder / name).parent, self.folder / self.hidden):
            folder.mkdir(exist_ok=True)
        self.kept[name] = write_whole(self.folder / name, data)
        self._journal.add(name, self.kept[name], self.seconds)

    def read(self, name: str) -> bytes:
        """Read a file that was kept."""
        return (self.folder / name).read_bytes()

    def drop(self, names: list[str]) -> None:
        """Remove files that are needed no more."""
        for name in names:
            del self.kept[name]
            (self.folder / name).unlink(missing_ok=True)

    def finish(self, manifest: Json) -> None:
        """Declare the result whole, with the checksum of every file."""
        files = {n: vars(k) for n, k in sorted(self.kept.items()) if not n.startswith(self.hidden)}
        begun = {key: value for key, value in self._manifest.items() if key != "replaces"}
        whole = begun | manifest | {"files": files}
        write_whole(self.folder / MANIFEST, as_json(sealed(whole)))
        settle(self.folder)  # before what a crash would need without that manifest is gone
        shutil.rmtree(self.folder / self.hidden, ignore_errors=True)


def _whole(folder: Path, known: dict[str, Kept]) -> dict[str, Kept]:
    """Of the files that are known those that hold what was written."""
    found = {}
    for name, kept in known.items():
        try:
            if is_as_kept(folder / name, kept):
                found[name] = kept
        except OSError as error:
            raise StoreError(f"{folder / name}: cannot be read: {reason(error)}") from error
    return found


@contextmanager
def open_work(
    place: Path,
    job: Mapping[str, Any],
    scenario: tuple[str, str],
    told: Mapping[str, Any],
    fresh: bool = False,
) -> Iterator[Work]:
    """Take a place in hand for a job: begin it there, or go on with it.

    Parameters
    ----------
    place : Path
        A folder, made when missing.
    job : mapping
        All that the bytes of the result hang on, as plain values.
    scenario : tuple of str
        Name of the scenario, and its resolved text.
    told : mapping
        What else the manifest of the unfinished job says: the command that goes on with it, its runs, its blocks.
    fresh : bool
        Whether what another job left there is replaced.

    Raises
    ------
    RefusedPlace
        When the place holds something else: another job, or no result at all.
    StoreError
        When another process is at work there, or the place cannot be read or written.
    """
    check_place(place)
    home = Path(os.path.realpath(place))
    new = [folder for folder in (home, *home.parents) if not folder.exists()]
    try:
        home.mkdir(parents=True, exist_ok=True)
        with locked(home, place):
            yield _take_in_hand(home, place, dict(job), scenario, dict(told), fresh)
    except OSError as error:
        raise StoreError(f"{place}: cannot be written: {reason(error)}") from error
    finally:
        remove_empty(new)


def _take_in_hand(
    home: Path, place: Path, job: Json, scenario: tuple[str, str], told: Json, fresh: bool
) -> Work:
    name, text = scenario
    old = _manifest_of(home, place, fresh)
    if old is not None and old.get("job") != job and not fresh:
        there = differences(home, old, job, text)
        raise RefusedPlace(
            f"{place}: holds another job: {there}; --fresh replaces it, --out names another folder"
        )
    if old is None or old.get("job") != job or fresh:
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        manifest = {"name": name, **told, "began": now, "job": job}
        if old:  # noted, so that whoever goes on after a crash in here sweeps it too
            manifest["replaces"] = _own_files(old)
        write_whole(home / MANIFEST, as_json(manifest))
        for folder in home.glob(f"{HIDDEN}*"):
            shutil.rmtree(folder)
    else:
        stands = old == sealed(old) and old["name"] == name
        manifest = old if stands else old | {"name": name, **told}
    work = Work(home, manifest)
    _sweep(work)
    if f"{name}.yaml" not in work.kept:
        work.keep(f"{name}.yaml", text.encode())
    return work


def _manifest_of(home: Path, place: Path, fresh: bool) -> Json | None:
    try:
        return read_manifest(home)
    except OSError as error:
        raise StoreError(f"{place}: cannot be read: {reason(error)}") from error
    except StoreError as error:
        if fresh:
            return {}
        raise RefusedPlace(f"{error}; --fresh begins anew") from error


def _own_files(old: Json) -> list[str]:
    """What an older job left, and nothing that somebody else put there; its parts are swept unnamed."""
    files = [name for name in old.get("files", {}) if not name.startswith((PARTS, ROWS))]
    return [*old.get("replaces", ()), *files, f"{old['name']}.yaml"]


def _sweep(work: Work) -> None:
    """Remove what a crash left: drafts, parts that nobody noted, and what was made of other runs."""
    home = work.folder
    for folder in home.glob(f"{HIDDEN}*"):
        if folder.name != work.hidden or work.was_whole:
            shutil.rmtree(folder)
    _sweep_drafts(work)
    for name in work.replaces - work.kept.keys():
        with suppress(OSError):
            (home / name).unlink()
    for part in [*home.glob(f"{PARTS}/*"), *home.glob(f"{ROWS}/*"), *home.glob(f"{work.hidden}/*.parquet")]:
        if part.relative_to(home).as_posix() not in work.kept:
            _remove(part)
    for name in DERIVED if not work.was_whole else ():
        if name not in work.kept:
            _remove(home / name)


def _sweep_drafts(work: Work) -> None:
    for below in ("", PARTS, ROWS, work.hidden, "figures"):
        for draft in (work.folder / below).glob(DRAFTS):
            draft.unlink()
    if (work.folder / PARTS).is_file():  # as an earlier version wrote it
        (work.folder / PARTS).unlink()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
