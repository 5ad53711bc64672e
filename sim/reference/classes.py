"""Which episodes make up the reference class, how much they weigh, and which parameters they inform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sim.reference.episodes import Episode

ClassName = Literal["all", "2007-2023", "2019-2023", "none"]

CLASSES: Mapping[str, int | None] = MappingProxyType(
    {"all": 1983, "2007-2023": 2007, "2019-2023": 2019, "none": None}
)
"""First year of each class; None for the one that holds nothing."""

DEFAULT_CLASS: ClassName = "2007-2023"
DEFAULT_WEIGHT = 0.5

PARAMETERS = ("us.level_3_base", "us.level_3_killed", "us.level_4_base", "us.level_4_killed")
"""Parameters whose priors rest on the class: base and slope of the steps to level 3 and on to level 4."""


def members(episodes: Iterable[Episode], name: str) -> tuple[Episode, ...]:
    """Give the counted episodes of a class, lethal or not.

    Parameters
    ----------
    episodes : iterable of Episode
    name : key of `CLASSES`

    Raises
    ------
    KeyError
        For a name that is no class.
    """
    first = CLASSES[name]
    return tuple(e for e in episodes if first is not None and e.counted and e.date.year >= first)


def lethal(episodes: Iterable[Episode], name: str) -> tuple[Episode, ...]:
    """Give the counted episodes of a class in which at least one was killed."""
    return tuple(e for e in members(episodes, name) if e.killed > 0)
