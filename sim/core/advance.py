"""The compiled engine: `advance`, the one primitive that moves time."""

import numpy as np

from sim.core.boarding import IN_A_PACK, board, day_comes, leave
from sim.core.counting import count_day
from sim.core.day import begin, begin_militias, live_day
from sim.core.day.loops import in_lanes
from sim.core.day.order import PHASES_OF_THE_DAY
from sim.core.jit import entry, is_plain, loop
from sim.core.lanes import LANES
from sim.core.packs import new_pack, world_of

live_lanes = in_lanes(PHASES_OF_THE_DAY, IN_A_PACK)


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


def one_by_one(
    worlds, parameters, rows, timeline, setting, random_seed, first, last, histograms, sums, rungs
):
    """`advance`, one world after the other: what it is without the compiler."""
    for w in range(len(worlds)):
        world = worlds[w]
        p = parameters[rows[w]]
        for d in range(first, last):
            live_day(world, timeline[d], setting[0], p, random_seed)
            if len(rungs) > 0:
                count_day(world, d, histograms, sums, rungs)


def side_by_side(
    worlds, parameters, rows, timeline, setting, random_seed, first, last, histograms, sums, rungs
):
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
    pack, chosen = new_pack(parameters), np.empty(LANES, np.int64)
    row_of, ended = np.empty(LANES, np.int64), np.empty(LANES, np.bool_)
    for start in range(0, len(worlds), LANES):
        board(pack, worlds, parameters, rows, setting, start, row_of, ended)
        for d in range(first, last):
            day_comes(pack, worlds, timeline, d, first, setting, start, ended)
            today = timeline[d : d + 1]
            live_lanes(pack, LANES, worlds, parameters, row_of, today, setting, random_seed, chosen)
            if len(rungs) > 0:
                _count(pack, worlds, start, ended, d, histograms, sums, rungs)
        leave(pack, worlds, start, ended)


advance = one_by_one if is_plain() else entry(side_by_side)


@loop
def _count(pack, worlds, start, ended, d, histograms, sums, rungs):
    for lane in range(min(LANES, len(worlds) - start)):
        if ended[lane]:
            count_day(worlds[start + lane], d, histograms, sums, rungs)
        else:
            count_day(world_of(worlds, pack, lane), d, histograms, sums, rungs)
