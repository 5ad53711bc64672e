"""The escalation reproduction number: how many severe events a severe event goes on to cause.

Severe events of one side are answered by events of another kind, so that one number for each kind does not tell
whether they keep one another going. As for a disease with several hosts, the reproduction number is the dominant
eigenvalue of the next-generation matrix, whose entries are the mean offspring by kind of event (Diekmann, Heesterbeek
and Metz 1990). Above one a severe event brings on more than it takes to replace itself: the conflict feeds itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.core.offspring import KINDS
from sim.experiments.why.offspring import SIDE_OF_KIND, SIDES, children_by_side, offspring_table
from sim.simulate.job import Job
from sim.simulate.parameter_draws import rows_of_runs

if TYPE_CHECKING:
    from sim.replay.replay import Replay

FRESH = 2**47
"""First of the run numbers that no ordinary run has, for runs with the parameters of another."""

REPLICATES = 1_000
STEP = 10
FEWEST_ROWS = 20
PHASES = ("all", "before the spiral", "from the spiral on")


@dataclass(frozen=True)
class Estimate:
    """A reproduction number, its 95% interval by chance, and the number of severe events it rests on."""

    number: float
    low: float
    high: float
    events: int


@dataclass(frozen=True)
class Reproduction:
    """How severe events bring on one another in a scenario.

    Attributes
    ----------
    runs : number of runs
    phases : estimate for all events, those before the headline spiral, and those from its day on (by PHASES; a
        phase without events is missing)
    matrix : mean offspring, shape (3, 3): of a severe event of side [column] by side [row], in the order of SIDES
    unknown : central 90% of the number over parameter rows, each from its own runs; None where rows are too few
    by_kind : DataFrame, one row a kind of event: events, events a run, mean offspring by side and in all, 95% interval
    by_day : DataFrame, one row a day: date, events and number of those within a fortnight to either side, 95% interval
    """

    runs: int
    phases: dict[str, Estimate]
    matrix: npt.NDArray[np.float64]
    unknown: tuple[float, float] | None
    by_kind: pd.DataFrame
    by_day: pd.DataFrame


def reproduction(
    job: Job, runs: npt.NDArray[np.uint64], row_numbers: npt.NDArray[np.int64] | None = None
) -> Reproduction:
    """Estimate how severe events bring on one another, from every severe event of some runs.

    Intervals are the middle 95% of a bootstrap of the parameter rows (of the runs, where all have one row).
    """
    events = offspring_table(job, runs, row_numbers)
    by_row = job.parameters != "default" and row_numbers is None
    cluster = events["row" if by_row else "run"]
    return Reproduction(
        runs=len(runs),
        phases=_phases(events, cluster),
        matrix=_matrix(events),
        unknown=_over_rows(events, rows_of_runs(runs)) if by_row else None,
        by_kind=_by_kind(events, cluster, len(runs)),
        by_day=_by_day(job, events, cluster),
    )


def _phases(events: pd.DataFrame, cluster: pd.Series) -> dict[str, Estimate]:
    spiral = events["spiral_day"].to_numpy()
    before = (spiral < 0) | (events["day"].to_numpy() < spiral)
    chosen = dict(zip(PHASES, (np.full(len(events), True), before, ~before), strict=True))
    return {name: estimate_of(events[m], cluster[m]) for name, m in chosen.items() if m.any()}


def _matrix(events: pd.DataFrame) -> npt.NDArray[np.float64]:
    if not len(events):
        return np.zeros((3, 3))
    return np.asarray(_matrices(*_sums(events, np.zeros(len(events), np.int64)))[0])


def dominant(matrices: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Dominant eigenvalue of next-generation matrices, shape (n, 3, 3) to (n,); 0 where events prevent one another.

    With entries below zero it is the largest real part, at least 0.
    """
    return np.maximum(0.0, np.linalg.eigvals(matrices).real.max(axis=-1))


