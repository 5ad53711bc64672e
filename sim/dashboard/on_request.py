"""What a page makes only when its reader asks for it: rival explanations, and files to take along."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sim.dashboard.components import Files
from sim.dashboard.exports import File, figure_file, report_file, report_maker, scenario_file, tables_file
from sim.dashboard.rivals import Rivals
from sim.dashboard.workers import SOON
from sim.errors import SpiralError

if TYPE_CHECKING:
    from sim.dashboard.course import Course
    from sim.dashboard.desk import Desk
    from sim.dashboard.setting import Setting


class OnRequest:
    """Rivals and files of the setting that is shown.

    Attributes
    ----------
    files : the buttons
    rivals : counted, or being counted; None until somebody asks

    Parameters
    ----------
    desk : Desk
    later : callable
        Has the server's loop do something.
    show : callable
        Shows rivals, or that there are none.
    """

    def __init__(
        self,
        desk: Desk,
        later: Callable[[Callable[[], None]], None],
        show: Callable[[Rivals | None], None],
    ) -> None:
        self._desk, self._later, self._show = desk, later, show
        self._course: Course | None = None
        self._setting: Setting | None = None
        self._reported = False
        self.rivals: Rivals | None = None
        self.files = Files(sizing_mode="stretch_width")
        self.files.offers = _offers()
        self.files.param.watch(lambda event: self.make(event.new), "wanted")

    def turn_to(self, setting: Setting, course: Course) -> None:
        """Make files of another setting from now on; the rivals of the one before are counted no more."""
        if self.rivals is not None and course is not self._course:
            self.rivals.stop()
            self.rivals = None
        self._setting, self._course = setting, course

    def close(self) -> None:
        """Nobody asks any more."""
        if self.rivals is not None:
            self.rivals.stop()

    def count_rivals(self) -> None:
        """Count rival explanations of the setting, once."""
        if self.rivals is None and self._course is not None:
            self.rivals = Rivals(self._course, self._desk.workers, self._hear)
        self._show(self.rivals)

    def _hear(self, rivals: Rivals) -> None:
        self._later(partial(self._counted, rivals))

    def _counted(self, rivals: Rivals) -> None:
        if rivals is not self.rivals:
            return
        self._show(rivals)
        if rivals.worlds and self._reported:
            self._reported = False
            self.make("report")

    def make(self, wanted: str) -> None:
        """Have a file made by a worker, and handed over."""
        kind, course, setting = wanted.partition(" ")[0], self._course, self._setting
        if course is None or setting is None:
            return
        altered = {} if self.rivals is None else self.rivals.altered
        makers: dict[str, Callable[[], File]] = {
            "yaml": lambda: scenario_file(self._desk.catalogue, setting),
            "tables": lambda: tables_file(course, setting),
            "png": lambda: figure_file(course, setting, "png"),
            "svg": lambda: figure_file(course, setting, "svg"),
            "report": lambda: report_file(course, setting, altered),
        }
        if kind not in makers:
            return
        if kind == "report" and not altered:
            self._reported = True
            self.count_rivals()
            self.files.state = "counting rival explanations for it first…"
            return
        self.files.state = "being made…"
        self._desk.workers.put(SOON, partial(self._work, makers[kind]))

    def _work(self, make: Callable[[], File]) -> None:
        try:
            made = make()
        except (LookupError, SpiralError, OSError, ValueError) as error:
            told = str(error.args[0] if error.args else error)
            self._later(partial(setattr, self.files, "state", told))
            return
        self._later(partial(self._hand_over, made))

    def _hand_over(self, made: File) -> None:
        content = base64.b64encode(made.content).decode()
        self.files.file = {"name": made.name, "kind": made.kind, "content": content}
        self.files.file = {}  # kept by the browser alone
        self.files.state = f"{made.name} is handed over"


def _offers() -> list[list[str]]:
    offers = [
        ["yaml", "Scenario (YAML)"],
        ["tables", "Tables (CSV)"],
        ["png", "Figure (PNG)"],
        ["svg", "Figure (SVG)"],
    ]
    return [*offers, ["report", "Report (HTML)"]] if report_maker() is not None else offers
