"""How what a sweep varied is told: numbers, and dates and words, which figures put in the order given."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sim.experiments.sweep import LeverPart, SweepFinding
from sim.experiments.sweep.design import DATE
from sim.experiments.sweep.table import SEED
from sim.pipeline.answers import Answer
from sim.wording import day_text, number_text


def is_named(lever: LeverPart) -> bool:
    """Whether dates or words were varied, and no numbers."""
    return isinstance(lever.values[0], str)


def is_dated(lever: LeverPart) -> bool:
    """Whether dates were varied."""
    return is_named(lever) and all(DATE.fullmatch(str(value)) for value in lever.values)


def value_text(lever: LeverPart, value: float | str) -> str:
    """A value of a lever in a sentence; of dates and words also from its place among them."""
    if isinstance(value, str):
        return value
    return str(lever.values[int(value)]) if is_named(lever) else number_text(value)


def placed(data: pd.DataFrame, levers: Sequence[LeverPart]) -> pd.DataFrame:
    """The points of a sweep with dates and words by their places, for axes."""
    found = data.copy()
    for lever in levers:
        if is_named(lever):
            found[lever.path] = [float(lever.values.index(value)) for value in data[lever.path]]
    return found


def by_when(answer: Answer[SweepFinding]) -> str:
    """Up to when the risk is told: the scenario's end, or each point's own."""
    if any(lever.path == "end" for lever in answer.finding.levers):
        return "by its end"
    return f"by {day_text(answer.scenario.end)}"


def shares_luck(of: SweepFinding) -> bool:
    """Whether all points have the same random streams: not where the seed is varied."""
    return all(lever.path != SEED for lever in of.levers)
