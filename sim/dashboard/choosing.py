"""The scenario that a page turns to, by a list: read by a worker first, away from the loop that others wait for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import panel as pn

from sim.dashboard.setting import WRONG, Setting
from sim.dashboard.workers import SOON

if TYPE_CHECKING:
    from sim.dashboard.desk import Desk


class Choosing:
    """A list of scenarios, of which one is read at a time; of several choices meanwhile the last one counts.

    Attributes
    ----------
    list : the list
    awaited : the scenario that is being read; empty where none is

    Parameters
    ----------
    desk : Desk
    later : callable
        Has the server's loop do something.
    turn : callable
        Turns to a scenario that was read, or tells why it cannot be.
    note : callable
        Tells that a scenario is being read; with no name that none is any more.
    """

    def __init__(
        self,
        desk: Desk,
        later: Callable[[Callable[[], None]], None],
        turn: Callable[[str], None],
        note: Callable[[str], None],
    ) -> None:
        self._desk, self._later, self._turn, self._note = desk, later, turn, note
        names = list(desk.catalogue.names)
        self.list = pn.widgets.Select(label="Scenario", options=names, value=names[0], width=230, margin=0)
        self.list.param.watch(lambda event: self._choose(event.new), "value")
        self.awaited, self._shown, self._reading = "", names[0], False

    def show(self, name: str) -> None:
        """Have the list stand at the scenario that is shown, unless another one is awaited."""
        self._shown = name
        if not self.awaited:
            self.list.value = name

    def _choose(self, name: str) -> None:
        if name == self._shown:
            if self.awaited:
                self.awaited = ""
                self._note("")
            return
        self.awaited = name
        self._note(name)
        if not self._reading:
            self._read(name)

    def _read(self, name: str) -> None:
        self._reading = True
        self._desk.workers.put(SOON, partial(self._work, name))

    def _work(self, name: str) -> None:
        try:
            with suppress(*WRONG):  # told when it is asked for, in a moment
                _ = self._desk.course(Setting(name)).job
        finally:
            self._later(partial(self._was_read, name))

    def _was_read(self, name: str) -> None:
        self._reading = False
        if self.awaited == name:
            self.awaited = ""
            self._turn(name)
        elif self.awaited:
            self._read(self.awaited)
