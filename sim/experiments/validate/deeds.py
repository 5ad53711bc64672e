"""Washington's strikes after a date, counted: by level, by country, and days without; foreseen, and on record."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.estimates.tables import QUANTILES
from sim.experiments.validate.scoring import covers, crps, log_score, rank_probability
from sim.inference.foresight import Foresight
from sim.inference.observation import COUNTRIES_OF_STRIKES, Record
from sim.inference.observation.record import Bound

ONE_DAY = datetime.timedelta(days=1)
LEVELS = (1, 2, 3, 4)
WITHOUT = "days_without_strike"
"""The one count of days; one strike a day is the most that a record and the model hold."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Deeds:
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


def deeds_of(record: Record, as_of: datetime.date) -> tuple[Deeds, ...]:
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
        Deeds(series, first, last, float(value), bound)
        for series, value in numbers.items()
        if value or bound == "exact"
    )


def foreseen(deeds: Deeds, seen: Foresight) -> Floats:
    """The same number in every run that was foreseen, shape (runs,)."""
    before = deeds.first - ONE_DAY

    def more(name: str) -> Floats:
        return seen.deed(name, deeds.last) - seen.deed(name, before)

    if deeds.series == WITHOUT:
        return float((deeds.last - before).days) - more("strikes")
    if deeds.series == "strikes_syria":
        return more("strikes") - more("strikes_iraq") - more("strikes_on_iran")
    return more({"strikes_iran": "strikes_on_iran"}.get(deeds.series, deeds.series))


def log_likelihoods_of_deeds(counted: Sequence[Deeds], seen: Foresight) -> Floats:
    """Log likelihood of what is on record, shape (runs, numbers): strikes are told as they are, 0 where they fit."""
    found = np.full((len(seen.deeds), len(counted)), -np.inf)
    for place, deeds in enumerate(counted):
        would = foreseen(deeds, seen)
        found[would >= deeds.value if deeds.bound == "at_least" else would == deeds.value, place] = 0.0
    return found


def deed_rows(
    name: str, as_of: datetime.date, counted: Sequence[Deeds], seen: Foresight, seed: int
) -> list[dict[str, Any]]:
    """Score a forecaster on numbers of strikes one by one: columns as of `increment_rows`."""
    generator = np.random.Generator(np.random.Philox([seed, 1]))
    scores, rows = log_likelihoods_of_deeds(counted, seen), []
    for place, deeds in enumerate(counted):
        would, exact = foreseen(deeds, seen), deeds.bound == "exact"
        score = log_score(scores[:, place])
        ends = dict(zip(QUANTILES, np.quantile(would, list(QUANTILES.values())), strict=True))
        rows.append(
            {
                "as_of": as_of, "forecaster": name, "series": deeds.series, "first": deeds.first,
                "last": deeds.last, "recorded": deeds.value, "bound": deeds.bound, **ends,
                "log_score": score.value, "log_score_error": score.error, "effective": score.effective,
                "crps": crps(would, deeds.value) if exact else None,
                "rank": rank_probability(would, deeds.value, generator.random()) if exact else None,
                "in50": covers(would, deeds.value, 0.5), "in90": covers(would, deeds.value, 0.9),
            }
        )  # fmt: skip
    return rows
