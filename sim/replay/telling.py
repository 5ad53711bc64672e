"""A run's log in words: one entry an event, with what it was decided by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from sim.replay.entry import ASIDE, GRAVE, PLAIN, Entry, harm_text, why
from sim.replay.events import Event
from sim.replay.militias_told import (
    tell_alarm,
    tell_attacks,
    tell_joins,
    tell_ordered,
    tell_pause,
    tell_return,
)
from sim.replay.washington_told import (
    tell_called_off,
    tell_decision,
    tell_hold,
    tell_lapse,
    tell_preparation,
    tell_strike,
)
from sim.replay.words import actor_name, factor_text, short_day
from sim.wording import RUNG_NAMES, number_text, percent

if TYPE_CHECKING:
    from sim.scenario import Scenario


def told_by_day(log: Sequence[Event], scenario: Scenario) -> list[tuple[int, list[tuple[Entry, Event]]]]:
    """Days on which something happened, with what is said of each event."""
    found = []
    for day, events in groupby(log, key=lambda event: event.day):
        today = list(events)
        found.append(
            (day, [(_entry(event, today, scenario), event) for event in today if event.kind != "attack"])
        )
    return found


def _entry(event: Event, today: Sequence[Event], scenario: Scenario) -> Entry:
    entry = _TELLERS[event.kind](event, today, scenario)
    if not event.imposed:
        return entry
    return Entry(f"{entry.text} ({event.imposed})", entry.reasons, entry.weight)


# Baghdad


def _pressing(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    promise = [
        f"{actor_name(name, scenario)} {percent(value)}" for name, value in event.about["restraint"].items()
    ]
    return Entry(
        f"Baghdad presses the militias; restraint promised: {', '.join(promise)}", why(event, scenario)
    )


def _breach(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    made = "" if event.about["made"] is None else f" of {short_day(event.about['made'], scenario)}"
    return Entry(f"The bargain{made} is broken by {event.about['by']}")


def _iraqis(_event: Event, _today: Sequence[Event], _scenario: Scenario) -> Entry:
    return Entry("The strike kills Iraqis")


def _withdrawal(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    about = event.about
    what = "Talks on a US withdrawal open" if event.kind == "talks" else "Baghdad orders US troops to leave"
    since = "" if about["since"] is None else f", chiefly since {short_day(about['since'], scenario)}"
    strain = f"strain {factor_text(about['strain'])}, threshold {factor_text(about['threshold'])}{since}"
    return Entry(what, (strain,), GRAVE)


# Tehran


def _stance(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    towards = "restraining" if event.kind == "brake" else "urging"
    return Entry(f"Tehran turns to {towards} the militias", why(event, scenario, "its reasons to restrain"))


def _supply(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    about = event.about
    stance = f"{about['stance']:+.2f}"
    towards = "restraining" if about["stance"] > 0 else "urging"
    if float(stance) == 0.0:
        towards, stance = "neither restraining nor urging", "0"
    count = number_text(float(f"{about['delivered']:.2g}"))
    worth = f"{count} attack's worth" if count == "1" else f"{count} attacks' worth"
    worth = worth if about["delivered"] >= 0.05 else "nothing"
    when = "today" if about["since"] == event.day else f"since {short_day(about['since'], scenario)}"
    text = f"Tehran has supplied {worth} {when}, {towards} (stance {stance})"
    return Entry(text, (), ASIDE)


def _answer(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    return Entry(f"Tehran answers openly{harm_text(event.about)}", why(event, scenario), GRAVE)


def _no_answer(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    return Entry("Tehran does not answer openly", why(event, scenario, "an answer"), ASIDE)


# Record


def _rung(event: Event, _today: Sequence[Event], _scenario: Scenario) -> Entry:
    before, after = event.about["from"], event.about["to"]
    return Entry(
        f"Rung {before} to {after}: {RUNG_NAMES[after]}",
        (),
        GRAVE if after > before and after >= 3 else PLAIN,
    )


def _spiral(event: Event, _today: Sequence[Event], _scenario: Scenario) -> Entry:
    headline = ", the headline" if event.about["headline"] else ""
    return Entry(f"SPIRAL: {event.about['spiral']}{headline}", (), GRAVE)


def _end_of_war(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    since = event.about["since"]
    when = "before the start" if since < 0 else f"of {short_day(since, scenario)}"
    text = f"The run is followed no further after the reciprocal exchange {when}: it counts as at war from here on"
    return Entry(text, ("no attack, strike or harm is counted any more",), GRAVE)


_TELLERS: Mapping[str, Callable[[Event, Sequence[Event], Scenario], Entry]] = {
    "attacks": tell_attacks, "pause": tell_pause, "return": tell_return, "stand-down": tell_joins,
    "ordered to hold": tell_ordered, "false alarm": tell_alarm, "decision": tell_decision,
    "preparation": tell_preparation, "lapse": tell_lapse, "strike": tell_strike, "hold": tell_hold,
    "called off": tell_called_off, "war's end": _end_of_war, "pressing": _pressing, "breach": _breach,
    "Iraqis killed": _iraqis, "talks": _withdrawal, "order": _withdrawal, "brake": _stance, "release": _stance,
    "supply": _supply, "answer": _answer, "no answer": _no_answer, "rung": _rung, "spiral": _spiral,
}  # fmt: skip
