"""Worlds aboard a pack: they come sixteen at a time, their days come, and they leave at the end or with their war."""

import numpy as np

from sim.core.day.record import war_goes_on, war_is_over
from sim.core.jit import loop
from sim.core.lanes import LANES
from sim.core.packs import (
    DAY_STARTS,
    OF_DAY,
    OF_SETTING,
    OF_WORLD,
    PARAMETERS_START,
    SETTING_STARTS,
    p_of,
    put_in,
    put_into_all,
    setting_of,
    take_out,
    today_of,
    world_of,
)

IN_A_PACK = {"world_of": world_of, "today_of": today_of, "setting_of": setting_of, "p_of": p_of}
"""Where the loops over lanes find their records, by the names that they have there."""


@loop
def board(pack, worlds, parameters, rows, setting, start, row_of, ended):
    """Put worlds from `start` on into the lanes; idle lanes hold the last one too, and nobody looks at them.

    `row_of` is filled with the row of each lane's parameters, `ended` with whether the lane is idle.
    """
    put_into_all(pack, SETTING_STARTS, OF_SETTING, setting, 0, -1)
    of_parameters = doubles_of(parameters)
    for lane in range(LANES):
        w = min(start + lane, len(worlds) - 1)
        put_in(pack, 0, OF_WORLD, worlds, w, lane)
        put_in(pack, PARAMETERS_START, of_parameters, parameters, rows[w], lane)
        row_of[lane] = rows[w]
        ended[lane] = start + lane >= len(worlds)


@loop
def doubles_of(parameters):
    """Byte and size of every value of parameters, all of 8 bytes."""
    values = np.empty((parameters.itemsize // 8, 2), np.int64)
    for k in range(len(values)):
        values[k, 0], values[k, 1] = 8 * k, 8
    return values


@loop
def day_comes(pack, worlds, timeline, d, first, setting, start, ended):
    """Bring day `d` into all lanes. Worlds leave whose war has been followed long enough: their lanes go idle."""
    put_into_all(pack, DAY_STARTS, OF_DAY, timeline, d, d - 1 if d > first else -1)
    for lane in range(min(LANES, len(worlds) - start)):
        if not ended[lane] and war_is_over(world_of(worlds, pack, lane), setting[0]):
            take_out(pack, OF_WORLD, worlds, start + lane, lane)
            ended[lane] = True
        if ended[lane]:
            war_goes_on(worlds[start + lane], timeline[d])


@loop
def leave(pack, worlds, start, ended):
    """Take out all worlds that are still aboard."""
    for lane in range(min(LANES, len(worlds) - start)):
        if not ended[lane]:
            take_out(pack, OF_WORLD, worlds, start + lane, lane)
