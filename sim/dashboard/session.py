"""One reader's page: what is set and pinned, and the answer that follows. Nothing of it is shared with other readers.

All of it happens in the server's one loop but simulation, which workers do; what they find is handed over by `later`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from sim.dashboard.choosing import Choosing
from sim.dashboard.components import Acts, Imposer, Levers
from sim.dashboard.course import Course
from sim.dashboard.desk import Desk
from sim.dashboard.imposing import Refused, act_of, offers_of
from sim.dashboard.levers import levers_of
from sim.dashboard.on_request import OnRequest
from sim.dashboard.parts import Parts, pane
from sim.dashboard.pinned import called, change_against, pin_items
from sim.dashboard.run_part import RunPart
from sim.dashboard.setting import WRONG, Setting, act_text, displaced, from_query
from sim.dashboard.views import answer_view, note_view, question_view, refused_view
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
        self.closed = False
        self.pinned: Setting | None = None
        self.course: Course | None = None
        self.pinned_course: Course | None = None
        self.parts = Parts(lambda: self.asked.count_rivals())
        self.asked = OnRequest(desk, self.later, self.parts.show_rivals)
        self.choosing = Choosing(desk, self.later, self._turn, self._note)
        self.run_part = RunPart(desk.workers, self.later, self.impose)
        self.about, self.answer, self.question = pane(), pane(), pane()
        self.levers, self.imposer = Levers(sizing_mode="stretch_width"), Imposer(sizing_mode="stretch_width")
        self.acts = Acts(sizing_mode="stretch_width")
        self.pins = Acts(sizing_mode="stretch_width", in_row=True)
        self._scenario_shown = ""
        self.setting, unread = self._begin(query)
        self._watch()
        self.ask(self.setting)
        if unread:
            self.about.object = refused_view(
                f"The address could not be read: {unread}", self.setting.scenario
            )

    def _begin(self, query: Mapping[str, str]) -> tuple[Setting, str]:
        """The setting of the address, and the pinned one; where it cannot be read, as the scenario has it, and why."""
        usual = Setting(self.desk.catalogue.first)
        try:
            setting = from_query(query, usual.scenario)
            self.desk.course(setting)
            if f"{PIN}scenario" in query:
                pinned = from_query(query, usual.scenario, PIN)
                self.pinned_course, self.pinned = self.desk.course(pinned), pinned
        except WRONG as error:
            self.pinned = self.pinned_course = None
            return usual, str(error)
        return setting, ""

    def _watch(self) -> None:
        self.levers.param.watch(lambda event: self._moved(event.new), "held")
        self.imposer.param.watch(lambda event: self._take_up(event.new), "wanted")
        self.acts.param.watch(lambda event: self._lift(event.new), "chosen")
        self.pins.param.watch(lambda event: self._pin(event.new), "chosen")

    def later(self, do: Callable[[], None]) -> None:
        """Have something done by the server's loop, unless the reader has gone."""
        self._later(lambda: None if self.closed else do())

    def close(self) -> None:
        """The reader has gone: nothing of theirs goes on."""
        self.closed = True
        for course in (self.course, self.pinned_course):
            if course is not None:
                course.leave(self._hear)
        self.asked.close()

    # What the reader does

    def ask(self, setting: Setting) -> str:
        """Turn to a setting; one that cannot be asked about is told of, and the page stays where it was.

        Returns
        -------
        str
            Why it was not turned to; nothing where it was.
        """
        try:
            course = self.desk.course(setting)
            if setting.scenario != self._scenario_shown:
                self._show_scenario(setting.scenario, course)
        except WRONG as error:
            self._show_setting()  # what the reader moved goes back
            self.about.object = refused_view(str(error), self.setting.scenario)
            return str(error)
        self.about.object = ""
        old, self.course, self.setting = self.course, course, setting
        if old is not None and old is not course and old is not self.pinned_course:
            old.leave(self._hear)
        self.asked.turn_to(setting, course)
        if self.pinned_course is not None:
            self.pinned_course.want(self._hear)
        course.want(self._hear)
        self._show_setting()
        self.parts.age(course)
        if course.told is not None:
            self._show()
        elif not self.answer.object or (old is not None and old.error):
            self.answer.object = answer_view(course, setting.key, [], "", "")
        return ""

    def impose(self, action: Action) -> str:
        """Impose an act in every run, and pin what was before, so that the change is seen; tells what `ask` does."""
        before = self.setting
        refused = self.ask(before.with_acts((*before.acts, action)))
        if not refused and self.pinned is None:
            self.pin(before)
        return refused

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

    def _turn(self, name: str) -> None:
        self.ask(Setting(name))

    def _lift(self, chosen: Any) -> None:
        acts = list(self.setting.acts)
        if chosen and 0 <= chosen[0] < len(acts):
            del acts[chosen[0]]
            self.ask(self.setting.with_acts(tuple(acts)))

    def _take_up(self, given: Any) -> None:
        """Impose an act of the reader's own, or tell why it cannot be."""
        course = self.course
        if course is None or not isinstance(given, dict):
            return
        told = {"at": str(given.get("at", ""))[:20]}
        base = self.desk.catalogue.base(self.setting.scenario).scenario
        try:
            act = act_of(given, base, self.setting.acts)
        except Refused as error:
            self.imposer.told = {**told, "text": str(error), "field": error.field, "good": False}
            return
        refused = self.impose(act)
        given_way = (
            f"; in place of {', '.join(map(act_text, gone))}" if (gone := displaced(base, act)) else ""
        )
        text = refused or f"Imposed in every run: {act_text(act)}{given_way}"
        self.imposer.told = {**told, "text": text, "field": "", "good": not refused}

    def _pin(self, chosen: Any) -> None:
        number = chosen[0] if chosen else -1
        if number == 0:
            self.pin(self.setting)
        elif number == 1:
            self.ask(self.pinned or Setting(self.setting.scenario))
        elif number == 2:
            self.pin(None)

    # What is shown

    def _hear(self, _: Course) -> None:
        self.later(self._show)

    def _show(self) -> None:
        """The answer as far as it is known."""
        course = self.course
        if course is None or (course.told is None and not course.error):
            return
        pinned = "" if self.pinned is None else called(self.pinned)
        change = "" if course.told is None else change_against(self.pinned_course, course)
        self.answer.object = answer_view(course, self.setting.key, self.setting.changes, pinned, change)
        if course.told is None:
            self._hide()
            return
        before = None if self.pinned_course is None else self.pinned_course.told
        self.parts.show(course, None if before is None else before.risk)
        self.run_part.show(course)

    def _note(self, name: str) -> None:
        """Tell which scenario is being read, if any."""
        told = f"Reading {name}; what stands below is still of {self.setting.scenario}."
        self.about.object = note_view(told) if name else ""

    def _hide(self) -> None:
        """Nothing of another scenario, or of a setting before one that failed, is shown as if it were of this one."""
        self.parts.hide()
        self.run_part.hide()

    def _show_scenario(self, name: str, course: Course) -> None:
        base = self.desk.course(Setting(name))
        levers, fit = levers_of(base.scenario, base.job), base.job.posterior
        offers = offers_of(base.scenario, fit.known_until if fit else None)
        self.question.object = question_view(course.scenario)
        self.levers.levers, self.imposer.offers = levers, offers
        if self._scenario_shown:
            self._hide()
            self.answer.object = ""
        self._scenario_shown = name

    def _show_setting(self) -> None:
        held = dict(self.setting.values)
        if self.levers.held != held:
            self.levers.held = held
        self.choosing.show(self.setting.scenario)
        self.acts.heading = "Imposed in every run" if self.setting.acts else ""
        self.acts.items = [
            {"text": act_text(act), "label": "lift", "choices": []} for act in self.setting.acts
        ]
        self.pins.items = pin_items(self.pinned)
        query = self.setting.as_query()
        if self.pinned is not None:
            query |= self.pinned.as_query(PIN)
        self.levers.address = f"?{urlencode(query)}"
