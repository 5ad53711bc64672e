"""What of the escalation ladder a scenario reaches by what it imposes: that is no finding of any run."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sim.outcomes import spirals_of
from sim.scenario.actions import Action
from sim.scenario.countries import role_id
from sim.scenario.schema import ONE_DAY, Scenario

Source = Literal["history", "an intervention"]


@dataclass(frozen=True)
class Imposed:
    """The day on which what is imposed reaches a rung, and what imposes it."""

    date: datetime.date
    source: Source

    def __str__(self) -> str:
        """Such as `imposed by history on 2020-01-03`."""
        return f"imposed by {self.source} on {self.date}"


def imposed_spirals(scenario: Scenario) -> dict[str, Imposed]:
    """Spirals, by name, that a scenario imposes: rungs of the ladder that are reached by imposed actions alone."""
    rungs = {name: scenario.rung_of(name) for name in spirals_of(scenario.headline)}
    actions = [*_imposed_actions(scenario)]
    found = {name: _first(scenario, actions, rung) for name, rung in rungs.items()}
    return {name: imposed for name, imposed in found.items() if imposed is not None}


def _imposed_actions(scenario: Scenario) -> Iterator[tuple[Action, Source]]:
    """All that is imposed and not forbidden, of what it continues too; places by the identifier of their role."""
    own = scenario.history.actions if scenario.history else ()
    yield from ((_by_role(scenario, action), "history") for action in own)
    done = (action for action in scenario.interventions if not action.forbid)
    yield from ((_by_role(scenario, action), "an intervention") for action in done)
    if scenario.past is not None:
        yield from _imposed_actions(scenario.past)


def _by_role(scenario: Scenario, action: Action) -> Action:
    if action.place is None:
        return action
    return action.model_copy(update={"place": role_id(scenario.countries, action.place)})


def _first(scenario: Scenario, actions: list[tuple[Action, Source]], rung: int) -> Imposed | None:
    """The first day of the scenario on which the rung stands, and what brought the ladder there."""
    window = scenario.ladder.window * ONE_DAY
    dates = sorted({day for action, _ in actions for day in _days(action)})
    for day in dates:
        if day + window <= scenario.start or day > scenario.end:
            continue  # its window is over when the scenario starts
        if _rung_on(day, actions, window) >= rung:
            today = [one for one in actions if one[0].span[0] <= day <= one[0].span[1]]
            return Imposed(day, max(today, key=lambda one: len(_steps(one[0])))[1])
    return None


def _days(action: Action) -> Iterator[datetime.date]:
    if _steps(action):
        first, last = action.span
        yield from (first + n * ONE_DAY for n in range((last - first).days + 1))


def _steps(action: Action) -> set[str]:
    """What an action counts for on the ladder, as `sim.core.rules.ladder.rung_of` has it."""
    if action.action == "answer":
        return {"attack", "avowed"}
    if action.action == "attack":
        return {"attack", "killed", "border"} if action.killed else {"attack"}
    if action.action != "strike" or action.level is None:
        return set()
    inside = action.place == "iraq" or (action.place is None and action.level == 2)
    hard = {"hard"} if action.level >= 3 else set()
    return (
        {"strike"} | hard | ({"border"} if inside else set()) | ({"direct"} if action.level == 4 else set())
    )


def _rung_on(day: datetime.date, actions: list[tuple[Action, Source]], window: datetime.timedelta) -> int:
    """The rung of a day by what is imposed within the window that ends on it."""
    opened = day - window
    steps: set[str] = set()
    for action, _ in actions:
        if action.span[0] <= day and action.span[1] > opened:
            steps |= _steps(action)
    if {"direct", "avowed"} <= steps:
        return 6
    if {"direct", "avowed"} & steps:
        return 5
    if {"hard", "killed"} <= steps and _answered(day, actions):
        return 4
    return 3 if "border" in steps else 2 if "strike" in steps else 1 if "attack" in steps else 0


def _answered(day: datetime.date, actions: list[tuple[Action, Source]]) -> bool:
    """Whether a strike of level 3 or more up to a day comes on the day of some deaths or after it."""
    strikes = [min(action.span[1], day) for action, _ in actions if "hard" in _steps(action)]
    deaths = [action.span[0] for action, _ in actions if "killed" in _steps(action)]
    return any(killed <= struck for struck in strikes for killed in deaths)
