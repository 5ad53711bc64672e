"""A job as a list of blocks: of each world the runs that are counted together, cut into tasks for any worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.scenario import Scenario
from sim.simulate.blocks import Live, Told, simulate_block
from sim.simulate.job import Job, Parameters, make_job
from sim.simulate.parts import counts_part, outcomes_part
from sim.simulate.tallies import Tallies, new_tallies


@dataclass(frozen=True)
class Batch:
    """Runs of one world that are counted together, told so briefly that they can be sent anywhere.

    Attributes
    ----------
    name : of its counts
    scenario, parameters, override : as `sim.simulate.job.make_job` takes them
    first, runs : the first run, which opens a parameter row, and the number of runs
    daily : whether the daily series are counted
    outcomes : whether the outcome table is kept
    live : what lives the runs; None for the compiled engine
    """

    name: str
    scenario: Scenario
    parameters: Parameters
    first: int
    runs: int
    override: Mapping[str, float] = field(default_factory=dict)
    daily: bool = False
    outcomes: bool = False
    live: Live | None = None

    def job(self) -> Job:
        """The world made ready for the engine."""
        return make_job(self.scenario, self.parameters, self.override)

    def new_tallies(self) -> Tallies:
        """Empty tallies for its counts."""
        return new_tallies(self.scenario.days, self.daily)


@dataclass(frozen=True)
class Task:
    """A block of a batch, to be simulated: its number in the job, first run and number of runs."""

    number: int
    batch: Batch
    first: int
    runs: int


@dataclass(frozen=True)
class Made:
    """What comes of a task, as Parquet: its outcome table, if that is kept, and its counts."""

    outcomes: bytes | None
    counts: bytes


def tasks_of(batches: Sequence[Batch], size: int) -> list[Task]:
    """Cut batches into blocks of at most `size` runs, a multiple of the runs of a parameter row."""
    spans = [
        (batch, first, min(size, batch.first + batch.runs - first))
        for batch in batches
        for first in range(batch.first, batch.first + batch.runs, size)
    ]
    return [Task(number, *span) for number, span in enumerate(spans)]


def carry_out(task: Task, told: Told | None = None) -> Made:
    """Simulate the runs of a task; the same bytes on every worker whose arithmetic is the same.

    Parameters
    ----------
    task : Task
    told : callable, optional
        Told how many more runs are done, as they are.
    """
    batch = task.batch
    block = simulate_block(batch.job(), task.first, task.runs, batch.daily, batch.live, told)
    by_row = batch.parameters != "default"
    outcomes = outcomes_part(block, batch.scenario, by_row) if batch.outcomes else None
    return Made(outcomes, counts_part({batch.name: block.tallies}))
