"""What a story tells beside the fighting: spirals, false alarms, pauses, bargains, a withdrawal, the end of a war."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.replay.events import Event
from sim.replay.outcome import harm_of, of_kind
from sim.replay.words import actor_name, counted, listed, on_day

if TYPE_CHECKING:
    from sim.scenario import Scenario

LONG, MOST_PAUSES = 14, 3
"""Days from which on a pause is told of by itself, and how many are."""
Aside = tuple[Event, str]
"""An event, and what is said of it after its date."""


def asides_of(log: Sequence[Event], scenario: Scenario) -> list[Aside]:
    """Say in order of date what is worth a sentence of its own."""
    found = [
        *_other_spirals(log),
        *_false_alarms(log, scenario),
        *_pauses(log, scenario),
        *_bargains(log),
        *_withdrawal(log),
        *_ends(log),
    ]
    return sorted(found, key=lambda aside: (aside[0].day, aside[0].phase))


def _other_spirals(log: Sequence[Event]) -> Iterator[Aside]:
    for event in of_kind(log, "spiral"):
        if not event.about["headline"]:
            yield event, f"the run came to a {event.about['spiral']} exchange"


def _false_alarms(log: Sequence[Event], scenario: Scenario) -> Iterator[Aside]:
    alarms = of_kind(log, "false alarm")
    if alarms:
        first, last = alarms[0], alarms[-1]
        more = harm_of(alarms[1:], "alarm")
        others = f", and {more:,} more in others by {on_day(last.day, scenario)}" if more else ""
        count = first.about["killed"]
        troops = "soldier" if count == 1 else "soldiers"
        yield first, f"{count:,} US {troops} died in a false alarm{others}"


def _pauses(log: Sequence[Event], scenario: Scenario) -> Iterator[Aside]:
    """The longest pauses; of the others the first stands for all."""
    spans = _spans_of_pauses(log, scenario.days)
    longest = sorted((span for span in spans if span[1] >= LONG), key=lambda span: -span[1])[:MOST_PAUSES]
    for event, days, revoked in longest:
        yield event, f"{_pause_text(event, scenario)}; {_length(days, revoked)}"
    short = [span for span in spans if span not in longest]
    if short:
        event, days, revoked = short[0]
        others = f", the first of {len(short):,} short ones" if len(short) > 1 else ""
        yield event, f"a pause was declared{others}; {_length(days, revoked)}"
    turns = of_kind(log, "pause", "return")
    if turns and turns[0].kind == "return":
        lasted = counted(turns[0].about["lasted"], "day")
        yield turns[0], f"a pause that stood from before was revoked after {lasted}"


def _spans_of_pauses(log: Sequence[Event], end: int) -> list[tuple[Event, int, bool]]:
    """Each pause that was declared, with its days and whether it was revoked."""
    turns = of_kind(log, "pause", "return")
    last = next((event.day for event in of_kind(log, "war's end")), end)
    found = []
    for place, event in enumerate(turns):
        if event.kind == "pause":
            revoked = place + 1 < len(turns)
            found.append((event, (turns[place + 1].day if revoked else last) - event.day, revoked))
    return found


def _pause_text(event: Event, scenario: Scenario) -> str:
    who = {
        "groups": "the groups together declared a pause", "iran": "Tehran had the militias declare a pause",
        "iraq": "Baghdad's bargain brought a pause",
    }[event.about["by"]]  # fmt: skip
    heeded = [actor_name(name, scenario) for name in event.about["heeded"]]
    if len(heeded) == len(scenario.actors.militias):
        return f"{who}, heeded by all"
    return f"{who}, heeded by {listed(heeded) or 'nobody'}"


def _length(days: int, revoked: bool) -> str:
    return f"it was revoked after {counted(days, 'day')}" if revoked else "it was not revoked"


def _ends(log: Sequence[Event]) -> Iterator[Aside]:
    for event in of_kind(log, "called off"):
        yield event, "the exchange was called off, as Tehran's answer had killed nobody"
    for event in of_kind(log, "war's end"):
        yield event, "the run was followed no further, and counts as at war from there on"


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
