"""What Washington did in a run in words: decisions, preparations, strikes, and holding its fire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.replay.entry import ASIDE, GRAVE, PLAIN, Entry, harm_text, why
from sim.replay.events import Event
from sim.replay.words import PLACE_NAMES, actor_name, short_day

if TYPE_CHECKING:
    from sim.scenario import Scenario


def tell_decision(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    """Washington decides on a strike."""
    after = _after_harm(event)
    return Entry(f"Washington decides on a strike{after}", why(event, scenario))


def tell_preparation(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    """Washington begins to prepare a hard strike."""
    text = (
        f"Washington{_decided(event, scenario)} begins to prepare a hard strike, which Baghdad and Tehran see"
    )
    return Entry(text, why(event, scenario, "to be ready", "for it to be hard"), GRAVE)


def tell_lapse(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    """What Washington prepared is dropped."""
    what = "hard strike" if event.about["hard"] else "strike"
    reason = "" if event.imposed else ": nothing is left for it to answer"
    return Entry(
        f"The {what} that Washington{_decided(event, scenario)} prepared is dropped{reason}", (), ASIDE
    )


def _decided(event: Event, scenario: Scenario) -> str:
    day = event.about["decided"]
    return "" if day is None else f", which had decided on {short_day(day, scenario)},"


def tell_strike(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    """Washington strikes: how hard, where, and at whom."""
    about = event.about
    decided = "" if about["decided"] is None else f", as decided on {short_day(about['decided'], scenario)}"
    text = f"Washington strikes at level {about['level']} {strike_text(about)}{decided}"
    if "target" in about:
        target = actor_name(about["target"], scenario)
        text += f"; {target} is hit with it" if about["level"] == 4 else f"; at {target}"
        if about["target"] != about["author"]:
            text += f" (in error: the harm was by {actor_name(about['author'], scenario)})"
    text += "; it kills IRGC personnel" if about["irgc"] else ""
    text += "; it would have struck harder" if about["forbidden"] else ""
    grave = about["level"] >= 3 or about["place"] == "iraq"
    how_far = "to be on Iran" if about["level"] >= 3 else "to be hard"
    return Entry(
        text, why(event, scenario, "to be ready", how_far, "to be in Iraq"), GRAVE if grave else PLAIN
    )


def strike_text(about: Mapping[str, Any]) -> str:
    """Say where a strike fell and, of a hard one, what it was: `in Iraq, killing a commander`, `on Iranian soil`."""
    if about["place"] == "iran":
        return "on Iranian soil"
    place = f"in {PLACE_NAMES[about['place']]}"
    if about["level"] == 4:
        return f"{place}, on an Iranian commander or unit"
    return place + {"wave": ", in a wave", "commander": ", killing a commander"}.get(about["what"], "")


def tell_hold(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    """Washington holds its fire."""
    about = event.about
    text = f"Washington holds its fire{_after_harm(event)}"
    text += "; a strike is being prepared" if about["step"] in (1, 2) and not about["forbidden"] else ""
    text += "; a hard strike is being prepared" if about["step"] > 2 and not about["forbidden"] else ""
    text += "; a strike was forbidden" if about["forbidden"] else ""
    if not event.imposed and not about["provoked"]:
        text += "; there is nothing to answer"
    return Entry(
        text, why(event, scenario, "to be ready" if about["step"] else "to decide on a strike"), ASIDE
    )


def _after_harm(event: Event) -> str:
    harm = harm_text(event.about)[2:]
    return f" after {harm}" if harm else ""


def tell_called_off(event: Event, _today: Sequence[Event], scenario: Scenario) -> Entry:
    """An exchange ends with Tehran's answer."""
    text = "The exchange is called off: Washington lets Tehran's answer, which killed nobody, be its end"
    return Entry(text, why(event, scenario), GRAVE)
