"""A stretch of days under one scenario, as the engine takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.parameters import Prior


@dataclass(frozen=True)
class Segment:
    """A stretch of days under one scenario: what it fixes, its days, and the parameters and priors it sets.

    `unlike` names what of it is of another crisis than the one that is shipped with fits: countries, drivers.
    """

    setting: np.ndarray
    timeline: np.ndarray
    fixed: Mapping[str, float]
    priors: Mapping[str, Prior] = field(default_factory=dict)
    unlike: tuple[str, ...] = ()
