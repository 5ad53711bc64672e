"""Looking ahead: how far counts, on a day between two dates, are on the way to what is reported at the next.

A stage that ends between dates, at a death, would else keep worlds that can no longer meet the next count. What is
given here is no part of the posterior: the next stage takes it back.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from sim.inference.conditioning import Conditioning
from sim.inference.observation.model import COUNT_SD, Counts
from sim.inference.observation.record import DISCRETE

SCATTER = 4.0
"""Variance of attacks on the way to a count, over that of a Poisson process: days cluster. Assumed; it only has to be
about right."""

Floats = npt.NDArray[np.float64]


def outlook(conditioning: Conditioning, last: datetime.date, values: Floats) -> Floats:
    """Log of how well worlds are on the way to the counts of attacks that are due later, at most 0, shape (worlds,).

    A count of so many in a span is expected to have come in proportion to the days, with the variance of a bridge:
    `SCATTER` times count times share gone times share left, and that of the report.

    Parameters
    ----------
    conditioning : Conditioning
    last : date
        The day that worlds have lived to the end of; where its counts are not kept, nothing is told.
    values : ndarray, shape (worlds, days kept, columns)
    """
    found = np.zeros(len(values))
    if last not in conditioning.kept:
        return found
    counts = Counts(conditioning.start, conditioning.kept, values)
    for report in conditioning.scored:
        if report.series in DISCRETE and report.first <= last < report.last and report.bound != "at_least":
            so_far = counts.of(replace(report, last=last), conditioning.record.counts_jordan)
            gone = ((last - report.first).days + 1) / ((report.last - report.first).days + 1)
            variance = COUNT_SD**2 + SCATTER * report.value * gone * (1.0 - gone)
            found -= 0.5 * (so_far - report.value * gone) ** 2 / variance
    return found
