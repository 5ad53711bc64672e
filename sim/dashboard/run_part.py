"""The part of a page in which one run is opened, and lived otherwise."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import panel as pn

from sim.dashboard.cloud import Cloud
from sim.dashboard.components import Acts
from sim.dashboard.exports import DRAWING
from sim.dashboard.lives import Choice, Life, life_of, otherwise, side_by_side, verdict
from sim.dashboard.parts import GONE, NEW, WIDE, pane
from sim.dashboard.views import key_view, life_view, lives_view, paragraph
from sim.dashboard.workers import SOON, Workers
from sim.errors import SpiralError
from sim.replay.deeds import deed_text
from sim.replay.picking import PICKS, pick_run
from sim.replay.words import actor_name, on_day
from sim.report.figures.trace.timeline import draw_timeline
from sim.wording import day_text

if TYPE_CHECKING:
    from sim.dashboard.course import Course
    from sim.scenario import Action
    from sim.simulate.job import Job

MOST_RUNS = 1_000_000_000
NAMES = {
    "the first with the headline": "first-spiral",
    "the worst": "worst",
    "the median": "median",
    "the quietest": "quietest",
}
HINT = (
    "Each dot is one of the first 2,000 runs. Choose one, or give its number; then take an act out of it, or "
    "change it."
)


class RunPart:
    """A cloud of runs, one of them opened, its acts, and what becomes of it when one is done otherwise.

    Parameters
    ----------
    workers : Workers
    later : callable
        Has the server's loop do something.
    impose : callable
        Imposes an act in every run.
    """

    def __init__(
        self,
        workers: Workers,
        later: Callable[[Callable[[], None]], None],
        impose: Callable[[Action], str],
    ) -> None:
        self._workers, self._later, self._impose = workers, later, impose
        self._job: Job | None = None
        self._life: Life | None = None
        self._choices: list[list[Choice]] = []
        self._offered: Action | None = None
        self._shown_job: Job | None = None
        self._cloud = Cloud()
        self._number = pn.widgets.TextInput(label="Run number", value="0", max_length=10, width=120)
        self._open = pn.widgets.Button(label="Open this run", align="end")
        self._pick = pn.widgets.Select(label="Or among runs 0 to 999", options=NAMES, width=220)
        self._find = pn.widgets.Button(label="Find it", align="end")
        self._state, self._told, self._lives = pane(), pane(), pane()
        self._acts, self._offer = (Acts(sizing_mode="stretch_width") for _ in range(2))
        self._state.object = paragraph(HINT, "note")
        controls = pn.FlexBox(self._number, self._open, self._pick, self._find, align_items="end", gap="4px")
        drawn = pn.pane.Bokeh(self._cloud.drawing, **WIDE)
        self.cloud = pn.Column(pane(key_view(Cloud.KEY)), drawn, controls, self._state, **WIDE)
        self.run = pn.Column(self._told, self._acts, self._lives, self._offer, **WIDE)
        self._open.on_click(lambda _: self._open_typed())
        self._number.param.watch(lambda _: self._open_typed(), "enter_pressed")
        self._find.on_click(lambda _: self._look_for(self._pick.value))
        self._acts.param.watch(lambda event: self._change(event.new), "chosen")
        self._offer.param.watch(lambda event: self._take_up(event.new), "chosen")
        for source in self._cloud.sources.values():
            source.selected.on_change("indices", partial(self._clicked, source))

    def show(self, course: Course) -> None:
        """Draw the cloud of a setting, once its first answer stands."""
        told = course.told
        if told is None or course.job is self._shown_job or told.finding.prevented is None:
            return
        self.cloud.styles = NEW
        if self._life is None:
            self.run.styles = NEW
        self._job = self._shown_job = course.job
        self._cloud.show(course.outcomes())
        if self._life is not None:
            self.open(self._life.played.run)

    def hide(self) -> None:
        """Show no runs, until there are others."""
        self._job = self._shown_job = None
        self.cloud.styles = self.run.styles = GONE

    def open(self, run: int) -> None:
        """Open a run of the setting that is shown."""
        job = self._job
        if job is None or not 0 <= run < MOST_RUNS:
            return
        self._state.object = paragraph(f"Opening run {run:,}…", "note")
        self._in_background(lambda: self._lived(job, run))

    def _open_typed(self) -> None:
        typed = str(self._number.value).strip().replace(",", "")
        if typed.isascii() and typed.isdecimal() and int(typed) < MOST_RUNS:
            self.open(int(typed))
        else:
            said = f"{typed!r} is no run number: a whole number from 0 to {MOST_RUNS - 1:,}"
            self._state.object = paragraph(said, "note")

    def _clicked(self, source: Any, _attr: str, _old: Any, new: list[int]) -> None:
        if new:
            run = int(source.data["run"][new[0]])
            self._number.value = str(run)
            self.open(run)

    def _look_for(self, how: str) -> None:
        job = self._job
        if job is None or how not in PICKS:
            return
        self._state.object = paragraph("Searching 1,000 runs…", "note")
        self._in_background(lambda: self._lived(job, pick_run(job, how)))

    def _in_background(self, work: Callable[[], None]) -> None:
        def do() -> None:
            try:
                work()
            except SpiralError as error:
                said = paragraph(str(error), "note")
                self._later(lambda: setattr(self._state, "object", said))

        self._workers.put(SOON, do)

    def _lived(self, job: Job, run: int) -> None:
        life = life_of(job, run)
        lines, story = life.summary, life.story
        choices = [life.choices(deed) for deed in life.deeds]
        self._later(lambda: self._show_life(life, choices, lines, story, ""))
        picture = picture_of(life)
        self._later(lambda: self._show_life(life, choices, lines, story, picture))

    def _show_life(
        self, life: Life, choices: list[list[Choice]], lines: list[str], story: list[str], picture: str
    ) -> None:
        if life.played.job is not self._job:
            return
        run = life.played.run
        self.run.styles = NEW
        if life is not self._life:
            self._life, self._choices, self._offered = life, choices, None
            self._number.value = str(run)
            self._lives.object, self._offer.items, self._offer.heading = "", [], ""
            self._acts.note = "Each is lived again from that day on, with the same luck in all else."
            self._acts.heading = f"Acts of run {run:,}: take one out, or change it"
            self._acts.items = [
                {
                    "text": f"{on_day(deed.day, life.scenario)}: {deed_text(deed, life.scenario)}",
                    "label": "Live it so",
                    "choices": [choice.text for choice in made],
                }
                for deed, made in zip(life.deeds, choices, strict=True)
            ]
        self._state.object = paragraph(HINT, "note")
        self._told.object = life_view(lines, story, picture, f"Timeline of run {run}: {' '.join(lines)}")

    def _change(self, chosen: Any) -> None:
        life = self._life
        if life is None or len(chosen) < 2 or not 0 <= chosen[0] < len(self._choices):
            return
        made = self._choices[chosen[0]]
        if not 0 <= chosen[1] < len(made):
            return
        choice, deed = made[chosen[1]], life.deeds[chosen[0]]
        self._state.object = paragraph("Living it again…", "note")

        def work() -> None:
            other = otherwise(life, choice)
            said, rows = verdict(life, other), side_by_side(life, other)
            when = f"{on_day(deed.day, life.scenario)}: {choice.text}"
            self._later(lambda: self._show_lives(life, choice, lives_view(said, rows, when)))

        self._in_background(work)

    def _show_lives(self, life: Life, choice: Choice, view: str) -> None:
        if life is not self._life:
            return
        self._lives.object = view
        self._state.object = paragraph(HINT, "note")
        self._offered = choice.action
        if choice.action is None:
            self._offer.heading = "No intervention of a scenario can say this"
            self._offer.items = []
            return
        what, day = choice.action, day_text(choice.action.span[0])
        details = f" at level {what.level}" if what.level is not None else ""
        who = actor_name(what.actor, life.scenario)
        told = f"{day}, in every run: {who}: {what.action}{details}. What becomes of the risk?"
        self._offer.heading = "And in all runs?"
        self._offer.items = [{"text": told, "label": "Impose it", "choices": []}]

    def _take_up(self, chosen: Any) -> None:
        if chosen and self._offered is not None:
            self._impose(self._offered)


def picture_of(life: Life) -> str:
    """The timeline of a run as an address that holds the picture itself."""
    with DRAWING, tempfile.TemporaryDirectory() as folder:
        files = draw_timeline(life.played, life.log, Path(folder))
        content = next(file for file in files if file.suffix == ".png").read_bytes()
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"
