"""The registry: every parameter once, and everything that is derived from the list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from sim.parameters.baghdad import BAGHDAD
from sim.parameters.blind import with_blind
from sim.parameters.engagement import ENGAGEMENT
from sim.parameters.militia import MILITIA
from sim.parameters.parameter import Parameter, Prior
from sim.parameters.tehran import TEHRAN
from sim.parameters.washington import WASHINGTON

if TYPE_CHECKING:
    import numpy as np

GROUPS = ("militia", "engagement", "us", "iraq", "iran")

REGISTRY: Mapping[str, Parameter] = MappingProxyType(
    {p.name: with_blind(p) for p in (*MILITIA, *ENGAGEMENT, *WASHINGTON, *BAGHDAD, *TEHRAN)}
)
"""Every parameter by its dotted name, in the order of the evidence table."""


def blind_priors() -> dict[str, Prior]:
    """Priors of all parameters that have a form blind to the last article, by name."""
    return {p.name: p.blind for p in REGISTRY.values() if p.blind is not None}


def in_group(group: str) -> dict[str, Parameter]:
    """Parameters of one group by their short key, such as ``in_group("us")["readiness"]``."""
    return {p.key: p for p in REGISTRY.values() if p.group == group}


MECHANISMS = tuple(dict.fromkeys(p.mechanism for p in REGISTRY.values() if p.mechanism is not None))
"""Every mechanism by which actors react to one another."""

PACKS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "deterrence only": ("deterrence", "doubt"),
        "revenge only": ("revenge", "commitment"),
        "Tehran decides": ("tehran",),
        "host pressure": ("host",),
    }
)
"""Rival explanations: the mechanisms that each keeps; all others are off in it."""

LAST_STEP = ("us.gap_fourth", "iran.answer")
"""Parameters of the step from a severe exchange to a direct one, which no fact informs."""


def couplings(*mechanisms: str) -> dict[str, float]:
    """Values that switch mechanisms off: by default all by which actors react to one another.

    Washington's answer to attacks is not among them: a world with its couplings off still has
    attacks and strikes, and nothing that either does to the other side's next choice.
    """
    return {
        p.name: float(p.off)
        for p in REGISTRY.values()
        if p.off is not None and (not mechanisms or p.mechanism in mechanisms)
    }


def only(pack: str) -> dict[str, float]:
    """Values that switch off every mechanism but those of a pack."""
    return couplings(*(m for m in MECHANISMS if m not in PACKS[pack]))


def last_step(risk: str, priors: Mapping[str, Prior] | None = None) -> dict[str, float]:
    """Values of the last step at the end of their priors' central 90% that makes it `likely` or `unlikely`.

    `priors` take the place of the registry's, by name.
    """
    gap, answer = (REGISTRY[name].interval(prior=(priors or {}).get(name)) for name in LAST_STEP)
    side = 0 if risk == "likely" else 1
    return dict(zip(LAST_STEP, (gap[side], answer[1 - side]), strict=True))


@cache
def parameters_dtype() -> np.dtype:
    """Record of one parameter row: a nested record a group, all float64.

    A half-life `x_half_life` (days) is accompanied by `x_keep`, the share kept from one day to the next.
    """
    import numpy as np

    groups = []
    for group in GROUPS:
        keys = list(in_group(group))
        keeps = [k.replace("_half_life", "_keep") for k in keys if k.endswith("_half_life")]
        groups.append((group, np.dtype([(k, np.float64) for k in keys + keeps], align=True)))
    return np.dtype(groups, align=True)
