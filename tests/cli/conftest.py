"""Fixtures of the commands."""

from collections.abc import Callable

import pytest

from sim.simulate.reducers import Count, Counted
from sim.simulate.spans import Task


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the blocks that are simulated in this process."""
    numbers: list[int] = []
    straight = Count.__call__

    def counted(self: Count, task: Task, told: Callable[[int], None] | None = None) -> Counted:
        numbers.append(task.number)
        return straight(self, task, told)

    monkeypatch.setattr(Count, "__call__", counted)
    return numbers
