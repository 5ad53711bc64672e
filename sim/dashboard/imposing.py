"""An act of a reader's own, imposed in every run: what a scenario leaves to choose, and what was chosen, checked."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from sim.dashboard.setting import MOST_ACTS, act_text
from sim.errors import InputError
from sim.replay.words import GOVERNMENTS
from sim.scenario import Action, Scenario
from sim.scenario.actions import (
    ACTIONS_OF,
    DETAILS_OF,
    Killed,
    Level,
    Number,
    Wounded,
    action_problems,
    contradiction,
)
from sim.scenario.countries import country_title, of_strikes
from sim.scenario.errors import did_you_mean, printable
from sim.scenario.fields import Within
from sim.scenario.schema import ONE_DAY
from sim.wording import day_text

NUMBERS: Mapping[str, Within] = {
    "level": get_args(Level)[1],
    "attacks": get_args(Number)[1],
    "killed": get_args(Killed)[1],
    "wounded": get_args(Wounded)[1],
}
NO_STRIKE = "no-strike"
"""Forbids strikes of a level and all harder ones; to forbid anything else is to impose that it is not done."""

TITLES = {
    "strike": "strikes",
    NO_STRIKE: "may not strike this hard or harder",
    "hold": "holds its fire",
    "press": "presses the militias",
    "keep-quiet": "keeps quiet",
    "answer": "attacks, and avows it",
    "no-answer": "does not answer openly",
    "attack": "attacks",
}
LABELS = {
    "level": "Level",
    "place": "Place",
    "site": "Site",
    "attacks": "Attacks on the day",
    "killed": "US killed by the first attack",
    "wounded": "US wounded by the first attack",
}
LEVELS = {"1": "sites in Syria", "2": "militias inside Iraq", "3": "a wave, or a commander", "4": "Iran"}
LEFT = "left to the model"


class Refused(InputError):
    """Something that cannot be imposed, in one line, and the field of the form that it stands in."""

    def __init__(self, field: str, told: str) -> None:
        super().__init__(told)
        self.field = field


def offers_of(scenario: Scenario, known_until: datetime.date | None = None) -> dict[str, Any]:
    """Everything that a form needs: who can be made to do what, in which detail, and on which days, as plain values.

    The day that it begins with is the first one that the model has to itself: after the record that its parameters were
    fitted to, where there is one, and after history.
    """
    free = scenario.history.release if scenario.history else scenario.start
    if known_until is not None:
        free = max(free, known_until + ONE_DAY)
    return {
        "first": str(scenario.start),
        "last": str(scenario.end),
        "span": f"{day_text(scenario.start)} to {day_text(scenario.end)}",
        "day": str(min(max(free, scenario.start), scenario.end)),
        "actors": [
            {"key": key, "title": title, "acts": [_act(act, scenario) for act in acts_of(key)]}
            for key, title in _actors(scenario).items()
        ],
    }


def acts_of(actor: str) -> tuple[str, ...]:
    """What an actor can be made to do."""
    acts = ACTIONS_OF.get(actor, ACTIONS_OF["militia"])
    return (*acts, NO_STRIKE) if "strike" in acts else acts


def _actors(scenario: Scenario) -> dict[str, str]:
    return {**GOVERNMENTS, **{key: one.title for key, one in scenario.actors.militias.items()}}


def _details(act: str) -> list[str]:
    action = "strike" if act == NO_STRIKE else act
    return [name for name in DETAILS_OF.get(action, ()) if name != "forbid"]


def _act(act: str, scenario: Scenario) -> dict[str, Any]:
    fields = [_field(name, act, scenario) for name in _details(act)]
    return {"key": act, "title": TITLES[act], "fields": fields}


def _field(name: str, act: str, scenario: Scenario) -> dict[str, Any]:
    """A field of the form: a choice among few, or a number."""
    made: dict[str, Any] = {"name": name, "label": LABELS[name], "value": "", "hint": ""}
    if name == "level":
        choices = [[level, f"{level}: {title}"] for level, title in LEVELS.items()]
        return made | {"choices": choices, "value": "2"}
    if name == "place":
        found = of_strikes(scenario.countries)
        places = found[:1] if act == NO_STRIKE else found
        left = "anywhere" if act == NO_STRIKE else LEFT
        return made | {
            "choices": [["", left], *([place, country_title(scenario.countries, place)] for place in places)]
        }
    if name == "site":
        return made | {"choices": [["", LEFT], *([key, site.title] for key, site in scenario.sites.items())]}
    allowed, usual = NUMBERS[name], "1" if name == "attacks" else ""
    hint = f"{allowed.low} to {allowed.high}" + (f"; empty: {LEFT}" if not usual else "")
    return made | {"low": allowed.low, "high": allowed.high, "value": usual, "hint": hint}


def act_of(given: Mapping[str, Any], scenario: Scenario, imposed: Sequence[Action]) -> Action:
    """The act that was chosen.

    Parameters
    ----------
    given : mapping
        Texts by field: actor, act, first, last and details; not to be trusted.
    scenario : Scenario
        In which it is to be done.
    imposed : sequence of Action
        What the reader has imposed already.

    Raises
    ------
    Refused
        In one line, for what the scenario cannot hold.
    """
    if len(imposed) >= MOST_ACTS:
        raise Refused(
            "", f"{MOST_ACTS} acts are imposed already, the most that an address can hold; lift one first"
        )
    actor = _one_of("actor", given, tuple(_actors(scenario)))
    act = _one_of("act", given, acts_of(actor))
    told: dict[str, Any] = {
        "actor": actor,
        "action": "strike" if act == NO_STRIKE else act,
        **_days(given, scenario),
    }
    if act == NO_STRIKE:
        told["forbid"] = True
    for name in _details(act):
        if text := _text(given, name):
            told[name] = (
                _number(name, text) if name in NUMBERS else _one_of(name, given, _known(name, scenario))
            )
    action = Action.model_validate(told)
    places = of_strikes(scenario.countries)
    for problem in action_problems(action, scenario.actors.militias, scenario.sites, places):
        field = str(problem.at[0])
        raise Refused(field, f"{_shown(field, _text(given, field))}: {problem.text}")
    _fits(action, scenario, imposed)
    return action


def _known(name: str, scenario: Scenario) -> tuple[str, ...]:
    return of_strikes(scenario.countries) if name == "place" else tuple(scenario.sites)


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    return value.strip() if isinstance(value, str) else printable(str(value))


def _shown(name: str, text: str) -> str:
    """A field and what stands in it, as in a scenario file."""
    return f"{name} = {printable(text)}" if text else name


def _one_of(name: str, given: Mapping[str, Any], allowed: Sequence[str]) -> str:
    text = _text(given, name)
    if text not in allowed:
        told = f"{_shown(name, text)}: must be one of {', '.join(allowed)}{did_you_mean(text, allowed)}"
        raise Refused(name, told)
    return text


def _number(name: str, text: str) -> int:
    allowed = NUMBERS[name]
    good = text.isascii() and text.isdecimal() and len(text) < 10 and allowed.low <= int(text) <= allowed.high
    if not good:
        raise Refused(name, f"{_shown(name, text)}: must be {allowed}")
    return int(text)


def _days(given: Mapping[str, Any], scenario: Scenario) -> dict[str, datetime.date]:
    """The day, or first and last day of a span."""
    first = _day("first", given, scenario, scenario.start)
    last = _day("last", given, scenario, first) if _text(given, "last") else first
    return {"date": first} if first == last else {"from": first, "to": last}


def _day(name: str, given: Mapping[str, Any], scenario: Scenario, earliest: datetime.date) -> datetime.date:
    text, label = _text(given, name), f"{name} day"
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not earliest <= day <= scenario.end:
        why = "a day of the scenario" if earliest == scenario.start else "a day from the first on"
        raise Refused(name, f"{_shown(label, text)}: must be {why}, from {earliest} to {scenario.end}")
    return day


def _fits(action: Action, scenario: Scenario, imposed: Sequence[Action]) -> None:
    """Refuse what contradicts history, or what was imposed before; the scenario's own interventions give way."""
    for other in scenario.history.actions if scenario.history else ():
        if contradiction(action, other):
            raise Refused(
                "first", f"{act_text(action)}: contradicts the scenario's history, {act_text(other)}"
            )
    for other in imposed:
        if action == other:
            raise Refused("first", f"{act_text(action)}: is imposed already")
        if contradiction(action, other):
            raise Refused(
                "first", f"{act_text(action)}: contradicts {act_text(other)}, imposed already; lift it first"
            )
