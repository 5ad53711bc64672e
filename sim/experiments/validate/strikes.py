"""Washington's strikes after a date, counted: by level, by country, and days without; foreseen, and on record."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.experiments.validate.scoring import scored
from sim.inference.foresight import Foresight
from sim.inference.observation import COUNTRIES_OF_STRIKES, Record
from sim.inference.observation.record import Bound

ONE_DAY = datetime.timedelta(days=1)
LEVELS = (1, 2, 3, 4)
WITHOUT = "days_without_strike"
"""The one count of days; one strike a day is the most that a record and the model hold."""

OUTCOME_OF = {"strikes_iraq": "strikes_in_iraq", "strikes_iran": "strikes_on_soil"}
"""Numbers of strikes by country, and the outcomes of runs that they are; what is in neither country is in Syria."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class StrikeCount:
    """A number of strikes, or of days without, from the day after a date to another.

    Attributes
    ----------
    series : `strikes_level_<level>`, `strikes_<country>` or `days_without_strike`
    first, last : the days that are counted
    value : on record
    bound : 'exact', or 'at_least' where strikes may be missing
    """

    series: str
    first: datetime.date
    last: datetime.date
    value: float
    bound: Bound


def strikes_after(record: Record, as_of: datetime.date) -> tuple[StrikeCount, ...]:
    """What a record holds of strikes after a date: exact up to where it is complete, else lower bounds."""
    first, until = as_of + ONE_DAY, record.strikes_until
    later = [s for s in record.strikes if s.date > as_of]
    complete = until is not None and until > as_of
    last = until if complete and until is not None else max((s.date for s in later), default=as_of)
    counted = [s for s in later if s.date <= last]
    if not complete and not counted:
        return ()
    bound: Bound = "exact" if complete else "at_least"
    numbers = {f"strikes_level_{level}": sum(s.level == level for s in counted) for level in LEVELS}
    if all(s.country for s in counted):
        numbers |= {f"strikes_{c}": sum(s.country == c for s in counted) for c in COUNTRIES_OF_STRIKES}
    if complete:
        numbers[WITHOUT] = (last - as_of).days - len(counted)
    return tuple(
        StrikeCount(series, first, last, float(value), bound)
        for series, value in numbers.items()
        if value or bound == "exact"
    )


def foreseen(count: StrikeCount, seen: Foresight) -> Floats:
    """The same number in every run that was foreseen, shape (runs,)."""
    before = count.first - ONE_DAY

    def more(name: str) -> Floats:
        return seen.outcome(name, count.last) - seen.outcome(name, before)

    if count.series == WITHOUT:
        return float((count.last - before).days) - more("strikes")
    if count.series == "strikes_syria":
        return more("strikes") - more("strikes_in_iraq") - more("strikes_on_soil")
    return more(OUTCOME_OF.get(count.series, count.series))


def log_likelihoods_of_strikes(counted: Sequence[StrikeCount], seen: Foresight) -> Floats:
    """Log likelihood of what is on record, shape (runs, numbers): strikes are told as they are, 0 where they fit."""
    found = np.full((len(seen.outcomes), len(counted)), -np.inf)
    for place, count in enumerate(counted):
        would = foreseen(count, seen)
        found[would >= count.value if count.bound == "at_least" else would == count.value, place] = 0.0
    return found


def strike_rows(
    name: str, as_of: datetime.date, counted: Sequence[StrikeCount], seen: Foresight, seed: int
) -> list[dict[str, Any]]:
    """Score a forecaster on numbers of strikes one by one: columns as of `increment_rows`."""
    generator = np.random.Generator(np.random.Philox([seed, 1]))
    likelihoods = log_likelihoods_of_strikes(counted, seen)
    return [
        {
            "as_of": as_of, "forecaster": name, "series": count.series, "first": count.first, "last": count.last,
            "recorded": count.value, "bound": count.bound,
            **scored(
                foreseen(count, seen), likelihoods[:, place], count.value, count.bound == "at_least", generator
            ),
        }
        for place, count in enumerate(counted)
    ]  # fmt: skip
