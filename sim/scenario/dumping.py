"""A resolved scenario as YAML text that loads back to an equal one."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from typing import Any

from sim.scenario.actions import Action
from sim.scenario.composing import meaning
from sim.scenario.schema import Scenario

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def dump_resolved(scenario: Scenario) -> str:
    """Write a whole scenario, nothing inherited, its past as a nested mapping.

    Returns
    -------
    str
        YAML; saved as ``<name>.yaml`` it loads to an equal scenario.
    """
    return "\n".join(_mapping(_content(scenario), "")) + "\n"


def _content(scenario: Scenario) -> Any:
    content = scenario.model_dump(by_alias=True, exclude_none=True, exclude={"past"})
    for group, titles in scenario.actors.titles.items():
        content["actors"][group] = {**titles, **content["actors"][group]}
    content["interventions"] = [_action(action) for action in scenario.interventions]
    if scenario.history:
        content["history"]["actions"] = [_action(action) for action in scenario.history.actions]
    if scenario.past:
        content["past"] = _content(scenario.past)
    return _ordered(content)


def _ordered(content: Any) -> Any:
    """Put what things rest on after what they are."""
    if isinstance(content, list | tuple):
        return [_ordered(item) for item in content]
    if not isinstance(content, dict):
        return content
    last = [key for key in ("basis", "evidence", "note") if key in content]
    keys = [key for key in content if key not in last] + last
    return {key: _ordered(content[key]) for key in keys}


def _action(action: Action) -> dict[str, Any]:
    content = action.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
    if action.action == "attack" and not action.forbid:
        content["attacks"] = action.attacks
    return content


def _mapping(content: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in content.items():
        yield from _entry(f"{indent}{_scalar(key)}:", value, indent + "  ")


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        yield head
        yield from _mapping(value, indent)
    elif isinstance(value, list | tuple) and any(isinstance(item, dict) for item in value):
        yield head
        for item in value:
            first, *rest = _mapping(item, indent + "  ")
            yield f"{indent}- {first.lstrip()}"
            yield from rest
    else:
        yield f"{head} {_flat(value)}"


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_scalar(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | datetime.date):
        return repr(value) if isinstance(value, int | float) else value.isoformat()
    text = str(value)
    if _PLAIN.fullmatch(text) and isinstance(meaning(text), str):
        return text
    return json.dumps(text, ensure_ascii=False)
