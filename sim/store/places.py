"""Places for results: what stands there, and who is at work in it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.store.files import DRAFTS, RefusedPlace, StoreError, reason
from sim.store.manifest import LOCK, MANIFEST

PATIENCE = 0.5  # seconds: whoever only looks whether a folder is locked holds the lock for an instant


def check_place(place: Path) -> None:
    """Refuse to write where something stands that is not a result.

    Raises
    ------
    RefusedPlace
        When something else stands there.
    StoreError
        When nobody can tell.
    """
    try:
        free = not place.exists() and not place.is_symlink()
        if free or (place.is_dir() and ((place / MANIFEST).is_file() or _is_empty(place))):
            return
    except OSError as error:
        raise StoreError(f"{place}: cannot be read: {reason(error)}") from error
    raise RefusedPlace(f"{place}: holds something that is not a result; name another folder with --out")


def _is_empty(folder: Path) -> bool:
    """Whether a folder holds nothing, or what is left of a job that was killed before it had written anything."""
    return all(entry.name == LOCK or entry.match(DRAFTS) for entry in folder.iterdir())


@contextmanager
def locked(home: Path, place: Path) -> Iterator[None]:
    """Hold a folder for this process alone; the system lets go of it when the process dies, however it dies.

    Raises
    ------
    StoreError
        When another process holds it, saying which.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(home / LOCK)
    try:
        lock.acquire(timeout=PATIENCE)
    except Timeout:
        raise StoreError(
            f"{place}: {_holder(home)} is at work there; wait for it, or name another folder with --out"
        ) from None
    try:
        (home / LOCK).write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
        yield
    finally:
        lock.release()


def is_locked(folder: Path) -> bool:
    """Whether a living process is at work in a result folder."""
    from filelock import FileLock, Timeout

    if not (folder / LOCK).is_file():
        return False
    try:
        with FileLock(folder / LOCK, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False


def _holder(home: Path) -> str:
    with suppress(OSError, ValueError):
        return (home / LOCK).read_text(encoding="utf-8").strip() or "another process"
    return "another process"


def remove_empty(folders: list[Path]) -> None:
    """Remove folders that were made for nothing, innermost first."""
    for folder in folders:
        with suppress(OSError):
            if _is_empty(folder):
                (folder / LOCK).unlink(missing_ok=True)
                folder.rmdir()
