"""The registry: every parameter once, and everything that is derived from the list."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from sim.parameters.baghdad import BAGHDAD
from sim.parameters.blind import with_blind
from sim.parameters.engagement import ENGAGEMENT
from sim.parameters.militia import MILITIA
from sim.parameters.parameter import Parameter, Prior
from sim.parameters.tehran import TEHRAN
from sim.parameters.washington import WASHINGTON

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Reactions = Literal["amplifying", "damping", "both"]
"""Reactions that can be taken out together."""

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

LAST_STEP = ("us.level_4_base", "iran.answer")
"""Parameters of the step from a severe exchange to a direct one, which no fact of the articles informs."""


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


DAMPING = tuple(
    dict.fromkeys(
        p.mechanism for p in REGISTRY.values() if p.mechanism and p.direction in ("damping", "signed")
    )
)
"""Mechanisms of which some weight damps, or may."""


def without(reactions: Reactions, rows: np.ndarray, mechanisms: Collection[str] | None = None) -> np.ndarray:
    """Rows of parameters with some reactions taken out.

    Parameters
    ----------
    reactions : 'amplifying', 'damping' or 'both'
        A signed weight is the one or the other row by row. Conduits stay.
    rows : recarray of `parameters_dtype`, shape (n,)
        Left as they are.
    mechanisms : collection of str, optional
        Only the reactions of these mechanisms; all by default.

    Returns
    -------
    recarray of `parameters_dtype`, shape (n,)
    """
    changed = rows.copy()
    for p in REGISTRY.values():
        if p.mechanism is None or p.off is None or (mechanisms is not None and p.mechanism not in mechanisms):
            continue
        column = changed[p.group][p.key]
        column[_works(p, reactions, column)] = p.off
    return changed


def _works(p: Parameter, reactions: Reactions, values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """In which rows a weight is one of the reactions."""
    import numpy as np

    if p.direction != "signed":
        named = p.direction in (("amplifying", "damping") if reactions == "both" else (reactions,))
        return np.full(len(values), named)
    assert p.off is not None
    amplifying = values > p.off if p.amplifies == "above" else values < p.off
    return {"amplifying": amplifying, "damping": ~amplifying, "both": np.full(len(values), True)}[reactions]


def last_step(risk: str, priors: Mapping[str, Prior] | None = None) -> dict[str, float]:
    """Values of the last step at the end of their priors' central 90% that makes it `likely` or `unlikely`.

    `priors` take the place of the registry's, by name.
    """
    ends = (REGISTRY[name].interval(prior=(priors or {}).get(name)) for name in LAST_STEP)
    side = 1 if risk == "likely" else 0
    return {name: end[side] for name, end in zip(LAST_STEP, ends, strict=True)}


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
