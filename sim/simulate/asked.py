"""Questions asked of runs as they are lived: each event compiled into what the engine tells, each tree into days.

A tree has come on a day: an event on its own, several on the last of them, one of several on the first, the opposite of
something on the last day on which that could have come.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.core import diary
from sim.errors import QuestionError
from sim.outcomes import OUTCOMES, rung_key
from sim.scenario import Scenario
from sim.scenario.questions import (
    KINDS,
    Both,
    Event,
    Opposite,
    Question,
    Tree,
    events_of,
    tree_said,
    within,
)
from sim.simulate.job import Job, live_again, prepare, simulate_rows
from sim.simulate.segment import Segment

Days = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
PIECE = 4_000
"""Runs that are lived together, about."""

ABOUT = {
    "killed": diary.KILLED,
    "wounded": diary.WOUNDED,
    "avowed": diary.AVOWED,
    "strikes": diary.STRIKES,
    "quiet": diary.QUIET,
    "pause": diary.PAUSE,
    "again": diary.AGAIN,
}
ATTACKS = {"": diary.ATTACKS, "iraq": diary.IRAQ, "syria": diary.SYRIA, "jordan": diary.JORDAN}
SECOND = ("spiral", "anyway")
"""Events that a second life tells."""


@dataclass(frozen=True)
class Asked:
    """Questions of a scenario, ready to be answered from its runs.

    Attributes
    ----------
    scenario : whose days they are about
    questions : with dates within those of the scenario
    """

    scenario: Scenario
    questions: tuple[Question, ...]

    @classmethod
    def of(cls, scenario: Scenario, questions: Sequence[Question]) -> Asked:
        """Questions with what they leave open of dates filled in.

        Raises
        ------
        QuestionError
            Where a question is about days that are not of the scenario, or asks what cannot come.
        """
        first, last = scenario.start, scenario.end
        found = []
        for question in questions:
            event = within(question.event, first, last)
            given = None if question.given is None else within(question.given, first, last)
            placed = Question(question.name, event, given, question.title, question.resolves)
            for tree in (event, *(() if given is None else (given,))):
                _check(placed.name, tree, scenario)
            found.append(placed)
        return cls(scenario, tuple(found))

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All events that they are about, each once."""
        trees = [tree for q in self.questions for tree in (q.event, q.given) if tree is not None]
        return tuple(dict.fromkeys(event for tree in trees for event in events_of(tree)))

    @cached_property
    def noted(self) -> tuple[Event, ...]:
        """Of these, those that are told from the days."""
        return tuple(event for event in self.events if not _outcome(event))

    @property
    def needs_second_lives(self) -> bool:
        """Whether one of them is told by a second life."""
        return any(event.kind in SECOND for event in self.events)

    @cached_property
    def compiled(self) -> np.ndarray:
        """Events as the engine takes them, in the order of `noted`."""
        found = np.zeros(len(self.noted), diary.EVENT)
        for place, event in enumerate(self.noted):
            found[place] = _compiled(event, self.scenario.start)
        return found.view(np.recarray)

    def closing(self, tree: Tree) -> int:
        """Index of the last day on which a tree can come."""
        return max(_index(event.last, self.scenario.start) for event in events_of(tree))

    def days(self, tree: Tree, came: Mapping[Event, Days]) -> Days:
        """On which day a tree came in each run, from the days on which its events did; -1 for never."""
        if isinstance(tree, Event):
            return came[tree]
        if isinstance(tree, Opposite):
            return np.where(self.days(tree.part, came) < 0, self.closing(tree.part), -1)
        parts = np.stack([self.days(part, came) for part in tree.parts])
        if isinstance(tree, Both):
            return np.where((parts >= 0).all(axis=0), parts.max(axis=0), -1)
        never = np.iinfo(np.int64).max
        first = np.where(parts >= 0, parts, never).min(axis=0)
        return np.where(first == never, -1, first)

    def live(self, job: Job, runs: npt.NDArray[np.uint64]) -> dict[Event, Days]:
        """Live runs, and tell on which day each event came; -1 for never.

        Parameters
        ----------
        job : Job
            Of the scenario.
        runs : ndarray of uint64, shape (n,)
        """
        parts = [self.lived(job, runs[k : k + PIECE])[1] for k in range(0, len(runs), PIECE)]
        return {event: np.concatenate([part[event] for part in parts]) for event in self.events}

    def lived(
        self, job: Job, runs: npt.NDArray[np.uint64], second_lives: bool = False
    ) -> tuple[np.ndarray, dict[Event, Days]]:
        """The same, with the worlds after the last day; with second lives as `sim.simulate.job.simulate` gives them."""
        worlds, table, rows, last = prepare(job, runs)
        days = self._note(job, worlds, table, rows, last)
        if second_lives or self.needs_second_lives:
            live_again(job, runs, worlds)
        return worlds, self._came(worlds, days)

    def lived_in_rows(
        self,
        job: Job,
        runs: npt.NDArray[np.uint64],
        rows: npt.NDArray[np.int64],
        columns: Mapping[str, npt.NDArray[np.float64]],
    ) -> tuple[np.ndarray, dict[Event, Days]]:
        """The same with given rows of parameters, as `sim.simulate.job.simulate_rows` takes them."""
        days = np.empty((0, 0), np.int64)

        def noting(worlds: np.ndarray, table: np.ndarray, rows: npt.NDArray[np.int64], last: Segment) -> None:
            nonlocal days
            days = self._note(job, worlds, table, rows, last)

        worlds = simulate_rows(job, runs, rows, columns, noting)
        return worlds, self._came(worlds, days)

    def _note(
        self, job: Job, worlds: np.ndarray, table: np.ndarray, rows: npt.NDArray[np.int64], last: Segment
    ) -> Days:
        """Live the scenario's days, and note on which each event came, shape (worlds, events that days tell)."""
        days = np.empty((len(worlds), len(self.noted)), np.int64)
        room, struck = np.zeros(job.days, diary.DIARY).view(np.recarray), np.zeros(job.days, np.int64)
        seed = np.uint64(job.random_seed)
        diary.live_noting(
            worlds, table, rows, last.timeline, last.setting, seed, self.compiled, room, struck, days
        )
        return days

    def _came(self, worlds: np.ndarray, days: Days) -> dict[Event, Days]:
        came = {event: days[:, place] for place, event in enumerate(self.noted)}
        outcomes = np.asarray(worlds)["outcome"]
        for event in self.events:
            if key := _outcome(event):
                came[event] = _inside(OUTCOMES[key].of(outcomes).astype(np.int64), event, self.scenario.start)
        return came

    def told(self, question: Question, came: Mapping[Event, Days]) -> tuple[Flags, Flags]:
        """Of each run whether it met a question's condition, and whether its event came too."""
        days = self.days(question.event, came)
        met = np.ones(len(days), bool) if question.given is None else self.days(question.given, came) >= 0
        return met, met & (days >= 0)


