"""Where a parameter lies once it is fitted to the record, by the shipped fit of the baseline."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.simulate.posterior import load_posterior, shipped

BASELINE = "october-2023"


def fitted_range(name: str) -> dict[str, Any] | None:
    """Tell where a parameter lies in the shipped fit.

    Parameters
    ----------
    name : of the registry, such as `us.readiness`

    Returns
    -------
    dict or None
        `median` and `central_90` (low, high) in the parameter's unit, `until` (the last day of the record, ISO) and
        `scenario`; None of a constant, which no fit moves.
    """
    posterior = load_posterior(shipped()[BASELINE])
    column = posterior.columns.get(name)
    if column is None or np.ptp(column) == 0.0:
        return None
    low, median, high = (float(value) for value in np.quantile(column, (0.05, 0.5, 0.95)))
    until = posterior.known_until.isoformat()
    return {"median": median, "central_90": [low, high], "until": until, "scenario": BASELINE}
