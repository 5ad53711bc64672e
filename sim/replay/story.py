"""A run told in a few dated paragraphs, in order of date, from its log alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.replay.events import Event
from sim.replay.outcome import of_kind
from sim.replay.sentences import Sentences
from sim.replay.words import on_day, span_text
from sim.wording import day_text

if TYPE_CHECKING:
    from sim.scenario import Scenario

Dated = tuple[int, str]
"""A sentence, and the day by which it has its place."""


def story_of(log: Sequence[Event], scenario: Scenario, run: int) -> list[str]:
    """Tell a run in three to seven paragraphs.

    Parameters
    ----------
    log : sequence of Event
    scenario : Scenario
    run : int
        Its number, by which the turns of phrase vary.
    """
    return [paragraph for paragraph in _Story(log, scenario, run).paragraphs() if paragraph]


def first_of_each(log: Sequence[Event]) -> dict[str, Event]:
    """First death by fire, first strike in Iraq or of level 3 or more, first open answer, headline spiral."""
    found = {}
    for name, events in {
        "death": [e for e in of_kind(log, "attacks", "answer") if e.about["killed"]],
        "strike": [e for e in of_kind(log, "strike") if e.about["place"] == "iraq" or e.about["level"] >= 3],
        "answer": of_kind(log, "answer"),
        "spiral": [e for e in of_kind(log, "spiral") if e.about["headline"]],
    }.items():
        if events:
            found[name] = events[0]
    return found


class _Story(Sentences):
    def __init__(self, log: Sequence[Event], scenario: Scenario, run: int) -> None:
        super().__init__(log, scenario)
        self.run = run
        followed = next((event.day for event in of_kind(log, "war's end")), scenario.days)
        self.last = min(followed, scenario.days - 1)
        self.firsts = first_of_each(log)
        self.spiral = self.firsts.pop("spiral", None)
        self.severe = min(self.firsts.values(), key=lambda event: (event.day, event.phase), default=None)

    def paragraphs(self) -> list[str]:
        """Stretches of days, parted by the day of the first escalatory event and that of the headline spiral."""
        turns = sorted({event.day for event in (self.severe, self.spiral) if event})
        ends = [*(day - 1 for day in turns), self.last]
        told = [self.opening(ends[0])]
        for day, end in zip(turns, ends[1:], strict=True):
            told += [self.turn(day), self.between(day + 1, end)]
        return [*told, self.ending(), self.closing()]

    # Paragraphs

    def opening(self, last: int) -> str:
        attacks = of_kind(self.log, "attacks")
        if not attacks:
            none = (0, f"{span_text(0, self.last, self.scenario)}: no militia attacked US forces.")
            return _in_order([none, *self.dated(0, last)])
        deeds = of_kind(self.log, "attacks", "strike", "answer")
        first, begin = attacks[0], deeds[0].day
        past = f"The campaign had gone on since {day_text(self.scenario.origin)}."
        told = [(0, past)] * bool(self.scenario.past)
        told += [(first.day, self.first_attack(first))] * (first.day <= last + 1)
        return _in_order([*told, *self.stretches(begin, last), *self.dated(0, last)])

    def first_attack(self, first: Event) -> str:
        """The run's first attacks; in turns of phrase that are the same for the same run."""
        if self.scenario.past:
            return f"On {self.on(first)} {self.name(first)} launched {self.attacks(first)}."
        phrases = (
            f"On {self.on(first)} {self.name(first)} opened with {self.attacks(first)}.",
            f"It began on {self.on(first)}, with {self.attacks(first)} by {self.name(first)}.",
            f"The first to attack was {self.name(first)}, on {self.on(first)}, with {self.attacks(first)}.",
        )
        return phrases[self.run % len(phrases)]

    def turn(self, day: int) -> str:
        """The day of the first escalatory event or of the headline spiral, with all that happened on it."""
        severe, spiral = (e if e and e.day == day else None for e in (self.severe, self.spiral))
        told = []
        if severe:
            deed = f"{self.deed(severe)}.{self.driven(severe)}"
            told.append(f"The first escalatory event came on {self.on(severe)}: {deed}")
        if spiral and not severe:
            told.append(f"On {self.on(spiral)} the run came to a {spiral.about['spiral']} exchange.")
        deeds = [e for e in self._deeds_of_turn(day, whole=spiral is not None) if e is not severe]
        told += [f"The same day {self.deed(deed)}.{self.driven(deed)}" for deed in deeds]
        if spiral and severe:
            told.append(
                f"With that the run came to a {spiral.about['spiral']} exchange, on the day of its first escalatory "
                "event."
            )
        return " ".join([*told, *(text for _, text in self.dated(day, day, "The same day"))])

    def _deeds_of_turn(self, day: int, whole: bool) -> list[Event]:
        """Firsts of a day; on that of the spiral all strikes and answers."""
        firsts = [event for event in self.firsts.values() if event.day == day]
        if whole:
            firsts += [event for event in of_kind(self.log, "strike", "answer") if event.day == day]
        return sorted({id(event): event for event in firsts}.values(), key=lambda event: event.phase)

    def between(self, first: int, last: int) -> str:
        """What happened within a span of days, and the firsts in it."""
        if first > last:
            return ""
        firsts = {id(e): e for e in self.firsts.values() if first <= e.day <= last}.values()
        told = [
            (e.day, f"On {self.on(e)} {self.deed(e)}, for the first time.{self.driven(e)}") for e in firsts
        ]
        return _in_order([*self.stretches(first, last), *told, *self.dated(first, last)])

    def dated(self, first: int, last: int, when: str = "") -> list[Dated]:
        """What else is told of a span of days, a sentence each; `when` stands for their dates."""
        return [
            (event.day, f"{when or 'On ' + self.on(event)} {text}.")
            for event, text in self.asides()
            if first <= event.day <= last
        ]

    def ending(self) -> str:
        missed = f"No {self.scenario.headline} exchange came by {on_day(self.last, self.scenario)}."
        return " ".join([*[missed] * (self.spiral is None), self.rungs(), self.totals()])

    def closing(self) -> str:
        return (
            f"This is run {self.run:,} of {self.scenario.name}: one simulated history out of many, and not a forecast. "
            "Other runs of the same scenario go other ways."
        )


def _in_order(sentences: Sequence[Dated]) -> str:
    """Sentences in order of date; of one day, in the order given."""
    return " ".join(text for _, text in sorted(sentences, key=lambda dated: dated[0]))
