"""Chains of acts in which each would not have come without the one before, and how many acts the first brought about.

Each act of a run is taken out by itself, and the run lived again from that morning with the same luck. An act of the
other side that then does not happen, or happens less gravely, hung on it. A chain goes from an act to such an act and
on, its sides alternating and its grade never falling.
"""

import numpy as np

from sim.core.acts import (
    DAY,
    IDENTITY,
    ITEM,
    KIND,
    LETHAL,
    MILITIA,
    WOUNDING,
    by_washington,
    grade_of,
    happens,
    live,
    live_without,
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
        count = write_acts(scratch[0], setting[0], d, WOUNDING, acts, count)
    return count


@rule
def _without(i, count, p, last, timeline, setting, random_seed, mornings, scratch, day, acts):
    """Live the run again without act `i`, and lengthen the chains of the acts that hung on it."""
    j = i + 1
    scratch[0] = mornings[acts[i, DAY]]
    for d in range(acts[i, DAY], last + 1):
        if j >= count:
            break
        live_without(scratch, day, d, acts[i], timeline, setting, p, random_seed)
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
    first = np.empty((1, IDENTITY), np.int64)
    for w in range(len(worlds)):
        p, count = parameters[rows[w]], 0
        for d in range(len(timeline)):
            if count == 0:
                scratch[0] = worlds[w]
            live(worlds[w], timeline[d], setting[0], p, random_seed)
            count = write_acts(worlds[w], setting[0], d, LETHAL, first, count)
        found[w, DAY] = -1
        if count > 0:
            found[w, :IDENTITY] = first[0]
            found[w, 4] = count - 1
            found[w, 5] = _count_without(first[0], p, timeline, setting, random_seed, scratch, day)


@rule
def _count_without(act, p, timeline, setting, random_seed, scratch, day):
    """Number of severe acts of the run without one, from that one's day on, whose morning `scratch` holds."""
    count = 0
    none = np.empty((0, IDENTITY), np.int64)
    for d in range(act[DAY], len(timeline)):
        live_without(scratch, day, d, act, timeline, setting, p, random_seed)
        count = write_acts(scratch[0], setting[0], d, LETHAL, none, count)
    return count
