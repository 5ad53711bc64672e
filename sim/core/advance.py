"""The compiled engine: `advance`, the one primitive that moves time."""

import numpy as np

from sim.core.counting import count_day
from sim.core.day import begin, begin_militias, live_day
from sim.core.day.loops import in_lanes
from sim.core.day.order import PHASES_OF_THE_DAY
from sim.core.day.record import war_goes_on, war_is_over
from sim.core.jit import entry, is_plain, loop
from sim.core.lanes import LANES
from sim.core.packs import (
    DAY_STARTS,
    OF_DAY,
    OF_SETTING,
    OF_WORLD,
    PARAMETERS_START,
    SETTING_STARTS,
    new_pack,
    p_of,
    put_in,
    put_into_all,
    setting_of,
    take_out,
    today_of,
    world_of,
)

IN_A_PACK = {"world_of": world_of, "today_of": today_of, "setting_of": setting_of, "p_of": p_of}
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
    pack, of_parameters = new_pack(parameters), doubles_of(parameters)
    row_of, ended, chosen = (
        np.empty(LANES, np.int64),
        np.empty(LANES, np.bool_),
        np.empty(LANES + 1, np.int64),
    )
    put_into_all(pack, SETTING_STARTS, OF_SETTING, setting, 0, -1)
    for start in range(0, len(worlds), LANES):
        some = min(LANES, len(worlds) - start)
        _board(pack, worlds, parameters, of_parameters, rows, start, some, row_of, ended)
        for d in range(first, last):
            put_into_all(pack, DAY_STARTS, OF_DAY, timeline, d, d - 1 if d > first else -1)
            _leave_at_the_end_of_war(pack, worlds, timeline[d], setting[0], start, some, ended)
            today = timeline[d : d + 1]
            live_lanes(pack, LANES, worlds, parameters, row_of, today, setting, random_seed, chosen)
            if len(rungs) > 0:
                _count(pack, worlds, start, some, ended, d, histograms, sums, rungs)
        for lane in range(some):
            if not ended[lane]:
                take_out(pack, OF_WORLD, worlds, start + lane, lane)


advance = one_by_one if is_plain() else entry(side_by_side)


@loop
def doubles_of(parameters):
    """Byte and size of every value of parameters, all of 8 bytes."""
    values = np.empty((parameters.itemsize // 8, 2), np.int64)
    for k in range(len(values)):
        values[k, 0], values[k, 1] = 8 * k, 8
    return values


@loop
def _board(pack, worlds, parameters, of_parameters, rows, start, some, row_of, ended):
    """Put worlds into the lanes; lanes that are left over hold the last one too, and nobody looks at them."""
    for lane in range(LANES):
        w = start + min(lane, some - 1)
        put_in(pack, 0, OF_WORLD, worlds, w, lane)
        put_in(pack, PARAMETERS_START, of_parameters, parameters, rows[w], lane)
        row_of[lane] = rows[w]
        ended[lane] = lane >= some


@loop
def _leave_at_the_end_of_war(pack, worlds, today, setting, start, some, ended):
    """Take out worlds whose war has been followed long enough, of which no more days are lived; their lanes go idle."""
    for lane in range(some):
        if not ended[lane] and war_is_over(world_of(worlds, pack, lane), setting):
            take_out(pack, OF_WORLD, worlds, start + lane, lane)
            ended[lane] = True
        if ended[lane]:
            war_goes_on(worlds[start + lane], today)


@loop
def _count(pack, worlds, start, some, ended, d, histograms, sums, rungs):
    for lane in range(some):
        if ended[lane]:
            count_day(worlds[start + lane], d, histograms, sums, rungs)
        else:
            count_day(world_of(worlds, pack, lane), d, histograms, sums, rungs)
