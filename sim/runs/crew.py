"""Workers of a Dask cluster who do the same as this process: who is there, who is given what, and what comes of it.

A worker gets work once its fingerprint is ours, and compares the two again before each item. Who gets what is said by
workers' addresses alone, so that nothing is left behind on a cluster that others use too. Functions travel as bytes:
the scheduler needs no Spiral, and a worker without it can say so.
"""

from __future__ import annotations

import asyncio
import pickle
import time
import uuid
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent import futures
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.runs.fingerprint import difference, fingerprint

if TYPE_CHECKING:
    from distributed import Client, Future

Say = Callable[[str], None]

AHEAD = 3
"""Items handed out for each thread of the workers: one that it works on, and some so that it need not wait."""

MOST_DEATHS = 12
"""Workers that may die over one item: some may be taken away by their owner, but so many die of it."""

ANSWERING, LOOKING = 15.0, 0.5
"""Seconds: for the scheduler to answer, and between two looks at who is there."""

PATIENCE, HOPE = 4.0, 60.0
"""Seconds without anyone to work before that is said; and given up, where all who are there are refused: at the start,
and after others were lost."""


class ClusterError(Exception):
    """The work cannot be done there; the message is one line."""


class Refusal(NamedTuple):
    """A worker does not compute what we do."""

    worker: str
    why: str


class Failure(NamedTuple):
    """The work raised an exception on a worker."""

    worker: str
    why: str


# Workers


@dataclass(frozen=True)
class _Call:
    """A call that happens where its pickle is loaded: all that travels is bytes."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.function, self.arguments


class _Given(NamedTuple):
    """A call given to some workers, and what will come of it."""

    workers: frozenset[str]
    future: Future
    answer: futures.Future[Any]


class Crew:
    """The workers of a cluster: asked for their fingerprint, accepted (with their threads), refused (and why)."""

    def __init__(self, client: Client, where: str, say: Say) -> None:
        self.client, self.where, self.say = client, where, say
        self.asked: dict[str, _Given] = {}
        self.accepted: dict[str, int] = {}
        self.refused: dict[str, str] = {}
        loop: Any = client.loop
        self.loop: asyncio.AbstractEventLoop = loop.asyncio_loop
        self.some_before = self.told = False
        self.looked, self.idle_since = -LOOKING, time.monotonic()

    def give(self, call: _Call, workers: Iterable[str]) -> _Given:
        """Give a call to whichever of these workers, at least one, comes to it first."""
        chosen, call_as_bytes = frozenset(workers), pickle.dumps(call)
        name = f"spiral-{uuid.uuid4().hex}"
        try:
            future = self.client.submit(pickle.loads, call_as_bytes, key=name, workers=sorted(chosen))
            gathering: Any = self.client.gather(future, asynchronous=True)
            return _Given(chosen, future, asyncio.run_coroutine_threadsafe(gathering, self.loop))
        except Exception as error:
            raise self.lost() from error

    def take_back(self, given: Iterable[_Given]) -> None:
        """Have no more of it done; what a worker has begun it finishes for nothing."""
        with suppress(Exception):
            self.client.cancel([each.future for each in given])

    def look(self) -> bool:
        """See who has come and gone, every half second; say whether it was time."""
        if time.monotonic() < self.looked + LOOKING:
            return False
        self.looked, threads = time.monotonic(), self._threads()
        for known in (self.asked, self.accepted, self.refused):
            for worker in known.keys() - threads.keys():
                del known[worker]
        for worker in threads.keys() - self.asked.keys() - self.accepted.keys() - self.refused.keys():
            self.asked[worker] = self.give(_Call(_show_fingerprint, ()), [worker])
        for worker in [worker for worker, given in self.asked.items() if given.answer.done()]:
            self._judge(worker, self.asked.pop(worker), threads[worker])
        if self.accepted:
            self.some_before, self.told, self.idle_since = True, False, time.monotonic()
        else:
            self._wait()
        return True

    def refuse(self, worker: str, why: str) -> None:
        """Give a worker nothing more."""
        self.accepted.pop(worker, None)
        if worker not in self.refused:
            self.refused[worker] = why
            self.say(f"worker {self._called(worker)} is refused: {why}")

    def lost(self) -> ClusterError:
        """Say that the scheduler is gone."""
        return ClusterError(
            f"{self.where}: the scheduler is lost; it has ended, or cannot be reached any more"
        )

    def _called(self, worker: str) -> str:
        """Give the name that a worker was started with, if any, and its address."""
        with suppress(Exception):  # it may be gone
            name = str(self.client.scheduler_info(n_workers=-1)["workers"][worker]["name"])
            return worker if name == worker else f"{name} ({worker})"
        return worker

    def _threads(self) -> dict[str, int]:
        """Threads of all workers that are there, whoever they are."""
        try:
            if self.client.status == "running":
                return dict(self.client.nthreads(callback_timeout=ANSWERING))
        except Exception as error:
            raise self.lost() from error
        raise self.lost()

    def _judge(self, worker: str, given: _Given, threads: int) -> None:
        try:
            shown = given.answer.result()
            why = shown.why if isinstance(shown, Failure) else difference(fingerprint(), shown)
        except ModuleNotFoundError as error:
            ours = "No module named 'sim" in str(error)
            why = "this version of Spiral is not installed there" if ours else line_of(error)
        except futures.CancelledError as error:
            raise self.lost() from error
        except Exception as error:
            if given.future.status != "error":  # lost on its way; the next look asks again
                return
            why = line_of(error)
        if why is None:
            self.accepted[worker] = threads
        else:
            self.refuse(worker, why)

    def _wait(self) -> None:
        """Say what is waited for, once; give up where nobody can be hoped for."""
        waited = time.monotonic() - self.idle_since
        if self.refused and not self.asked and waited > (HOPE if self.some_before else PATIENCE):
            worker, why = next(iter(self.refused.items()))
            called = self._called(worker)
            raise ClusterError(f"{self.where}: no worker there can be used: {called} is refused: {why}")
        if waited > PATIENCE and not self.told:
            self.told = True
            what = "its workers to be ready" if self.asked else "workers; there are none now"
            self.say(f"{self.where}: waiting for {what}")


# Work


def _show_fingerprint() -> dict[str, str] | Failure:
    """Tell, in a worker, its fingerprint, or why it has none."""
    try:
        return fingerprint()
    except Exception as error:  # as text, since not every exception can travel
        return Failure("", line_of(error))


def _on_worker(expected: Mapping[str, str], work: Callable[[Any], Any], item: Any) -> Any:
    """Do the work, in a worker: what comes of it, or why nothing does."""
    from distributed import get_worker

    worker = get_worker().address
    why = difference(expected, fingerprint())
    if why is not None:
        return Refusal(worker, why)
    try:
        return work(item)
    except Exception as error:
        return Failure(worker, line_of(error))


class _Handed:
    """An item handed out, and again if its workers are lost."""

    def __init__(self, crew: Crew, work: Callable[[Any], Any], item: Any) -> None:
        self.crew, self.call = crew, _Call(_on_worker, (fingerprint(), work, item))
        self.given: _Given | None = None
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

    def _take(self, given: _Given) -> bool:
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


def line_of(error: BaseException) -> str:
    """Put an exception into one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
