"""What a call costs: CPU of its thread, and memory beyond what was in use before it."""

from __future__ import annotations

import ctypes
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TypeVar

Found = TypeVar("Found")
PATIENCE, LONGEST = 30.0, 600.0
"""Seconds of CPU, and of any time, after which a call is taken not to end."""

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


KEPT, SLACK = [0], 2_000_000
"""Bytes in use as the last call began, and how many more of them are left alone."""


class Endless(BaseException):
    """A call that did not end; no handler of errors takes it for one of its own."""


@dataclass
class Cost:
    """CPU in seconds, and memory in bytes."""

    cpu: float = 0.0
    memory: int = 0


def measured(call: Callable[[], Found]) -> tuple[Found | BaseException, Cost]:
    """Call, and give what came back or was raised, with what it cost."""
    before, cost = _resident(), Cost()
    began = time.thread_time()
    found: Found | BaseException
    try:
        with _ending():
            found = call()
    except (Exception, Endless, SystemExit) as error:
        found = error
    cost.cpu = time.thread_time() - began
    cost.memory = max(0, _peak() - before)
    return found, cost


@contextmanager
def _ending() -> Iterator[None]:
    cpu, began = time.process_time(), time.monotonic()

    def stop(number: int, frame: FrameType | None) -> None:
        if time.process_time() - cpu > PATIENCE or time.monotonic() - began > LONGEST:
            raise Endless("has not ended")
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)  # a busy machine is no fault of it

    old = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, old)


def _resident() -> int:
    """Bytes in use; from here on the peak counts anew, where the system can do so (Linux)."""
    with suppress(OSError):
        if _status("VmHWM:") > KEPT[0] + SLACK and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
            trim(0)  # what was freed and kept would be used again, and not be seen
        CLEAR.write_text("5")
        KEPT[0] = _status("VmRSS:")
        return KEPT[0]
    return _peak()


def _peak() -> int:
    with suppress(OSError):
        return _status("VmHWM:")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _status(name: str) -> int:
    text = STATUS.read_text()
    return int(text[text.index(name) + len(name) :].split(maxsplit=1)[0]) * 1024
