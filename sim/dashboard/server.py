"""The server of the page: on this machine alone unless told otherwise, and only for pages that it gave out itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import panel as pn

from sim.dashboard.components import style_of
from sim.dashboard.desk import Desk
from sim.dashboard.session import Session

MOST_SESSIONS = 60
"""Readers at a time: each takes some megabytes, more while it counts."""

MOST_MESSAGE = 1_000_000
"""Bytes of a message from a browser, at most."""

LOCAL = ("127.0.0.1", "localhost")


def origins_of(address: str, port: int, allowed: Sequence[str] = ()) -> list[str]:
    """Hosts and ports whose pages may talk to the server: its own, and those that were allowed."""
    own = LOCAL if address in (*LOCAL, "::1") else (address,)
    return [*(f"{host}:{port}" for host in own), *allowed]


def serve(
    desk: Desk, address: str, port: int, allowed: Sequence[str] = (), started: Callable[[str], None] = print
) -> None:
    """Serve pages until interrupted.

    Parameters
    ----------
    desk : Desk
        Warm.
    address, port : where to listen
    allowed : further origins, HOST:PORT
    started : callable
        Told the page's address once it is served.

    Raises
    ------
    OSError
        When the port cannot be had.
    """
    for name in ("bokeh", "tornado.access", "panel"):
        logging.getLogger(name).setLevel(logging.ERROR)
    pages = Pages(desk)
    server = pn.serve(
        {"/": pages.page},
        port=port,
        address=address,
        websocket_origin=origins_of(address, port, allowed),
        show=False,
        start=False,
        verbose=False,
        title="Spiral",
        websocket_max_message_size=MOST_MESSAGE,
        check_unused_sessions_milliseconds=5_000,
        unused_session_lifetime_milliseconds=15_000,
        keep_alive_milliseconds=20_000,
    )
    host = f"[{address}]" if ":" in address else address
    started(f"http://{host}:{port}/")
    try:
        server.start()
        server.io_loop.start()
    finally:
        server.stop()
        desk.close()


class Pages:
    """Makes a page for each reader, as long as there are not too many."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._open = 0

    def page(self) -> Any:
        """A page for whoever asks now."""
        if self._open >= MOST_SESSIONS:
            return pn.pane.HTML(f"<p>All {MOST_SESSIONS} places are taken. Try again in a while.</p>")
        document = pn.state.curdoc
        given = {name: values[0].decode("utf-8", "replace") for name, values in pn.state.session_args.items()}

        def later(do: Callable[[], None]) -> None:
            document.add_next_tick_callback(do)

        session = Session(self._desk, given, later)
        self._open += 1
        pn.state.on_session_destroyed(partial(self._leave, session))
        return laid_out(session)

    def _leave(self, session: Session, _: Any) -> None:
        self._open -= 1
        session.close()


def laid_out(session: Session) -> Any:
    """The parts of a page in their places."""
    page = pn.Template(style_of("page.html"))
    page.add_variable("css", style_of("page.css"))
    parts, run = session.parts, session.run_part
    for name, part in {
        "choice": session.choosing.list,
        "question": session.question,
        "levers": session.levers,
        "acts": session.acts,
        "imposer": session.imposer,
        "pins": session.pins,
        "exports": session.asked.files,
        "answer": session.answer,
        "risk": parts.risk,
        "cloud": run.cloud,
        "run": run.run,
        "campaign": parts.campaign,
        "rungs": parts.rungs,
        "distributions": parts.distributions,
        "rivals": parts.rivals,
        "about": session.about,
    }.items():
        page.add_panel(name, part)
    return page
