"""Single draws of the parameters: many runs of each at a few values of readiness, with the same luck."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

from sim.experiments.dilemma.worlds import DRAW_VALUES, NO_FEEDBACK, PAIRS, READINESS, TOGETHER, WORLDS
from sim.outcomes import OUTCOMES
from sim.scenario import Scenario
from sim.scenario.varying import with_parameters
from sim.simulate.job import Parameters, simulate
from sim.simulate.spans import TASK_RUNS, Point, Span, Task

LUCK = 1 << 45
"""First of the run numbers of the draws: their luck is in no other estimate."""

SUMS = ("attacks", "credibility", "any_killed")
COMPARED = ("attacks", "credibility", "fed")
WAYS = ("into", "out", "into_aside", "out_aside")

DRAW = np.dtype(
    [
        ("row", np.int64),
        ("runs", np.int64),
        *((f"{name}_{k}", np.int64) for name in ("seen", "seen_aside") for k in range(len(DRAW_VALUES))),
        *((f"{name}_{k}", np.float64) for name in SUMS for k in range(len(DRAW_VALUES))),
        *((f"{way}_{i}_{j}", np.int64) for i, j in PAIRS for way in WAYS),
        *(
            (f"{name}_{kind}_{i}_{j}", np.float64)
            for name in COMPARED
            for i, j in PAIRS
            for kind in ("d", "q")
        ),
    ]
)
"""A draw. By value of readiness k: runs that spiral, and sums over runs. By pair of values i < j: runs that spiral at j
and not at i (into), or the other way round (out); sum (d) and sum of squares (q) over runs of the difference, j less i,
in attacks, in credibility, and in what feedback adds to coming to a spiral (fed). Aside: without feedback."""


def draw_tasks(
    scenario: Scenario, draws: int, each: int, parameters: Parameters, first_number: int
) -> list[Task]:
    """Tasks of so many draws with `each` runs at a value: a span for each value, with feedback and then without."""
    points = [
        Point(number, with_parameters(scenario, {READINESS: value}), WORLDS[world])
        for number, (world, value) in enumerate(product((TOGETHER, NO_FEEDBACK), DRAW_VALUES))
    ]
    rows = max(1, TASK_RUNS // (len(points) * each))
    pieces = [(LUCK + first * each, min(rows, draws - first) * each) for first in range(0, draws, rows)]
    return [
        Task(number, tuple(Span(point, *piece) for point in points), parameters)
        for number, piece in enumerate(pieces, start=first_number)
    ]


def draw_rows(task: Task, each: int) -> npt.NDArray[np.void]:
    """Simulate the draws of a task, `each` runs at every value: an array of DRAW, one a draw of the parameters."""
    at_values = [_at(span, task.parameters, each) for span in task.spans]
    values, aside = at_values[: len(DRAW_VALUES)], [at["came"] for at in at_values[len(DRAW_VALUES) :]]
    rows = _rows(task.spans[0], each)[::each]
    found = np.zeros(len(rows), DRAW)
    found["row"], found["runs"] = rows, each
    for k, at in enumerate(values):
        found[f"seen_{k}"], found[f"seen_aside_{k}"] = at["came"].sum(axis=1), aside[k].sum(axis=1)
        for name in SUMS:
            found[f"{name}_{k}"] = at[name].sum(axis=1)
    for i, j in PAIRS:
        came = [at["came"] for at in values]
        for ending, world in (("", came), ("_aside", aside)):
            found[f"into{ending}_{i}_{j}"] = (world[j] & ~world[i]).sum(axis=1)
            found[f"out{ending}_{i}_{j}"] = (world[i] & ~world[j]).sum(axis=1)
        changes = {name: values[j][name] - values[i][name] for name in ("attacks", "credibility")}
        with_feedback, without = (world[j].astype(np.float64) - world[i] for world in (came, aside))
        for name, change in (changes | {"fed": with_feedback - without}).items():
            found[f"{name}_d_{i}_{j}"] = change.sum(axis=1)
            found[f"{name}_q_{i}_{j}"] = (change * change).sum(axis=1)
    return found


def _rows(span: Span, each: int) -> npt.NDArray[np.int64]:
    """Row of parameters of each run."""
    return (span.numbers.astype(np.int64) - LUCK) // each


def _at(span: Span, parameters: Parameters, each: int) -> dict[str, npt.NDArray]:
    """What every run came to at one value of readiness, each of shape (rows, each)."""
    worlds = simulate(span.job(parameters), span.numbers, row_numbers=_rows(span, each))
    came = {"came": OUTCOMES[span.point.scenario.headline].of_worlds(worlds)}
    came |= {name: OUTCOMES[name].of_worlds(worlds).astype(np.float64) for name in SUMS}
    return {name: values.reshape(-1, each) for name, values in came.items()}
