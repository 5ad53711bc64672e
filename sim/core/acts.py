"""The acts by which one side answers the other: what a day holds of them, and how one is taken out.

An act is somebody's on a day: a militia's attack by its place in the day (its item), Washington's strike, Iran's avowed
answer. So the same act is found again in another life of the same run, be it lived without some other act.
"""

from sim.core.day import live_day
from sim.core.jit import entry, rule
from sim.core.state import IRAQ_PLACE

WOUNDING, MINOR_STRIKE, LETHAL, STRIKE_IN_IRAQ, MAJOR_STRIKE, DIRECT_STRIKE, ANSWER = range(7)
ACTS = (
    "attack that wounds",
    "strike of level 1",
    "lethal attack",
    "strike in Iraq",
    "strike of level 3",
    "strike of level 4",
    "open answer",
)
"""Kinds of act, by their number; those from LETHAL on are severe."""

IDENTITY = 4
DAY, KIND, MILITIA, ITEM = range(IDENTITY)
"""Columns of an act: index of its day, its kind, its militia (-1: Washington or Iran), the attack's place that day."""


@entry
def live(world, today, setting, p, random_seed):
    """One day, compiled once for all that live days again."""
    live_day(world, today, setting, p, random_seed)


@rule
def grade_of(kind):
    """How grave an act is, 1 to 4: harm or a minor strike; a strike inside Iraq; a death or a major strike; direct."""
    return (1, 1, 3, 2, 3, 4, 4)[kind]


@rule
def by_washington(kind):
    """Whether an act is Washington's; the other side are the militias and Iran."""
    return kind in (MINOR_STRIKE, STRIKE_IN_IRAQ, MAJOR_STRIKE, DIRECT_STRIKE)


@rule
def severe_strike(world):
    """Whether the day's strike is a severe act: in Iraq, or of level 3 or more."""
    us = world.us
    return us.level >= 3 or (us.level > 0 and us.place == IRAQ_PLACE)


@rule
def kind_of_strike(world):
    """Kind of the day's strike; there must be one."""
    us = world.us
    grave = DIRECT_STRIKE if us.level == 4 else MAJOR_STRIKE
    minor = STRIKE_IN_IRAQ if us.place == IRAQ_PLACE else MINOR_STRIKE
    return grave if us.level >= 3 else minor


@rule
def write_acts(world, setting, d, least, acts, count):
    """Write the acts of day `d` of kinds from `least` on, in their order, below the first `count` of `acts`.

    Returns the new count; where `acts` is full, the rest is counted and not written.
    """
    for i in range(setting.militia_count):
        deadly = world.militias[i].deadly
        harmful = deadly | world.militias[i].wounding
        item = 0
        while harmful >> item > 0:
            if (harmful >> item) & 1:
                kind = LETHAL if (deadly >> item) & 1 else WOUNDING
                count = _write(d, kind, i, item, least, acts, count)
            item += 1
    if world.us.level > 0:
        count = _write(d, kind_of_strike(world), -1, 0, least, acts, count)
    if world.today.avowed > 0:
        count = _write(d, ANSWER, -1, 0, least, acts, count)
    return count


@rule
def _write(d, kind, militia, item, least, acts, count):
    if kind < least:
        return count
    if count < len(acts):
        acts[count, DAY], acts[count, KIND], acts[count, MILITIA], acts[count, ITEM] = d, kind, militia, item
    return count + 1


@rule
def take_out(today, kind, militia, item):
    """Order that an act of the day does not happen, with all else left to happen as it then does."""
    if militia >= 0:
        today.orders[militia].spared |= 1 << item
    elif kind == ANSWER:
        today.answer = 0
    else:
        today.called_off = 1


@rule
def live_without(scratch, day, d, act, timeline, setting, p, random_seed):
    """Live day `d` of a timeline in `scratch`, without an act if it is its day; `day` is room to work in."""
    day[0] = timeline[d]
    if d == act[DAY]:
        take_out(day[0], act[KIND], act[MILITIA], act[ITEM])
    live(scratch[0], day[0], setting[0], p, random_seed)


@rule
def happens(world, kind, militia, item):
    """Whether the same actor does as grave a thing on this day, with the same item, in the life of `world`."""
    if militia >= 0:
        harm = world.militias[militia].deadly
        if kind == WOUNDING:
            harm |= world.militias[militia].wounding
        found = (harm >> item) & 1 == 1
    elif kind == ANSWER:
        found = world.today.avowed > 0
    else:
        found = world.us.level > 0 and grade_of(kind_of_strike(world)) >= grade_of(kind)
    return found
