"""What simulated worlds are reduced to, task by task: responses of parameter rows, or counts and the outcome table.

A reducer is called with a task, in any process whose arithmetic is the same, and gives the same there as here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.scenario.questions import Question
from sim.simulate.asked import Asked
from sim.simulate.blocks import Live, Told, simulate_block
from sim.simulate.job import Job, simulate
from sim.simulate.parts import counts_part, outcomes_part
from sim.simulate.responses import responses, with_question
from sim.simulate.spans import Span, Task
from sim.simulate.tallies import Tallies, new_tallies

Reducer = Callable[[Task], npt.NDArray[np.void]]


def respond(task: Task) -> npt.NDArray[np.void]:
    """Simulate the spans of a task, and count what each row of parameters came to: an array of RESPONSE."""
    found = [
        responses(simulate(span.job(task.parameters), span.numbers), point=span.point.number)
        for span in task.spans
    ]
    return np.concatenate(found)


@dataclass(frozen=True)
class RespondAsked:
    """As `respond`, with what a question came to in the runs of each row besides."""

    question: Question

    def __call__(self, task: Task) -> npt.NDArray[np.void]:
        """Simulate the spans of a task, and count."""
        return np.concatenate([self._of(span, span.job(task.parameters)) for span in task.spans])

    def _of(self, span: Span, job: Job) -> npt.NDArray[np.void]:
        asked = Asked.of(span.point.scenario, (self.question,))
        worlds, came = asked.lived(job, span.numbers, second_lives=True)
        found = responses(worlds, point=span.point.number)
        return with_question(found, *asked.told(asked.questions[0], came))


@dataclass(frozen=True)
class Counted:
    """What comes of a block, as Parquet: its outcome table, if that is kept, and its counts."""

    outcomes: bytes | None
    counts: bytes


@dataclass(frozen=True)
class Count:
    """Reduces blocks to counts, one set for each point, and to outcome tables.

    Attributes
    ----------
    names : what the counts of each point are called, by its number
    own : so many first points are the scenario itself, of which the daily series are counted too
    outcomes : whether their outcome table is kept
    live : what lives their runs in place of the compiled engine
    """

    names: tuple[str, ...]
    own: int = 1
    outcomes: bool = True
    live: Live | None = None

    def keeps_outcomes(self, task: Task) -> bool:
        """Whether the outcome table of a task is kept."""
        return self.outcomes and task.spans[0].point.number < self.own

    def new_tallies(self, task: Task) -> tuple[str, Tallies]:
        """Empty counts for what a task counts, and their name."""
        point = task.spans[0].point
        return self.names[point.number], new_tallies(point.scenario.days, point.number < self.own)

    def __call__(self, task: Task, told: Told | None = None) -> Counted:
        """Simulate a block and count it."""
        span = task.spans[0]
        own, scenario = span.point.number < self.own, span.point.scenario
        live = self.live if own else None
        block = simulate_block(span.job(task.parameters), span.first, span.runs, own, live, told)
        by_row = task.parameters != "default"
        outcomes = outcomes_part(block, scenario, by_row) if self.keeps_outcomes(task) else None
        return Counted(outcomes, counts_part({self.names[span.point.number]: block.tallies}))
