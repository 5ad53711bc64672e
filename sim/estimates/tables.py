"""Tables by day, drawn from tallies: what the figures show and what is written beside them."""

from __future__ import annotations

import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.core.counting import BINS
from sim.estimates.intervals import Estimate, clustered, independent, prior_range
from sim.outcomes import DISTRIBUTIONS, EVENTS, OUTCOMES, RUNGS, SERIES, SPIRALS
from sim.simulate import Tallies

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


def _dates(start: datetime.date, days: int) -> pd.DatetimeIndex:
    return pd.date_range(pd.Timestamp(start), periods=days, freq="D")


def histogram_quantiles(counts: npt.NDArray[np.integer], probabilities: list[float]) -> npt.NDArray[np.int64]:
    """Exact quantiles of counted whole numbers: the least value that a share `p` of runs does not exceed.

    Parameters
    ----------
    counts : ndarray of int, shape (..., bins)
    probabilities : list of float, length q

    Returns
    -------
    ndarray of int, shape (q, ...)
    """
    cumulative = np.cumsum(counts, axis=-1)
    total = cumulative[..., -1:]
    return np.stack([(cumulative < np.ceil(p * total)).sum(axis=-1) for p in probabilities])


def daily_table(tallies: Tallies, start: datetime.date) -> pd.DataFrame:
    """Mean and quantiles of each cumulative count by day.

    Returns
    -------
    DataFrame
        Columns series, date, mean, q05, q25, q50, q75, q95; counts since the scenario's start.
    """
    series, days = tallies.sums.shape
    quantiles = histogram_quantiles(tallies.histograms, list(QUANTILES.values()))
    columns = {"series": np.repeat(SERIES, days), "date": np.tile(_dates(start, days), series)}
    columns["mean"] = (tallies.sums / tallies.runs).ravel()
    return pd.DataFrame(columns | {n: q.ravel() for n, q in zip(QUANTILES, quantiles, strict=True)})


def rung_table(tallies: Tallies, start: datetime.date) -> pd.DataFrame:
    """Share of runs on each rung by day: columns date, rung, share."""
    days = len(tallies.rungs)
    return pd.DataFrame(
        {
            "date": np.repeat(_dates(start, days), RUNGS),
            "rung": np.tile(np.arange(RUNGS), days),
            "share": (tallies.rungs / tallies.runs).ravel(),
        }
    )


def estimate_event(
    tallies: Tallies, event: int, day: int, by_row: bool, with_ignorance: bool = False
) -> Estimate:
    """Probability that an event (an index in `sim.outcomes.EVENTS`) has come by a day."""
    rows, short = tallies.rows[event, day], int(tallies.short_row[event, day])
    if by_row:
        return clustered(rows, short, tallies.short_size, with_ignorance, tallies.most_rows)
    seen = int((rows * np.arange(len(rows))).sum()) + short
    return independent(seen, tallies.runs)


def _by_day(tallies: Tallies, event: int, by_row: bool) -> list[Estimate]:
    """Probability that an event has come by each day; a day on which it came in no run is as the one before."""
    rows, short = tallies.rows[event], tallies.short_row[event]
    came = (rows[1:] != rows[:-1]).any(axis=1) | (short[1:] != short[:-1])
    found = [estimate_event(tallies, event, 0, by_row)]
    for day, new in enumerate(came, start=1):
        found.append(estimate_event(tallies, event, day, by_row) if new else found[-1])
    return found


def incidence_table(
    tallies: Tallies, start: datetime.date, by_row: bool, headline: str = "direct"
) -> pd.DataFrame:
    """Probability that an event has come by a day.

    Returns
    -------
    DataFrame
        Columns event, date, probability, low and high (95% by chance), unknown_low and unknown_high (central
        90% over the parameters' prior; only for spirals, and only when parameters are drawn).
    """
    frames = []
    for index, event in enumerate(EVENTS):
        days, asked = tallies.rows.shape[1], event in (headline, *SPIRALS)
        frame = pd.DataFrame({"event": event if asked else OUTCOMES[event].told, "date": _dates(start, days)})
        estimates = _by_day(tallies, index, by_row)
        frame["probability"] = [e.probability for e in estimates]
        frame["low"], frame["high"] = [e.chance[0] for e in estimates], [e.chance[1] for e in estimates]
        unknown = np.full((days, 2), np.nan)
        if by_row and asked and tallies.rows[index, 0].sum() > 1:
            unknown = np.maximum.accumulate(prior_range(tallies.rows[index]), axis=0)
        frame["unknown_low"], frame["unknown_high"] = unknown[:, 0], unknown[:, 1]
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def distribution_table(tallies: Tallies, headline: str) -> pd.DataFrame:
    """Runs by the value of an outcome at the end: columns quantity, value, runs, or_more.

    `first_spiral_day` counts days from the scenario's start and holds only runs that spiralled. `or_more` marks the
    highest value that is counted by itself, which holds all runs beyond it too.
    """
    last = tallies.histograms[:, -1]
    counted = {name: last[SERIES.index(name)] for name in DISTRIBUTIONS if name in SERIES}
    counted["first_spiral_day"] = tallies.first_days[EVENTS.index(headline)]
    counted["longest_quiet"] = tallies.quiet
    frames = [
        pd.DataFrame({"quantity": name, "value": np.flatnonzero(counts), "runs": counts[counts > 0]})
        for name, counts in counted.items()
    ]
    table = pd.concat(frames, ignore_index=True)
    return table.assign(or_more=table["value"].eq(BINS - 1) & table["quantity"].isin(SERIES))
