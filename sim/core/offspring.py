"""What each severe event of a run directly brings on: the first generation of its offspring.

A severe event is a US death by a militia's attack, a US strike in Iraq or of level 3 or more, or an attack that Iran
avows. From an event on, the run is lived twice more with the same luck, once with the event and once without it; in
both, every later severe event is counted and taken out as it comes, so that it brings on nothing itself. The event's
offspring is the difference between the two counts; below zero, the event prevented more than it brought on.
"""

from sim.core.day import live_day
from sim.core.jit import entry, rule
from sim.core.state import IRAQ_PLACE

KINDS = (
    "lethal attack",
    "strike of level 2 in Iraq",
    "strike of level 3",
    "strike of level 4",
    "open answer",
)
ATTACK, STRIKE, ANSWER = 0, 1, 4

COLUMNS = ("run", "day", "kind", "militia", *KINDS)
"""Columns of what `trace_offspring` finds: the place of the run in its batch, the event, and its offspring by kind.

`militia` is the index of a lethal attack's author, -1 for other events.
"""


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
    count = 0
    for w in range(len(worlds)):
        p = parameters[rows[w]]
        for d in range(len(timeline)):
            scratch[2] = worlds[w]
            _live(worlds[w], timeline[d], setting[0], p, random_seed)
            count = _follow_up_day(
                worlds[w], w, p, timeline, setting, random_seed, scratch, day, found, count, d
            )
    return count


@entry
def _live(world, today, setting, p, random_seed):
    """The day, compiled once for both its callers."""
    live_day(world, today, setting, p, random_seed)


@rule
def _follow_up_day(world, w, p, timeline, setting, random_seed, scratch, day, found, count, d):
    """Follow up each severe event of day `d`, of which `scratch[2]` holds the morning."""
    for i in range(setting[0].militia_count):
        deadly = world.militias[i].deadly
        item = 0
        while deadly >> item > 0:
            if (deadly >> item) & 1:
                if count < len(found):
                    _follow_up(
                        w, p, timeline, setting, random_seed, scratch, day, found[count], d, ATTACK, i, item
                    )
                count += 1
            item += 1
    if _severe_strike(world):
        if count < len(found):
            kind = _kind_of_strike(world)
            _follow_up(w, p, timeline, setting, random_seed, scratch, day, found[count], d, kind, -1, 0)
        count += 1
    if world.today.avowed > 0:
        if count < len(found):
            _follow_up(w, p, timeline, setting, random_seed, scratch, day, found[count], d, ANSWER, -1, 0)
        count += 1
    return count


@entry
def _follow_up(w, p, timeline, setting, random_seed, scratch, day, row, d, kind, militia, item):
    """Write one event and its offspring into `row`."""
    row[0], row[1], row[2], row[3] = w, d, kind, militia
    for sign in (1, -1):
        scratch[0] = scratch[2]
        day[0] = timeline[d]
        if sign < 0:
            _take_out(day[0], kind, militia, item)
        _live_muted(scratch, day, setting, p, random_seed, row, sign, _place_in_day(kind))
        for later in range(d + 1, len(timeline)):
            day[0] = timeline[later]
            _live_muted(scratch, day, setting, p, random_seed, row, sign, 0)


@rule
def _place_in_day(kind):
    return 1 if kind == ATTACK else (3 if kind == ANSWER else 2)


@rule
def _take_out(today, kind, militia, item):
    if kind == ATTACK:
        today.orders[militia].spared |= 1 << item
    elif kind == ANSWER:
        today.answer = 0
    else:
        today.called_off = 1


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
        _live(scratch[0], day[0], setting[0], p, random_seed)
        again = _mute(scratch[0], day[0], setting, row, sign, stays)


@rule
def _mute(world, today, setting, row, sign, stays):
    """Count and take out the first kind of severe event that the day still has; tell whether there was one."""
    found = False
    if stays < 1:
        for i in range(setting[0].militia_count):
            deadly = world.militias[i].deadly
            while deadly > 0:
                row[4 + ATTACK] += sign * (deadly & 1)
                deadly >>= 1
                found = True
            today.orders[i].spared |= world.militias[i].deadly
    if not found and stays < 2 and _severe_strike(world):
        row[4 + _kind_of_strike(world)] += sign
        today.called_off = 1
        found = True
    if not found and stays < 3 and world.today.avowed > 0:
        row[4 + ANSWER] += sign
        today.answer = 0
        found = True
    return found


@rule
def _severe_strike(world):
    us = world.us
    return us.level >= 3 or (us.level > 0 and us.place == IRAQ_PLACE)


@rule
def _kind_of_strike(world):
    return STRIKE + max(0, world.us.level - 2)
