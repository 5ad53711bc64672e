"""Replicates side by side: records of which every field holds one value a lane, so that a phase's loop is vectorised.

A pack is a block of bytes that holds a `LIFE` for each of `LANES` replicates: the field at byte `b` of the record, of
size `s`, takes bytes `b * LANES` to `(b + s) * LANES` of the pack, lane after lane. `world_of(pack, lane)` and its
like give compiled code what looks like a record; the text of the day is the same for both.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_global, signature
from numba.extending import infer_getattr, intrinsic, lower_builtin, lower_getattr_generic, lower_setattr_generic, register_model

from sim.core.state import DAY, PARAMETERS, SETTING, WORLD

LANES = 16
LIFE = np.dtype([("world", WORLD), ("p", PARAMETERS), ("today", DAY), ("setting", SETTING)], align=True)


class Lane(types.Type):  # type: ignore[misc]
    """Type of a record in one lane of a pack."""

    def __init__(self, record: Any) -> None:
        self.record = record
        super().__init__(f"Lane({record})")


class LaneArray(types.Type):  # type: ignore[misc]
    """Type of a record's array in one lane of a pack."""

    def __init__(self, array: Any) -> None:
        self.array = array
        super().__init__(f"LaneArray({array})")


def _laned(kind: Any) -> Any:
    if isinstance(kind, types.Record):
        return Lane(kind)
    return LaneArray(kind) if isinstance(kind, types.NestedArray) else kind


class _Place(models.StructModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, [("data", types.voidptr), ("lane", types.intp)])


register_model(Lane)(_Place)
register_model(LaneArray)(_Place)


@infer_getattr
class _Fields(AttributeTemplate):  # type: ignore[misc]
    key = Lane

    def generic_resolve(self, lane: Any, attr: str) -> Any:
        if attr in lane.record.fields:
            return _laned(lane.record.typeof(attr))
        return None


def _place(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    return cgutils.create_struct_proxy(kind)(context, builder, value=value)


def _make(context: Any, builder: Any, kind: Any, data: Any, lane: Any) -> Any:
    made = cgutils.create_struct_proxy(kind)(context, builder)
    made.data, made.lane = data, lane
    return made._getvalue()


def _value_at(context: Any, builder: Any, kind: Any, data: Any, lane: Any) -> Any:
    """Pointer to a plain value of this kind in a lane."""
    model = context.data_model_manager[kind].get_data_type()
    array = builder.bitcast(data, model.as_pointer())
    return builder.gep(array, [lane], inbounds=True)


def _mark(builder: Any, access: Any, name: str) -> None:
    """Tell the compiler that what is read or written as one field is never read or written as another."""
    add = builder.module.add_metadata
    root = add(["fields of lanes"])
    field = add([name, root, ir.Constant(ir.IntType(64), 0)])
    access.set_metadata("tbaa", add([field, field, ir.Constant(ir.IntType(64), 0)]))


def _take(context: Any, builder: Any, kind: Any, data: Any, lane: Any, name: str) -> Any:
    """What stands at a place: a value, or the place itself of a record or an array."""
    if kind is not _laned(kind):
        return _make(context, builder, _laned(kind), data, lane)
    access = builder.load(_value_at(context, builder, kind, data, lane))
    _mark(builder, access, name)
    return context.data_model_manager[kind].from_data(builder, access)


def _put(context: Any, builder: Any, kind: Any, value: Any, data: Any, lane: Any, name: str) -> None:
    stored = context.data_model_manager[kind].as_data(builder, value)
    _mark(builder, builder.store(stored, _value_at(context, builder, kind, data, lane)), name)


def _shift(context: Any, builder: Any, data: Any, nbytes: Any) -> Any:
    if isinstance(nbytes, int):
        nbytes = context.get_constant(types.intp, nbytes)
    return builder.gep(data, [nbytes], inbounds=True)


@lower_getattr_generic(Lane)
def _get_field(context: Any, builder: Any, kind: Any, value: Any, attr: str) -> Any:
    place = _place(context, builder, kind, value)
    data = _shift(context, builder, place.data, kind.record.offset(attr) * LANES)
    return _take(context, builder, kind.record.typeof(attr), data, place.lane, f"{kind.record.name}.{attr}")


@lower_setattr_generic(Lane)
def _set_field(context: Any, builder: Any, sig: Any, args: Any, attr: str) -> None:
    kind, given = sig.args
    place = _place(context, builder, kind, args[0])
    field = kind.record.typeof(attr)
    data = _shift(context, builder, place.data, kind.record.offset(attr) * LANES)
    cast = context.cast(builder, args[1], given, field)
    _put(context, builder, field, cast, data, place.lane, f"{kind.record.name}.{attr}")


import operator


@infer_global(operator.getitem)
class _GetItem(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, kws: Any) -> Any:
        if len(args) == 2 and isinstance(args[0], LaneArray) and isinstance(args[1], types.Integer):
            return signature(_laned(args[0].array.dtype), args[0], types.intp)
        return None


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, kws: Any) -> Any:
        if len(args) == 3 and isinstance(args[0], LaneArray) and isinstance(args[1], types.Integer):
            return signature(types.none, args[0], types.intp, args[0].array.dtype)
        return None


