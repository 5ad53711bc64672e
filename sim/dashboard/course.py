"""A setting's runs on their way: a first answer from few of them, better ones as more are counted, all at rest.

A course goes on as long as somebody wants it. It has few pieces with the workers at a time, so that what nobody wants
any more ends at once, and what others want is not kept waiting.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from sim.dashboard.counting import (
    FIRST_PIECE,
    PIECE,
    QUICK,
    STAGES,
    Piece,
    Total,
    count_averted,
    count_runs,
    in_order,
)
from sim.dashboard.told import Told, first_told, told
from sim.dashboard.workers import LATER, NOW, SOON, Workers
from sim.experiments.run import MOST_ALTERED
from sim.simulate.job import Job, make_job
from sim.simulate.prevented import PREVENTED_SAMPLE, sample_of

if TYPE_CHECKING:
    from sim.experiments.run.finding import RunFinding
    from sim.scenario import Scenario
    from sim.simulate import Tallies
    from sim.simulate.job import Parameters

Hear = Callable[["Course"], None]
"""Called by a worker when a course has more to tell, or has failed."""

ABREAST = 4
"""Pieces of a course that are with the workers at a time."""


@dataclass
class Stage:
    """An answer to come: from how many runs, what is left to do for it, and how urgent that is."""

    runs: int
    left: Iterator[Callable[[], Piece]]
    urgency: int
    under_way: int = 0


class Course:
    """The runs of one setting, counted for whoever wants them.

    Attributes
    ----------
    told : the best answer so far, or None
    error : what stopped it, in one line
    runs : runs counted so far
    seconds : from when it was first wanted to its last answer
    """

    def __init__(self, scenario: Scenario, parameters: Parameters, workers: Workers) -> None:
        self.scenario, self.parameters, self._workers = scenario, parameters, workers
        self.told: Told | None = None
        self.error = ""
        self.seconds, self._began = 0.0, math.nan
        self._lock = threading.RLock()
        self._hearers: list[Hear] = []
        self._quick, self._steady = Total(QUICK), Total(MOST_ALTERED)
        self._again: list[Callable[[], Piece]] = []
        self._stages = self._planned()
        self._stage = next(self._stages, None)

    @property
    def most(self) -> int:
        """Runs of the answer at rest."""
        return self.scenario.runs

    @property
    def at_rest(self) -> bool:
        """Whether there is nothing more to count."""
        return self._stage is None

    @property
    def wanted(self) -> bool:
        """Whether anybody wants it."""
        return bool(self._hearers)

    @property
    def runs(self) -> int:
        """Runs counted so far."""
        return max(self._quick.runs, self._steady.runs)

    @cached_property
    def job(self) -> Job:
        """The scenario made ready for the engine."""
        return make_job(self.scenario, self.parameters)

    def want(self, hear: Hear) -> None:
        """Go on, and call when there is more to tell."""
        with self._lock:
            if math.isnan(self._began):
                self._began = time.monotonic()
            if hear not in self._hearers:
                self._hearers.append(hear)
            self._go_on()

    def leave(self, hear: Hear) -> None:
        """No longer; the course stops where nobody else wants it."""
        with self._lock:
            if hear in self._hearers:
                self._hearers.remove(hear)

    def concluded(self, altered: Mapping[str, Tallies]) -> RunFinding:
        """The answer so far, beside altered worlds."""
        with self._lock:
            counted = deepcopy(self._steady)
        return told(self.job, counted, altered).finding

    def rows(self) -> np.ndarray:
        """Records of RESPONSE of the runs that the answer was told from, in order."""
        with self._lock:
            assert self.told is not None
            total = self._steady if self.told.whole else self._quick
            rows = in_order(total.rows)
            return rows[: self.told.rows_told]

    def outcomes(self) -> np.ndarray:
        """Outcomes of the first runs, in order."""
        with self._lock:
            return in_order(self._quick.outcomes)

    # On the way

    def _planned(self) -> Iterator[Stage]:
        few = min(QUICK, self.most)
        yield Stage(few, self._pieces(self._first_piece, 0, few, FIRST_PIECE), NOW)
        yield Stage(few, self._pieces(self._averted, 0, few, FIRST_PIECE), SOON)
        done = 0
        ends = [runs for runs in STAGES[1:] if runs < self.most] + [self.most]
        for number, end in enumerate(ends):
            left = self._pieces(self._piece, done, end, PIECE)
            if end <= PREVENTED_SAMPLE:
                left = chain(left, self._pieces(self._averted, done, end, PIECE))
            elif end == self.most:
                left = chain(left, self._sample())
            yield Stage(end, left, LATER + number)
            done = end

    def _pieces(
        self, work: Callable[[int, int], Piece], first: int, end: int, size: int
    ) -> Iterator[Callable[[], Piece]]:
        for at in range(first, end, size):
            count = min(size, end - at)
            yield partial(work, at, count)

    def _first_piece(self, first: int, count: int) -> Piece:
        return count_runs(self.job, first, count, daily=False)

    def _piece(self, first: int, count: int) -> Piece:
        return count_runs(self.job, first, count, daily=True)

    def _averted(self, first: int, count: int) -> Piece:
        return count_averted(self.job, np.arange(first, first + count, dtype=np.uint64))

    def _sample(self) -> Iterator[Callable[[], Piece]]:
        """What restraint averts in a sample of all runs, which takes the place of that of the first ones."""
        numbers = sample_of(self.most, PREVENTED_SAMPLE)
        each = int(np.count_nonzero(numbers // np.uint64(25) == numbers[0] // np.uint64(25)))
        size = max(1, PIECE // each) * each
        with self._lock:
            self._steady.averted.clear()
        for at in range(0, len(numbers), size):
            yield partial(count_averted, self.job, numbers[at : at + size])

    def _go_on(self) -> None:
        """Hand out pieces of the present stage, as long as somebody wants it."""
        stage = self._stage
        while stage is not None and self.wanted and not self.error and stage.under_way < ABREAST:
            work = self._again.pop() if self._again else next(stage.left, None)
            if work is None:
                break
            stage.under_way += 1
            self._workers.put(stage.urgency, partial(self._do, work, stage))

    def _do(self, work: Callable[[], Piece], stage: Stage) -> None:
        piece, failed = None, ""
        if self.wanted:
            try:
                piece = work()
            except Exception as error:
                failed = _line_of(error)
        with self._lock:
            stage.under_way -= 1
            if failed:
                self.error = failed
            elif piece is None:
                self._again.append(work)
            else:
                (self._quick if stage.urgency <= SOON else self._steady).add(piece)
            self._go_on()
            whole = not stage.under_way and not self._again and not self.error
        if failed:
            self._tell()
        elif whole and piece is not None:
            self._conclude(stage)

    def _conclude(self, stage: Stage) -> None:
        try:
            found = (
                first_told(self.job, self._quick) if stage.urgency <= SOON else told(self.job, self._steady)
            )
        except Exception as error:
            self.error = _line_of(error)
        else:
            with self._lock:
                self.told, self.seconds = found, time.monotonic() - self._began
                self._stage = next(self._stages, None)
                self._go_on()
        self._tell()

    def _tell(self) -> None:
        for hear in list(self._hearers):
            try:
                hear(self)
            except Exception:  # one reader's page may have gone; the others are to hear all the same
                logging.getLogger("sim.dashboard").exception("a page could not be told")


def _line_of(error: Exception) -> str:
    """What went wrong, in one line; all of it is in the log."""
    logging.getLogger("sim.dashboard").exception("a setting could not be counted")
    return f"{type(error).__name__}: {error}".splitlines()[0]
