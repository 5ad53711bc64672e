"""Threads that simulate, and which piece of work they take next: what a reader waits for before what can wait."""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import sys
import threading
from collections.abc import Callable

Work = Callable[[], None]

NOW, SOON, LATER, LAST = 0, 1, 2, 9
"""How urgent a piece is: a first answer; a run to be opened; an answer refined, from here on by its stage; the rest."""

POLITE = 10
"""Niceness of threads that do what can wait."""


class Workers:
    """A few threads that take the most urgent piece first, and of equals the one that came first.

    As many more take first answers alone, so that none waits for what is under way. Compiled code runs without the
    interpreter's lock: a page still answers while all of them work.
    """

    def __init__(self, threads: int) -> None:
        self._ready = threading.Condition()
        self._waiting: list[tuple[int, int, Work]] = []
        self._number = itertools.count()
        self._open = True
        self._threads = [
            threading.Thread(target=self._work, args=(most,), name=f"dashboard-{n}-{most}", daemon=True)
            for n in range(threads)
            for most in (NOW, LAST)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, urgency: int, work: Work) -> None:
        """Have a piece of work done; what it raises is logged, and ends no thread."""
        with self._ready:
            heapq.heappush(self._waiting, (urgency, next(self._number), work))
            self._ready.notify_all()

    def close(self) -> None:
        """Take no more; what waits is left undone."""
        with self._ready:
            self._open = False
            self._waiting.clear()
            self._ready.notify_all()

    def _work(self, most: int) -> None:
        """Take pieces at least this urgent, until closed."""
        if most > NOW:
            _give_way()
        while True:
            with self._ready:
                while self._open and not (self._waiting and self._waiting[0][0] <= most):
                    self._ready.wait()
                if not self._open:
                    return
                _, _, work = heapq.heappop(self._waiting)
            try:
                work()
            except Exception:  # a fault in one reader's work must not stop the others'
                logging.getLogger("sim.dashboard").exception("a piece of work failed")


def _give_way() -> None:
    """Let this thread leave the processors to first answers, the page's loop and the browser, where they want them.

    Only Linux has priorities of single threads.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), POLITE)
