"""A run's log in words: one entry an event, with what it was decided by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from sim.replay.decision import Decision
from sim.replay.events import Event
from sim.replay.words import (
    PLACE_NAMES,
    actor_name,
    counted,
    factor_text,
    listed,
    short_day,
)
from sim.wording import RUNG_NAMES, number_text, percent

if TYPE_CHECKING:
    from sim.scenario import Scenario

PLAIN, GRAVE, ASIDE = "plain", "grave", "aside"
UNMOVED, REST = 0.1, 0.05
"""Factors this close to one are not written out one by one, and their product not at all when it is this close."""
GLUE = "\u00a0"
"""A space at which a line is not to be broken; for who prints to make a plain one."""


@dataclass(frozen=True)
class Entry:
    """What is said of an event: what happened, why (one text a decision), and its weight (PLAIN, GRAVE or ASIDE)."""

    text: str
    reasons: tuple[str, ...] = ()
    weight: str = PLAIN


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


# Reasons


def decision_text(decision: Decision, scenario: Scenario) -> str:
    """Write what was decided by what: `0.61 a day: base 0.56 x Gaza 1.2 x revenge (8 Nov) 2.1`.

    Factors within 10% of one are put together as the rest.
    """
    value = {
        "rate": f"{factor_text(decision.value)} a day",
        "odds": f"chance {percent(decision.chance)}, odds {factor_text(decision.value)}",
        "chance": f"chance {percent(decision.value)}",
    }[decision.measure]
    if decision.what == "restraining":  # a balance of reasons, which nothing is drawn by
        value = f"{_of_hundred(decision.chance)} of 100 (it turns at 50), odds {factor_text(decision.value)}"
    terms = [f"base {factor_text(decision.base)}"]
    rest = 1.0
    for reason in decision.reasons:
        if abs(reason.factor - 1.0) >= UNMOVED:
            since = "" if reason.since is None else f" ({short_day(reason.since, scenario)})"
            terms.append(f"{reason.name}{since} {factor_text(reason.factor)}")
        else:
            rest *= reason.factor
    if abs(rest - 1.0) >= REST:
        terms.append(f"the rest {factor_text(rest)}")
    luck = "" if decision.luck is None else f"; the day's luck x{GLUE}{factor_text(decision.luck)}"
    return f"{value}: {' x '.join(term.replace(' ', GLUE) for term in terms)}{luck}"


def _of_hundred(share: float) -> str:
    """A share in hundredths; near one half with a decimal, so that it is seen on which side it is."""
    return f"{100 * share:.1f}" if abs(share - 0.5) < 0.01 else f"{100 * share:.0f}"


def _why(event: Event, scenario: Scenario, *names: str) -> tuple[str, ...]:
    """Reasons of an event's decisions; with names, each after its name."""
    texts = [decision_text(decision, scenario) for decision in event.decisions]
    return (
        tuple(f"{name}: {text}" for name, text in zip(names, texts, strict=False)) if names else tuple(texts)
    )


# Militias


def _attacks(event: Event, today: Sequence[Event], scenario: Scenario) -> Entry:
    about = event.about
    sites = [
        scenario.sites[site].title + (f" x {count}" if count > 1 else "")
        for site, count in about["sites"].items()
    ]
    harm = _harm(about)
    through = "" if harm else f", {about['through']} through" if about["through"] else ", none through"
    who, what = actor_name(event.actor, scenario), counted(about["count"], "attack")
    text = f"{who}: {what} ({', '.join(sites)}){through}{harm}"
    if about["count"] >= about["at_most"]:
        text += "; no more could be launched"
    lethal = [e for e in today if e.kind == "attack" and e.actor == event.actor and e.about["killed"]]
    details = [_lethal(attack, scenario) for attack in lethal]
    reasons = (*_why(event, scenario), *(line for lines in details for line in lines))
    return Entry(text, reasons, GRAVE if about["killed"] else PLAIN)


def _harm(about: Mapping[str, int]) -> str:
    parts = [f"{about[kind]:,} {kind}" for kind in ("wounded", "killed") if about[kind]]
    return f", {listed(parts)}" if parts else ""


def _lethal(attack: Event, scenario: Scenario) -> Iterator[str]:
    site = scenario.sites[attack.about["site"]].title
    intended = "meant to kill" if attack.about["intended"] == "to kill" else "not meant to kill"
    yield f"{site}: {attack.about['killed']} killed by an attack {intended}"
    yield from _why(attack, scenario, "to get through", "to be meant to kill")


def _turn(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    verb = "stands down" if event.kind == "stand-down" else "resumes"
    because = event.about["because"]
    will = (
        f"; will {'raised' if event.kind == 'resumption' else 'lowered'} by {listed(because)}"
        if because
        else ""
    )
    return Entry(f"{actor_name(event.actor, scenario)} {verb}{will}", _why(event, scenario))


def _ordered(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    return Entry(f"{actor_name(event.actor, scenario)} holds its fire", (), ASIDE)


def _alarm(event: Event, _today: Sequence[Event], _scenario: Scenario) -> Entry:
    dead = f"{event.about['killed']} US dead, as of a heart attack"
    return Entry(f"False alarm: nothing came, yet {dead} (not counted as killed by fire)")


# Washington


def _strike(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    about = event.about
    text = f"Washington strikes at level {about['level']} in {PLACE_NAMES[about['place']]}"
    if "target" in about:
        text += f", at {actor_name(about['target'], scenario)}"
        if about["target"] != about["author"]:
            text += f" (in error: the harm was by {actor_name(about['author'], scenario)})"
    text += "; it would have struck harder" if about["forbidden"] else ""
    grave = about["level"] >= 3 or about["place"] == "iraq"
    return Entry(text, _why(event, scenario), GRAVE if grave else PLAIN)


def _hold(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    text = f"Washington holds its fire after {_harm(event.about)[2:]}"
    text += "; a strike was forbidden" if event.about["forbidden"] else ""
    return Entry(text, _why(event, scenario, "a strike"), ASIDE)


# Baghdad


def _pressing(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    promise = [
        f"{actor_name(name, scenario)} {percent(value)}" for name, value in event.about["restraint"].items()
    ]
    return Entry(
        f"Baghdad presses the militias; restraint promised: {', '.join(promise)}", _why(event, scenario)
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
    return Entry(f"Tehran turns to {towards} the militias", _why(event, scenario, "its reasons to restrain"))


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
    return Entry(f"Tehran answers openly{_harm(event.about)}", _why(event, scenario), GRAVE)


def _no_answer(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    return Entry("Tehran does not answer openly", _why(event, scenario, "an answer"), ASIDE)


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


_TELLERS: Mapping[str, Callable[[Event, Sequence[Event], Scenario], Entry]] = {
    "attacks": _attacks, "stand-down": _turn, "resumption": _turn, "ordered to hold": _ordered, "false alarm": _alarm,
    "strike": _strike, "hold": _hold, "pressing": _pressing, "breach": _breach, "Iraqis killed": _iraqis,
    "talks": _withdrawal, "order": _withdrawal, "brake": _stance, "release": _stance, "supply": _supply,
    "answer": _answer, "no answer": _no_answer, "rung": _rung, "spiral": _spiral,
}  # fmt: skip
