"""A run's course: all stages of all days, and from which day each memory chiefly stems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.core import phases
from sim.replay.replay import Record, Replay
from sim.replay.stages import Stages, militia_count, stages_of
from sim.simulate.setting import militias_in_order

BEFORE = -1
"""The day of what a run begins with."""

Values = tuple[float, ...]


@dataclass(frozen=True)
class Source:
    """From which day the largest part of a memory stems; None while it is empty.

    `noon` is after Baghdad has moved and before anyone acts, `decided` is as Washington decides.
    """

    morning: int | None
    noon: int | None
    decided: int | None
    evening: int | None


@dataclass(frozen=True)
class Course:
    """One run, gone through stage by stage.

    Attributes
    ----------
    played : the run
    stages : those of each day
    weighed : the world of each day as Washington decides: the day's harm is felt, and nothing is done yet
    """

    played: Replay
    stages: tuple[Stages, ...]
    weighed: tuple[Record, ...]

    @property
    def militias(self) -> range:
        """Indices of the militias."""
        return range(militia_count(self.played))

    @cached_property
    def names(self) -> list[str]:
        """Militias by index."""
        return list(militias_in_order(self.played.job.scenario))

    @cached_property
    def revenge(self) -> tuple[list[Source], ...]:
        """Sources of each militia's anger, by militia and day."""
        return self._sources_by_militia("anger")

    @cached_property
    def deterrence(self) -> tuple[list[Source], ...]:
        """Sources of each militia's fear of strikes, by militia and day."""
        return self._sources_by_militia("fear")

    @cached_property
    def anger(self) -> list[Source]:
        """Sources of the anger that Washington sees in all militias, by day."""
        shares = self.played.setting["militias"]["share"][0]
        return self._sources(lambda world: shares @ world["militias"]["anger"][0])

    @cached_property
    def pressure(self) -> list[Source]:
        """Sources of Washington's pressure to act, by day."""
        return self._sources(lambda world: world["us"]["pressure"][0])

    @cached_property
    def unanswered(self) -> list[Source]:
        """Sources of the killed not yet answered, by day."""
        return self._sources(lambda world: world["us"]["unanswered"][0])

    @cached_property
    def bargain(self) -> list[Source]:
        """Days on which the standing bargain was made, by day."""
        return self._sources(lambda world: world["iraq"]["bargain"][0])

    @cached_property
    def strain(self) -> list[Source]:
        """Sources of Baghdad's strain, by day."""
        return self._sources(lambda world: world["iraq"]["strain"][0])

    @cached_property
    def war_fear(self) -> list[Source]:
        """Sources of Tehran's fear of war, by day."""
        return self._sources(lambda world: world["iran"]["war_fear"][0])

    @cached_property
    def grievance(self) -> list[Source]:
        """Sources of Tehran's grievance, by day."""
        return self._sources(lambda world: world["iran"]["grievance"][0])

    def _sources_by_militia(self, memory: str) -> tuple[list[Source], ...]:
        def value_of(i: int) -> Callable[[Record], float]:
            return lambda world: float(world["militias"][memory][0, i])

        return tuple(self._sources(value_of(i)) for i in self.militias)

    def _sources(self, value: Callable[[Record], float]) -> list[Source]:
        paths = []
        for stages, weighed in zip(self.stages, self.weighed, strict=True):
            worlds = (stages.morning, stages.pressed, weighed, stages.responded, stages.felt, stages.answered)
            paths.append(tuple(float(value(world)) for world in worlds))
        return sources(paths)


def course_of(played: Replay) -> Course:
    """Go through a run stage by stage."""
    stages = tuple(stages_of(played, day) for day in range(played.days))
    weighed = tuple(
        weighed_by_washington(played, day, s.engaged, played.row) if s.lived else s.engaged
        for day, s in enumerate(stages)
    )
    return Course(played, stages, weighed)


def weighed_by_washington(played: Replay, day: int, engaged: Record, row: Record) -> Record:
    """World in which Washington has felt the harm of a day, and is at the step of its decision that it was at."""
    world, today = engaged.copy(), played.timeline[day : day + 1].copy()
    today["level"] = 0
    phases.washington_responds(world, today, played.setting, row, played.seed)
    world["us"]["step"] = engaged["us"]["step"]
    return world


def sources(paths: Sequence[Values]) -> list[Source]:
    """Find from which day a memory chiefly stems.

    What is added on a day stems from that day, and what is lost is lost by all that is there in equal parts. As a
    memory grows by a share of what is left to add and fades by a share of what is there, that is its own arithmetic.

    Parameters
    ----------
    paths : sequence of tuple of float
        The memory at points of each day in order, at least two, the second at noon and a third, if there is one, as
        Washington decides; from a day's last to the next day's first it fades.
    """
    held: npt.NDArray[np.float64] = np.zeros(len(paths) + 1)  # by day; last, what it began with
    held[BEFORE] = before = paths[0][0]
    found = []
    for day, path in enumerate(paths):
        chief: list[int | None] = []
        for value in path:
            if value > before:
                held[day] += value - before
            elif before > 0.0:
                held *= value / before
            before = value
            chief.append(_largest(held) if value > 0.0 else None)
        found.append(Source(chief[0], chief[1], chief[min(2, len(path) - 1)], chief[-1]))
    return found


def _largest(held: npt.NDArray[np.float64]) -> int:
    most = int(np.argmax(held))
    return BEFORE if most == len(held) - 1 else most
