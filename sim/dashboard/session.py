"""One reader's page: what is set and pinned, and the answer that follows. Nothing of it is shared with other readers.

All of it happens in the server's one loop but simulation, which workers do; what they find is handed over by `later`.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlencode

from sim.dashboard.components import Acts, Files, Levers
from sim.dashboard.course import Course
from sim.dashboard.desk import Desk
from sim.dashboard.exports import File, figure_file, report_file, report_maker, scenario_file, tables_file
from sim.dashboard.levers import levers_of
from sim.dashboard.parts import Parts, pane
from sim.dashboard.rivals import Rivals
from sim.dashboard.run_part import RunPart
from sim.dashboard.setting import Setting, act_text, from_query
from sim.dashboard.told import change_text
from sim.dashboard.views import answer_view, paragraph, question_view
from sim.dashboard.workers import SOON
from sim.errors import SpiralError
from sim.scenario import Action

PIN = "pin_"
"""Begins the keys of an address that are of the pinned setting."""


class Session:
    """A page and its reader.

    Parameters
    ----------
    desk : Desk
        Workers, scenarios and courses, shared with other pages.
    query : mapping
        Keys and values of the address, not to be trusted.
    later : callable
        Has the server's loop call something soon; safe in any thread.
    """

    def __init__(
        self, desk: Desk, query: Mapping[str, str], later: Callable[[Callable[[], None]], None]
    ) -> None:
        self.desk, self._later = desk, later
        self.closed, self._busy, self._reported = False, False, False
        self.pinned: Setting | None = None
        self.course: Course | None = None
        self.pinned_course: Course | None = None
        self._rivals: Rivals | None = None
        self.parts = Parts(desk.catalogue.names, self._count_rivals)
        self.run_part = RunPart(desk.workers, self.later, self.impose)
        self.answer, self.question = pane(), pane()
        self.levers, self.files = Levers(sizing_mode="stretch_width"), Files(sizing_mode="stretch_width")
        self.acts = Acts(sizing_mode="stretch_width")
        self.pins = Acts(sizing_mode="stretch_width", in_row=True)
        self.files.offers = _offers()
        self.setting = self._begin(query)
        self._scenario_shown = ""
        self._watch()
        self.ask(self.setting)

    def _begin(self, query: Mapping[str, str]) -> Setting:
        """The setting of the address, and the pinned one; where it cannot be read, as the scenario has it."""
        usual = Setting(self.desk.catalogue.first)
        try:
            setting = from_query(query, usual.scenario)
            self.desk.course(setting)
            if f"{PIN}scenario" in query:
                pinned = from_query(query, usual.scenario, PIN)
                self.pinned_course, self.pinned = self.desk.course(pinned), pinned
        except (SpiralError, ValueError) as error:
            self.parts.about.object = paragraph(f"The address could not be read: {error}", "note")
            self.pinned = self.pinned_course = None
            return usual
        return setting

    def _watch(self) -> None:
        self.levers.param.watch(lambda event: self._moved(event.new), "held")
        self.files.param.watch(lambda event: self._make(event.new), "wanted")
        self.acts.param.watch(lambda event: self._lift(event.new), "chosen")
        self.pins.param.watch(lambda event: self._pin(event.new), "chosen")
        self.parts.choice.param.watch(lambda event: self._choose(event.new), "value")

    def later(self, do: Callable[[], None]) -> None:
        """Have something done by the server's loop, unless the reader has gone."""
        self._later(lambda: None if self.closed else do())

    def close(self) -> None:
        """The reader has gone: nothing of theirs goes on."""
        self.closed = True
        for course in (self.course, self.pinned_course):
            if course is not None:
                course.leave(self._hear)
        if self._rivals is not None:
            self._rivals.stop()

    # What the reader does

    def ask(self, setting: Setting) -> None:
        """Turn to a setting; one that no scenario can hold is told of, and the page stays where it was."""
        try:
            course = self.desk.course(setting)
        except (SpiralError, ValueError) as error:
            self.answer.object = f'<div class="answer" role="alert">{paragraph(str(error), "lead")}</div>'
            return
        old, self.course, self.setting = self.course, course, setting
        if old is not None and old is not course and old is not self.pinned_course:
            old.leave(self._hear)
        if self._rivals is not None and old is not course:
            self._rivals.stop()
            self._rivals = None
        if setting.scenario != self._scenario_shown:
            self._show_scenario(course)
        if self.pinned_course is not None:
            self.pinned_course.want(self._hear)
        course.want(self._hear)
        self._show_setting()
        self.parts.age(course)
        if course.told is not None:
            self._show()
        elif not self.answer.object:
            self.answer.object = answer_view(course, setting.key, [], "", "")

    def impose(self, action: Action) -> None:
        """Impose an act in every run, and pin what was before, so that the change is seen."""
        if self.pinned is None:
            self.pin(self.setting)
        self.ask(self.setting.with_acts((*self.setting.acts, action)))

    def pin(self, setting: Setting | None) -> None:
        """Hold all that follows against a setting, or against none."""
        if self.pinned_course is not None and self.pinned_course is not self.course:
            self.pinned_course.leave(self._hear)
        self.pinned, self.pinned_course = setting, None if setting is None else self.desk.course(setting)
        self.ask(self.setting)

    def _moved(self, held: Any) -> None:
        values = {str(n): v for n, v in held.items() if isinstance(v, int | float) and math.isfinite(v)}
        setting = self.setting.with_values(values)
        if setting != self.setting:
            self.ask(setting)

    def _choose(self, name: str) -> None:
        if name == self.setting.scenario or self._busy:
            return
        self._busy = True

        def load() -> None:
            with suppress(SpiralError):  # told when it is asked for, in a moment
                self.desk.course(Setting(name))  # which reads it, away from the loop that others wait for
            self.later(partial(self._chosen, name))

        self.desk.workers.put(SOON, load)

    def _chosen(self, name: str) -> None:
        self._busy = False
        self.ask(Setting(name))
        self.parts.choice.value = self.setting.scenario

    def _lift(self, chosen: Any) -> None:
        acts = list(self.setting.acts)
        if chosen and 0 <= chosen[0] < len(acts):
            del acts[chosen[0]]
            self.ask(self.setting.with_acts(tuple(acts)))

    def _pin(self, chosen: Any) -> None:
        number = chosen[0] if chosen else -1
        if number == 0:
            self.pin(self.setting)
        elif number == 1 and self.pinned is not None:
            self.ask(self.pinned)
        elif number == 1:
            self.ask(Setting(self.setting.scenario))
        elif number == 2:
            self.pin(None)

    def _count_rivals(self) -> None:
        if self._rivals is None and self.course is not None:
            self._rivals = Rivals(self.course, self.desk.workers, self._hear_rivals)
        self.parts.show_rivals(self._rivals)

    def _hear_rivals(self, rivals: Rivals) -> None:
        self.later(partial(self._show_rivals, rivals))

    def _show_rivals(self, rivals: Rivals) -> None:
        if rivals is not self._rivals:
            return
        self.parts.show_rivals(rivals)
        if rivals.worlds and self._reported:
            self._reported = False
            self._make("report")

    def _make(self, wanted: str) -> None:
        kind, course, setting = wanted.partition(" ")[0], self.course, self.setting
        altered = {} if self._rivals is None else self._rivals.altered
        makers: dict[str, Callable[[], File]] = {
            "yaml": lambda: scenario_file(self.desk.catalogue, setting),
            "tables": lambda: tables_file(_of(course), setting),
            "png": lambda: figure_file(_of(course), setting, "png"),
            "svg": lambda: figure_file(_of(course), setting, "svg"),
            "report": lambda: report_file(_of(course), setting, altered),
        }
        if kind not in makers:
            return
        if kind == "report" and not altered:
            self._reported = True
            self._count_rivals()
            self.files.state = "counting rival explanations for it first…"
            return
        self.files.state = "being made…"

        def work() -> None:
            try:
                made = makers[kind]()
            except (LookupError, SpiralError, OSError, ValueError) as error:
                told = str(error.args[0] if error.args else error)
                self.later(partial(setattr, self.files, "state", told))
                return
            self.later(partial(self._hand_over, made))

        self.desk.workers.put(SOON, work)

    def _hand_over(self, made: File) -> None:
        content = base64.b64encode(made.content).decode()
        self.files.file = {"name": made.name, "kind": made.kind, "content": content}
        self.files.file = {}  # kept by the browser alone
        self.files.state = f"{made.name} is handed over"

    # What is shown

    def _hear(self, _: Course) -> None:
        self.later(self._show)

    def _show(self) -> None:
        """The answer as far as it is known."""
        course = self.course
        if course is None or (course.told is None and not course.error):
            return
        pinned = "" if self.pinned is None else _called(self.pinned)
        changes = self.setting.changes
        self.answer.object = answer_view(course, self.setting.key, changes, pinned, self._change())
        if course.told is not None:
            before = None if self.pinned_course is None else self.pinned_course.told
            self.parts.show(course, None if before is None else before.risk)
            self.run_part.show(course)

    def _change(self) -> str:
        """What the setting changes of the pinned one, with the same runs and the same luck; nothing where none is."""
        course, pinned = self.course, self.pinned_course
        if course is None or pinned is None or pinned is course or pinned.told is None:
            return ""
        if course.scenario.headline != pinned.scenario.headline or course.parameters != pinned.parameters:
            return "it asks another question, or its parameters come from elsewhere"
        if (course.scenario.start, course.scenario.end) != (pinned.scenario.start, pinned.scenario.end):
            return "it is of other days, so that the two are not held against each other"
        drawn = course.parameters != "default"
        return change_text(course.rows(), pinned.rows(), course.scenario.headline, drawn)

    def _show_scenario(self, course: Course) -> None:
        self._scenario_shown = self.setting.scenario
        base = self.desk.course(Setting(self.setting.scenario))
        self.question.object = question_view(course.scenario)
        self.levers.levers = levers_of(base.scenario, base.job)
        self.parts.choice.value = self.setting.scenario

    def _show_setting(self) -> None:
        held = dict(self.setting.values)
        if self.levers.held != held:
            self.levers.held = held
        self.acts.heading = "Imposed in every run" if self.setting.acts else ""
        self.acts.items = [
            {"text": act_text(act), "label": "lift", "choices": []} for act in self.setting.acts
        ]
        self.pins.items = self._pin_items()
        query = self.setting.as_query()
        if self.pinned is not None:
            query |= self.pinned.as_query(PIN)
        self.levers.address = f"?{urlencode(query)}"

    def _pin_items(self) -> list[dict[str, Any]]:
        if self.pinned is None:
            back = {"text": "Undo all that is set", "label": "Reset", "choices": []}
            return [{"text": "Hold what follows against this setting", "label": "Pin", "choices": []}, back]
        told = _called(self.pinned)
        return [
            {"text": "Hold what follows against this setting instead", "label": "Pin", "choices": []},
            {"text": f"Pinned: {told}", "label": "Go back", "choices": []},
            {"text": "Hold it against nothing", "label": "Unpin", "choices": []},
        ]


def _called(setting: Setting) -> str:
    """What a pinned setting is called: its scenario, and what was set in it."""
    return ", ".join((setting.scenario, *setting.changes))


def _of(course: Course | None) -> Course:
    if course is None:
        raise LookupError("there is no answer yet")
    return course


def _offers() -> list[list[str]]:
    offers = [
        ["yaml", "Scenario (YAML)"],
        ["tables", "Tables (CSV)"],
        ["png", "Figure (PNG)"],
        ["svg", "Figure (SVG)"],
    ]
    return [*offers, ["report", "Report (HTML)"]] if report_maker() is not None else offers
