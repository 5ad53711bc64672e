"""Compilation, and where its results are kept between processes.

numba's own cache looks only at the file of the function it compiled, so that an edited rule in another file
would go unseen. The folder is therefore named by a hash of every source in `sim/core`, which is all that is compiled,
with the versions of Python and numba and the processor's name. All that core takes from elsewhere are the fields of
records, which numba tells apart by itself.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import llvmlite.binding
import numba
import numba.extending

from sim.core.cache import keep, own_folder

CORE = Path(__file__).parent
PACKAGE = CORE.parent

Function = TypeVar("Function", bound=Callable[..., Any])


@cache
def source_hash(folder: Path = PACKAGE) -> str:
    """SHA-256 of all sources under a folder, hexadecimal; the whole package's by default."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        digest.update(file.relative_to(PACKAGE).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


@cache
def cache_folder() -> Path | None:
    """Folder for compiled code, made when missing, or None if none can be made: see `sim.core.cache.own_folder`."""
    machine = f"{platform.python_version()} {numba.__version__} {llvmlite.binding.get_host_cpu_name()}"
    return own_folder(hashlib.sha256(f"{source_hash(CORE)} {machine}".encode()).hexdigest()[:20])


def rule(function: Function) -> Function:
    """Compile a function into the body of each compiled function that calls it; called from Python it stays Python.

    So it needs none of the wrappers by which Python would call it: they took a third of the time of compiling.
    """
    options: Any = {
        "forceinline": True,
        "no_cpython_wrapper": True,
        "no_cfunc_wrapper": True,
        "no_rewrites": True,
    }
    return numba.extending.register_jitable(error_model="numpy", **options)(function)


def is_plain() -> bool:
    """Whether this process runs without the compiler."""
    return bool(numba.config.DISABLE_JIT)  # type: ignore[attr-defined]


def loop(function: Function) -> Function:
    """Compile a function that compiled functions call, by itself and not into their bodies."""
    options: Any = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "no_rewrites": True}
    return numba.extending.register_jitable(error_model="numpy", **options)(function)


def entry(function: Function) -> Function:
    """Compile a function that Python calls: kept on disk, and run without the interpreter's lock."""
    options: Any = {"nogil": True, "no_cfunc_wrapper": True}
    compiled: Any = numba.njit(error_model="numpy", **options)(function)
    if compiled is not function and (folder := cache_folder()):  # it is under NUMBA_DISABLE_JIT
        keep(compiled, folder)
    return cast("Function", compiled)