@infer_global(len)
class _Len(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, kws: Any) -> Any:
        if len(args) == 1 and isinstance(args[0], LaneArray):
            return signature(types.intp, args[0])
        return None


def _size(context: Any, kind: Any) -> int:
    if isinstance(kind, types.Record):
        return int(kind.size)
    return int(context.get_abi_sizeof(context.data_model_manager[kind].get_data_type()))


@lower_builtin(operator.getitem, LaneArray, types.intp)
def _get_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    place = _place(context, builder, sig.args[0], args[0])
    element = sig.args[0].array.dtype
    step = builder.mul(args[1], context.get_constant(types.intp, _size(context, element) * LANES))
    return _take(context, builder, element, _shift(context, builder, place.data, step), place.lane, str(sig.args[0].array))


@lower_builtin(operator.setitem, LaneArray, types.intp, types.Any)
def _set_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    place = _place(context, builder, sig.args[0], args[0])
    element = sig.args[0].array.dtype
    step = builder.mul(args[1], context.get_constant(types.intp, _size(context, element) * LANES))
    data = _shift(context, builder, place.data, step)
    cast = context.cast(builder, args[2], sig.args[2], element)
    _put(context, builder, element, cast, data, place.lane, str(sig.args[0].array))
    return context.get_dummy_value()


@lower_builtin(len, LaneArray)
def _len(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return context.get_constant(types.intp, sig.args[0].array.shape[0])


def part(name: str) -> Any:
    """Compiled function of a pack (array of uint8) and a lane that gives a part of `LIFE` there."""
    kind, offset = Lane(numba.from_dtype(LIFE.fields[name][0])), LIFE.fields[name][1]

    @intrinsic
    def of(typingctx: Any, pack: Any, lane: Any) -> Any:
        def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            array = context.make_array(sig.args[0])(context, builder, args[0])
            data = _shift(context, builder, array.data, offset * LANES)
            return _make(context, builder, kind, data, context.cast(builder, args[1], sig.args[1], types.intp))

        return signature(kind, pack, lane), code

    return of


world_of, p_of, today_of, setting_of = map(part, ("world", "p", "today", "setting"))


def leaves(dtype: np.dtype, start: int = 0) -> list[tuple[int, int]]:
    """Byte and size of every plain value of a record."""
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        count = int(np.prod(shape))
        return [leaf for i in range(count) for leaf in leaves(base, start + i * base.itemsize)]
    if dtype.names is None:
        return [(start, dtype.itemsize)]
    return [leaf for n in dtype.names for leaf in leaves(dtype.fields[n][0], start + dtype.fields[n][1])]


def table_of(name: str) -> np.ndarray:
    """Byte within the record, byte within the pack and size of each value of a part, as int64, shape (n, 3)."""
    dtype, offset = LIFE.fields[name][0], LIFE.fields[name][1]
    return np.array([(b, (offset + b) * LANES, s) for b, s in leaves(dtype)], np.int64)
