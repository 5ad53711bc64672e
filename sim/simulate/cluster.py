"""A Dask cluster opened as a pool of workers, by a scheduler's address or as processes of this machine."""

from __future__ import annotations

import asyncio
import logging
import re
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, MissingExtra
from sim.simulate.on_worker import ClusterError, line_of
from sim.simulate.workers import Workers

if TYPE_CHECKING:
    from distributed import Client

    from sim.simulate.pools import Pool

__all__ = ["BadAddress", "ClusterError", "open_cluster"]

MOST_LOCAL_WORKERS = 1024
CONNECT_WITHIN_SECONDS = 8.0
CLOSE_WITHIN_SECONDS = 5.0

LOCAL = {
    "threads_per_worker": 1,
    "host": "127.0.0.1",
    "dashboard_address": None,
    "memory_limit": 0,
    "silence_logs": logging.CRITICAL,
    "preload": "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)",
}
"""Workers on this machine; Ctrl-C, which they get too, is ours."""


class BadAddress(InputError, ClusterError):
    """What was given is no address of a cluster."""


@contextmanager
def open_cluster(where: str, say: Callable[[str], None]) -> Iterator[Pool]:
    """Give the workers of a cluster as a pool.

    Parameters
    ----------
    where : str
        A Dask scheduler's address, such as `tcp://HOST:PORT`; or `local:N`, for N processes on this machine.
    say : callable
        Told in one line of a worker that is refused or waited for.

    Raises
    ------
    BadAddress
        If `where` is no address.
    MissingExtra
        If Dask is not installed.
    ClusterError
        If the cluster cannot be reached; of the pool, also if no worker can be used, or if the work fails.
    """
    number = _local_workers(where)
    try:
        import distributed
    except ImportError as error:
        raise MissingExtra(
            "--cluster needs the extra 'cluster': pip install 'spiral-sim[cluster]'"
        ) from error
    if number is None and where.partition("://")[0] not in distributed.comm.registry.backends:
        raise BadAddress(f"{where}: Dask knows no such protocol; the usual ones are tcp:// and tls://")
    with ExitStack() as stack:
        stack.callback(logging.disable, logging.root.manager.disable)
        logging.disable()  # what Dask tells its operators
        workers = Workers(_connected(where, number, stack), where, say)
        stack.callback(workers.catch_up)
        stack.callback(workers.watching.cancel)
        yield workers.dispatch


def _local_workers(where: str) -> int | None:
    """Read how many local workers are asked for; None if it is an address."""
    kind, _, rest = where.partition(":")
    if kind == "local":
        if re.fullmatch(r"[0-9]{1,4}", rest) and 1 <= int(rest) <= MOST_LOCAL_WORKERS:
            return int(rest)
        raise BadAddress(
            f"{where}: local: takes a number of workers from 1 to {MOST_LOCAL_WORKERS:,}, such as local:2"
        )
    address = re.fullmatch(r"[a-z]+://(?:\[[0-9A-Fa-f:.]+\]|[^\s/:\[\]]+):([0-9]{1,5})", where)
    if address is None or not 1 <= int(address[1]) <= 65_535:
        raise BadAddress(f"{where}: no address of a cluster, such as tcp://HOST:8786 or local:2")
    return None


def _connected(where: str, number: int | None, stack: ExitStack) -> Client:
    import dask
    from distributed import Client, LocalCluster

    limit = {"distributed.comm.timeouts.connect": CONNECT_WITHIN_SECONDS}
    target: Any = where
    try:
        with warnings.catch_warnings(), dask.config.set(limit):
            warnings.simplefilter("ignore")  # of versions that differ, and of ports that are taken
            if number is None:
                with ThreadPoolExecutor(
                    1
                ) as aside:  # a notebook has a loop of its own at work in this thread
                    aside.submit(
                        asyncio.run, asyncio.wait_for(_greet(where), CONNECT_WITHIN_SECONDS)
                    ).result()
            else:
                scratch = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
                target = LocalCluster(n_workers=number, local_directory=scratch, **LOCAL)
                stack.callback(_close, target)
            client = Client(target, timeout=CONNECT_WITHIN_SECONDS, set_as_default=False)
            stack.callback(_close, client)
            return client
    except TimeoutError as error:
        raise ClusterError(
            f"{where}: no Dask scheduler answers there, in {CONNECT_WITHIN_SECONDS:g} s"
        ) from error
    except Exception as error:
        raise ClusterError(f"{where}: no Dask scheduler can be reached there: {line_of(error)}") from error


async def _greet(where: str) -> None:
    """See that a scheduler answers: a client of its own would wait for ever for some that do not."""
    from distributed import rpc
    from distributed.security import Security

    encryption = Security().get_connection_args("client")
    if where.startswith(("tls:", "wss:")) and not encryption.get("ssl_context"):
        raise ValueError("no certificates are configured; see distributed.comm.tls in Dask's documentation")
    async with rpc(where, connection_args=encryption) as there:
        kind = (await there.identity())["type"]
    if kind != "Scheduler":
        raise ValueError(f"a {kind.lower()} answers, not a scheduler")


def _close(opened: Any) -> None:
    with suppress(Exception):  # nobody may be left to answer
        opened.close(timeout=CLOSE_WITHIN_SECONDS)
