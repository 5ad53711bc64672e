"""The same runs of several scenarios, a task a block of run numbers: what each came to, and which runs were tipped."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.outcomes import HEADLINES, OUTCOMES
from sim.scenario import Scenario
from sim.scenario.questions import Question
from sim.simulate.asked import Asked
from sim.simulate.job import Parameters, simulate
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.prevented import averted
from sim.simulate.responses import RESPONSE, responses, with_question
from sim.simulate.spans import TASK_RUNS, Point, Span, Task

LUCK = 1 << 40
"""First of the run numbers by which the sign is told: their luck is in no other estimate."""

SIGN_RUNS = 250
"""Runs of each draw of the parameters whose sign is told."""

ESTIMATE, SIGN = 0, 1
"""Stages: runs with rows of their own, from which everything is estimated; many runs of the first rows."""

PAIRED = np.dtype(
    [
        ("stage", np.int64),
        *((name, RESPONSE[name]) for name in RESPONSE.names or ()),
        *((f"{spiral}_{way}", np.int64) for spiral in HEADLINES for way in ("into", "out")),
        ("averted", np.int64),
    ]
)
"""One parameter draw in one scenario (`point`, 0 the first one): as `RESPONSE`; how many of its runs spiral where
the same run of the first scenario does not (into), or the other way round (out); and, of those from which everything is
estimated, in how many restraint averted the headline."""


def paired_tasks(
    scenarios: Sequence[Scenario], runs: int, sign_rows: int, parameters: Parameters
) -> list[Task]:
    """Cut a comparison into tasks of at most about `TASK_RUNS` runs, smaller ones when there are few.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The first is the one that the others are held against.
    runs : int
        Of each scenario.
    sign_rows : int
        How many rows get `SIGN_RUNS` runs for their sign.
    parameters : 'posterior', 'prior' or 'default'

    Returns
    -------
    list of Task
        The same runs of every scenario in each, a span a scenario.
    """
    asked = {"headline": scenarios[0].headline}  # of all, so that they are asked for the same
    points = [Point(number, scenario.model_copy(update=asked)) for number, scenario in enumerate(scenarios)]
    size = min(TASK_RUNS, len(points) * runs // 16) // len(points)
    whole = max(1, size // RUNS_PER_ROW) * RUNS_PER_ROW
    signs, some = sign_rows * SIGN_RUNS, max(1, whole // SIGN_RUNS) * SIGN_RUNS
    pieces = [
        *((first, min(whole, runs - first)) for first in range(0, runs, whole)),
        *((LUCK + first, min(some, signs - first)) for first in range(0, signs, some)),
    ]
    return [
        Task(number, tuple(Span(point, *piece) for point in points), parameters)
        for number, piece in enumerate(pieces)
    ]


def paired(task: Task, question: Question | None = None) -> npt.NDArray[np.void]:
    """Simulate the runs of a task in every scenario: an array of PAIRED, in order of scenario and row.

    With a question what it came to besides, see `sim.simulate.responses.with_question`: of the runs from which
    everything is estimated; none of those that tell signs.
    """
    found: list[npt.NDArray[np.void]] = []
    first: dict[str, npt.NDArray[np.bool_]] = {}
    stage = SIGN if task.spans[0].first >= LUCK else ESTIMATE
    for span in task.spans:
        rows = (span.numbers.astype(np.int64) - LUCK) // SIGN_RUNS if stage == SIGN else None
        job = span.job(task.parameters)
        told = None
        if question is not None and stage == ESTIMATE:
            asked = Asked.of(job.scenario, (question,))
            worlds, days = asked.lived(job, span.numbers, second_lives=True)
            told = asked.told(asked.questions[0], days)
        else:
            worlds = simulate(job, span.numbers, row_numbers=rows)
        came = {name: OUTCOMES[name].of_worlds(worlds) for name in HEADLINES}
        first = first or came
        counted = responses(worlds, rows, span.point.number)
        part = np.zeros(len(counted), PAIRED)
        part["stage"] = stage
        for name in RESPONSE.names or ():
            part[name] = counted[name]
        starts = np.concatenate([[0], np.cumsum(counted["runs"])[:-1]])
        for name in HEADLINES:
            part[f"{name}_into"] = np.add.reduceat(came[name] & ~first[name], starts, dtype=np.int64)
            part[f"{name}_out"] = np.add.reduceat(first[name] & ~came[name], starts, dtype=np.int64)
        if stage == ESTIMATE:
            held = averted(job, span.numbers, came[job.scenario.headline])
            part["averted"] = np.add.reduceat(held, starts, dtype=np.int64)
        if question is not None:
            none = np.zeros(span.runs, bool)
            part = with_question(part, *(told if told is not None else (none, none)))
        found.append(part)
    return np.concatenate(found)


def by_stage(found: npt.NDArray[np.void], stage: int) -> npt.NDArray[np.void]:
    """Records of a stage, in order of scenario and row whatever the order of tasks."""
    chosen = found[found["stage"] == stage]
    return chosen[np.argsort(chosen["point"], kind="stable")]
