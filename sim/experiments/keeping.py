"""A job carried out block by block: what is missing is simulated and kept, and all of it is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial

from sim.simulate.batches import Batch, Made, Task, carry_out, tasks_of
from sim.simulate.parts import add_counts, counts_part
from sim.simulate.pools import Pool
from sim.simulate.tallies import Tallies
from sim.store import COUNTS, Work
from sim.store.naming import counts_name, fold_name, last_fold, part_name

FOLDED = 64  # counts of so many blocks lie apart before they are put into one file

Kept = Callable[[int, bool], None]
Lived = Callable[[int], None]


class Blocks:
    """The blocks of a job and what has been kept of them.

    Whatever ends the process, only blocks in flight are lost: a block's outcome table is kept before its counts, and
    only what the journal of the result folder notes counts as done.

    Attributes
    ----------
    tasks : the blocks, in order
    tallies : the counts of every batch by its name, of the blocks taken so far
    """

    def __init__(self, batches: Sequence[Batch], size: int, work: Work) -> None:
        self.tasks = tasks_of(batches, size)
        self.tallies = {batch.name: batch.new_tallies() for batch in batches}
        self._work = work
        self._fold, self._folded = last_fold(work.hidden, work.kept, len(self.tasks))

    @property
    def missing(self) -> list[Task]:
        """Blocks of which anything has yet to be kept."""
        return [task for task in self.tasks if not self.is_kept(task)]

    def is_kept(self, task: Task) -> bool:
        """Whether all of a block is there."""
        part, counts = self._names(task)
        there = self._work.kept
        return (part is None or part in there) and (self._in_fold(task) or counts in there)

    def complete(self, pool: Pool, kept: Kept, lived: Lived | None = None) -> dict[str, Tallies]:
        """Carry out what is missing, and count all blocks.

        Parameters
        ----------
        pool : callable
            Carries out the tasks.
        kept : callable
            Told runs of blocks that are there, and whether they were simulated just now.
        lived : callable, optional
            Told of runs as they are lived; only where the pool works in this thread.
        """
        if self._fold is not None:
            add_counts(self._work.read(self._fold), self.tallies)
        work = partial(carry_out, told=lived) if lived else carry_out
        with closing(pool(work, self.missing)) as made:
            for task in self.tasks:
                new = not self.is_kept(task)
                if new:
                    self._keep(task, next(made))
                else:
                    self._take(task)
                kept(task.runs, new)
                if task.number + 1 - self._folded >= FOLDED:
                    self._fold_up_to(task.number + 1, fold_name(self._work.hidden, task.number + 1))
        if COUNTS not in self._work.kept:
            self._fold_up_to(len(self.tasks), COUNTS)
        return self.tallies

    def _in_fold(self, task: Task) -> bool:
        return task.number < self._folded

    def _names(self, task: Task) -> tuple[str | None, str]:
        part = part_name(task.first) if task.batch.outcomes else None
        return part, counts_name(self._work.hidden, task.number)

    def _take(self, task: Task) -> None:
        if not self._in_fold(task):
            add_counts(self._work.read(self._names(task)[1]), self.tallies)

    def _keep(self, task: Task, made: Made) -> None:
        part, counts = self._names(task)
        if part is not None and made.outcomes is not None and part not in self._work.kept:
            self._work.keep(part, made.outcomes)
        if not self._in_fold(task):
            self._work.keep(counts, made.counts)
            add_counts(made.counts, self.tallies)

    def _fold_up_to(self, number: int, name: str) -> None:
        """Put the counts of the first blocks into one file, which takes the place of theirs."""
        self._work.keep(name, counts_part(self.tallies))
        own = {self._names(task)[1] for task in self.tasks[self._folded : number]} & self._work.kept.keys()
        self._work.drop([*own, *([self._fold] if self._fold else [])])
        self._fold, self._folded = name, number
