"""A run told in a few dated paragraphs, from its log alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.replay.events import Event
from sim.replay.outcome import of_kind
from sim.replay.sentences import Sentences, mark, upper
from sim.replay.words import (
    on_day,
    span_text,
    times,
)
from sim.wording import day_text

if TYPE_CHECKING:
    from sim.scenario import Scenario


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
        self.last = scenario.days - 1
        self.firsts = first_of_each(log)
        severe = [event for name, event in self.firsts.items() if name != "spiral"]
        self.severe = min(severe, key=lambda event: (event.day, event.phase)) if severe else None
        self.spiral = self.firsts.get("spiral")

    def paragraphs(self) -> list[str]:
        pressed = of_kind(self.log, "pressing")
        early = pressed and (self.spiral is None or pressed[0].day <= self.spiral.day)
        bargain, spiral = [self.bargain()], [self.breaking_point()]
        middle = [*bargain, *spiral] if early else [*spiral, *bargain]
        return [self.opening(), self.turn(), self.between(), *middle, self.ending(), self.closing()]

    def vary(self, *phrases: str) -> str:
        """One of several turns of phrase, the same for the same run."""
        return phrases[self.run % len(phrases)]

    # Paragraphs

    def opening(self) -> str:
        attacks = of_kind(self.log, "attacks")
        last = self.severe.day - 1 if self.severe else self.last
        if not attacks:
            return f"{span_text(0, self.last, self.scenario)}: no militia attacked US forces."
        first = attacks[0]
        if self.scenario.past:
            begin = f"The campaign had gone on since {day_text(self.scenario.origin)}. "
            begin += f"On {self.on(first)} {self.name(first)} launched {self.attacks(first)}."
            return f"{begin} {self.stretches(0, last)}" if last >= first.day else begin
        begin = self.vary(
            f"On {self.on(first)} {self.name(first)} opened with {self.attacks(first)}.",
            f"It began on {self.on(first)}, with {self.attacks(first)} by {self.name(first)}.",
            f"The first to attack was {self.name(first)}, on {self.on(first)}, with {self.attacks(first)}.",
        )
        return f"{begin} {self.stretches(0, last)}" if last >= first.day else begin

    def turn(self) -> str:
        """The first severe event, and others that follow on the same day."""
        event = self.severe
        if event is None:
            return ""
        lead = self.vary(
            "The border was crossed on", "The first severe event came on", "A line was crossed on"
        )
        others = [
            e for name, e in self.firsts.items() if e.day == event.day and e is not event and name != "spiral"
        ]
        more = "".join(f" The same day {self.deed(other)}.{self.driven(other)}" for other in others)
        if self.spiral and self.spiral.day == event.day:
            more += f" With that the run came to a {self.spiral.about['spiral']} spiral, on its very first severe day."
        return f"{lead} {self.on(event)}: {self.deed(event)}.{self.driven(event)}{more}"

    def between(self) -> str:
        """From the first severe event to the spiral or the end, with the other firsts."""
        if self.severe is None:
            return ""
        first, last = self.severe.day + 1, (self.spiral.day - 1 if self.spiral else self.last)
        if first > last:
            return ""
        firsts = [
            f"On {self.on(event)} {self.deed(event)}, for the first time.{self.driven(event)}"
            for name, event in sorted(self.firsts.items(), key=lambda item: item[1].day)
            if name != "spiral" and first <= event.day <= last and event is not self.severe
        ]
        return " ".join([self.stretches(first, last), *firsts, *self.orders(first, last)])

    def orders(self, first: int, last: int) -> list[str]:
        """Talks and orders on a withdrawal within a span."""
        verbs = {
            "talks": "talks on a withdrawal of US troops opened",
            "order": "Baghdad ordered US troops to leave",
        }
        found = [e for e in of_kind(self.log, *verbs) if first <= e.day <= last]
        return [f"On {self.on(event)} {verbs[event.kind]}." for event in found]

    def bargain(self) -> str:
        pressed, broken = of_kind(self.log, "pressing"), of_kind(self.log, "breach")
        if not pressed:
            return ""
        first, when = pressed[0], "first on" if len(pressed) > 1 else "on"
        text = f"Baghdad pressed the militias {times(len(pressed))}, {when} {self.on(first)}{mark(first)}."
        if not broken:
            return f"{text} No bargain was broken; what was agreed faded by itself."
        last = broken[-1]
        if len(broken) == 1:
            return f"{text} The bargain was broken on {self.on(last)} by {last.about['by']}."
        return f"{text} Bargains were broken {times(len(broken))}, last on {self.on(last)} by {last.about['by']}."

    def breaking_point(self) -> str:
        if self.spiral is None or (self.severe and self.severe.day == self.spiral.day):
            return ""
        day, kind = self.spiral.day, self.spiral.about["spiral"]
        lead = self.vary("Then it tipped.", "This is where it broke.", "There was no way back.")
        causes = [e for e in self.log if e.day == day and e.kind in ("strike", "answer")]
        deeds = "".join(f" {upper(self.deed(event))}.{self.driven(event)}" for event in causes)
        return f"{lead} On {self.on(self.spiral)} the run came to a {kind} spiral.{deeds}"

    def ending(self) -> str:
        parts = []
        if self.spiral and self.spiral.day < self.last:
            first = self.spiral.day + 1
            parts += [self.stretches(first, self.last), *self.orders(self.spiral.day, self.last)]
        elif self.spiral is None:
            parts.append(f"No {self.scenario.headline} spiral came by {on_day(self.last, self.scenario)}.")
        return " ".join([*parts, self.rungs()])

    def closing(self) -> str:
        return (
            f"This is run {self.run:,} of {self.scenario.name}: one simulated history out of many, and not a forecast. "
            "Other runs of the same scenario go other ways."
        )
