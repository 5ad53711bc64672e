"""A sweep that a scenario file asks for: which numbers take which values."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from sim.scenario.fields import Problem, Record, Within, refuse

Design = Literal["grid", "lhs", "sobol"]
Values = list[float] | list[str | datetime.date] | dict[str, float]
ENDS = ("from", "to")


def _vary(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not value:
        refuse(Problem("must be a mapping of paths, such as us.readiness, to values"))
    problems = [Problem(text, (path,)) for path, one in value.items() if (text := _problem(one)) is not None]
    if problems:
        refuse(*problems)
    return dict(value)


def _problem(one: Any) -> str | None:
    if isinstance(one, list | tuple):
        alike = all(_is_number(v) for v in one) or all(isinstance(v, str | datetime.date) for v in one)
        return None if one and alike else "must be a list of numbers, or of dates and words, at least one"
    if isinstance(one, Mapping) and {*one} in ({*ENDS}, {*ENDS, "points"}):
        return None if all(_is_number(v) for v in one.values()) else "must hold numbers"
    return (
        "must be a list of numbers, or of dates and words, or a mapping of from, to and (for a grid) points"
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_SCHEMA = {
    "type": "object",
    "additionalProperties": {
        "anyOf": [
            {"type": "array", "items": {"type": "number"}, "minItems": 1},
            {"type": "array", "items": {"type": "string"}, "minItems": 1},
            {
                "type": "object",
                "properties": {name: {"type": "number"} for name in (*ENDS, "points")},
                "required": [*ENDS],
                "additionalProperties": False,
            },
        ]
    },
}


class Sweep(Record):
    """What `spiral sweep` varies when nothing else is asked for."""

    vary: Annotated[
        dict[str, Values],
        BeforeValidator(_vary),
        WithJsonSchema(_SCHEMA),
        Field(description="by path: a list of values, or from, to and points"),
    ]
    design: Annotated[Design, Field(description="how points are chosen; lhs and sobol need ranges")] = "grid"
    points: Annotated[
        int | None, Within(1, 1_000_000, whole=True), Field(description="of lhs or sobol: number of points")
    ] = None
    runs: Annotated[
        int | None, Within(1, 1_000_000_000, whole=True), Field(description="histories to simulate a point")
    ] = None
