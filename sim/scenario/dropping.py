"""Drivers that are taken out by null, whose levels stay: told where the null is written, not where the levels are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.scenario.complaints import find
from sim.scenario.composing import Node
from sim.scenario.errors import complaint
from sim.scenario.merging import Override

LEVELS = ("reference", "timeline")


def check_dropped(own: Mapping[str, Node], overrides: Sequence[Override], merged: Node) -> None:
    """Refuse the first driver that is taken out of `drivers` alone.

    Parameters
    ----------
    own : what a file says itself, before it is laid over its parent
    overrides : what is laid over that
    merged : what comes of all

    Raises
    ------
    ScenarioError
        At the null.
    """
    for name, null in _dropped(own, overrides):
        left = [at for at in LEVELS if find(merged, (at, name))[1] == 2]
        if left:
            stays = " and ".join(f"{at}.{name}" for at in left)
            first = find(merged, (left[0], name))[0].key or merged.place
            where = f"{first.file}:{first.line}" if first.line else first.file
            problem = (
                f"takes the driver out, but not its levels: {stays} must be null too (inherited from {where})"
            )
            raise complaint(null.key or null.place, problem, ("drivers", name), "null")


def _dropped(own: Mapping[str, Node], overrides: Sequence[Override]) -> Iterator[tuple[str, Node]]:
    said = [own["drivers"]] if "drivers" in own else []
    said += [change.node for change in overrides if change.path == ("drivers",)]
    for node in said:
        if isinstance(node.value, dict):
            yield from ((name, one) for name, one in node.value.items() if one.value is None)
    for change in overrides:
        if len(change.path) == 2 and change.path[0] == "drivers" and change.node.value is None:
            yield change.path[1], change.node
