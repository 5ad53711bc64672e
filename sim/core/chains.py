"""Chains of acts in which each would not have come without the one before, and how many acts the first brought about.

Each act of a run is taken out by itself, and the run lived again from that morning with the same luck. An act of the
other side that then does not happen, or happens less gravely, hung on it. A chain goes from an act to such an act and
on, its sides alternating and its grade never falling.
"""

from sim.core.acts import (
    ANSWER,
    DAY,
    ITEM,
    KIND,
    LETHAL,
    MILITIA,
    by_washington,
    count_severe,
    grade_of,
    happens,
    kind_of_strike,
    live,
    severe_strike,
    take_out,
    write_acts,
)
from sim.core.jit import entry, rule

BEFORE, LENGTH = 4, 5
"""Columns of an act beyond its identity: the act before it in the longest chain that ends on it (-1: none), and that
chain's length, the number of acts after its root."""

CASCADE = ("day", "kind", "militia", "item", "with", "without")
"""Columns of what `count_cascades` finds: the first severe act (day -1: there is none), and later severe acts with it
and without it."""


@entry
def find_chains(start, p, last, timeline, setting, random_seed, mornings, scratch, day, acts):
    """Find the longest chain that ends on each act of one run, by taking every act out by itself.

    Parameters
    ----------
    start : array of WORLD, shape (1,)
        The run on the morning of the first day.
    p : record of PARAMETERS
    last : int
        Index of the last day that is looked at.
    timeline : array of DAY, shape (days,), last < days
    setting : array of SETTING, shape (1,)
    random_seed : uint64
    mornings : array of WORLD, shape (days,)
        Room to work in.
    scratch : array of WORLD, shape (1,)
        Room to work in.
    day : array of DAY, shape (1,)
        Room to work in.
    acts : ndarray of int64, shape (most, 6)
        Filled from the top, one row an act in their order: its identity (see `sim.core.acts`), the row of the act
        before it in its chain, and the chain's length.

    Returns
    -------
    int
        Number of acts; where it exceeds `most`, none is judged.
    """
    count = _live_through(start, p, last, timeline, setting, random_seed, mornings, scratch, acts)
    if count <= len(acts):
        for i in range(count):
            acts[i, BEFORE], acts[i, LENGTH] = -1, 0
        for i in range(count):
            _without(i, count, p, last, timeline, setting, random_seed, mornings, scratch, day, acts)
    return count


@rule
def _live_through(start, p, last, timeline, setting, random_seed, mornings, scratch, acts):
    """Live the run itself, keep its mornings and write down its acts."""
    count = 0
    scratch[0] = start[0]
    for d in range(last + 1):
        mornings[d] = scratch[0]
        live(scratch[0], timeline[d], setting[0], p, random_seed)
        count = write_acts(scratch[0], setting[0], d, acts, count)
    return count


@rule
def _without(i, count, p, last, timeline, setting, random_seed, mornings, scratch, day, acts):
    """Live the run again without act `i`, and lengthen the chains of the acts that hung on it."""
    j = i + 1
    scratch[0] = mornings[acts[i, DAY]]
    for d in range(acts[i, DAY], last + 1):
        if j >= count:
            break
        day[0] = timeline[d]
        if d == acts[i, DAY]:
            take_out(day[0], acts[i, KIND], acts[i, MILITIA], acts[i, ITEM])
        live(scratch[0], day[0], setting[0], p, random_seed)
        while j < count and acts[j, DAY] == d:
            if _answers(acts, i, j) and not happens(
                scratch[0], acts[j, KIND], acts[j, MILITIA], acts[j, ITEM]
            ):
                acts[j, BEFORE], acts[j, LENGTH] = i, acts[i, LENGTH] + 1
            j += 1


@rule
def _answers(acts, i, j):
    """Whether act `j` could lengthen the chain of act `i`: of the other side, no less grave, and longer than it has."""
    first, second = acts[i, KIND], acts[j, KIND]
    alternate = by_washington(first) != by_washington(second)
    return alternate and grade_of(second) >= grade_of(first) and acts[i, LENGTH] + 1 > acts[j, LENGTH]


@entry
def count_cascades(worlds, parameters, rows, timeline, setting, random_seed, scratch, day, found):
    """Count the severe acts that follow the first one of each run, with it and without it.

    Parameters
    ----------
    worlds : array of WORLD, shape (n,)
        Runs on the morning of the first day; lived to the last, in place.
    parameters : array of PARAMETERS, shape (r,)
    rows : ndarray of int64, shape (n,)
    timeline : array of DAY, shape (days,)
    setting : array of SETTING, shape (1,)
    random_seed : uint64
    scratch : array of WORLD, shape (1,)
        Room to work in.
    day : array of DAY, shape (1,)
        Room to work in.
    found : ndarray of int64, shape (n, len(CASCADE))
    """
    for w in range(len(worlds)):
        p, first = parameters[rows[w]], -1
        found[w, DAY] = -1
        for d in range(len(timeline)):
            if first < 0:
                scratch[0] = worlds[w]
            live(worlds[w], timeline[d], setting[0], p, random_seed)
            severe = count_severe(worlds[w])
            found[w, 4] += severe
            if first < 0 and severe > 0:
                first = d
                _first_severe(worlds[w], setting[0], d, found[w])
                found[w, 4] -= 1
        if first >= 0:
            _count_without(first, p, timeline, setting, random_seed, scratch, day, found[w])


@rule
def _first_severe(world, setting, d, row):
    """Write the first severe act of a day, in the order of the day."""
    kind, militia, item = -1, -1, 0
    for i in range(setting.militia_count):
        deadly = world.militias[i].deadly
        if kind < 0 and deadly > 0:
            kind, militia = LETHAL, i
            while (deadly >> item) & 1 == 0:
                item += 1
    if kind < 0:
        kind = kind_of_strike(world) if severe_strike(world) else ANSWER
    row[DAY], row[KIND], row[MILITIA], row[ITEM] = d, kind, militia, item


@rule
def _count_without(first, p, timeline, setting, random_seed, scratch, day, row):
    for d in range(first, len(timeline)):
        day[0] = timeline[d]
        if d == first:
            take_out(day[0], row[KIND], row[MILITIA], row[ITEM])
        live(scratch[0], day[0], setting[0], p, random_seed)
        row[5] += count_severe(scratch[0])
