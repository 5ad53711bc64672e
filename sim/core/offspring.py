"""What each severe event of a run directly brings on: the first generation of its offspring.

A severe event is a US death by a militia's attack, a US strike in Iraq or of level 3 or more, or an attack that Iran
avows. From an event on, the run is lived twice more with the same luck, once with the event and once without it; in
both, every later severe event is counted and taken out as it comes, so that it brings on nothing itself. The event's
offspring is the difference between the two counts; below zero, the event prevented more than it brought on.
"""

import numpy as np

from sim.core.acts import (
    ACTS,
    ANSWER,
    DAY,
    IDENTITY,
    ITEM,
    KIND,
    LETHAL,
    MILITIA,
    kind_of_strike,
    live,
    severe_strike,
    take_out,
    write_acts,
)
from sim.core.jit import entry, rule
from sim.core.state import MAX_MILITIAS

KINDS = ACTS[LETHAL:]
"""Kinds of severe event, by their number less that of LETHAL among the acts."""

COLUMNS = ("run", "day", "kind", "militia", *KINDS)
"""Columns of what `trace_offspring` finds: the place of the run in its batch, the event, and its offspring by kind.

`militia` is the index of a lethal attack's author, -1 for other events.
"""


MOST_EVENTS = 64 * MAX_MILITIAS + 2
"""Severe events of a day, at most: attacks by the bits that note them, a strike, an answer."""


@entry
def trace_offspring(worlds, parameters, rows, timeline, setting, random_seed, scratch, day, found):
    """Live worlds from the first day to the last, in place, and follow up every severe event on the way.

    Parameters
    ----------
    worlds : array of WORLD, shape (n,)
    parameters : array of PARAMETERS, shape (r,)
    rows : ndarray of int64, shape (n,)
    timeline : array of DAY, shape (days,)
    setting : array of SETTING, shape (1,)
    random_seed : uint64
    scratch : array of WORLD, shape (3,)
        Room to work in.
    day : array of DAY, shape (1,)
        Room to work in.
    found : ndarray of int64, shape (most, len(COLUMNS)), zeros
        Filled from the top, one row an event.

    Returns
    -------
    int
        Number of events; where it exceeds `most`, those beyond are missing.
    """
    count, events = 0, np.empty((MOST_EVENTS, IDENTITY), np.int64)
    for w in range(len(worlds)):
        p = parameters[rows[w]]
        for d in range(len(timeline)):
            scratch[2] = worlds[w]
            live(worlds[w], timeline[d], setting[0], p, random_seed)
            today = write_acts(worlds[w], setting[0], d, LETHAL, events, 0)
            for e in range(min(today, len(found) - count)):
                _follow_up(w, p, timeline, setting, random_seed, scratch, day, found[count + e], events[e])
            count += today
    return count


@entry
def _follow_up(w, p, timeline, setting, random_seed, scratch, day, row, event):
    """Write one event of a day, of which `scratch[2]` holds the morning, and its offspring into `row`."""
    d, kind = event[DAY], event[KIND]
    row[0], row[1], row[2], row[3] = w, d, kind - LETHAL, event[MILITIA]
    for sign in (1, -1):
        scratch[0] = scratch[2]
        day[0] = timeline[d]
        if sign < 0:
            take_out(day[0], kind, event[MILITIA], event[ITEM])
        _live_muted(scratch, day, setting, p, random_seed, row, sign, _place_in_day(kind))
        for later in range(d + 1, len(timeline)):
            day[0] = timeline[later]
            _live_muted(scratch, day, setting, p, random_seed, row, sign, 0)


@rule
def _place_in_day(kind):
    return 1 if kind == LETHAL else (3 if kind == ANSWER else 2)


@entry
def _live_muted(scratch, day, setting, p, random_seed, row, sign, stays):
    """Live one day in which severe events are counted and taken out one after the other, but for those that stay.

    On the day of the event that is followed up, it stays and what came before it: `stays` is 1 for attacks, 2 for the
    strike too, 3 for all.
    """
    scratch[1] = scratch[0]
    again = True
    while again:
        scratch[0] = scratch[1]
        live(scratch[0], day[0], setting[0], p, random_seed)
        again = _mute(scratch[0], day[0], setting, row, sign, stays)


@rule
def _mute(world, today, setting, row, sign, stays):
    """Count and take out the first kind of severe event that the day still has; tell whether there was one."""
    found = False
    if stays < 1:
        for i in range(setting[0].militia_count):
            deadly = world.militias[i].deadly
            while deadly > 0:
                row[4] += sign * (deadly & 1)
                deadly >>= 1
                found = True
            today.orders[i].spared |= world.militias[i].deadly
    if not found and stays < 2 and severe_strike(world):
        row[4 + kind_of_strike(world) - LETHAL] += sign
        today.called_off = 1
        found = True
    if not found and stays < 3 and world.today.avowed > 0:
        row[4 + ANSWER - LETHAL] += sign
        today.answer = 0
        found = True
    return found
