"""A Dask cluster opened as a pool of workers, by a scheduler's address or as processes of this machine."""

from __future__ import annotations

import asyncio
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sim.simulate.dispatch import work_through
from sim.simulate.on_worker import line_of
from sim.simulate.workers import ClusterError, Crew, Say

if TYPE_CHECKING:
    from distributed import Client

    from sim.simulate.pools import Pool

__all__ = ["BadAddress", "ClusterError", "open_cluster"]

MOST_LOCAL = 1024
CONNECTING = 8.0
"""Seconds to find a scheduler."""

QUIET = logging.CRITICAL + 1
IGNORE_INTERRUPT = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"


class BadAddress(ClusterError):
    """What was given is no address of a cluster."""


@contextmanager
def open_cluster(where: str, say: Say) -> Iterator[Pool]:
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
    ClusterError
        If the cluster cannot be reached; of the pool, also if no worker can be used, or if the work fails.
    """
    number = _local_workers(where)
    try:
        import distributed
    except ImportError as error:
        raise ClusterError(
            "--cluster needs the extra 'cluster': pip install 'spiral-sim[cluster]'"
        ) from error
    if number is None and where.partition("://")[0] not in distributed.comm.registry.backends:
        raise BadAddress(f"{where}: Dask knows no such protocol; the usual ones are tcp:// and tls://")
    with _hushed(), _connected(where, number) as client:
        yield partial(work_through, Crew(client, where, say))


# Opening


def _local_workers(where: str) -> int | None:
    """Read how many local workers are asked for; None if it is an address."""
    kind, _, rest = where.partition(":")
    if kind == "local":
        if re.fullmatch(r"[0-9]{1,4}", rest) and 1 <= int(rest) <= MOST_LOCAL:
            return int(rest)
        raise BadAddress(
            f"{where}: local: takes a number of workers from 1 to {MOST_LOCAL:,}, such as local:2"
        )
    address = re.fullmatch(r"[a-z]+://(?:\[[0-9A-Fa-f:.]+\]|[^\s/:\[\]]+):([0-9]{1,5})", where)
    if address is None or not 1 <= int(address[1]) <= 65_535:
        raise BadAddress(f"{where}: no address of a cluster, such as tcp://HOST:8786 or local:2")
    return None


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep what Dask tells its operators away from whoever waits for a result."""
    names = [
        name for name in logging.root.manager.loggerDict if re.match(r"(distributed|tornado|asyncio)\b", name)
    ]
    loggers = [logging.getLogger(name) for name in {"distributed", "tornado", "asyncio", *names}]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(QUIET)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@contextmanager
def _connected(where: str, number: int | None) -> Iterator[Client]:
    import dask
    from distributed import Client, LocalCluster

    with ExitStack() as stack:
        target: Any = where
        try:
            with warnings.catch_warnings():  # of versions that differ, and of ports that are taken
                warnings.simplefilter("ignore")
                if number is None:
                    stack.enter_context(dask.config.set({"distributed.comm.timeouts.connect": CONNECTING}))
                else:
                    scratch = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
                    target = LocalCluster(
                        local_directory=scratch,
                        n_workers=number,
                        threads_per_worker=1,
                        host="127.0.0.1",
                        dashboard_address=None,
                        memory_limit=0,
                        silence_logs=QUIET,
                        preload=IGNORE_INTERRUPT,
                    )
                    stack.callback(_closed, target, 5.0)
                if number is None:
                    asyncio.run(asyncio.wait_for(_greet(where), CONNECTING))
                client = Client(target, timeout=CONNECTING, set_as_default=False)
                stack.callback(_closed, client, 3.0)
        except TimeoutError as error:
            raise ClusterError(f"{where}: no Dask scheduler answers there, in {CONNECTING:g} s") from error
        except Exception as error:
            raise ClusterError(
                f"{where}: no Dask scheduler can be reached there: {line_of(error)}"
            ) from error
        yield client


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


def _closed(opened: Any, seconds: float) -> None:
    with suppress(Exception):  # nobody may be left to answer
        opened.close(timeout=seconds)
