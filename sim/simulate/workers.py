"""Workers of a Dask cluster that compute the same as this process, and items dispatched to them.

A worker gets work once its fingerprint is ours. Which may do an item is said by their addresses alone, so that nothing
is left behind on a cluster that others use too. What is asynchronous here runs on the loop of Dask's client.
"""

from __future__ import annotations

import asyncio
import pickle
import time
from collections import deque
from collections.abc import Callable, Coroutine, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from sim.simulate.fingerprint import difference, fingerprint
from sim.simulate.on_worker import Call, ClusterError, line_of, work_there

if TYPE_CHECKING:
    from distributed import Client

LOOK_EVERY_SECONDS = 0.5
ANSWER_WITHIN_SECONDS = 15.0
WAIT_BEFORE_SAYING_SECONDS = 4.0
WAIT_BEFORE_GIVING_UP_SECONDS = 20.0
"""Without an accepted worker, and where all who are there are refused."""

LOST = "the scheduler is lost; it has ended, or cannot be reached any more"
DIED = "workers died one after the other over the same runs; probably they have too little memory"

ITEMS_PER_THREAD = 3
"""One that a worker's thread works on, and some so that it need not wait."""

RETRIES = 2
"""Of an item that raises an error: it may be of one machine only, such as a full disk."""


class Workers:
    """The workers of a cluster: being checked, accepted (with their threads), refused (in words)."""

    def __init__(self, client: Client, where: str, say: Callable[[str], None]) -> None:
        self.client, self.where, self.say = client, where, say
        self.scheduler: Any = client.scheduler
        self.checks: dict[str, asyncio.Task[None]] = {}
        self.accepted: dict[str, int] = {}
        self.refused: dict[str, str] = {}
        self.some_accepted = asyncio.Event()
        self.fingerprint = fingerprint()
        self.watching = self._start(self._watch())

    def dispatch(self, work: Callable[[Any], Any], items: Iterable[Any]) -> Generator[Any, None, None]:
        """Have work done on items, a few ahead, and yield what came of each, in order."""
        left, ahead = iter(items), deque[Future[Any]]()
        try:
            while True:
                window = max(1, ITEMS_PER_THREAD * sum(list(self.accepted.values())))
                for item in islice(left, max(0, window - len(ahead))):
                    call = pickle.dumps(Call(work_there, self.fingerprint, work, item))
                    ahead.append(self._start(self._done(call)))
                if not ahead:
                    return
                wait([ahead[0], self.watching], LOOK_EVERY_SECONDS, FIRST_COMPLETED)
                if ahead[0].done():
                    yield ahead.popleft().result()
                elif self.watching.done():
                    self.watching.result()
        finally:
            for each in ahead:
                each.cancel()

    def catch_up(self) -> None:
        """Have the loop come to all that was started: closed before, it would warn of what it never began."""
        with suppress(Exception):  # it may be closed already
            self._start(asyncio.sleep(0)).result(ANSWER_WITHIN_SECONDS)

    def _start(self, coroutine: Coroutine[Any, Any, Any]) -> Future[Any]:
        loop: Any = self.client.loop
        return asyncio.run_coroutine_threadsafe(coroutine, loop.asyncio_loop)

    async def _done(self, call: bytes) -> Any:
        """Have a call made by one of the accepted workers, and again if they die; but not for ever.

        Dask turns to another worker itself, but only to one that the call was for; when all have gone, it waits.
        """
        import dask
        from distributed.scheduler import KilledWorker

        deaths = 0
        while deaths <= dask.config.get("distributed.scheduler.allowed-failures"):
            while not self.accepted:
                await self.some_accepted.wait()
            chosen = frozenset(self.accepted)
            submitted = asyncio.ensure_future(self._submitted(call, chosen, RETRIES))
            try:
                while not (submitted.done() or chosen.isdisjoint(self.accepted)):
                    await asyncio.wait([submitted], timeout=LOOK_EVERY_SECONDS)
                if submitted.done():
                    return submitted.result()
                deaths += 1
            except KilledWorker as error:
                deaths += error.allowed_failures + 1
            except ClusterError:
                raise
            except Exception as error:
                raise self._error(f"a worker failed: {line_of(error)}") from error
            finally:
                submitted.cancel()
        raise self._error(f"{deaths} {DIED}")

    async def _submitted(self, call: bytes, workers: Iterable[str], retries: int = 0) -> Any:
        """Give what comes of a call, made by whichever of these workers comes to it first."""
        # Without `fifo_timeout` Dask takes what comes within 100 ms in any order.
        future: Any = self.client.submit(
            pickle.loads, call, workers=list(workers), retries=retries, pure=False, fifo_timeout="0 ms"
        )
        try:
            return await future
        except Exception as error:
            if future.status != "error":
                raise self._error(LOST) from error
            raise
        finally:
            future.release()

    async def _watch(self) -> None:
        """See who comes and goes, until there is nobody left to wait for."""
        since, said = time.monotonic(), False
        while True:
            await self._look()
            waited, checked = time.monotonic() - since, all(check.done() for check in self.checks.values())
            if self.accepted:
                since, said = time.monotonic(), False
            elif self.refused and checked and waited >= WAIT_BEFORE_GIVING_UP_SECONDS:
                first = next(iter(self.refused.values()))
                raise self._error(f"no worker there can be used: {first}")
            elif waited >= WAIT_BEFORE_SAYING_SECONDS and not said:
                said = True
                what = "workers; there are none now" if checked else "its workers to be ready"
                self.say(f"{self.where}: waiting for {what}")
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _look(self) -> None:
        try:
            threads = await asyncio.wait_for(self.scheduler.ncores(), ANSWER_WITHIN_SECONDS)
        except Exception as error:
            raise self._error(LOST) from error
        for worker in self.checks.keys() - threads.keys():
            self.checks.pop(worker).cancel()
            self.accepted.pop(worker, None)
            self.refused.pop(worker, None)
        if not self.accepted:
            self.some_accepted.clear()
        for worker in threads.keys() - self.checks.keys():
            self.checks[worker] = asyncio.ensure_future(self._check(worker, threads[worker]))

    async def _check(self, worker: str, threads: int) -> None:
        try:
            shown = await self._submitted(pickle.dumps(Call(fingerprint)), [worker])
            why = difference(self.fingerprint, shown)
        except ClusterError:  # lost on its way: the next look asks again
            del self.checks[worker]
            return
        except Exception as error:
            missing = isinstance(error, ModuleNotFoundError) and "No module named 'sim" in str(error)
            why = "this version of Spiral is not installed there" if missing else line_of(error)
        if why is None:
            self.accepted[worker] = threads
            self.some_accepted.set()
        else:
            told = (await self.scheduler.identity(n_workers=-1))["workers"][worker]["name"]
            called = worker if told == worker else f"{told} ({worker})"
            self.refused[worker] = f"{called} is refused: {why}"
            self.say(f"worker {self.refused[worker]}")

    def _error(self, text: str) -> ClusterError:
        return ClusterError(f"{self.where}: {text}")
