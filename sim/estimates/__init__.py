"""From counts to estimates: probabilities with honest bounds, daily tables, paths."""

from sim.estimates.intervals import Estimate, clustered, independent, prior_range, wilson
from sim.estimates.summary import summarise
from sim.estimates.tables import daily_table, distribution_table, incidence_table, rung_table

__all__ = [
    "Estimate",
    "clustered",
    "daily_table",
    "distribution_table",
    "incidence_table",
    "independent",
    "prior_range",
    "rung_table",
    "summarise",
    "wilson",
]
