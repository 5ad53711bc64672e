"""What can happen in a run: one record of an event, and how it is written as JSON."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.replay.decision import Decision

PHASES = (
    "withdrawal", "Tehran", "Baghdad", "militias", "engagement", "Washington", "consequences", "answer", "record",
)  # fmt: skip
KINDS: Mapping[str, str] = {
    "talks": "withdrawal",
    "order": "withdrawal",
    "brake": "Tehran",
    "release": "Tehran",
    "supply": "Tehran",
    "pressing": "Baghdad",
    "stand-down": "militias",
    "pause": "militias",
    "return": "militias",
    "ordered to hold": "militias",
    "attacks": "militias",
    "attack": "engagement",
    "false alarm": "engagement",
    "decision": "Washington",
    "preparation": "Washington",
    "lapse": "Washington",
    "strike": "Washington",
    "hold": "Washington",
    "breach": "consequences",
    "Iraqis killed": "consequences",
    "answer": "answer",
    "no answer": "answer",
    "called off": "answer",
    "rung": "record",
    "spiral": "record",
    "war's end": "record",
}
"""Kinds of event, and the phase of the day that each belongs to."""


@dataclass(frozen=True)
class Event:
    """Something that happened on a day of a run.

    Attributes
    ----------
    day : index of the day, from the scenario's start
    actor : us, iraq, iran, a militia's name, or nobody's ("")
    kind : one of KINDS
    about : what else there is to say, by name: plain numbers, texts, and mappings of them
    decisions : what it was decided by; none for what was imposed or follows from other events
    imposed : 'as recorded' or 'imposed' where the scenario had it so, else empty
    """

    day: int
    actor: str
    kind: str
    about: Mapping[str, Any] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    imposed: str = ""

    @property
    def phase(self) -> int:
        """Place of its phase in the day."""
        return PHASES.index(KINDS[self.kind])


def event_json(event: Event, start: datetime.date) -> dict[str, Any]:
    """Write an event as plain values, its numbers with six digits; days become dates."""
    entry: dict[str, Any] = {
        "date": _date(event.day, start), "day": event.day, "phase": KINDS[event.kind], "actor": event.actor,
        "kind": event.kind, "imposed": event.imposed or None, **_plain(event.about),
    }  # fmt: skip
    if event.decisions:
        entry["decisions"] = [decision_json(decision, start) for decision in event.decisions]
    return entry


def decision_json(decision: Decision, start: datetime.date) -> dict[str, Any]:
    """Write a decision as plain values, all its factors among them."""
    entry = {
        "what": decision.what, "measure": decision.measure, "value": _short(decision.value),
        "chance": _short(decision.chance), "base": _short(decision.base),
        "factors": {reason.name: _short(reason.factor) for reason in decision.reasons},
        "since": {r.name: _date(r.since, start) for r in decision.reasons if r.since is not None},
    }  # fmt: skip
    return entry if decision.luck is None else {**entry, "luck": _short(decision.luck)}


def _date(day: int, start: datetime.date) -> str:
    return (start + datetime.timedelta(days=day)).isoformat() if day >= 0 else "before the start"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return _short(value) if isinstance(value, float) else value


def _short(value: float) -> float:
    return float(f"{value:.6g}")
