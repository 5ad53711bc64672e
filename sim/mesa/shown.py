"""A model as it is shown after a step: the day and its acts, the last days, and what every actor is in."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.scenario.titles import words_of
from sim.simulate.timeline import PLACES
from sim.wording import LEVEL_MEANINGS, RUNG_NAMES, day_text, number_text

DAYS = 7
"""Last days that are listed."""

LISTED = ("rung", "attacks", "wounded", "killed", "us_level", "avowed")
MILITIA = ("attacks", "anger", "fear", "will", "arsenal", "standing_down")
STATE: Mapping[str, tuple[str, ...]] = {
    "us": ("pressure", "commitment", "credibility"),
    "iraq": ("bargain", "strain", "capital"),
    "iran": ("stance", "grievance", "war_fear"),
}


def html_of(model: Any) -> str:
    """The model as HTML without any script: names are text, and nothing is simulated or changed.

    Parameters
    ----------
    model : sim.mesa.model.EscalationModel
        Between two steps.
    """
    if model.steps == 0:
        return f"<p><b>{_name(model)}</b>: not begun; <code>step()</code> lives {day_text(model.scenario.start)}</p>"
    head = f"<p><b>{_name(model)}: {day_text(model.date)}</b>, {_place(model)}</p>"
    return f"{head}{_days(model)}{_militias(model)}{_governments(model)}"


def day_of(model: Any) -> str:
    """Which day was lived last and the rung it stands on, as plain text; or that none was."""
    if model.steps == 0:
        return f"Not begun: the first day is {day_text(model.scenario.start)}"
    return f"{day_text(model.date)}, {_place(model)}"


def acts_of(model: Any) -> list[str]:
    """What was done on the day that was lived last, a sentence an act, as plain text; empty before the first.

    Parameters
    ----------
    model : sim.mesa.model.EscalationModel
        Between two steps.
    """
    if model.steps == 0:
        return []
    today, us = model.world["today"][0], model.world["us"][0]
    acts = [
        f"{one.title}: {_counted(int(one.record.attacks), 'attack')}"
        for one in model.militias
        if one.record.attacks > 0
    ]
    if today["wounded"] or today["killed"]:
        acts.append(f"US forces: {int(today['wounded'])} wounded, {int(today['killed'])} killed")
    if level := int(us["level"]):
        place = PLACES[int(us["place"])].title()
        acts.append(f"Washington strikes in {place}, level {level}: {LEVEL_MEANINGS[level]}")
    if today["avowed"]:
        acts.append("Tehran attacks, and avows it")
    words = words_of(model.scenario)
    return [words.put(act) for act in acts] or ["Nobody attacks or strikes"]


def _place(model: Any) -> str:
    rung = int(model.world["ladder"]["rung"][0])
    ended = "" if model.running else ", the last"
    return f"day {model.steps} of {model.days}{ended}: rung {rung}, {RUNG_NAMES[rung]}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _name(model: Any) -> str:
    return html.escape(f"{model.scenario.name}, run {model.run:,}")


def _days(model: Any) -> str:
    """What the last days brought, the latest first; nothing where nothing is collected."""
    kept = model.datacollector.model_vars
    if not kept["date"]:
        return ""
    places = range(len(kept["date"]) - 1, max(-1, len(kept["date"]) - 1 - DAYS), -1)
    rows = [[str(kept["date"][place]), *(kept[name][place] for name in LISTED)] for place in places]
    return _table(["day", *(name.replace("us_level", "US strike level") for name in LISTED)], rows)


def _militias(model: Any) -> str:
    rows = [[one.title, *(one.readings[name]() for name in MILITIA)] for one in model.militias]
    return _table(["militia", *(name.replace("_", " ") for name in MILITIA)], rows)


def _governments(model: Any) -> str:
    rows = []
    for name, fields in STATE.items():
        record = model.world[name]
        rows.append(
            [name, ", ".join(f"{f.replace('_', ' ')} {number_text(float(record[f][0]))}" for f in fields)]
        )
    return _table(["government", "state"], rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    head = "".join(f"<th>{html.escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{_cell(value)}</td>' for value in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: Any) -> str:
    return html.escape(value if isinstance(value, str) else number_text(float(value)))
