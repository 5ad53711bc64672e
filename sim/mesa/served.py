"""What the viewer's server shows each reader: the page that was asked for when it was started."""

from __future__ import annotations

from typing import Any

import solara

from sim.mesa.viewer import Viewer, check
from sim.simulate.job import Parameters

_CHOSEN: dict[str, Any] = {}


def begin(scenario: str, run: int, parameters: Parameters) -> None:
    """Say what is shown; see `sim.mesa.viewer.page`, whose errors it raises."""
    check(scenario, run, parameters)
    _CHOSEN.update(scenario=scenario, run=run, parameters=parameters)


@solara.component
def Page() -> None:
    """The page, as Solara looks for it."""
    Viewer(**_CHOSEN)
