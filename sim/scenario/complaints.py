"""Pydantic's errors told as one `ScenarioError`, at the place where the key or value was written."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.parameters import GROUPS
from sim.scenario.actors import home_of, where_written
from sim.scenario.composing import Node
from sim.scenario.errors import Place, ScenarioError, complaint, did_you_mean, show
from sim.scenario.fields import Problem
from sim.scenario.merging import SET
from sim.scenario.schema import Scenario
from sim.scenario.shipped import SHIPPED

_TEXTS = ("note", "name", "question", "title", "where")
"""Keys that hold free text."""

_WORDING = {
    "missing": "is missing",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
}


def first_complaint(error: ValidationError, tree: Node, model: type[BaseModel] = Scenario) -> ScenarioError:
    """Give the first problem by position in the file; what is missing comes last, since it has none.

    Parameters
    ----------
    error : ValidationError
    tree : what was read
    model : what it was checked against
    """
    found = [
        _located(tuple(item["loc"]) + problem.at, problem, tree)
        for item in error.errors(include_url=False)
        for problem in _problems(item, model)
    ]
    return min(found, key=lambda located: located[0])[1]


def _problems(item: Mapping[str, Any], model: type[BaseModel]) -> Iterator[Problem]:
    kind, context = item["type"], item.get("ctx", {})
    if kind == "refused":
        yield from context["problems"]
    elif kind == "extra_forbidden":
        key = str(item["loc"][-1])
        grouped = key in GROUPS and model is Scenario
        text = (
            f"unknown key; write it under {where_written(key)}" if grouped else "unknown key" + home_of(key)
        )
        allowed = keys_at(item["loc"][:-1], model)
        if item["loc"][0] in SHIPPED and model is Scenario:
            text += f"; it must be one of {', '.join(allowed)}"
        yield Problem(text, of_key=True, given=key, allowed=allowed)
    elif kind == "literal_error":
        allowed = tuple(re.findall("'([^']*)'", context["expected"]))
        yield Problem(f"must be one of {', '.join(allowed)}", given=str(item["input"]), allowed=allowed)
    else:
        yield Problem(_WORDING.get(kind, item["msg"]))


def _located(
    path: tuple[str | int, ...], problem: Problem, tree: Node
) -> tuple[tuple[bool, bool, int, int], ScenarioError]:
    node, depth = find(tree, path)
    missing = depth < len(path)
    if node.bare and not missing and (cut := _cut_text(tree, path)) is not None:
        return cut
    place = node.key if node.key and (problem.of_key or missing) else node.place
    hint = did_you_mean(problem.given, problem.allowed) if problem.given else ""
    told = not missing and (problem.given or not problem.of_key or not isinstance(node.value, dict))
    shown = show(node.plain()) if told else ""
    order = (missing, *_order(place, tree))
    return order, complaint(place, problem.text, path, shown, hint)


def _order(place: Place, tree: Node) -> tuple[bool, int, int]:
    return place.file not in (tree.place.file, SET), place.line, place.column


def _cut_text(
    tree: Node, path: tuple[str | int, ...]
) -> tuple[tuple[bool, bool, int, int], ScenarioError] | None:
    """Tell of a text that ends at its own comma, where a key stands alone behind one; None where that is not it."""
    holder = find(tree, path[:-1])[0].value
    assert isinstance(holder, dict)
    keys = list(holder)
    place = keys.index(str(path[-1]))
    first = next((n for n in range(place, -1, -1) if not holder[keys[n]].bare), None)
    if first is None or keys[first] not in _TEXTS or not isinstance(holder[keys[first]].value, str):
        return None
    node, rest = holder[keys[first]], [key for key in keys[first + 1 :] if holder[key].bare]
    whole = ", ".join([str(node.value), *rest]).replace("'", "''")
    problem = f"ends at a comma; a text with one stands in quotes, {keys[first]}: '{whole}'"
    return (False, *_order(node.place, tree)), complaint(
        node.place, problem, (*path[:-1], keys[first]), show(node.value)
    )


def find(tree: Node, path: tuple[str | int, ...]) -> tuple[Node, int]:
    """Go down a path as far as it exists; give where that ends, and how many steps were taken."""
    node = tree
    for depth, step in enumerate(path):
        inner: Node | None = None
        if isinstance(node.value, dict):
            inner = node.value.get(str(step))
        elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
            inner = node.value[step]
        if inner is None:
            return node, depth
        node = inner
    return node, len(path)


def keys_at(path: tuple[str | int, ...], model: type[BaseModel] = Scenario) -> tuple[str, ...]:
    """Give the keys that the part of a scenario (or of another model) at a path may have."""
    kind: Any = model
    for step in path:
        kind = _inside(kind, step)
    return tuple(_fields(kind)) if isinstance(kind, type) and issubclass(kind, BaseModel) else ()


def _inside(kind: Any, step: str | int) -> Any:
    """Give the model inside a model's field, or inside the items of a mapping or list."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _unwrapped(_fields(kind).get(str(step)))
    items = typing.get_args(kind)
    return _unwrapped(items[0 if typing.get_origin(kind) is tuple else -1]) if items else None


def _unwrapped(kind: Any) -> Any:
    """Take away Annotated and `| None`."""
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return _unwrapped(typing.get_args(kind)[0])
    if origin is None or origin in (dict, tuple):
        return kind
    return _unwrapped(typing.get_args(kind)[0])


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}
