"""Spiral: an escalation-risk simulator of one crisis and its four actors: militias, Washington, Baghdad and Tehran.

From Python: `from sim import load_scenario, run, sweep, compare`; see docs/howto/use-from-python.md. Importing loads
nothing heavy: each name is fetched when it is first asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sim.version import VERSION

if TYPE_CHECKING:
    from sim.api import (
        ask,
        chains,
        compare,
        dilemma,
        discover,
        feeding,
        open_result,
        policy,
        prevented,
        questions,
        record_from_csv,
        run,
        sensitivity,
        sweep,
        warnings,
    )
    from sim.scenario import Scenario, ScenarioError, load_scenario

__version__ = VERSION

_HOMES = {
    **dict.fromkeys(("Scenario", "ScenarioError", "load_scenario"), "sim.scenario"),
    **dict.fromkeys(
        (
            "ask",
            "open_result",
            "run",
            "questions",
            "prevented",
            "record_from_csv",
            "sweep",
            "compare",
            "dilemma",
            "sensitivity",
            "discover",
            "policy",
            "warnings",
            "chains",
            "feeding",
        ),
        "sim.api",
    ),
}

__all__ = [
    "Scenario",
    "ScenarioError",
    "ask",
    "chains",
    "compare",
    "dilemma",
    "discover",
    "feeding",
    "load_scenario",
    "open_result",
    "policy",
    "prevented",
    "questions",
    "record_from_csv",
    "run",
    "sensitivity",
    "sweep",
    "warnings",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
