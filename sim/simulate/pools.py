"""Work done by a pool of workers, and handed back in the order in which it was asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")

Pool = Callable[[Callable[[Any], Any], Iterable[Any]], Generator[Any, None, None]]
"""Does work on items, and yields what came of each, in order, a few items ahead of whoever takes it and no more."""


def in_turn(work: Callable[[Item], Done], items: Iterable[Item]) -> Generator[Done, None, None]:
    """Do work on one item after the other, here."""
    for item in items:
        yield work(item)


def on_threads(
    work: Callable[[Item], Done], items: Iterable[Item], threads: int
) -> Generator[Done, None, None]:
    """Do work on a pool of threads, handed back in order, a few items ahead of whoever takes it and no more."""
    left, waiting = iter(items), deque[Future[Done]]()
    with ThreadPoolExecutor(threads) as pool:
        try:
            waiting.extend(pool.submit(work, item) for item in islice(left, threads + 1))
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(pool.submit(work, item) for item in islice(left, 1))
        finally:
            for future in waiting:
                future.cancel()
