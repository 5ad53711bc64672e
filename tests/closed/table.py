"""A table of closed forms: statistic, expected, observed, and how many standard errors lie between them.

A row that is exact has no standard error, and must agree to nine digits. Any other may be four standard errors off: a
correct program fails one with a probability of 6.3e-5 where seeds are drawn anew; they are fixed.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt

LIMIT = 4.0
DIGITS = 1e-9
KEY = "closed form"


@dataclass(frozen=True)
class Row:
    """One statistic.

    Attributes
    ----------
    statistic : what it is
    expected : by the closed form
    observed : in the engine, or in the estimates
    error : standard error of what is observed; 0 where it is exact
    runs : runs, or other units, that it was observed in
    """

    statistic: str
    expected: float
    observed: float
    error: float
    runs: int

    @property
    def z(self) -> float:
        """Standard errors between observed and expected."""
        return (self.observed - self.expected) / self.error if self.error else 0.0

    @property
    def holds(self) -> bool:
        """Whether it is as near as it must be."""
        if self.error:
            return abs(self.z) <= LIMIT
        return math.isclose(self.observed, self.expected, rel_tol=DIGITS, abs_tol=1e-15)


class Table:
    """Rows as they are found."""

    def __init__(self) -> None:
        """Begin an empty one."""
        self.rows: list[Row] = []

    def add(self, statistic: str, expected: float, observed: float, error: float, runs: int) -> None:
        """Add a statistic with its standard error."""
        self.rows.append(Row(statistic, float(expected), float(observed), float(error), int(runs)))

    def exact(self, statistic: str, expected: float, observed: float) -> None:
        """Add one in which there is no chance."""
        self.add(statistic, expected, observed, 0.0, 1)

    def share(self, statistic: str, expected: float, seen: npt.NDArray, of: int | None = None) -> None:
        """Add a share of runs; or of as many units as are given, of which `seen` is the sum."""
        units = len(seen) if of is None else of
        error = math.sqrt(expected * (1 - expected) / units)
        self.add(statistic, expected, float(np.sum(seen)) / units, error, units)

    def mean(self, statistic: str, expected: float, values: npt.NDArray) -> None:
        """Add a mean over runs."""
        self.add(statistic, expected, values.mean(), values.std() / math.sqrt(len(values)), len(values))

    def variance(self, statistic: str, expected: float, values: npt.NDArray) -> None:
        """Add a variance over runs."""
        squares = (values - values.mean()) ** 2
        self.add(statistic, expected, squares.mean(), squares.std() / math.sqrt(len(values)), len(values))


def told(rows: list[Row]) -> list[str]:
    """Lines of the table, its heading first."""
    width = max(len(row.statistic) for row in rows)
    lines = [f"{'statistic':{width}} {'expected':>13} {'observed':>13} {'z':>6} {'runs':>9}"]
    for row in rows:
        z = f"{row.z:6.2f}" if row.error else " exact"
        lines.append(f"{row.statistic:{width}} {row.expected:13.7g} {row.observed:13.7g} {z} {row.runs:9}")
    by_chance, one = sum(row.error > 0 for row in rows), math.erfc(LIMIT / math.sqrt(2))
    lines.append(
        f"{len(rows)} closed forms, {by_chance} of them by chance. False alarms with other seeds, |z| above {LIMIT:g}: "
        f"{one:.2g} each, {1 - (1 - one) ** by_chance:.2g} in all."
    )
    return lines


def kept(rows: list[Row]) -> list[tuple]:
    """Rows as plain values, which go from one process to another."""
    return [astuple(row) for row in rows]
