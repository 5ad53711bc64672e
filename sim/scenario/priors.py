"""Ranges of an analyst's own for parameters, in place of the priors that the model ships with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from sim.parameters import GROUPS, Family, Parameter, in_group, prior_within
from sim.scenario.actors import allowed
from sim.scenario.fields import Problem, Record, Text, refuse


class OwnPrior(Record):
    """What an analyst holds likely of a parameter."""

    range: Annotated[
        tuple[float, float],
        Field(
            description="where the parameter lies with 90% probability (always, where the family is uniform)"
        ),
    ]
    family: Annotated[Family | None, Field(description="the shape; by default that of the shipped prior")] = (
        None
    )
    note: Annotated[Text | None, Field(description="what it rests on")] = None


def _priors(value: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(value, Mapping):
        refuse(Problem("must be a mapping of groups of parameters, such as us, to ranges by key"))
    problems = list(_problems(value))
    if problems:
        refuse(*problems)
    return {group: {key: _written(own) for key, own in by_key.items()} for group, by_key in value.items()}


def _written(own: Any) -> Any:
    """Take a bare pair for a range."""
    return {"range": own} if isinstance(own, list | tuple) else own


def _problems(value: Mapping[str, Any]) -> Iterator[Problem]:
    for group, by_key in value.items():
        if group not in GROUPS:
            yield Problem("unknown key", (group,), of_key=True, given=str(group), allowed=GROUPS)
        elif not isinstance(by_key, Mapping):
            yield Problem(f"must be a mapping of the parameters of {group} to ranges", (group,))
        else:
            yield from _group_problems(group, by_key)


def _group_problems(group: str, by_key: Mapping[str, Any]) -> Iterator[Problem]:
    known = in_group(group)
    for key, own in by_key.items():
        if key not in known:
            yield Problem("unknown key", (group, key), of_key=True, given=str(key), allowed=tuple(known))
            continue
        written = own if isinstance(own, OwnPrior) else _written(own)
        ends = written.range if isinstance(written, OwnPrior) else _get(written, "range")
        at = (group, key) if isinstance(own, list | tuple) else (group, key, "range")
        problem = _range_problem(known[key], ends, _get(written, "family"))
        if problem is not None:
            yield Problem(problem, at)


def _get(written: Any, key: str) -> Any:
    return written.get(key) if isinstance(written, Mapping) else getattr(written, key, None)


def _range_problem(parameter: Parameter, ends: Any, family: Any) -> str | None:
    if not isinstance(ends, list | tuple) or len(ends) != 2:
        return f"must be a range [low, high], each {allowed(parameter)}"
    for end in ends:
        try:
            allowed(parameter).check(end)
        except ValueError as error:
            return f"{error}, low and high each"
    low, high = float(ends[0]), float(ends[1])
    if low >= high:
        return "must be a range from a lower to a higher number; to fix a parameter, set it"
    try:
        prior_within(parameter, low, high, family if family in FAMILIES else None)
    except ValueError as error:
        return str(error)
    return None


FAMILIES = ("lognormal", "normal", "beta", "uniform")

_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        group: {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                key: {
                    "description": f"{p.meaning}; the range is in {p.unit}",
                    "anyOf": [
                        {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
                        {
                            "type": "object",
                            "additionalProperties": False,
                            "properties": {
                                "range": {
                                    "type": "array",
                                    "items": {"type": "number"},
                                    "minItems": 2,
                                    "maxItems": 2,
                                },
                                "family": {"enum": [*FAMILIES]},
                                "note": {"type": "string"},
                            },
                        },
                    ],
                }
                for key, p in in_group(group).items()
            },
        }
        for group in GROUPS
    },
}

Priors = Annotated[dict[str, dict[str, OwnPrior]], BeforeValidator(_priors), WithJsonSchema(_SCHEMA)]
