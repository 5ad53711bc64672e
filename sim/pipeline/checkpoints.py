"""Blocks of runs counted and kept one by one, so that a job that was cut short goes on where it was."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial

from sim.pipeline.runner import Runner
from sim.simulate.parts import add_counts, counts_part
from sim.simulate.reducers import Count, Counted
from sim.simulate.spans import Task
from sim.simulate.tallies import Tallies
from sim.store import COUNTS, Work
from sim.store.naming import counts_name, fold_name, last_fold, part_name

FOLDED_BLOCKS = 64
"""Counts of so many blocks lie apart before they are put into one file."""


class Blocks:
    """The blocks of a job and what has been kept of them.

    Whatever ends the process, only blocks in flight are lost: a block's outcome table is kept before its counts, and
    only what the journal of the result folder notes counts as done.

    Attributes
    ----------
    tasks : the blocks, in order
    tallies : the counts of every point by its name, of the blocks taken so far
    """

    def __init__(self, tasks: Sequence[Task], reducer: Count, work: Work) -> None:
        self.tasks, self.reducer = tasks, reducer
        self.tallies: dict[str, Tallies] = dict(reducer.new_tallies(task) for task in tasks)
        self._work = work
        self._fold, self._folded = last_fold(work.hidden, work.kept, len(tasks))

    def complete(self, runner: Runner, in_this_thread: bool = False) -> dict[str, Tallies]:
        """Carry out what is missing, and count all blocks.

        Parameters
        ----------
        runner : Runner
        in_this_thread : bool
            Whether the blocks are lived here, one after the other, so that each run of them can be told of.
        """
        if self._fold is not None:
            add_counts(self._work.read(self._fold), self.tallies)
        reduce = partial(self.reducer, told=runner.under_way) if in_this_thread else self.reducer
        missing = [task for task in self.tasks if not self._is_kept(task)]
        with closing(runner.pool(reduce, missing)) as made:
            for task in self.tasks:
                old = self._is_kept(task)
                if old:
                    self._take(task)
                else:
                    self._keep(task, next(made))
                runner.advance(task.runs, old)
                if task.number + 1 - self._folded >= FOLDED_BLOCKS:
                    self._fold_up_to(task.number + 1, fold_name(self._work.hidden, task.number + 1))
        if COUNTS not in self._work.kept:
            self._fold_up_to(len(self.tasks), COUNTS)
        return self.tallies

    def _is_kept(self, task: Task) -> bool:
        part, counts = self._names(task)
        there = self._work.kept
        return (part is None or part in there) and (self._in_fold(task) or counts in there)

    def _in_fold(self, task: Task) -> bool:
        return task.number < self._folded

    def _names(self, task: Task) -> tuple[str | None, str]:
        part = part_name(task.spans[0].first) if self.reducer.keeps_outcomes(task) else None
        return part, counts_name(self._work.hidden, task.number)

    def _take(self, task: Task) -> None:
        if not self._in_fold(task):
            add_counts(self._work.read(self._names(task)[1]), self.tallies)

    def _keep(self, task: Task, made: Counted) -> None:
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