def _sums(
    events: pd.DataFrame, cluster: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Events, shape (clusters, 3), and offspring, shape (clusters, 3, 3) with the parent's side last."""
    number = int(cluster.max()) + 1
    parent = SIDE_OF_KIND[events["kind"].cat.codes.to_numpy()]
    children = children_by_side(events)
    counts, offspring = np.zeros((number, 3)), np.zeros((number, 3, 3))
    np.add.at(counts, (cluster, parent), 1.0)
    for side in range(3):
        np.add.at(offspring[:, side], (cluster, parent), children[:, side])
    return counts, offspring


def _matrices(counts: npt.NDArray[np.float64], offspring: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return offspring / np.maximum(counts, 1.0)[:, None, :]


def estimate_of(events: pd.DataFrame, cluster: pd.Series) -> Estimate:
    """Reproduction number of some events, at least one, its interval by a bootstrap of their clusters."""
    numbers = np.unique(cluster.to_numpy(), return_inverse=True)[1]
    counts, offspring = _sums(events, numbers)
    whole = dominant(_matrices(counts.sum(axis=0)[None], offspring.sum(axis=0)[None]))[0]
    weights = _weights(len(counts))
    again = dominant(_matrices(weights @ counts, np.einsum("bc,cij->bij", weights, offspring)))
    low, high = np.quantile(again, (0.025, 0.975))
    return Estimate(float(whole), float(low), float(high), len(events))


def _weights(clusters: int) -> npt.NDArray[np.float64]:
    """How often each cluster is drawn in each replicate; the same for the same number of clusters."""
    rng = np.random.default_rng(0)
    return rng.multinomial(clusters, np.full(clusters, 1.0 / clusters), size=REPLICATES).astype(np.float64)


def _over_rows(events: pd.DataFrame, rows: npt.NDArray[np.int64]) -> tuple[float, float] | None:
    """Central 90% over all rows, those without a severe event counted as 0; None where they are too few to tell."""
    if len(np.unique(rows)) < FEWEST_ROWS:
        return None
    numbers = np.zeros(len(np.unique(rows)))
    if len(events):
        places = np.searchsorted(np.unique(rows), events["row"].to_numpy())
        each = dominant(_matrices(*_sums(events, places)))
        numbers[: len(each)] = each
    low, high = np.quantile(numbers, (0.05, 0.95))
    return float(low), float(high)


def _by_kind(events: pd.DataFrame, cluster: pd.Series, runs: int) -> pd.DataFrame:
    rows = []
    for code, kind in enumerate(KINDS):
        mine = (events["kind"].cat.codes == code).to_numpy()
        if not mine.any():
            continue
        children = children_by_side(events[mine])
        places = np.unique(cluster[mine].to_numpy(), return_inverse=True)[1]
        counts = np.bincount(places).astype(np.float64)
        weights = _weights(len(counts))
        totals = np.bincount(places, weights=children.sum(axis=1))
        low, high = np.quantile((weights @ totals) / (weights @ counts), (0.025, 0.975))
        rows.append((kind, SIDES[SIDE_OF_KIND[code]], int(mine.sum()), mine.sum() / runs, *children.mean(axis=0),
                     children.sum(axis=1).mean(), low, high))  # fmt: skip
    names = (
        "kind",
        "side",
        "events",
        "a_run",
        *(f"brings_{side}" for side in SIDES),
        "brings",
        "low",
        "high",
    )
    return pd.DataFrame(rows, columns=list(names))


WINDOW = 14  # days to either side


def _by_day(job: Job, events: pd.DataFrame, cluster: pd.Series) -> pd.DataFrame:
    days = events["day"].to_numpy()
    rows = []
    for day in range(job.days):
        near = np.abs(days - day) <= WINDOW
        if near.any():
            e = estimate_of(events[near], cluster[near])
            rows.append((day, e.events, e.number, e.low, e.high))
    return _days_table(job, rows)


def _days_table(job: Job, rows: list[tuple[int, int, float, float, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["day", "events", "number", "low", "high"])
    start = pd.Timestamp(job.scenario.start)
    frame.insert(0, "date", start + pd.to_timedelta(frame.pop("day").astype(np.int64), unit="D"))
    return frame


def reproduction_of_run(played: Replay, runs: int = 100, enough: int = 2_000) -> Reproduction:
    """The reproduction number with one run's own parameters, from fresh runs with them; without its days.

    Parameters
    ----------
    played : Replay
    runs : int
        Most runs to make, ten at a time.
    enough : int
        Severe events from which on no more runs are made: some parameters bring about hundreds a run.
    """
    own = rows_of_runs(np.array([played.run], np.uint64))
    tables: list[pd.DataFrame] = []
    while len(tables) * STEP < runs and sum(map(len, tables)) < enough:
        first = FRESH + len(tables) * STEP
        tables.append(
            offspring_table(played.job, np.arange(first, first + STEP, dtype=np.uint64), own.repeat(STEP))
        )
    events, made = pd.concat(tables, ignore_index=True), len(tables) * STEP
    return Reproduction(
        runs=made,
        phases=_phases(events, events["run"]),
        matrix=_matrix(events),
        unknown=None,
        by_kind=_by_kind(events, events["run"], made),
        by_day=_days_table(played.job, []),
    )


def reproduction_text(found: Reproduction, whose: str = "with this run's parameters") -> str:
    """One line: `Escalation reproduction number 0.42 [0.31, 0.55] by chance, ...: below one, it dies out`.

    Parameters
    ----------
    found : Reproduction
    whose : str
        Which parameters the runs had.
    """
    if "all" not in found.phases:
        return f"Escalation reproduction number unknown: no severe event in {found.runs:,} runs {whose}"
    e = found.phases["all"]
    if e.low > 1.0:
        judged = "above one, the conflict feeds itself"
    elif e.high < 1.0:
        judged = "below one, the conflict does not feed itself"
    else:
        judged = "one lies within, so that whether the conflict feeds itself is open"
    return (
        f"Escalation reproduction number {estimate_text(e)} by chance {whose} "
        f"({e.events:,} severe events in {found.runs:,} runs): {judged}"
    )


def estimate_text(e: Estimate) -> str:
    """`0.42 [0.31, 0.55]`."""
    number, low, high = (f"{value:.2f}" for value in (e.number, e.low, e.high))
    return f"{number} [{low}, {high}]"