def _outcome(event: Event) -> str:
    """The outcome whose first day tells an event; '' where it is told from the days."""
    return rung_key(event.rung) if event.kind == "rung" else KINDS[event.kind].outcome


def _inside(days: Days, event: Event, start: datetime.date) -> Days:
    first, last = (_index(day, start) for day in (event.first, event.last))
    return np.where((days >= first) & (days <= last), days, -1)


def _compiled(event: Event, start: datetime.date) -> tuple[int, ...]:
    what = ATTACKS[event.place] if event.kind == "attacks" else ABOUT[event.kind]
    low, high = event.levels if event.commander != "iranian" else (max(event.levels[0], 4), event.levels[1])
    place = diary.PLACES[event.place] if event.kind == "strikes" else -1
    return (
        what, _index(event.first, start), _index(event.last, start), event.least, int(event.daily), place, low, high,
        int(bool(event.commander)), event.days, event.within, diary.QUIET if event.of == "quiet" else diary.PAUSE,
    )  # fmt: skip


def _index(day: datetime.date | None, start: datetime.date) -> int:
    assert day is not None
    return (day - start).days


def _check(name: str, tree: Tree, scenario: Scenario) -> None:
    for event in events_of(tree):
        told = tree_said(event, scenario.start, scenario.end)
        for day in (event.first, event.last):
            assert day is not None
            if not scenario.start <= day <= scenario.end:
                raise QuestionError(
                    f"{name}: {day} in '{told}' is no day of {scenario.name}, which goes from {scenario.start} to "
                    f"{scenario.end}"
                )
        assert event.first is not None
        assert event.last is not None
        length = (event.last - event.first).days + 1
        if event.days + bool(event.within) > length:
            raise QuestionError(
                f"{name}: '{told}' has {length} days, in which {event.days + bool(event.within)} have no room"
            )
