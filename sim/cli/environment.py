"""The environment is input too: what libraries read from it is checked before they do, or told in one line."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from typing import Any

from sim.cli.waiting import WAITS
from sim.errors import InputError, SpiralError

MOST_THREADS = 1024
ROOM = 1_400_000_000
"""Bytes of address space that the libraries take before anything is simulated: with less some of them end the process
without a word."""

LIMITS = {"RLIMIT_AS": "ulimit -v", "RLIMIT_DATA": "ulimit -d"}
SHORT_OF_ROOM = (
    "failed to map",
    "cannot allocate memory",
    "can't start new thread",
    "failed to launch worker thread",
    "libllvmlite",
    "not enough space",
)
"""What libraries say, in their own errors, when there is too little memory or there are too many threads."""


def prepare() -> None:
    """Set what is not the user's to choose, before any library is loaded.

    Linear algebra is held to one thread, unless the user says otherwise: ours is small, and idle threads that wait for
    it keep whole processors busy. Figures are drawn into files, whatever a notebook has left for its own.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ["MPLBACKEND"] = "agg"
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # such as that it has no folder for its cache
    warnings.showwarning = _in_one_line


def _in_one_line(message: Warning | str, *_: Any, **__: Any) -> None:
    """A warning of a library, whose further lines are of use to who wrote it."""
    WAITS.say(f"warning: {next(iter(str(message).splitlines()), '')}")


def check_environment() -> None:
    """Refuse what no library could work with.

    Raises
    ------
    InputError
        For a number of threads that is none.
    SpiralError
        Where there is too little address space.
    """
    given = os.environ.get("NUMBA_NUM_THREADS", "")
    if given and not (given.isascii() and given.isdecimal() and 0 < _number(given) <= MOST_THREADS):
        raise InputError(
            f"NUMBA_NUM_THREADS = {given}: must be a whole number from 1 to {MOST_THREADS:,}, or not be set; "
            "threads of a job are set by --threads"
        )
    for name, command in LIMITS.items():
        limit = _limit(name)
        if limit is not None and limit < ROOM:
            there, needed = (f"{size // 1_000_000:,}" for size in (limit, ROOM))
            raise SpiralError(
                f"{there} MB of memory may be asked for ({command}); the libraries take {needed} MB"
            )


def _limit(name: str) -> int | None:
    """A limit of this process, in bytes; None where there is none."""
    if sys.platform == "win32":
        return None
    import resource

    limit, _ = resource.getrlimit(getattr(resource, name))
    return None if limit == resource.RLIM_INFINITY else limit


def _number(text: str) -> int:
    return int(text) if len(text) < 10 else 0


def room_text(error: BaseException) -> str:
    """What to say of an error that comes of too little memory; empty of any other."""
    told = str(error).lower()
    if not isinstance(error, MemoryError) and not any(sign in told for sign in SHORT_OF_ROOM):
        return ""
    return (
        "there is too little memory, or there may be no more threads; fewer --threads, a smaller --block-size or "
        "another limit (ulimit) may do"
    )
