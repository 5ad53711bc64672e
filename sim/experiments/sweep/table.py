"""What a sweep found: one row a point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.estimates.by_row import Mean, Rows, bounded_difference, mean, of_point, probability
from sim.estimates.conditional import change, conditional, enough
from sim.experiments.sweep.design import Lever
from sim.outcomes import ROW_EVENTS, ROW_SUMS, per_run
from sim.scenario.questions import LEAST_MET
from sim.simulate.responses import MET, OUTCOME

NAMED = "named"
"""The exchange that a point's own headline names, where the headline is varied."""

SEED = "random_seed"


def sweep_table(
    levers: Sequence[Lever],
    values: npt.NDArray[np.float64],
    found: npt.NDArray[np.void],
    headlines: Sequence[str],
    by_row: bool,
    with_change: bool = True,
) -> pd.DataFrame:
    """Estimates of every point.

    Parameters
    ----------
    levers : sequence of Lever
    values : ndarray, shape (points, levers)
    found : ndarray of RESPONSE
        In order of points.
    headlines : sequence of str
        The exchange that each point asks about.
    by_row : bool
        Whether parameters are drawn.
    with_change : bool
        Whether the first point is one to hold the others against, with the same random streams.

    Returns
    -------
    DataFrame
        One row a point: `point`, the levers by path, `runs`; each event and quantity with `_low` and `_high` (95% by
        chance); for the headline `_unknown_low` and `_unknown_high` (central 90% over the parameters' prior, when they
        are drawn), and, of a grid, `_change` from the first point with `_change_low` and `_change_high`, paired by run.
        Of a question that was asked besides the same as of the headline, as `outcome`, and the runs that `met` its
        condition.
    """
    headline = asked_about(levers, headlines)
    first = _with_asked(of_point(found, 0), headline, headlines[0])
    rows = []
    for number, point in enumerate(values):
        mine = _with_asked(of_point(found, number), headline, headlines[number])
        row = {"point": number, **{lever.path: lever.at(v) for lever, v in zip(levers, point, strict=True)}}
        row |= {"runs": int(mine["runs"].sum()), **_estimates(mine, headline, by_row)}
        if with_change:
            moved = bounded_difference(mine, first, headline, by_row) if number else Mean(0.0, 0.0, 0.0)
            row |= _with_ends(f"{headline}_change", moved.value, (moved.low, moved.high))
        if OUTCOME in (found.dtype.names or ()):
            row |= _asked(mine, first if with_change else None, by_row)
        rows.append(row)
    table = pd.DataFrame(rows)
    units = {column: _unit(column.replace(NAMED, headlines[0]), levers) for column in table.columns}
    table.attrs["units"] = {column: unit for column, unit in units.items() if unit}
    return table


def asked_about(levers: Sequence[Lever], headlines: Sequence[str]) -> str:
    """The exchange whose risk a sweep tells: the scenario's headline, or `named` where each point names its own."""
    return NAMED if any(lever.path == "headline" for lever in levers) else headlines[0]


def _with_asked(rows: npt.NDArray[np.void], name: str, headline: str) -> npt.NDArray[np.void]:
    """Rows that also count, as `named`, what their point asks about."""
    if name != NAMED:
        return rows
    found = np.empty(len(rows), [*rows.dtype.descr, (NAMED, rows.dtype[headline])])
    for field in rows.dtype.names or ():
        found[field] = rows[field]
    found[NAMED] = rows[headline]
    return found


def _estimates(mine: npt.NDArray[np.void], headline: str, by_row: bool) -> dict[str, float]:
    """Each event and quantity at one point, with its ends."""
    found: dict[str, float] = {}
    for event in (*ROW_EVENTS, *([NAMED] if headline == NAMED else [])):
        estimate = probability(mine, event, by_row, with_ignorance=by_row and event == headline)
        found |= _with_ends(event, estimate.probability, estimate.chance)
        if event == headline and estimate.ignorance is not None:
            found |= _ends(f"{event}_unknown", estimate.ignorance)
    for name in ROW_SUMS:
        average = mean(mine, name)
        found |= _with_ends(name, average.value, (average.low, average.high))
    return found


def _asked(mine: Rows, first: Rows | None, by_row: bool) -> dict[str, float]:
    """What a question came to at a point, and how many runs met its condition; nan where these are too few."""
    none = float("nan")
    row: dict[str, float] = {MET: int(mine[MET].sum())}
    answered = enough(mine[MET], mine["runs"], LEAST_MET)
    found = conditional(mine[OUTCOME], mine[MET], by_row, with_ignorance=by_row) if answered else None
    row |= (
        _with_ends(OUTCOME, none, (none, none))
        if found is None
        else _with_ends(OUTCOME, found.probability, found.chance)
    )
    if found is not None and found.ignorance is not None:
        row |= _ends(f"{OUTCOME}_unknown", found.ignorance)
    if first is None:
        return row
    moved = Mean(none, none, none)
    if answered and enough(first[MET], first["runs"], LEAST_MET):
        moved = change(mine[OUTCOME], mine[MET], first[OUTCOME], first[MET]) or moved
    if mine["point"][0] == first["point"][0]:
        moved = Mean(0.0, 0.0, 0.0)
    return row | _with_ends(f"{OUTCOME}_change", moved.value, (moved.low, moved.high))


def _with_ends(name: str, value: float, ends: tuple[float, float]) -> dict[str, float]:
    return {name: value, **_ends(name, ends)}


def _ends(name: str, ends: tuple[float, float]) -> dict[str, float]:
    return {f"{name}_low": ends[0], f"{name}_high": ends[1]}


def _unit(column: str, levers: Sequence[Lever]) -> str:
    own = {lever.path: lever.unit for lever in levers}
    asked = "probability" if column.startswith(OUTCOME) else "runs" if column == MET else ""
    return own.get(column, asked or per_run(column))
