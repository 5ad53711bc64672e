"""Replicates side by side: records of which each field holds a value for every lane, one after the other.

A pack is a block of memory that holds `LANES` lives: a world, a day, a setting and parameters. The field that begins at
byte `b` of such a life and takes `s` bytes is, for all lanes, at bytes `b * LANES` to `(b + s) * LANES` of the pack. To
compiled code a lane of a pack looks like the record itself, so that the text of the day is the same for both; a loop
over lanes finds its values side by side, and the compiler does several at once.

What is read or written as one field is never read or written as another; the compiler is told so, for it would not dare
to otherwise.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_global, signature
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_builtin,
    lower_getattr_generic,
    lower_setattr_generic,
    register_model,
)

LANES = 16
"""Two vectors of eight numbers, which is enough for every loop to be done in whole vectors."""


class Lane(types.Type):
    """Type of a record in one lane of a pack."""

    def __init__(self, record: Any) -> None:
        self.record = record
        super().__init__(f"Lane({record})")


class LaneArray(types.Type):
    """Type of an array within a record, in one lane of a pack."""

    def __init__(self, array: Any) -> None:
        self.array = array
        super().__init__(f"LaneArray({array})")


class _Place(models.StructModel):
    """Where the record or array of all lanes begins, and the lane."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, [("data", types.voidptr), ("lane", types.intp)])


register_model(Lane)(_Place)
register_model(LaneArray)(_Place)


def _laned(kind: Any) -> Any:
    """The type of a field of this type in a lane: values are what they are."""
    if isinstance(kind, types.Record):
        return Lane(kind)
    return LaneArray(kind) if isinstance(kind, types.NestedArray) else kind


# What compiled code may do with a lane, and the types that come of it


@infer_getattr
class _Fields(AttributeTemplate):
    key = Lane

    def generic_resolve(self, lane: Any, attr: str) -> Any:  # type: ignore[override]
        return _laned(lane.record.typeof(attr)) if attr in lane.record.fields else None


def _is_item(args: Any) -> bool:
    return isinstance(args[0], LaneArray) and isinstance(args[1], types.Integer)


@infer_global(operator.getitem)
class _GetItem(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(_laned(args[0].array.dtype), args[0], types.intp) if _is_item(args) else None


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        if not _is_item(args):
            return None
        return signature(types.none, args[0], types.intp, args[0].array.dtype)


# How it is done


def _place(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    return cgutils.create_struct_proxy(kind)(context, builder, value=value)


def _placed(context: Any, builder: Any, kind: Any, data: Any, lane: Any) -> Any:
    made = cgutils.create_struct_proxy(kind)(context, builder)
    made.data, made.lane = data, lane
    return made._getvalue()


def _moved(context: Any, builder: Any, data: Any, count: Any, size: int) -> Any:
    """A pointer moved by so many things of this size, each with all its lanes."""
    step = context.get_constant(types.intp, size * LANES)
    return builder.gep(data, [builder.mul(count, step)], inbounds=True)


def _one(context: Any) -> Any:
    return context.get_constant(types.intp, 1)


def _size(context: Any, kind: Any) -> int:
    if isinstance(kind, types.Record):
        return int(kind.size)
    return int(context.get_abi_sizeof(context.data_model_manager[kind].get_data_type()))


def _pointer(context: Any, builder: Any, kind: Any, data: Any, lane: Any) -> Any:
    values = context.data_model_manager[kind].get_data_type().as_pointer()
    return builder.gep(builder.bitcast(data, values), [lane], inbounds=True)


def _told_apart(builder: Any, access: Any, name: str) -> None:
    """Mark a read or a write by the field it is of."""
    add, none = builder.module.add_metadata, ir.Constant(ir.IntType(64), 0)
    field = add([name, add(["fields in lanes"]), none])
    access.set_metadata("tbaa", add([field, field, none]))


def _read(context: Any, builder: Any, kind: Any, data: Any, lane: Any, name: str) -> Any:
    """What stands at a place: a value, or the place itself of a record or an array."""
    if kind is not _laned(kind):
        return _placed(context, builder, _laned(kind), data, lane)
    value = builder.load(_pointer(context, builder, kind, data, lane))
    _told_apart(builder, value, name)
    return context.data_model_manager[kind].from_data(builder, value)


def _write(context: Any, builder: Any, kind: Any, value: Any, place: Any, data: Any, name: str) -> None:
    stored = context.data_model_manager[kind].as_data(builder, value)
    pointer = _pointer(context, builder, kind, data, place.lane)
    _told_apart(builder, builder.store(stored, pointer), name)


def _field(context: Any, builder: Any, kind: Any, place: Any, attr: str) -> Any:
    return _moved(context, builder, place.data, _one(context), kind.record.offset(attr))


@lower_getattr_generic(Lane)
def _get_field(context: Any, builder: Any, kind: Any, value: Any, attr: str) -> Any:
    place, name = _place(context, builder, kind, value), f"{kind.record}.{attr}"
    data = _field(context, builder, kind, place, attr)
    return _read(context, builder, kind.record.typeof(attr), data, place.lane, name)


@lower_setattr_generic(Lane)
def _set_field(context: Any, builder: Any, sig: Any, args: Any, attr: str) -> None:
    kind, given = sig.args
    place, field = _place(context, builder, kind, args[0]), kind.record.typeof(attr)
    value = context.cast(builder, args[1], given, field)
    data = _field(context, builder, kind, place, attr)
    _write(context, builder, field, value, place, data, f"{kind.record}.{attr}")


@lower_builtin(operator.getitem, LaneArray, types.intp)
def _get_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    place, element = _place(context, builder, sig.args[0], args[0]), sig.args[0].array.dtype
    data = _moved(context, builder, place.data, args[1], _size(context, element))
    return _read(context, builder, element, data, place.lane, str(sig.args[0]))


@lower_builtin(operator.setitem, LaneArray, types.intp, types.Any)
def _set_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    place, element = _place(context, builder, sig.args[0], args[0]), sig.args[0].array.dtype
    data = _moved(context, builder, place.data, args[1], _size(context, element))
    value = context.cast(builder, args[2], sig.args[2], element)
    _write(context, builder, element, value, place, data, str(sig.args[0]))
    return context.get_dummy_value()


@intrinsic
def lane_of(typing: Any, pack: Any, records: Any, start: Any, lane: Any) -> Any:
    """The record in one lane of a pack, of the type of the array `records`, that begins at byte `start` of a life."""
    kind = Lane(records.dtype)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        array = context.make_array(sig.args[0])(context, builder, args[0])
        data = builder.bitcast(array.data, cgutils.voidptr_t)
        moved = _moved(context, builder, data, context.cast(builder, args[2], sig.args[2], types.intp), 1)
        return _placed(context, builder, kind, moved, context.cast(builder, args[3], sig.args[3], types.intp))

    return signature(kind, pack, records, start, lane), code
