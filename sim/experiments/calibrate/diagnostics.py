"""A second opinion on a fit by the field's own library, where it is installed (extra `calibration`): arviz."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.experiments.calibrate.fitting import Fit


def second_opinion(fit: Fit) -> dict[str, Any]:
    """Effective draws and R-hat by arviz, islands taken as its chains (Vehtari and others 2021).

    An island keeps its draws in the order of their ancestors, so that those which share one look like a slow chain.
    Islands count alike here, whatever their evidence: with uneven islands it is too kind.

    Returns
    -------
    dict
        Over parameters the `median` and the `least` effective number of draws, of which `parameter`, and the largest
        `rhat`. Empty where arviz-stats is not installed, or with a single island.
    """
    try:
        from arviz_stats.base.array import array_stats
    except ImportError:
        return {}
    islands = len(np.unique(fit.rows["island"]))
    if islands < 2:
        return {}
    space = fit.problem.space
    z = space.coordinates({name: fit.rows[name] for name in space.names})
    by_parameter = z.reshape(islands, -1, len(space.names)).transpose(2, 0, 1)
    found = np.array([array_stats.ess(one, chain_axis=0, draw_axis=1) for one in by_parameter])
    rhat = np.array([array_stats.rhat(one, chain_axis=0, draw_axis=1) for one in by_parameter])
    least = int(found.argmin())
    return {
        "median": float(np.median(found)),
        "least": float(found[least]),
        "parameter": space.names[least],
        "rhat": float(rhat.max()),
    }
