"""A digest that is kept beside the compiled code, so that it need not be worked out in every process.

It is found again only where all that it hangs on is the same: sources and data, the kernels as they were compiled,
the libraries as files, the processor, what the environment tells the compiler and the loader, and, since none of
these say how a process really computes, some functions of libm and of numpy, tried anew.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import llvmlite.binding
import numba
import numpy as np
import scipy

from sim.core.jit import cache_folder, source_hash
from sim.paths import data_folder
from sim.store.files import write_whole

SWAYING = ("NUMBA_", "NPY_", "LD_", "DYLD_", "GLIBC_", "OPENBLAS_")
"""What the names of environment variables begin with that change which code is run."""

LIBRARIES = (  # by the module whose folder they are in
    (np.__file__, "*core/*.so"),
    (scipy.__file__, "special/*.so"),
    (llvmlite.binding.__file__, "*llvmlite*"),
)
MAPPED = re.compile(r"/[^ \n]*/(?:libm|libmvec|libc|ld)[-.][^/\n]*$", re.MULTILINE)


def remembered(what: str, work_out: Callable[[], str]) -> str:
    """Give the digest that `work_out` gives, and keep it for the next process that computes as this one does.

    Parameters
    ----------
    what : str
        What it is of, as part of a file's name.
    work_out : callable
        Gives a SHA-256, hexadecimal; compiles what it needs.
    """
    folder = cache_folder()
    if (known := _read(folder, what)) is not None:
        return known
    digest = work_out()
    _write(folder, what, digest)  # its kernels have been compiled by now, and count
    return digest


def _read(folder: Path | None, what: str) -> str | None:
    """What is kept of this process; what does not belong here, or is garbled, is removed."""
    if folder is None:
        return None
    key = conditions(folder)
    file = folder / f"{what}-{key[:20]}"
    with suppress(OSError, ValueError):
        digest, check = file.read_text(encoding="ascii").split()
        if check == _check(what, key, digest):
            return digest
    with suppress(OSError):
        file.unlink(missing_ok=True)
    return None


def _write(folder: Path | None, what: str, digest: str) -> None:
    if folder is not None:
        key = conditions(folder)
        with suppress(OSError):
            write_whole(folder / f"{what}-{key[:20]}", f"{digest}\n{_check(what, key, digest)}\n".encode())


def _check(what: str, key: str, digest: str) -> str:
    return hashlib.sha256(f"{what} {key} {digest}".encode()).hexdigest()


def conditions(folder: Path) -> str:
    """SHA-256, hexadecimal, of all that this process's numbers hang on; `folder` has the compiled code."""
    told = {
        "sources": source_hash(),
        "data": [
            _content(file) for name in ("scenarios", "seeds") for file in data_folder(name).glob("*.yaml")
        ],
        "kernels": [_stamp(file) for file in folder.rglob("*.nbc")],
        "libraries": [_stamp(file) for file in (*_libraries(), *_of_the_process())],
        "versions": [platform.python_version(), np.__version__, scipy.__version__, numba.__version__],
        "machine": [platform.release(), platform.machine(), llvmlite.binding.get_host_cpu_name()],
        "features": llvmlite.binding.get_host_cpu_features().flatten(),
        "environment": [f"{n}={value}" for n, value in os.environ.items() if n.startswith(SWAYING)],
        "tried": tried(),
    }
    plain = {name: sorted(part) if isinstance(part, list) else part for name, part in told.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def tried() -> str:
    """SHA-256 of exponentials, logarithms, roots and numbers next to zero, as this process computes them."""
    grid = [0.37 * n - 300.0 for n in range(1600)]
    some = np.array(grid)
    digest = hashlib.sha256()
    for values in (
        [math.exp(x) for x in grid],
        [math.log(abs(x)) for x in grid],
        [math.sqrt(abs(x)) for x in grid],
        np.exp(some),
        np.log(np.abs(some)),
        np.exp(0.2 * some) * 2.0**-1000,  # many of them subnormal
    ):
        digest.update(np.asarray(values).tobytes())
    return digest.hexdigest()


def _content(file: Path) -> str:
    return f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}"


def _stamp(file: Path) -> str:
    with suppress(OSError):
        found = file.stat()
        return f"{file} {found.st_size} {found.st_mtime_ns}"
    return f"{file} gone"


def _libraries() -> Iterator[Path]:
    for module, pattern in LIBRARIES:
        yield from Path(module).parent.glob(pattern)


def _of_the_process() -> list[Path]:
    """The C library and libm that are loaded; empty where the system does not say, and its version has to do."""
    try:
        return [
            Path(path) for path in set(MAPPED.findall(Path("/proc/self/maps").read_text(errors="replace")))
        ]
    except OSError:
        return []
