"""Countries and outside drivers of the shipped crisis, as something to lay others over.

A scenario without `countries` or `drivers` has these. One that changes an inherited scenario, or a setting of it,
begins from them too, so that a driver can be added without writing the others again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sim.scenario import countries, outside
from sim.scenario.composing import Node
from sim.scenario.errors import Place

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

SHIPPED: Mapping[str, Mapping[str, BaseModel]] = {"countries": countries.SHIPPED, "drivers": outside.SHIPPED}


def unlike(scenario: Scenario) -> tuple[str, ...]:
    """What of a scenario is of another crisis than the shipped one, of which alone there are fits and articles."""
    alike = {"countries": countries.fitted(scenario.countries), "drivers": outside.fitted(scenario.drivers)}
    return tuple(name for name, same in alike.items() if not same)


def with_shipped(tree: Node, said: Collection[str]) -> Node:
    """Write out what a tree leaves at the shipped crisis's, where something is said of it.

    Parameters
    ----------
    tree : a scenario, whose top is a mapping
    said : top-level keys of what is going to be laid over it
    """
    assert isinstance(tree.value, dict)
    more = {key: _node(_plain(key), tree.place) for key in SHIPPED if key in said and key not in tree.value}
    return Node({**tree.value, **more}, tree.place, tree.key) if more else tree


def _plain(key: str) -> dict[str, Any]:
    return {
        name: one.model_dump(exclude_none=True, exclude_defaults=True) for name, one in SHIPPED[key].items()
    }


def _node(value: Any, place: Place) -> Node:
    if isinstance(value, Mapping):
        return Node({key: _node(inner, place) for key, inner in value.items()}, place, place)
    return Node(value, place, place)
