"""The outcomes of a run: one registry, from which the record, tables, estimates and reference pages are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from sim.outcomes.entries import (
    CAUSES,
    ENDINGS,
    ENTRIES,
    FIRST,
    HEADLINES,
    LEVELS,
    RUNGS,
    SPIRALS,
    WITHDRAWAL,
    rung_key,
)  # fmt: skip
from sim.outcomes.outcome import Column, Outcome, Use

__all__ = [
    "ADDRESS",
    "CAUSES",
    "COLUMNS",
    "COMPARED",
    "DISTRIBUTIONS",
    "ENDINGS",
    "EVENTS",
    "HEADLINES",
    "LEVELS",
    "OUTCOMES",
    "ROW_EVENTS",
    "ROW_SUMS",
    "RUNGS",
    "SERIES",
    "SPIRALS",
    "TOTALS",
    "WITHDRAWAL",
    "Column",
    "Outcome",
    "blank_outcome",
    "outcome_dtype",
    "per_run",
    "rung_key",
    "spirals_of",
]

OUTCOMES: Mapping[str, Outcome] = {outcome.key: outcome for outcome in ENTRIES}
"""Every outcome by its key, in the order of the outcome table."""

ADDRESS = (
    Column("run", "number", "number of the run; also the address of its luck", "number"),
    Column(
        "parameter_row",
        "number",
        "row of parameters that the run took: 25 runs share one, or all share 0",
        "number",
    ),
)
"""Columns that say which run a row of the outcome table is about."""

COLUMNS = (*ADDRESS, *(column for outcome in ENTRIES for column in outcome.columns))
"""Columns of the outcome table, in order."""


def _ordered(names: Iterable[str], of: str) -> tuple[str, ...]:
    given, first = tuple(names), FIRST.get(of, ())
    return tuple(sorted(given, key=lambda name: first.index(name) if name in first else len(first)))


def _used(use: Use) -> tuple[str, ...]:
    return _ordered((key for key, outcome in OUTCOMES.items() if use in outcome.uses), use)


EVENTS = _used("first_day")
"""Events whose first days are counted, in the order of the tallies."""

SERIES = tuple(
    key for key, _ in sorted(
        ((key, o.daily) for key, o in OUTCOMES.items() if o.daily is not None), key=lambda item: item[1]
    )
)  # fmt: skip
"""Counts that are kept day by day, all cumulative from the scenario's start."""

TOTALS = _used("total")
"""Outcomes that are summed over runs, and no more."""

DISTRIBUTIONS = _used("distribution")
"""Outcomes of which it is told how many runs ended with which value."""

ROW_EVENTS = tuple(key for key in _used("row") if OUTCOMES[key].kind == "event")
ROW_SUMS = tuple(key for key in _used("row") if OUTCOMES[key].kind != "event")
"""What is kept of a row of parameters: how many of its runs saw an event, and sums over them."""

COMPARED = (
    *(key for key in ROW_EVENTS if "compared" in OUTCOMES[key].uses),
    *(key for key in ROW_SUMS if "compared" in OUTCOMES[key].uses),
)
"""What a comparison of scenarios tells."""


def outcome_dtype() -> np.dtype:
    """The record of what a run leaves behind: every field that an outcome is read from, as 32-bit integers."""
    sizes = {outcome.field: outcome.size for outcome in ENTRIES if outcome.field}
    return np.dtype(
        [(n, np.int32, (size,)) if size else (n, np.int32) for n, size in sizes.items()], align=True
    )


def blank_outcome() -> np.ndarray:
    """An outcome in which nothing has happened yet, as a zero-dimensional record: no counts, and no days (-1)."""
    outcome = np.zeros((), outcome_dtype())
    for field in {o.field for o in ENTRIES if o.kind == "event" and o.field}:
        outcome[field] = -1
    return outcome


def per_run(column: str) -> str:
    """Unit of a column that is named after an outcome, with or without the ending of an interval or a change; or ''."""
    name = column
    for ending in ("_low", "_high", "_unknown", "_change"):
        name = name.removesuffix(ending)
    return OUTCOMES[name].per_run if name in OUTCOMES else ""


def spirals_of(headline: str) -> tuple[str, ...]:
    """Kinds of spiral that are told of a scenario: both definitions, after its headline where that is neither."""
    return SPIRALS if headline in SPIRALS else (headline, *SPIRALS)
