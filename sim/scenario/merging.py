"""Laying one tree over another: `extends`, and `--set` overrides."""

from __future__ import annotations

import datetime
import numbers
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.parameters import GROUPS
from sim.scenario.actors import where_written
from sim.scenario.composing import DEEPEST, Node
from sim.scenario.errors import Place, complaint, show
from sim.scenario.reading import read_text

Path = tuple[str | int, ...]
SET = "--set"


@dataclass(frozen=True)
class Override:
    """A value to put at a path of a scenario."""

    path: tuple[str, ...]
    node: Node


def merge(below: Node | None, above: Node, path: Path = ()) -> Node:
    """Lay a tree over another.

    Mappings are merged key by key, everything else replaces, null removes a key.

    Raises
    ------
    ScenarioError
        For a null where there is nothing to remove.
    """
    if isinstance(above.value, list):
        items = [merge(None, node, (*path, index)) for index, node in enumerate(above.value)]
        return Node(items, above.place, above.key)
    if not isinstance(above.value, dict):
        if above.value is None:
            problem = "removes an inherited key, but nothing of this name is inherited"
            if above.place.file != SET and path and isinstance(path[-1], str):
                problem += "; are the lines under it commented out (#)?"
            raise complaint(above.place, problem, path, "null")
        return above
    inherited = below.value if below is not None and isinstance(below.value, dict) else {}
    merged = dict(inherited)
    for key, node in above.value.items():
        if node.value is None and key in inherited:
            del merged[key]
        else:
            merged[key] = merge(inherited.get(key), node, (*path, key))
    return Node(merged, above.place, above.key)


def read_overrides(overrides: Mapping[str, object] | Sequence[str]) -> list[Override]:
    """Read overrides, given as texts ``path=value`` or as a mapping of paths to values.

    Raises
    ------
    ScenarioError
        For a text without ``=``, a value that is not strict YAML, or an object that no file could hold.
    """
    if isinstance(overrides, str):
        overrides = [overrides]
    if isinstance(overrides, Mapping):
        return [_given(path, value, line) for line, (path, value) in enumerate(overrides.items(), 1)]
    return [_parsed(text, line) for line, text in enumerate(overrides, 1)]


def _parsed(text: str, line: int) -> Override:
    path, equals, value = text.partition("=")
    if not equals:
        problem = f"{show(text)} must be path=value, such as us.readiness=0.5"
        raise complaint(Place(SET, line), problem)
    steps = full_path(path.strip(), line)
    place = Place(SET, line, len(path) + 2)
    node = read_text(value, place, steps) if value.strip() else Node("", place)
    node.key = Place(SET, line)
    return Override(steps, node)


def _given(path: str, value: object, line: int) -> Override:
    place = Place(SET, line)
    steps = full_path(str(path), line)
    return Override(steps, _tree_of(value, place, steps, 1))


def _tree_of(value: Any, place: Place, path: Path, depth: int) -> Node:
    """Give a Python value the form of one that was read."""
    if depth > DEEPEST:
        raise complaint(place, f"is nested more than {DEEPEST} deep", path)
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return Node({k: _tree_of(v, place, path, depth + 1) for k, v in value.items()}, place, place)
    if isinstance(value, list | tuple):
        return Node([_tree_of(v, place, path, depth + 1) for v in value], place, place)
    if value is None or isinstance(value, bool | str) or type(value) is datetime.date:
        return Node(value, place, place)
    if isinstance(value, numbers.Integral):
        return Node(int(value), place, place)
    if isinstance(value, numbers.Real):
        return Node(float(value), place, place)
    raise complaint(place, "is not a value that a scenario can hold", path, show(value))


def full_path(path: str, line: int, source: str = SET) -> tuple[str, ...]:
    """Split a path, turning a parameter's own name into the path where a scenario writes it."""
    steps = tuple(path.split("."))
    if not all(steps):
        raise complaint(Place(source, line), f"{show(path)} is not a path of keys joined by dots")
    if len(steps) >= DEEPEST:
        raise complaint(Place(source, line), f"{show(path)} is nested more than {DEEPEST} deep")
    if steps[0] in GROUPS:
        return (*where_written(steps[0]).split("."), *steps[1:])
    if steps[0] in ("name", "extends"):
        raise complaint(Place(source, line), "cannot be set: it belongs to the file", steps)
    return steps


def apply(tree: Node, override: Override) -> Node:
    """Give the tree with an override laid over it."""
    return _replaced(tree, override, 0)


def _replaced(below: Node | None, override: Override, depth: int) -> Node:
    path, node = override.path, override.node
    if depth == len(path):
        return merge(below, node, path)
    if below is not None and isinstance(below.value, list):
        index = _index(below.value, override, depth)
        items = list(below.value)
        items[index] = _replaced(items[index], override, depth + 1)
        return Node(items, below.place, below.key)
    holder = below if below is not None and isinstance(below.value, dict) else Node({}, node.place, node.key)
    assert isinstance(holder.value, dict)
    values = dict(holder.value)
    step = path[depth]
    if depth == len(path) - 1 and node.value is None and step in values:
        del values[step]
    else:
        values[step] = _replaced(values.get(step), override, depth + 1)
    return Node(values, holder.place, holder.key)


def _index(items: list[Node], override: Override, depth: int) -> int:
    step = override.path[depth]
    if step.isascii() and step.isdecimal() and len(step) < 6 and int(step) < len(items):
        return int(step)
    problem = f"'{step}' is no index of a list of {len(items)}, which count from 0"
    shown = show(override.node.plain())
    raise complaint(override.node.key or override.node.place, problem, override.path, shown)
