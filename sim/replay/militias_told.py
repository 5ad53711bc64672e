"""What the militias did in a run in words: attacks, their harm, and pauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.replay.entry import ASIDE, GRAVE, PLAIN, Entry, decision_text, harm_text, why
from sim.replay.events import Event
from sim.replay.words import actor_name, counted, listed
from sim.wording import percent

if TYPE_CHECKING:
    from sim.scenario import Scenario


def tell_attacks(event: Event, today: Sequence[Event], scenario: Scenario) -> Entry:
    """The day's attacks of a militia, and what the lethal ones of them were decided by."""
    about = event.about
    sites = [
        scenario.sites[site].title + (f" x {count}" if count > 1 else "")
        for site, count in about["sites"].items()
    ]
    harm = harm_text(about)
    through = "" if harm else f", {about['through']} through" if about["through"] else ", none through"
    who, what = actor_name(event.actor, scenario), counted(about["count"], "attack")
    text = f"{who}: {what} ({', '.join(sites)}){through}{harm}"
    if about["count"] >= about["at_most"]:
        text += "; no more could be launched"
    lethal = [e for e in today if e.kind == "attack" and e.actor == event.actor and e.about["killed"]]
    details = [_lethal(attack, scenario) for attack in lethal]
    reasons = (*why(event, scenario), *(line for lines in details for line in lines))
    return Entry(text, reasons, GRAVE if about["killed"] else PLAIN)


def _lethal(attack: Event, scenario: Scenario) -> Iterator[str]:
    site = scenario.sites[attack.about["site"]].title
    intended = "meant to kill" if attack.about["intended"] == "to kill" else "not meant to kill"
    yield f"{site}: {attack.about['killed']} killed by an attack {intended}"
    yield from why(attack, scenario, "to get through", "to be meant to kill")


def tell_pause(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    """A pause is declared: by whom, and who heeds it."""
    about = event.about
    who = {
        "groups": "The groups together declare a pause", "iran": "Tehran has the militias declare a pause",
        "iraq": "Baghdad's bargain brings a pause",
    }[about["by"]]  # fmt: skip
    chances = [percent(heeding.value) for heeding in event.decisions[1:]]
    heeded = _names(about["heeded"], scenario) or "nobody"
    text = f"{who}, heeded by {heeded}"
    text += f", not by {_names(about['ignored'], scenario)}" if about["ignored"] and about["heeded"] else ""
    text += f"; will lowered by {listed(about['because'])}" if about["because"] else ""
    each = (
        f"to heed it: chances {listed(chances)}"
        if len(chances) > 1
        else f"to heed it: a chance of {chances[0]}"
    )
    return Entry(text, (decision_text(event.decisions[0], scenario), each))


def tell_return(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    """A pause is revoked: after how long, and what brought that nearer."""
    about = event.about
    whose = {"groups": "of the groups", "iran": "of Tehran's", "iraq": "of Baghdad's bargain"}[about["by"]]
    released = about["released"]
    freed = (
        "all" if len(released) == len(scenario.actors.militias) else _names(released, scenario) or "nobody"
    )
    text = f"The pause {whose} is revoked after {counted(about['lasted'], 'day')}, which releases {freed}"
    text += f"; brought nearer by {listed(about['triggers'])}" if about["triggers"] else ""
    text += f"; will raised by {listed(about['because'])}" if about["because"] else ""
    return Entry(text, why(event, scenario))


def tell_joins(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    """A militia joins a pause that it did not heed."""
    return Entry(f"{actor_name(event.actor, scenario)} joins the pause", why(event, scenario))


def _names(militias: Sequence[str], scenario: Scenario) -> str:
    return listed([actor_name(name, scenario) for name in militias])


def tell_ordered(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    """A militia is made to hold its fire."""
    return Entry(f"{actor_name(event.actor, scenario)} holds its fire", (), ASIDE)


def tell_alarm(event: Event, _today: Sequence[Event], _scenario: Scenario) -> Entry:
    """A false alarm that cost lives."""
    dead = f"{event.about['killed']} US dead, as of a heart attack"
    return Entry(f"False alarm: nothing came, yet {dead} (not counted as killed by fire)")
