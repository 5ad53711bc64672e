"""What the simulator makes of points of the unit cube: risk and attacks of each, and how far luck moves both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.experiments.sensitivity.design import Crossed, Morris, Sobol, Steps
from sim.experiments.sensitivity.factors import Factor, columns_of, runs_of_luck
from sim.outcomes import OUTCOMES
from sim.scenario import Scenario
from sim.scenario.questions import Question
from sim.simulate.asked import Asked
from sim.simulate.job import make_job, simulate_rows
from sim.simulate.spans import TASK_RUNS

OUTPUTS = ("risk", "attacks", "spiral")
"""The share of a row's runs that come to the headline, or to a yes to a question in its place, the mean over them of
log(1 + attacks), and the share that comes to the headline by reactions."""

ANSWER = np.dtype(
    [(name + part, np.float64) for name in OUTPUTS for part in ("", "_own", "_shared")] + [("count", np.float64)]
)  # fmt: skip
"""One point. Of each output its value over the point's runs, the variance that luck gives this value (`_own`), and the
variance that luck gives its difference from the point that it is held against (`_shared`), both estimated without bias
from the spread between runs. `count` is the plain mean of the attacks of a run."""


@dataclass(frozen=True)
class Slice:
    """A piece of a design, simulated together.

    Attributes
    ----------
    number : in the job
    scenario : that is asked about
    factors : what the columns of the points stand for; luck comes last
    points : the piece
    each : runs of a point
    runs : runs of all points
    question : that takes the headline's place
    """

    number: int
    scenario: Scenario
    factors: tuple[Factor, ...]
    points: Crossed | Steps
    each: int
    runs: int
    question: Question | None = None


def slices_of(
    scenario: Scenario,
    factors: tuple[Factor, ...],
    designs: Sequence[Sobol | Morris],
    each: int,
    first: int,
    question: Question | None = None,
) -> list[Slice]:
    """Cut designs into slices of about as many runs as a task has, numbered from `first` on."""
    found: list[Slice] = []
    for design in designs:
        size = samples_of_slice(design, each)
        for start in range(0, design.samples, size):
            stop = min(start + size, design.samples)
            runs = (stop - start) * design.each * each
            number = first + len(found)
            found.append(Slice(number, scenario, factors, design.slice(start, stop), each, runs, question))
    return found


def samples_of_slice(design: Sobol | Morris, each: int) -> int:
    """Base samples, or trajectories, of a slice."""
    return max(1, TASK_RUNS // (design.each * each))


def carry_out(task: Slice) -> npt.NDArray[np.void]:
    """Simulate the points of a slice.

    Returns
    -------
    ndarray of ANSWER
        In order of the points.
    """
    cube, reference = task.points.cube(), task.points.reference()
    runs = runs_of_luck(cube[:, -1], task.each)
    rows = np.repeat(np.arange(len(cube)), task.each)
    worlds, came = _lived(task, runs.ravel(), rows, columns_of(task.factors, cube))
    outcome = np.asarray(worlds)["outcome"]
    attacks = OUTCOMES["attacks"].of(outcome).astype(np.float64)
    seen = {
        "risk": OUTCOMES[task.scenario.headline].of(outcome) >= 0 if came is None else came,
        "attacks": np.log1p(attacks),
        "spiral": OUTCOMES["spiral"].of(outcome) >= 0,
    }
    found = np.zeros(len(cube), ANSWER)
    found["count"] = np.reshape(attacks, runs.shape).mean(axis=1)
    for name, values in seen.items():
        told = spread(np.reshape(values, runs.shape).astype(np.float64), reference)
        for part, column in zip(("", "_own", "_shared"), told, strict=True):
            found[name + part] = column
    return found


def _lived(
    task: Slice,
    runs: npt.NDArray[np.uint64],
    rows: npt.NDArray[np.int64],
    columns: dict[str, npt.NDArray[np.float64]],
) -> tuple[np.ndarray, npt.NDArray[np.bool_] | None]:
    """Worlds after the last day, and in which of them the answer to a question that was asked is yes."""
    job = make_job(task.scenario)
    if task.question is None:
        return simulate_rows(job, runs, rows, columns), None
    asked = Asked.of(task.scenario, (task.question,))
    worlds, days = asked.lived_in_rows(job, runs, rows, columns)
    return worlds, asked.told(asked.questions[0], days)[1]


def spread(
    values: npt.NDArray[np.float64], reference: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Means over runs, and how far luck moves them and their differences.

    Parameters
    ----------
    values : ndarray, shape (points, runs)
        Run by run; two runs or more.
    reference : ndarray of int, shape (points,)
        The point that each is held against, run by run.

    Returns
    -------
    tuple of ndarray, each of shape (points,)
        The mean; its variance over luck; the variance over luck of its difference from the reference's mean.
    """
    runs = values.shape[1]
    own = values.var(axis=1, ddof=1) / runs
    shared = (values - values[reference]).var(axis=1, ddof=1) / runs
    return values.mean(axis=1), own, shared
