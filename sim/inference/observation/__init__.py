"""What officials would have reported of a world by a date, and how well a report fits a world."""

from sim.inference.observation.model import Counts, log_likelihood, log_likelihoods, reported, would_report
from sim.inference.observation.record import (
    BOUNDS,
    COUNTRIES_OF_STRIKES,
    DISCRETE,
    SERIES,
    Record,
    Report,
    Strike,
    increments,
    until,
)

__all__ = [
    "BOUNDS",
    "COUNTRIES_OF_STRIKES",
    "DISCRETE",
    "SERIES",
    "Counts",
    "Record",
    "Report",
    "Strike",
    "increments",
    "log_likelihood",
    "log_likelihoods",
    "reported",
    "until",
    "would_report",
]
