"""Where compiled code is kept between processes, and what of it is trusted.

It is kept as pickles, and who can write a pickle that is loaded here runs any code as this user. So folders and
files count only if no other user can have written them, and files only if they are whole.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import hashlib
import io
import os
import pickle
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numba
from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    IndexDataCacheFile,
    UserProvidedCacheLocator,
)
from numba.core.runtime.nrt import rtsys

NAMED_BY = "SPIRAL_CACHE_DIR"
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
SEAL = hashlib.sha256().digest_size


# ---------------------------------------------------------------------------------------------
# Folders
# ---------------------------------------------------------------------------------------------


def own_folder(name: str) -> Path | None:
    """Folder of this name for compiled code, made when missing, that no other user can write to.

    It lies in the folder that `SPIRAL_CACHE_DIR` names, or else in the user's cache folder. If that cannot be
    trusted or used, one line on stderr says why, and a new folder is made, which is removed at exit.

    Returns
    -------
    Path or None
        None if no folder whatever can be made.
    """
    named = os.environ.get(NAMED_BY)
    try:
        if named:
            top = Path(named).absolute()
        else:
            top = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / "spiral"
        _make(top, named=bool(named))
        return _make(top / name)
    except (OSError, RuntimeError) as error:  # RuntimeError: this user has no home
        why = f"{error.filename!r} {error.strerror}" if isinstance(error, OSError) else str(error).rstrip(".")
    if sys.stderr:
        where = NAMED_BY if named else "the user's cache folder"
        other = "another folder" if named else f"a folder by {NAMED_BY}"
        print(
            f"spiral: {where}: {why}; the model is compiled for this process alone: name {other}",
            file=sys.stderr,
        )
    return _passing_folder(name)


def _make(folder: Path, named: bool = False) -> Path:
    """Make a folder, and the parents it lacks, for this user alone; refuse one that others can write to."""
    if not os.path.lexists(folder.parent):
        _make(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = os.lstat(folder)
    if named and found.st_uid == 0 and found.st_mode & stat.S_ISVTX and stat.S_ISDIR(found.st_mode):
        return folder  # such as /tmp: what is ours in it cannot be replaced by others
    fault = _fault(found) if stat.S_ISDIR(found.st_mode) else "is a link or a file, not a folder"
    if fault:
        raise PermissionError(errno.EPERM, fault, str(folder))
    if found.st_mode & 0o777 != 0o700 and not named:
        folder.chmod(stat.S_IMODE(found.st_mode) & ~0o777 | 0o700)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "cannot be written to", str(folder))
    return folder


def _fault(found: os.stat_result) -> str | None:
    """Say how others could have written a file or a folder, if they could."""
    if os.name == "nt":
        return None  # owner and mode say nothing there; the user's folders are private
    if found.st_uid != os.geteuid():
        return "belongs to another user"
    return "can be written to by other users" if found.st_mode & OTHERS_WRITE else None


def _passing_folder(name: str) -> Path | None:
    """Make a folder that lives as long as this process, and is used by those that it starts."""
    try:
        top = Path(tempfile.mkdtemp(prefix="spiral-"))
        atexit.register(_remove, top, os.getpid())
        os.environ[NAMED_BY] = str(top)
        return _make(top / name)
    except OSError:
        return None


def _remove(folder: Path, process: int) -> None:
    if os.getpid() == process:  # not in a fork of it
        shutil.rmtree(folder, ignore_errors=True)


# ---------------------------------------------------------------------------------------------
# Files
# ---------------------------------------------------------------------------------------------


def keep(compiled: Any, folder: Path) -> None:
    """Have the machine code of a function of numba's kept in a folder, and loaded from there."""
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        compiled._cache = _Kept(compiled.py_func)
    except RuntimeError:  # nothing can be written there, such as when the disk is full
        pass
    finally:
        config.CACHE_DIR = before


class _Place(UserProvidedCacheLocator):
    """Numba's folder for one source file, made for this user alone too."""

    def ensure_cache_path(self) -> None:
        """Make the folder, or raise an `OSError`."""
        _make(Path(self.get_cache_path()))


class _HereAlone(CompileResultCacheImpl):
    """Numba's rules of what to keep, but not its other places to keep it in."""

    _locator_classes = [_Place]  # noqa: RUF012 - as numba has it


class _Kept(FunctionCache):
    """Numba's cache of one function: what is wrong with it costs a compilation, never the run."""

    _impl_class = _HereAlone

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        stamp = self._impl.locator.get_source_stamp()
        self._cache_file = _Sealed(self._cache_path, self._impl.filename_base, stamp)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Load machine code; None if there is none that can be used.

        Numba itself readies its whole compiler first, which takes a third of a second; that is left until needed.
        """
        try:
            rtsys.initialize(target_context)
            return self._load_overload(sig, target_context)
        except Exception:  # a pickle can fail in any way; the next save replaces it
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Save machine code, if that is possible."""
        with contextlib.suppress(OSError):
            super().save_overload(sig, data)


class _Sealed(IndexDataCacheFile):
    """Numba's index and data files, each of which begins with the SHA-256 of the rest.

    The seal finds damage, of the machine code too, before anything is unpickled. It does not say who wrote it.
    """

    def load(self, key: Any) -> Any:
        """Load what was saved under this very key: of two processes at once, one may have taken the other's file."""
        saved = super().load(key)
        return saved[1] if saved is not None and saved[0] == key else None

    def save(self, key: Any, data: Any) -> None:
        """Save under a key."""
        super().save(key, (key, data))

    def _load_index(self) -> dict:
        stream = io.BytesIO(_unsealed(self._index_path) or b"")
        try:
            pickle.load(stream)  # numba's version, of which the folder's name tells
            stamp, names = pickle.load(stream)
        except Exception:  # there is none, or it is none
            return {}
        return names if stamp == self._source_stamp else {}

    def _load_data(self, name: str) -> Any:
        content = _unsealed(self._data_path(name))
        return None if content is None else pickle.loads(content)

    @contextlib.contextmanager
    def _open_for_write(self, filepath: str) -> Iterator[IO[bytes]]:
        content = io.BytesIO()
        yield content
        with super()._open_for_write(filepath) as file:
            os.chmod(file.name, 0o600)  # whatever the umask: one that others can write to is not read again
            file.write(hashlib.sha256(content.getvalue()).digest() + content.getvalue())


def _unsealed(path: str) -> bytes | None:
    """Read what a file holds; if it is damaged or others could have written it, remove it."""
    try:
        with open(path, "rb", opener=_open_as_it_is) as file:
            found = os.fstat(file.fileno())
            if stat.S_ISREG(found.st_mode) and not _fault(found):
                seal, content = file.read(SEAL), file.read()
                if hashlib.sha256(content).digest() == seal:
                    return content
    except FileNotFoundError:
        return None
    except OSError:
        pass
    with contextlib.suppress(OSError):
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            os.unlink(path)
    return None


def _open_as_it_is(path: str, flags: int) -> int:
    """Open no link's target, and wait for nobody at the other end of a pipe."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
