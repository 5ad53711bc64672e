"""What of each day a question can be about, noted as a world lives it, and the day on which an event has come.

A world's diary is read as soon as its last day is over, while it is still in the processor's cache, so that asking
costs next to nothing beside the runs.
"""

import numpy as np

from sim.core.day import live_day
from sim.core.jit import entry, rule
from sim.core.state import IRAN_PLACE, IRAQ_PLACE, NOBODY, SYRIA_PLACE, for_records

DIARY = for_records(
    np.dtype(
        [
            *((name, np.int32) for name in ("attacks_iraq", "attacks_syria", "attacks_jordan")),
            *((name, np.int32) for name in ("wounded", "killed", "avowed")),
            *((name, np.int16) for name in ("quiet", "pause")),
            *((name, np.int8) for name in ("level", "place", "kind", "filled")),
        ],
        align=True,
    )
)
"""A day: counts since the scenario's start; days of the present quiet and of the present declared pause, today
included; level, place and kind of the day's strike. Days of a war that is followed no further have neither spell."""

ATTACKS, IRAQ, SYRIA, JORDAN, WOUNDED, KILLED, AVOWED, STRIKES, QUIET, PAUSE, AGAIN = range(11)
"""What an event is about."""

EVENT = for_records(
    np.dtype(
        [
            (name, np.int64)
            for name in ("what", "first", "last", "least", "daily", "place", "low", "high", "commander", "days",
                         "within", "of")
        ]
    )
)  # fmt: skip
"""An event of a question: from index of day `first` to `last`; `place` -1 is anywhere; `commander` 1: a strike on one;
`of` is QUIET or PAUSE where it is of a return."""

PLACES = {"": -1, "iraq": IRAQ_PLACE, "syria": SYRIA_PLACE, "iran": IRAN_PLACE}
ON_COMMANDER = 1


@rule
def note_day(world, noted):
    """Write a day, just lived, into the diary."""
    outcome, us, start = world.outcome, world.us, world.ladder.start
    noted.attacks_iraq = outcome.attacks_iraq
    noted.attacks_syria = outcome.attacks_syria
    noted.attacks_jordan = outcome.attacks_jordan
    noted.wounded = outcome.wounded
    noted.killed = outcome.killed
    noted.avowed = outcome.avowed
    lived = outcome.censored_day < 0
    paused = lived and world.pause.by != NOBODY
    noted.quiet = world.ladder.quiet if lived else 0
    noted.pause = (
        world.day - max(world.pause.day, start) if paused else 0
    )  # the day is over: `day` is tomorrow's
    noted.level = us.level
    noted.place = us.place
    noted.kind = us.kind


@rule
def day_of(diary, struck, strikes, event):
    """Index of the day on which an event has come, or -1; strikes were made on the first `strikes` days of `struck`."""
    if event.what == STRIKES:
        return _day_of_strike(diary, struck, strikes, event)
    if event.what == QUIET or event.what == PAUSE:
        return _day_of_spell(diary, event)
    if event.what == AGAIN:
        return _day_of_return(diary, event)
    if event.daily:
        return _day_of_most(diary, event)
    return _day_of_count(diary, event)


@rule
def _count(noted, what):
    if what == KILLED:
        count = noted.killed
    elif what == WOUNDED:
        count = noted.wounded
    elif what == AVOWED:
        count = noted.avowed
    elif what == IRAQ:
        count = noted.attacks_iraq
    elif what == SYRIA:
        count = noted.attacks_syria
    elif what == JORDAN:
        count = noted.attacks_jordan
    else:
        count = noted.attacks_iraq + noted.attacks_syria + noted.attacks_jordan
    return count


@rule
def _before(diary, event):
    return _count(diary[event.first - 1], event.what) if event.first > 0 else 0


@rule
def _day_of_count(diary, event):
    """By halves: the counts never fall."""
    wanted = _before(diary, event) + event.least
    low, high = event.first, event.last
    if _count(diary[high], event.what) < wanted:
        return -1
    while low < high:
        middle = (low + high) // 2
        if _count(diary[middle], event.what) >= wanted:
            high = middle
        else:
            low = middle + 1
    return low


@rule
def _day_of_most(diary, event):
    before = _before(diary, event)
    if _count(diary[event.last], event.what) - before < event.least:
        return -1
    for d in range(event.first, event.last + 1):
        now = _count(diary[d], event.what)
        if now - before >= event.least:
            return d
        before = now
    return -1


@rule
def _day_of_strike(diary, struck, strikes, event):
    seen = 0
    for k in range(strikes):
        d = struck[k]
        if d < event.first or d > event.last or diary[d].level < event.low or diary[d].level > event.high:
            continue
        if event.place >= 0 and diary[d].place != event.place:
            continue
        if event.commander and diary[d].kind != ON_COMMANDER:
            continue
        seen += 1
        if seen >= event.least:
            return d
    return -1


@rule
def _spell(noted, of):
    return noted.quiet if of == QUIET else noted.pause


@rule
def _day_of_spell(diary, event):
    """A spell of so many days that ends within the dates, and began there."""
    d = event.first + event.days - 1
    while d <= event.last:
        length = _spell(diary[d], event.what)
        if length >= event.days:
            return d
        d += event.days - length  # no sooner can it have lasted so long
    return -1


@rule
def _day_of_return(diary, event):
    d = event.first + event.days - 1
    while d < event.last:
        length = min(_spell(diary[d], event.of), d - event.first + 1)
        if length < event.days:
            d += event.days - length
            continue
        if length == event.days:
            before = _count(diary[d], ATTACKS)
            for after in range(d + 1, min(d + event.within, event.last) + 1):
                if _count(diary[after], ATTACKS) > before:
                    return after
        d += 1
    return -1


@entry
def live_noting(worlds, parameters, rows, timeline, setting, random_seed, events, diary, struck, days):
    """Take worlds through all days, in place, and say on which day each event came.

    Parameters
    ----------
    worlds : recarray of WORLD, shape (n,)
    parameters : recarray of PARAMETERS, shape (r,)
    rows : ndarray of int64, shape (n,)
    timeline : recarray of DAY, shape (days,)
    setting : recarray of SETTING, shape (1,)
    random_seed : uint64
    events : recarray of EVENT, shape (m,)
    diary, struck : recarray of DIARY and ndarray of int64, shape (days,)
        Room to write in.
    days : ndarray of int64, shape (n, m)
        Index of the day, -1 for never; written.
    """
    for w in range(len(worlds)):
        world = worlds[w]
        p = parameters[rows[w]]
        strikes = 0
        for d in range(len(timeline)):
            live_day(world, timeline[d], setting[0], p, random_seed)
            note_day(world, diary[d])
            if world.us.level > 0:
                struck[strikes] = d
                strikes += 1
        for e in range(len(events)):
            days[w, e] = day_of(diary, struck, strikes, events[e])
