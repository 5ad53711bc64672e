"""Fixtures of the commands."""

from collections.abc import Callable

import pytest

from sim.simulate.batches import Made, Task, carry_out


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the blocks that are simulated in this process."""
    numbers: list[int] = []

    def counted(task: Task, told: Callable[[int], None] | None = None) -> Made:
        numbers.append(task.number)
        return carry_out(task, told)

    monkeypatch.setattr("sim.experiments.keeping.carry_out", counted)
    return numbers
