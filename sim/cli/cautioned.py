"""What a scenario says before any answer of it, where an answer is no result with a basis of its own: printed first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario import Scenario


def say_caution(scenario: Scenario) -> None:
    """Print it for people, where there is one."""
    from sim.report.terminal.screen import Screen

    if scenario.caution:
        Screen().say(scenario.caution, "bold")


def with_caution(scenario: Scenario, answer: dict[str, Any]) -> dict[str, Any]:
    """Plain values for JSON, the caution first, under its own name, where there is one."""
    return {"caution": scenario.caution, **answer} if scenario.caution else answer
