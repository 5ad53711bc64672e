"""What a scenario inherits from, and which of the lists that it would have inherited it replaces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sim.scenario.actions import Action
from sim.scenario.composing import Node

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Replaced:
    """A list of a scenario's own in place of the one that it would have inherited.

    Attributes
    ----------
    path : of the list, such as `interventions` or `timeline.gaza.knots`
    inherited, own : entries of either
    kept : of those that would have been inherited, how many stand in the list of its own too
    """

    path: str
    inherited: int
    own: int
    kept: int


@dataclass(frozen=True)
class Lineage:
    """What became of a scenario's inheritance. It is no part of what the scenario says: any two are equal.

    Attributes
    ----------
    replaced : lists of its own in place of inherited ones
    dropped : actions that another scenario imposes in this one's own time and such a list leaves out, each after the
        name of that other
    """

    replaced: tuple[Replaced, ...] = field(default=(), compare=False)
    dropped: tuple[tuple[str, Action], ...] = field(default=(), compare=False)


def replaced_lists(below: Node, above: Node, path: Steps = ()) -> Iterator[Replaced]:
    """Lists of a tree that take the place of others when it is laid over these.

    Parameters
    ----------
    below : what is inherited
    above : what is laid over it, not merged yet
    path : of both from the top of the scenario
    """
    if isinstance(above.value, dict) and isinstance(below.value, dict):
        for key, node in above.value.items():
            if (inherited := below.value.get(key)) is not None:
                yield from replaced_lists(inherited, node, (*path, key))
    elif isinstance(below.value, list) and below.value and not isinstance(above.value, dict):
        was = [item.plain() for item in below.value]
        now = [item.plain() for item in above.value] if isinstance(above.value, list) else []
        if was != now:
            yield Replaced(".".join(map(str, path)), len(was), len(now), sum(item in now for item in was))
