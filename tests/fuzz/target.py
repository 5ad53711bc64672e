"""What is fuzzed: how input is made, read, and what must be true of whatever comes of it."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sim.errors import SpiralError

LONGEST = 2_000  # characters of a message
IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where files are soon written and read."""


class Wrong(AssertionError):
    """Something that was read, and is not as it must be."""


@dataclass(frozen=True)
class Target:
    """Something that reads input.

    Attributes
    ----------
    name : of its folder of found input
    count : cases of a whole run
    cases : makes them
    read : reads one in an empty folder, and checks what comes of it; gives what it was taken for
    kept : a case as the bytes of a file
    again : a case from such bytes
    cpu, memory : that reading one may take, in seconds and bytes
    dear : outcomes that may take more
    chunk : cases that are tried together: what is lost at most when a run is stopped
    """

    name: str
    count: int
    cases: st.SearchStrategy[Any]
    read: Callable[[Any, Path], str]
    kept: Callable[[Any], bytes]
    again: Callable[[bytes], Any]
    cpu: float = 0.5
    memory: int = 100_000_000
    dear: tuple[str, ...] = ()
    chunk: int = 500


def refused(error: SpiralError, names: tuple[str, ...]) -> str:
    """What an error is of, which must be one line that begins with a place."""
    told = str(error)
    if not told or len(told) > LONGEST or len(told.splitlines()) != 1 or not told.isprintable():
        raise Wrong(f"not one plain line: {told[:200]!r}") from error
    if not told.startswith((*names, "--")):
        raise Wrong(f"names no place: {told[:200]!r}") from error
    return f"{site_of(error)} {without_values(told)}"


def site_of(error: BaseException) -> str:
    """Where in the program an error was raised."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/sim/" in f.filename]
    last = frames[-1] if frames else None
    return f"{last.filename.rpartition('/sim/')[2]}:{last.name}" if last else type(error).__name__


def without_values(told: str) -> str:
    """A message without what was given: names, numbers and quoted text."""
    last = told.split("; did you mean")[0]
    plain = re.sub(r"'[^']*'|\"[^\"]*\"|[^ ]*[\d._/\\=][^ ]*", "", last)
    return " ".join(re.findall(r"[a-z]+", plain)[:12])


def names_of(*files: str) -> tuple[str, ...]:
    """How messages about these files begin."""
    return tuple(f"{file}:" for file in files)


def quietly(text: str) -> None:
    """Say to whoever waits."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
