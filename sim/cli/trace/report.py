"""What `spiral trace` prints: the log of a run by day, or its story, and what the run came to."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.experiments.why.feeding import feeding_text
from sim.experiments.why.offspring import offspring_table
from sim.replay.entry import ASIDE, GLUE, GRAVE, Entry
from sim.replay.events import Event
from sim.replay.outcome import footnotes, summary_lines
from sim.replay.replay import Replay
from sim.replay.story import story_of
from sim.replay.telling import told_by_day
from sim.replay.words import on_day, span_text
from sim.report.terminal.screen import Screen
from sim.scenario.titles import told
from sim.wording import parameters_text

if TYPE_CHECKING:
    from sim.experiments.why.feeding import Feeding

WIDTH = 100
MARGIN = " " * 13
MEAN = (
    "These are means over fresh runs with these parameters; 'brought on' and 'prevented' above are of one event in "
    "this run alone."
)
STYLES = {GRAVE: "bold", ASIDE: "dim"}


def print_trace(played: Replay, log: Sequence[Event], fed: Feeding, *, story: bool, picked: str) -> None:
    """Print a run for people, on stdout."""
    page = _Page()
    scenario = played.job.scenario
    if scenario.caution:
        page.say(scenario.caution, "bold")
    if picked:
        page.say(picked)
    page.say(scenario.question, style="bold")
    page.say(_which(played))
    page.gap()
    if story:
        for paragraph in story_of(log, scenario, played.run):
            page.say(paragraph)
            page.gap()
    else:
        _print_days(page, played, log)
        page.gap()
        page.say(f"What run {played.run:,} came to", style="bold")
        for line in summary_lines(log, scenario):
            page.say(line, indent="    ")
    page.say(f"{feeding_text(fed)}.", indent="    ")
    if not story and "all" in fed.phases:
        page.say(MEAN, "dim", indent="    ")
    for line in footnotes(log, scenario):
        page.say(line, "dim", indent="    ")


def _which(played: Replay) -> str:
    job = played.job
    made = parameters_text(job.parameters)
    return (
        f"Run {played.run:,} of {job.scenario.name}, seed {job.random_seed}, parameters {made}: one simulated history "
        "out of many, not a forecast."
    )


class _Page:
    """The screen, at most 100 columns wide."""

    def __init__(self) -> None:
        self.screen = Screen()
        self.width = max(60, min(self.screen.width, WIDTH))

    def say(self, line: str, style: str = "", first: str = "", indent: str = "") -> None:
        for part in textwrap.wrap(
            told(line), self.width, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
        ):
            self.screen.as_it_is(part.replace(GLUE, " "), style)

    def gap(self) -> None:
        self.screen.print()


def _print_days(page: _Page, played: Replay, log: Sequence[Event]) -> None:
    scenario, brought = played.job.scenario, _brought_on(played)
    before = -1
    for day, entries in told_by_day(log, scenario):
        if day - before > 1:
            page.say(f"{span_text(before + 1, day - 1, scenario)}: nothing", style="dim")
        before = day
        head = f"{on_day(day, scenario):<{len(MARGIN)}}"
        for entry, event in entries:
            _print_entry(page, entry, head, brought.get((day, _side(event)), None))
            head = MARGIN
    if played.days - 1 > before:
        rest = "not followed" if int(played.outcome["censored_day"]) >= 0 else "nothing"
        page.say(f"{span_text(before + 1, played.days - 1, scenario)}: {rest}", style="dim")


def _print_entry(page: _Page, entry: Entry, head: str, brought: int | None) -> None:
    style = STYLES.get(entry.weight, "")
    page.say(entry.text, style, first=head, indent=MARGIN + "  ")
    reasons = entry.reasons
    if brought:
        more = "brought on" if brought > 0 else "prevented"
        events = "escalatory event" if abs(brought) == 1 else "escalatory events"
        reasons = (*reasons, f"{more} {abs(brought)} further {events}, all else equal")
    for reason in reasons:
        page.say(reason, "dim", first=MARGIN + "    ", indent=MARGIN + "      ")


def _side(event: Event) -> str:
    """By what an escalatory event is told apart from others of its day."""
    return {"strike": "us", "answer": "iran", "attacks": event.actor}.get(event.kind, "")


def _brought_on(played: Replay) -> Mapping[tuple[int, str], int]:
    """What each escalatory event directly brought on, by day and by who did it."""
    from sim.core.offspring import KINDS
    from sim.simulate.setting import militias_in_order

    table = offspring_table(played.job, np.array([played.run], np.uint64))
    names = list(militias_in_order(played.job.scenario))
    found = {}
    for row in table.to_dict("records"):
        side = (
            names[row["militia"]] if row["militia"] >= 0 else "iran" if row["kind"] == "open answer" else "us"
        )
        found[row["day"], side] = sum(row[kind] for kind in KINDS)
    return found
