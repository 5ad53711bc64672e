"""What a story tells beside the fighting: spirals, false alarms, militias that stand down, bargains, a withdrawal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.replay.events import Event
from sim.replay.outcome import harm_of, of_kind
from sim.replay.words import actor_name, on_day

if TYPE_CHECKING:
    from sim.scenario import Scenario

Aside = tuple[Event, str]
"""An event, and what is said of it after its date."""


def asides_of(log: Sequence[Event], scenario: Scenario) -> list[Aside]:
    """Say in order of date what is worth a sentence of its own."""
    found = [
        *_other_spirals(log),
        *_false_alarms(log, scenario),
        *_stood_down(log, scenario),
        *_bargains(log),
        *_withdrawal(log),
    ]
    return sorted(found, key=lambda aside: (aside[0].day, aside[0].phase))


def _other_spirals(log: Sequence[Event]) -> Iterator[Aside]:
    for event in of_kind(log, "spiral"):
        if not event.about["headline"]:
            yield event, f"the run came to a {event.about['spiral']} spiral"


def _false_alarms(log: Sequence[Event], scenario: Scenario) -> Iterator[Aside]:
    alarms = of_kind(log, "false alarm")
    if alarms:
        first, last = alarms[0], alarms[-1]
        more = harm_of(alarms[1:], "alarm")
        others = f", and {more:,} more in others by {on_day(last.day, scenario)}" if more else ""
        count = first.about["killed"]
        troops = "soldier" if count == 1 else "soldiers"
        yield first, f"{count:,} US {troops} died in a false alarm{others}"


def _stood_down(log: Sequence[Event], scenario: Scenario) -> Iterator[Aside]:
    """Militias whose last turn was to stand down."""
    turns = {event.actor: event for event in of_kind(log, "stand-down", "resumption")}
    last = [event for event in turns.values() if event.kind == "stand-down"]
    last.sort(key=lambda event: event.day)
    for number, event in enumerate(last, 1):
        text = f"{actor_name(event.actor, scenario)} stood down until the end"
        everyone = len(scenario.actors.militias)
        yield event, text + (", the last of the militias to do so" if number == everyone > 1 else "")


def _bargains(log: Sequence[Event]) -> Iterator[Aside]:
    pressed, broken = of_kind(log, "pressing"), of_kind(log, "breach")
    if pressed:
        first = pressed[0]
        often = "for the only time" if len(pressed) == 1 else f"for the first of {len(pressed):,} times"
        kept = "" if broken else "; no bargain was broken"
        yield (
            first,
            f"Baghdad pressed the militias {often}{f' ({first.imposed})' * bool(first.imposed)}{kept}",
        )
    if broken:
        often = "for the only time" if len(broken) == 1 else f"for the first of {len(broken):,} times"
        yield broken[0], f"a bargain was broken {often}, by {broken[0].about['by']}"


def _withdrawal(log: Sequence[Event]) -> Iterator[Aside]:
    verbs = {
        "talks": "talks on a withdrawal of US troops opened",
        "order": "Baghdad ordered US troops to leave",
    }
    for event in of_kind(log, *verbs):
        yield event, verbs[event.kind]
