"""What a command keeps its user waiting for, told on stderr: a line after a second, then a dot every two.

Whatever takes long is named here while it lasts, what was begun last before the rest. Compiling names itself.
"""

from __future__ import annotations

import atexit
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

COMPILING = "compiling the model (once on this machine, about 25 s)"
LOADING, DRAWING = "loading the program", "drawing the figures"
TOLD_AFTER, DOT_AFTER, LOOK_AFTER = 1.0, 1.8, 0.2  # seconds
PATIENCE = 5.0  # seconds for a last word, at exit, to whoever reads stderr slowly

Face = Callable[[str | None], None]
"""Shows what is waited for, or that nothing is, in place of lines and dots."""


class Waits:
    """What is waited for now, and who tells it.

    Attributes
    ----------
    face : what shows it instead of this, such as a bar
    """

    def __init__(self) -> None:
        self.face: Face | None = None
        self._lock = threading.RLock()
        self._names: list[str] = []
        self._thread: threading.Thread | None = None
        self._over = threading.Event()
        self._since = self._dotted = 0.0
        self._told: str | None = None  # on the line that is still open

    @contextmanager
    def named(self, name: str) -> Iterator[None]:
        """While something is done, this is what is waited for."""
        self.begin(name)
        try:
            yield
        finally:
            self.end(name)

    def begin(self, name: str) -> None:
        """From now on this is waited for."""
        with self._lock:
            self._names.append(name)
            self._changed()
            if self._thread is None and not self._over.is_set():
                self._thread = threading.Thread(target=self._watch, name="waits", daemon=True)
                self._thread.start()

    def end(self, name: str) -> None:
        """It is done."""
        with self._lock:
            if name in self._names:
                self._names.remove(name)
            self._changed()

    def say(self, line: str) -> None:
        """Write a line to stderr, on a line of its own."""
        with self._lock:
            self._close_line()
            click.echo(f"spiral: {line}", err=True)
            self._dotted = time.perf_counter()

    def close(self) -> None:
        """Tell nothing more, and let its thread end: one that writes while the interpreter shuts down can abort it."""
        self._over.set()
        thread = self._thread
        if thread is not None:
            thread.join(PATIENCE)
        if thread is None or not thread.is_alive():  # else it holds the lock, and nobody reads
            self._close_line()

    def _changed(self) -> None:
        if not self._names:
            self._close_line()
        self._since = time.perf_counter()
        if self.face is not None:
            self.face(self._names[-1] if self._names else None)

    def _close_line(self) -> None:
        if self._told is not None:
            _write("\n")
        self._told = None

    def _watch(self) -> None:
        while not self._over.wait(LOOK_AFTER):
            with self._lock:
                if not self._names:
                    self._thread = None
                    return
                if self.face is None:
                    self._tell(time.perf_counter())

    def _tell(self, now: float) -> None:
        name = self._names[-1]
        if self._told == name and now - self._dotted >= DOT_AFTER:
            _write(".")
        elif self._told != name and now - self._since >= TOLD_AFTER:
            self._close_line()
            _write(f"spiral: {name} ")
            self._told = name
        else:
            return
        self._dotted = now


def _write(text: str) -> None:
    with suppress(OSError, ValueError):  # nobody listens any more
        sys.stderr.write(text)
        sys.stderr.flush()


WAITS = Waits()
atexit.register(WAITS.close)


class _Compiler:
    """How long this process has compiled for, and that it does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._depth = 0
        self._began = self._before = 0.0
        self._listener: Any = None

    def listen(self) -> None:
        """Have compiling told until the command ends."""
        from numba.core import event

        compiler = self

        class Listener(event.Listener):
            def on_start(self, _: Any) -> None:
                compiler.step(1)

            def on_end(self, _: Any) -> None:
                compiler.step(-1)

        if self._listener is None:
            self._listener = Listener()
            event.register("numba:compile", self._listener)
            if context := click.get_current_context(silent=True):
                context.call_on_close(self._stop)

    def _stop(self) -> None:
        from numba.core import event

        event.unregister("numba:compile", self._listener)
        self._listener = None

    def step(self, by: int) -> None:
        """One more, or one less, of what is compiled, each inside what calls it."""
        with self._lock:
            self._depth += by
            if by > 0 and self._depth == 1:
                self._began = time.perf_counter()
                WAITS.begin(COMPILING)
            elif self._depth == 0:
                self._before += time.perf_counter() - self._began
                WAITS.end(COMPILING)

    @property
    def seconds(self) -> float:
        """Seconds that went by while something was compiled."""
        with self._lock:
            return self._before + (time.perf_counter() - self._began if self._depth else 0.0)


COMPILER = _Compiler()
