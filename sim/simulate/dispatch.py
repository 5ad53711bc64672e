"""Items handed out to a crew, again where their workers are lost, and what came of them, in order."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent import futures
from itertools import islice
from typing import Any

from sim.simulate.fingerprint import fingerprint
from sim.simulate.on_worker import Call, Failure, Refusal, line_of, work_there
from sim.simulate.workers import LOOKING, ClusterError, Crew, Given

AHEAD = 3
"""Items handed out for each thread of the workers: one that it works on, and some so that it need not wait."""

MOST_DEATHS = 12
"""Workers that may die over one item: some may be taken away by their owner, but so many die of it."""


class _Handed:
    """An item handed out, and again if its workers are lost."""

    def __init__(self, crew: Crew, work: Callable[[Any], Any], item: Any) -> None:
        self.crew, self.call = crew, Call(work_there, (fingerprint(), work, item))
        self.given: Given | None = None
        self.deaths = 0
        self.result: Any = None
        self.tend()

    def tend(self) -> None:
        """See to it that somebody has it, if anybody is there."""
        given, there = self.given, self.crew.accepted
        if given is not None and not given.answer.done() and there and given.workers.isdisjoint(there):
            self._return(deaths=1)
        if self.given is None and there:
            self.given = self.crew.give(self.call, there)

    def come(self) -> bool:
        """Wait a moment for the result; say whether it is there."""
        if self.given is None:
            time.sleep(LOOKING / 2)
            return False
        futures.wait([self.given.answer], LOOKING / 2)
        return self.given.answer.done() and self._take(self.given)

    def _take(self, given: Given) -> bool:
        from distributed.scheduler import KilledWorker

        try:
            self.result = given.answer.result()
        except KilledWorker as error:
            self._return(deaths=error.allowed_failures + 1)
            return False
        except futures.CancelledError as error:
            raise self.crew.lost() from error
        except Exception as error:
            if given.future.status == "error":
                raise ClusterError(f"{self.crew.where}: a worker failed: {line_of(error)}") from error
            self._return(deaths=1)  # lost on its way
            return False
        if isinstance(self.result, Failure):
            raise ClusterError(f"worker {self.result.worker} failed: {self.result.why}")
        if isinstance(self.result, Refusal):
            self.crew.refuse(*self.result)
            self._return(deaths=0)
            return False
        return True

    def _return(self, deaths: int) -> None:
        self.deaths += deaths
        if self.deaths >= MOST_DEATHS:
            raise ClusterError(
                f"{self.crew.where}: {self.deaths} workers died one after the other over the same runs; "
                "probably they have too little memory"
            )
        if self.given is not None:
            self.crew.take_back([self.given])
        self.given = None


def work_through(crew: Crew, work: Callable[[Any], Any], items: Iterable[Any]) -> Generator[Any, None, None]:
    """Have work done on items, and yield what came of each, in order."""
    left, out = iter(items), deque[_Handed]()
    try:
        while True:
            if crew.look():
                for handed in out:
                    handed.tend()
            room = max(1, AHEAD * sum(crew.accepted.values())) - len(out)
            out.extend(_Handed(crew, work, item) for item in islice(left, max(0, room)))
            if not out:
                return
            if out[0].come():
                yield out.popleft().result
    finally:
        crew.take_back(handed.given for handed in out if handed.given is not None)
