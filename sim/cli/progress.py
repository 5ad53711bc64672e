"""How far a long job has come, told on stderr: a bar at a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from sim.cli.waiting import COMPILER, WAITS
from sim.wording import duration_text

SIMULATING, CONCLUDING = "simulating", "working out the answer"
FIRST, PAUSE = 3.0, 60.0  # seconds to the first line, and between two, where no bar can be drawn

Shown = Callable[[int, int, float, float], None]


class Progress:
    """Runs done of those to do; given to a job, which tells it.

    Attributes
    ----------
    done, planned : runs kept and to be kept, those of altered worlds included
    old : of those done, how many were there before
    again : what goes on with the job, in words
    """

    def __init__(self, show: Shown, again: str) -> None:
        self.again = again
        self.done = self.planned = self.old = 0
        self._show, self._concludes = show, False
        self._began = _at_work()

    def __call__(self, done: int, planned: int, old: int, under_way: int) -> None:
        """Take note of where the job is; runs under way are shown as done, and not yet kept."""
        self.done, self.planned, self.old = done, planned, old
        self._name()
        shown = done + under_way
        rate = (shown - old) / max(_at_work() - self._began, 1e-9)
        self._show(shown, planned, rate, (planned - shown) / rate if rate > 0 else float("nan"))

    def _name(self) -> None:
        """Say that what is left is to conclude; some experiments simulate once more after that."""
        concludes = self.done >= self.planned
        if concludes != self._concludes:
            (WAITS.begin if concludes else WAITS.end)(CONCLUDING)
        self._concludes = concludes

    def end(self) -> None:
        """The job is done, or has failed."""
        WAITS.end(CONCLUDING)

    @property
    def kept(self) -> str:
        """What is not lost when the job ends here, in words."""
        if self.done == 0:
            return f"{self.again} begins again"
        return f"{self.done:,} of {self.planned:,} runs are kept, and {self.again} goes on from there"


@contextmanager
def progress(again: str) -> Iterator[Progress]:
    """Show the progress of a job; `again` says in words what goes on with it."""
    with _bar() if sys.stderr.isatty() else _lines() as show, WAITS.named(SIMULATING):
        told = Progress(show, again)
        try:
            yield told
        finally:
            told.end()


def _at_work() -> float:
    """Seconds on a clock that stands still while something is compiled: rates leave that out."""
    return time.perf_counter() - COMPILER.seconds


def _lines() -> AbstractContextManager[Shown]:
    next_line = time.perf_counter() + FIRST

    def show(done: int, planned: int, rate: float, left: float) -> None:
        nonlocal next_line
        if time.perf_counter() > next_line and done < planned:
            next_line = time.perf_counter() + PAUSE
            rest = f"; {duration_text(left)} left" if rate > 0 else ""
            WAITS.say(f"{done:,} of {planned:,} runs, {rate:,.0f} a second{rest}")

    return nullcontext(show)


@contextmanager
def _bar() -> Iterator[Shown]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} runs, {task.fields[rate]:,.0f} a second"),
        TextColumn("{task.fields[left]}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(SIMULATING, total=1, rate=0.0, left="")

        def show(done: int, planned: int, rate: float, left: float) -> None:
            rest = f"{duration_text(left)} left" if rate > 0 else ""
            bar.update(task, completed=done, total=planned, rate=rate, left=rest)

        WAITS.face = lambda name: bar.update(task, description=name or SIMULATING)
        try:
            yield show
        finally:
            WAITS.face = None
