"""The compiled engine: `advance`, the one primitive that moves time."""

from sim.core.counting import count_day
from sim.core.day import begin, begin_militias, live_day
from sim.core.jit import entry


@entry
def start(worlds, parameters, rows, setting):
    """Give blank worlds the state of their first day, in place.

    Parameters
    ----------
    worlds : recarray of WORLD, shape (n,)
    parameters : recarray of PARAMETERS, shape (r,)
    rows : ndarray of int64, shape (n,)
        The row of `parameters` that each world takes.
    setting : recarray of SETTING, shape (1,)
    """
    for w in range(len(worlds)):
        begin(worlds[w], setting[0], parameters[rows[w]])


@entry
def seat(worlds, parameters, rows, setting):
    """Give militias that a continuing scenario adds the state of their first day, in place."""
    for w in range(len(worlds)):
        begin_militias(worlds[w], setting[0], parameters[rows[w]])


@entry
def advance(worlds, parameters, rows, timeline, setting, random_seed, first, last, histograms, sums, rungs):
    """Take worlds through days `first` to `last` (excluded) of a timeline, in place.

    Serial, and without the interpreter's lock: a block of worlds is the unit of work of a thread.

    Parameters
    ----------
    worlds : recarray of WORLD, shape (n,)
    parameters : recarray of PARAMETERS, shape (r,)
    rows : ndarray of int64, shape (n,)
    timeline : recarray of DAY, shape (days,)
    setting : recarray of SETTING, shape (1,)
    random_seed : uint64
    first, last : int
        Indices of days, 0 <= first <= last <= days.
    histograms : ndarray of int32, shape (len(sim.outcomes.SERIES), days, BINS) or (0, 0, 0)
        Number of worlds by series, day and cumulative count, added to; the last bin holds all beyond it.
    sums : ndarray of int64, shape (len(sim.outcomes.SERIES), days) or (0, 0)
        Total of the same counts, added to.
    rungs : ndarray of int64, shape (days, RUNGS) or (0, 0)
        Number of worlds by day and rung, added to.
    """
    for w in range(len(worlds)):
        world = worlds[w]
        p = parameters[rows[w]]
        for d in range(first, last):
            live_day(world, timeline[d], setting[0], p, random_seed)
            if len(rungs) > 0:
                count_day(world, d, histograms, sums, rungs)
