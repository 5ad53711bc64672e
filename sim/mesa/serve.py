"""Serve the viewer of one run: `python -m sim.mesa.serve october-2023 --run 27`, on this machine alone."""

from __future__ import annotations

import os
import socket
import sys
import warnings
from importlib.util import find_spec
from typing import Any, get_args

import click

from sim.errors import MissingExtra, SpiralError
from sim.simulate.job import Parameters

ADDRESS, PORT = "127.0.0.1", 8765
HOSTS = (ADDRESS, "localhost")
QUIET = {
    "SOLARA_MODE": "production",
    "SOLARA_APP": "sim.mesa.served",
    "SOLARA_CHECK_HOOKS": "off",
    "SOLARA_ASSETS_CDN": f"http://{ADDRESS}:9/",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "Spiral",
}
"""How Solara is set up, which reads the environment when it is imported.

What the package `solara-assets` lacked, it would look for on the web: it is sent where nobody answers. That it tells
nobody anything, `sim.mesa.viewer` sees to.
"""


def main(arguments: list[str] | None = None) -> None:
    """Carry out the command, and end with the exit code of what went wrong."""
    try:
        serve.main(arguments, standalone_mode=True)
    except SpiralError as error:
        click.echo(f"spiral: {error}", err=True)
        sys.exit(error.exit_code)


@click.command()
@click.argument("scenario", default="october-2023")
@click.option("--run", "run", type=click.IntRange(0), default=0, show_default=True, help="Run to begin with.")
@click.option(
    "--parameters",
    type=click.Choice(get_args(Parameters)),
    default="posterior",
    show_default=True,
    help="Where the parameters come from, as for `spiral run`.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Where the page is served; 0 takes any that is free.",
)
def serve(scenario: str, run: int, parameters: Any, port: int) -> None:
    """Serve one run in Mesa's viewer, to step through in a browser.

    It needs the extra `viewer` and no network, and ends with Ctrl-C.
    """
    if find_spec("solara") is None:
        raise MissingExtra("the viewer needs the extra 'viewer': pip install 'spiral-sim[viewer]'")
    listening = _listening(port)
    os.environ.update(QUIET)
    warnings.filterwarnings("ignore", "Cookies with samesite=none require https")
    import uvicorn

    from sim.mesa import served

    served.begin(scenario, run, parameters)
    from solara.server.starlette import app

    port = listening.getsockname()[1]
    click.echo(f"The viewer is at http://{ADDRESS}:{port}/ and ends with Ctrl-C.")
    config = uvicorn.Config(own_pages_only(app, port), log_level="error", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[listening])


def own_pages_only(app: Any, port: int) -> Any:
    """The same ASGI application, closed to pages of other origins and to other names of this machine.

    Solara itself lets any page that is open in the browser talk to it.
    """
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    origins = {f"http://{host}:{port}".encode() for host in HOSTS}

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket" and dict(scope["headers"]).get(b"origin") not in origins:
            await send({"type": "websocket.close", "code": 1008})
            return
        await app(scope, receive, send)

    return TrustedHostMiddleware(guarded, allowed_hosts=list(HOSTS))


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server((ADDRESS, port))
    except OSError as error:
        raise SpiralError(
            f"--port {port}: cannot be listened on at {ADDRESS}: {error.strerror or error}; try another, such as "
            f"--port {port + 1}"
        ) from error


if __name__ == "__main__":
    main()
