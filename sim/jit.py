"""Compilation, and where its results are kept between processes.

numba's own cache looks only at the file of the function it compiled, so that an edited rule in another file
would go unseen. The folder is therefore named by a hash of every source that compiled code is made from,
with the versions of Python and numba and the processor's name.
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

from sim.cache import keep, own_folder

PACKAGE = Path(__file__).parent
NEVER_COMPILED = (
    "__init__.py", "api.py", "cli", "engines/agents.py", "engines/conditioning.py", "engines/job.py",
    "engines/model.py", "engines/posterior.py", "engines/replay.py", "estimates", "evidence.py",
    "experiments", "figures", "observation", "paths.py", "replay", "runs/__init__.py", "runs/batches.py",
    "runs/blocks.py", "runs/cluster.py", "runs/crew.py", "runs/fingerprint.py", "runs/handing.py",
    "runs/on_worker.py", "runs/outcomes.py", "runs/parts.py", "runs/points.py", "runs/pools.py",
    "runs/responses.py", "runs/trajectories.py", "scenario", "store", "version.py", "wording.py",
)  # fmt: skip
"""Parts of the package that no compiled code is made from; whatever is not listed counts."""

Function = TypeVar("Function", bound=Callable[..., Any])


@cache
def source_hash(without: tuple[str, ...] = ()) -> str:
    """SHA-256 of the package's sources, hexadecimal.

    Parameters
    ----------
    without : tuple of str
        Files and folders to leave out, by their path in the package.
    """
    digest = hashlib.sha256()
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).as_posix()
        if not any(name == part or name.startswith(f"{part}/") for part in without):
            digest.update(name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


@cache
def cache_folder() -> Path | None:
    """Folder for compiled code, made when missing, or None if none can be made: see `sim.cache.own_folder`."""
    machine = f"{platform.python_version()} {numba.__version__} {llvmlite.binding.get_host_cpu_name()}"
    return own_folder(hashlib.sha256(f"{source_hash(NEVER_COMPILED)} {machine}".encode()).hexdigest()[:20])


def rule(function: Function) -> Function:
    """Compile a function into the body of each compiled function that calls it."""
    return cast("Function", numba.njit(error_model="numpy", forceinline=True)(function))


def entry(function: Function) -> Function:
    """Compile a function that Python calls: kept on disk, and run without the interpreter's lock."""
    compiled: Any = numba.njit(error_model="numpy", nogil=True)(function)
    if compiled is not function and (folder := cache_folder()):  # it is under NUMBA_DISABLE_JIT
        keep(compiled, folder)
    return cast("Function", compiled)
