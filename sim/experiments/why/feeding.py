"""Whether the conflict feeds itself: the escalatory acts that an escalatory act brings on, and apart from them those
prevented.

An act can bring on acts of one kind and prevent acts of another, so that one net number, or an eigenvalue of means of
both signs, hides both. The mean offspring by kind is therefore split: its positive parts are *excitation*, its negative
parts *inhibition*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.core.offspring import KINDS
from sim.experiments.why.excitation import Floats, Parts, parts_of, range_over_rows, sums_by_kind
from sim.experiments.why.offspring import SIDES, offspring_table
from sim.simulate.job import Job
from sim.simulate.parameter_draws import rows_of_runs

if TYPE_CHECKING:
    from sim.replay.replay import Replay

FRESH = 2**47
"""First of the run numbers that no ordinary run has, for runs with the parameters of another."""

STEP = 10
WINDOW = 14  # days to either side
FEWEST_NEAR = 20  # acts, fewer than which tell nothing of a day
PHASES = ("all", "before the spiral", "from the spiral on")


@dataclass(frozen=True)
class Feeding:
    """How escalatory acts bring on and prevent one another in a scenario.

    Attributes
    ----------
    runs : number of runs
    phases : excitation and inhibition of all escalatory acts, of those before the headline spiral, and of those from
        its day on (by PHASES; a phase without acts is missing)
    matrix : mean offspring, shape (5, 5): acts of kind [row] for each act of kind [column], in the order of KINDS
    by_kind : DataFrame, one row a kind of act: kind, side, acts, a_run (acts a run), and each of excitation and
        inhibition with `_low` and `_high` (95% by chance), `_unknown_low` and `_unknown_high` (central 90% over rows of
        parameters; NaN where too few)
    by_day : DataFrame, one row a day with acts enough: date, acts, excitation and inhibition of those within a
        fortnight to either side, each with `_low` and `_high`
    """

    runs: int
    phases: dict[str, Parts]
    matrix: Floats
    by_kind: pd.DataFrame
    by_day: pd.DataFrame


def feeding(job: Job, runs: npt.NDArray[np.uint64]) -> Feeding:
    """Estimate excitation and inhibition from every escalatory act of some runs, with the job's own parameters."""
    acts = offspring_table(job, runs)
    by_row = job.parameters != "default"
    cluster = acts["row" if by_row else "run"].to_numpy()
    return Feeding(
        runs=len(runs),
        phases=_phases(acts, cluster, by_row),
        matrix=_matrix(acts),
        by_kind=_by_kind(acts, cluster, len(runs), by_row),
        by_day=_by_day(job, acts, cluster),
    )


def feeding_of_run(played: Replay, runs: int = 100, enough: int = 2_000) -> Feeding:
    """The same with one run's own parameters, from fresh runs with them; without its days.

    Parameters
    ----------
    played : Replay
    runs : int
        Most runs to make, ten at a time.
    enough : int
        Escalatory acts from which on no more runs are made: some parameters bring about hundreds a run.
    """
    own = rows_of_runs(np.array([played.run], np.uint64))
    tables: list[pd.DataFrame] = []
    while len(tables) * STEP < runs and sum(map(len, tables)) < enough:
        first = FRESH + len(tables) * STEP
        numbers = np.arange(first, first + STEP, dtype=np.uint64)
        tables.append(offspring_table(played.job, numbers, own.repeat(STEP)))
    acts, made = pd.concat(tables, ignore_index=True), len(tables) * STEP
    cluster = acts["run"].to_numpy()
    return Feeding(
        runs=made,
        phases=_phases(acts, cluster, by_row=False),
        matrix=_matrix(acts),
        by_kind=_by_kind(acts, cluster, made, by_row=False),
        by_day=_days_table(played.job, []),
    )


def _phases(acts: pd.DataFrame, cluster: npt.NDArray[np.int64], by_row: bool) -> dict[str, Parts]:
    spiral = acts["spiral_day"].to_numpy()
    before = (spiral < 0) | (acts["day"].to_numpy() < spiral)
    chosen = dict(zip(PHASES, (np.full(len(acts), True), before, ~before), strict=True))
    return {name: _of(acts[m], cluster[m], by_row) for name, m in chosen.items() if m.any()}


def _of(acts: pd.DataFrame, cluster: npt.NDArray[np.int64], by_row: bool) -> Parts:
    return parts_of(acts, cluster, range_over_rows(acts) if by_row else None)


def _matrix(acts: pd.DataFrame) -> Floats:
    counts, offspring = sums_by_kind(acts, np.zeros(len(acts), np.int64), 1)
    return np.asarray(offspring[0] / np.maximum(counts[0], 1.0))


def _by_kind(acts: pd.DataFrame, cluster: npt.NDArray[np.int64], runs: int, by_row: bool) -> pd.DataFrame:
    rows = []
    for code, kind in enumerate(KINDS):
        mine = (acts["kind"].cat.codes == code).to_numpy()
        if mine.any():
            found = _of(acts[mine], cluster[mine], by_row)
            about = {"kind": kind, "side": SIDES[code], "acts": found.acts}
            rows.append(about | {"a_run": found.acts / runs} | found.columns(unknown=True))
    return pd.DataFrame(rows)


def _by_day(job: Job, acts: pd.DataFrame, cluster: npt.NDArray[np.int64]) -> pd.DataFrame:
    days, rows = acts["day"].to_numpy(), []
    for day in range(job.days):
        near = np.abs(days - day) <= WINDOW
        if near.sum() >= FEWEST_NEAR:
            found = parts_of(acts[near], cluster[near], None)
            rows.append({"day": day, "acts": found.acts} | found.columns(unknown=False))
    return _days_table(job, rows)


def _days_table(job: Job, rows: list[dict[str, float]]) -> pd.DataFrame:
    names = [f"{part}{end}" for part in ("excitation", "inhibition") for end in ("", "_low", "_high")]
    frame = pd.DataFrame(rows, columns=["day", "acts", *names]).astype(
        dict.fromkeys(names, np.float64) | {"acts": np.int64}
    )
    start = pd.Timestamp(job.scenario.start)
    frame.insert(0, "date", start + pd.to_timedelta(frame.pop("day").astype(np.int64), unit="D"))
    return frame


def feeding_text(found: Feeding, whose: str = "with this run's parameters") -> str:
    """One line: `An escalatory act brings on 0.42 [0.31, 0.55] others and prevents 0.10 [0.02, 0.18], by chance, ...`.

    Parameters
    ----------
    found : Feeding
    whose : str
        Which parameters the runs had.
    """
    if "all" not in found.phases:
        return (
            f"What an escalatory act brings on is unknown: no escalatory act in {found.runs:,} runs {whose}"
        )
    e = found.phases["all"]
    return (
        f"An escalatory act brings on {e.excitation} other escalatory acts directly and prevents {e.inhibition}, by "
        f"chance, {whose} ({e.acts:,} escalatory acts in {found.runs:,} runs)"
    )
