"""Whether what the dashboard needs is installed."""

from __future__ import annotations

from importlib.util import find_spec

from sim.errors import MissingExtra


def require_extra() -> None:
    """Refuse where Panel is missing; it is not imported for that.

    Raises
    ------
    MissingExtra
        In one line that says how to install it.
    """
    if find_spec("panel") is None:
        raise MissingExtra(
            "spiral dashboard needs the extra 'dashboard': pip install 'spiral-sim[dashboard]'"
        )
