"""Counts over worlds: cumulative series by day; rows of parameters by how many of their runs an event has come in."""

import numpy as np

from sim.core.jit import entry, rule

BINS = 2048


@rule
def count_day(world, d, histograms, sums, rungs):
    """Add day `d`, just lived, to the daily counts, in the order of `sim.outcomes.SERIES`."""
    outcome = world.outcome
    elsewhere = outcome.attacks_syria + outcome.attacks_jordan
    strikes = outcome.strikes[1] + outcome.strikes[2] + outcome.strikes[3] + outcome.strikes[4]
    _count(0, d, outcome.attacks_iraq, histograms, sums)
    _count(1, d, elsewhere, histograms, sums)
    _count(2, d, outcome.attacks_iraq + elsewhere, histograms, sums)
    _count(3, d, outcome.wounded, histograms, sums)
    _count(4, d, outcome.killed, histograms, sums)
    _count(5, d, strikes, histograms, sums)
    rungs[d, outcome.last_rung] += 1


@rule
def _count(series, d, value, histograms, sums):
    histograms[series, d, min(value, histograms.shape[2] - 1)] += 1
    sums[series, d] += value


@entry
def count_world(worlds, day, histograms, sums, rungs):
    """Add the day that one world, shape (1,), has lived to the daily counts, as `advance.advance` does."""
    count_day(worlds[0], day, histograms, sums, rungs)


@entry
def count_rows(days, size, firsts, rows, short_row):
    """Add, by event and day, first comings, and rows by how many of their runs it has come in; in place.

    Returns the number of runs in a last row that is cut short.
    """
    events, runs = days.shape
    horizon = firsts.shape[1]
    whole = runs // size
    coming = np.zeros(horizon, np.int64)
    for e in range(events):
        for row in range(whole + 1):
            coming[:] = 0
            for r in range(row * size, min((row + 1) * size, runs)):
                if days[e, r] >= 0:
                    coming[days[e, r]] += 1
            come = 0
            for d in range(horizon):
                come += coming[d]
                firsts[e, d] += coming[d]
                if row < whole:
                    rows[e, d, come] += 1
                else:
                    short_row[e, d] += come
    return runs - whole * size
