"""The command that serves the live page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import MOST_RUNS, PARAMETERS, PRIORS, SEED, SET, THREADS, with_seed
from sim.cli.waiting import LOADING, WAITS
from sim.errors import InputError, SpiralError

if TYPE_CHECKING:
    from sim.simulate.job import Parameters

PORT = 5006


@click.command()
@click.argument("scenario", default="october-2023")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=PORT,
    show_default=True,
    help="Where the page is served.",
)
@click.option(
    "--address",
    default="127.0.0.1",
    show_default=True,
    metavar="HOST",
    help="Where to listen: this machine alone, unless another address is given.",
)
@click.option(
    "--allow-origin",
    "allowed",
    multiple=True,
    metavar="HOST:PORT",
    help="Let pages of another host talk to it too, such as of a proxy.",
)
@click.option(
    "--runs",
    type=click.IntRange(25, MOST_RUNS),
    metavar="N",
    help="Histories of an answer at rest; the scenario's number by default.",
)
@PARAMETERS
@PRIORS
@SEED
@SET
@THREADS
def dashboard(
    scenario: str,
    port: int,
    address: str,
    allowed: tuple[str, ...],
    runs: int | None,
    parameters: Any,
    priors: Path | None,
    random_seed: str | None,
    settings: tuple[str, ...],
    threads: int | None,
) -> None:
    """Move levers on a live page, and see the risk follow.

    Needs the extra `dashboard`, and no network. Its numbers are those of `spiral run` with the same settings.
    """
    from sim.dashboard.extra import require_extra

    require_extra()
    _check_origins(allowed)
    with WAITS.named(LOADING):
        desk = _desk(scenario, with_seed(settings, random_seed), parameters, priors, runs, threads)
        from sim.dashboard.server import serve
    from sim.cli.work import tell_of_compiling

    tell_of_compiling()
    desk.warm()
    if address not in ("127.0.0.1", "localhost", "::1"):
        click.echo(f"spiral: listening on {address}: whoever reaches this machine can use the page", err=True)
    try:
        serve(desk, address, port, allowed, _say)
    except OSError as error:
        raise SpiralError(
            f"--port {port}: cannot be listened on at {address}: {error.strerror or error}; try another, such as "
            f"--port {port + 1}"
        ) from error


def _desk(
    scenario: str,
    settings: Sequence[str],
    parameters: Parameters | None,
    priors: Path | None,
    runs: int | None,
    threads: int | None,
) -> Any:
    from sim.dashboard.catalogue import Catalogue
    from sim.dashboard.desk import Desk
    from sim.pipeline.request import Request

    request = Request((scenario,), tuple(settings), parameters, priors)
    return Desk(Catalogue(request, runs), threads or os.cpu_count())


def _check_origins(allowed: Sequence[str]) -> None:
    for origin in allowed:
        host, colon, port = origin.rpartition(":")
        if not (colon and host and port.isdecimal() and "*" not in origin and "/" not in origin):
            raise InputError(
                f"--allow-origin: {origin!r} is not of the form HOST:PORT, such as example.org:443"
            )


def _say(where: str) -> None:
    click.echo(f"Spiral is at {where} and ends with Ctrl-C.")
