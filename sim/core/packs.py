"""Worlds put into the lanes of a pack, and taken out again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import signature
from numba.extending import intrinsic

from sim.core import lanes
from sim.core.jit import loop, rule
from sim.core.lanes import LANES
from sim.core.state import DAY, SETTING, WORLD

DAY_STARTS = WORLD.itemsize
SETTING_STARTS = DAY_STARTS + DAY.itemsize
PARAMETERS_START = SETTING_STARTS + SETTING.itemsize
"""Byte of a life at which each of its records begins; the world is the first."""

LINE = 64

lane_of: Any = lanes.lane_of


def values_of(dtype: np.dtype) -> npt.NDArray[np.int64]:
    """Byte and size, 4 or 8, of every value of a record, shape (n, 2)."""
    return np.array(list(_values(dtype, 0)), np.int64)


def _values(dtype: np.dtype, start: int) -> Iterator[tuple[int, int]]:
    if dtype.subdtype is not None:
        element, shape = dtype.subdtype
        for i in range(int(np.prod(shape))):
            yield from _values(element, start + i * element.itemsize)
    elif dtype.fields is None:
        yield start, dtype.itemsize
    else:
        for name in dtype.names or ():
            yield from _values(dtype.fields[name][0], start + dtype.fields[name][1])


OF_WORLD, OF_DAY, OF_SETTING = values_of(WORLD), values_of(DAY), values_of(SETTING)


def _access(size: int, write: bool) -> Any:
    """Compiled: read, or write, so many bytes of an array, from a byte on, as one number."""
    kind = types.uint64 if size == 8 else types.uint32

    def pointer(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        data = context.make_array(sig.args[0])(context, builder, args[0]).data
        place = builder.gep(builder.bitcast(data, cgutils.voidptr_t), [args[1]])
        return builder.bitcast(place, ir.IntType(8 * size).as_pointer())

    @intrinsic
    def read(typing: Any, array: Any, byte: Any) -> Any:
        return signature(kind, array, types.int64), lambda c, b, s, a: b.load(pointer(c, b, s, a))

    @intrinsic
    def written(typing: Any, array: Any, byte: Any, value: Any) -> Any:
        def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            builder.store(args[2], pointer(context, builder, sig, args))
            return context.get_dummy_value()

        return signature(types.none, array, types.int64, kind), code

    return written if write else read


read_8, read_4, write_8, write_4 = _access(8, False), _access(4, False), _access(8, True), _access(4, True)


@loop
def new_pack(parameters):
    """Room for the lives of all lanes, as words that begin on a cache line."""
    words = (PARAMETERS_START + parameters.itemsize) * LANES // 8
    room = np.empty(words + LINE // 8, np.uint64)
    skipped = (-(room.ctypes.data // 8)) % (LINE // 8)
    return room[skipped : skipped + words]


@loop
def put_in(pack, start, values, records, which, lane):
    """Copy a record into a lane."""
    at = which * records.itemsize
    for k in range(len(values)):
        byte, size = values[k, 0], values[k, 1]
        there = (start + byte) * LANES + lane * size
        if size == 8:
            write_8(pack, there, read_8(records, at + byte))
        else:
            write_4(pack, there, read_4(records, at + byte))


@loop
def take_out(pack, values, worlds, which, lane):
    """Copy the world in a lane to its record."""
    at = which * worlds.itemsize
    for k in range(len(values)):
        byte, size = values[k, 0], values[k, 1]
        there = byte * LANES + lane * size
        if size == 8:
            write_8(worlds, at + byte, read_8(pack, there))
        else:
            write_4(worlds, at + byte, read_4(pack, there))


@loop
def put_into_all(pack, start, values, records, which, before):
    """Copy a record of values of 8 bytes into all lanes, but for what record `before`, if not -1, has brought."""
    at, earlier = which * records.itemsize, before * records.itemsize
    for k in range(len(values)):
        value = read_8(records, at + values[k, 0])
        if before < 0 or value != read_8(records, earlier + values[k, 0]):
            first = (start + values[k, 0]) * LANES // 8
            for lane in range(LANES):
                pack[first + lane] = value


@rule
def world_of(worlds, pack, lane):
    """The world in a lane; `worlds` is any array of worlds."""
    return lane_of(pack, worlds, 0, lane)


@rule
def today_of(days, pack, lane):
    """The day in a lane."""
    return lane_of(pack, days, DAY_STARTS, lane)


@rule
def setting_of(settings, pack, lane):
    """The setting in a lane."""
    return lane_of(pack, settings, SETTING_STARTS, lane)


@rule
def p_of(parameters, pack, lane):
    """The parameters in a lane."""
    return lane_of(pack, parameters, PARAMETERS_START, lane)
