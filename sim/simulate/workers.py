"""Workers of a Dask cluster who do the same as this process: who is there, who is accepted, who is refused and why.

A worker gets work once its fingerprint is ours. Who gets what is said by workers' addresses alone, so that nothing is
left behind on a cluster that others use too.
"""

from __future__ import annotations

import asyncio
import pickle
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent import futures
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.simulate.fingerprint import difference, fingerprint
from sim.simulate.on_worker import Call, Failure, line_of, show_fingerprint

if TYPE_CHECKING:
    from distributed import Client, Future

Say = Callable[[str], None]

ANSWERING, LOOKING = 15.0, 0.5
"""Seconds: for the scheduler to answer, and between two looks at who is there."""

PATIENCE, HOPE = 4.0, 60.0
"""Seconds without anyone to work before that is said; and given up, where all who are there are refused: at the start,
and after others were lost."""


class ClusterError(Exception):
    """The work cannot be done there; the message is one line."""


class Given(NamedTuple):
    """A call given to some workers, and what will come of it."""

    workers: frozenset[str]
    future: Future
    answer: futures.Future[Any]


class Crew:
    """The workers of a cluster: asked for their fingerprint, accepted (with their threads), refused (and why)."""

    def __init__(self, client: Client, where: str, say: Say) -> None:
        self.client, self.where, self.say = client, where, say
        self.asked: dict[str, Given] = {}
        self.accepted: dict[str, int] = {}
        self.refused: dict[str, str] = {}
        loop: Any = client.loop
        self.loop: asyncio.AbstractEventLoop = loop.asyncio_loop
        self.some_before = self.told = False
        self.looked, self.idle_since = -LOOKING, time.monotonic()

    def give(self, call: Call, workers: Iterable[str]) -> Given:
        """Give a call to whichever of these workers, at least one, comes to it first."""
        chosen, call_as_bytes = frozenset(workers), pickle.dumps(call)
        name = f"spiral-{uuid.uuid4().hex}"
        try:
            future = self.client.submit(pickle.loads, call_as_bytes, key=name, workers=sorted(chosen))
            gathering: Any = self.client.gather(future, asynchronous=True)
            return Given(chosen, future, asyncio.run_coroutine_threadsafe(gathering, self.loop))
        except Exception as error:
            raise self.lost() from error

    def take_back(self, given: Iterable[Given]) -> None:
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
            self.asked[worker] = self.give(Call(show_fingerprint, ()), [worker])
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

    def _judge(self, worker: str, given: Given, threads: int) -> None:
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
