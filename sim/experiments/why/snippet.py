"""An action written as the interventions of a scenario, ready to be pasted into a YAML file."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

from sim.scenario import Action, Scenario
from sim.scenario.actions import contradiction
from sim.scenario.composing import meaning
from sim.scenario.schema import ONE_DAY


def snippet(action: Action | None, scenario: Scenario) -> str | None:
    """Interventions of a scenario with one action more, as YAML; None where they cannot say it.

    A list replaces the one that is inherited, so that all interventions are repeated, but for what the new action
    contradicts on its day. The record of a history cannot be contradicted by an intervention.
    """
    if action is None:
        return None
    record = scenario.history.actions if scenario.history else ()
    if any(contradiction(action, imposed) for imposed in record):
        return None
    kept = [part for imposed in scenario.interventions for part in _beside(imposed, action)]
    return "\n".join(["interventions:", *(f"  - {_flow(each)}" for each in (*kept, action))])


def _beside(imposed: Action, action: Action) -> Iterator[Action]:
    """What is left of an imposed action when another takes its place for a day."""
    if not contradiction(imposed, action):
        yield imposed
        return
    first, last = imposed.span
    day = action.span[0]
    if first < day:
        yield imposed.model_copy(update={"date": None, "from_": first, "to": day - ONE_DAY})
    if last > day:
        yield imposed.model_copy(update={"date": None, "from_": day + ONE_DAY, "to": last})


def _flow(action: Action) -> str:
    content = action.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
    return "{" + ", ".join(f"{key}: {_value(value)}" for key, value in content.items()) + "}"


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, datetime.date):
        return value.isoformat()
    plain = isinstance(value, str) and value.replace("-", "").isalnum() and isinstance(meaning(value), str)
    return value if plain else json.dumps(value, ensure_ascii=False)
