"""How often restraint averted the headline: from counts over a sample of runs to probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.estimates.by_row import Rows, probability
from sim.estimates.intervals import Estimate
from sim.parameters import DAMPING
from sim.scenario import Scenario
from sim.simulate.job import Parameters, make_job
from sim.simulate.prevented import ALL

if TYPE_CHECKING:
    import pandas as pd


def estimate_prevented(rows: Rows, by_row: bool, most_rows: int | None = None) -> dict[str, Any]:
    """What damping reactions averted, in all and by mechanism, as plain values for JSON.

    Parameters
    ----------
    rows : ndarray of `sim.simulate.prevented.PREVENTED`
        As many runs of each, but for the last.
    by_row : bool
        Whether rows have parameters of their own.
    most_rows : int, optional
        Rows of parameters that there are, where they come again after so many.
    """
    by_mechanism = {name: averted(rows, name, by_row, most_rows).as_dict() for name in DAMPING}
    in_all = averted(rows, ALL, by_row, most_rows).as_dict()
    return {"runs": in_all["runs"], "in_all": in_all, "by_mechanism": by_mechanism}


def averted(rows: Rows, name: str, by_row: bool, most_rows: int | None = None) -> Estimate:
    """Probability that a run does not come to the headline, and would without some damping reactions."""
    return probability(rows, name, by_row, with_ignorance=True, most_rows=most_rows)


def prevented_table(parts: Sequence[Rows], scenario: Scenario, parameters: Parameters) -> pd.DataFrame:
    """What was averted in all and by mechanism, a row each.

    Parameters
    ----------
    parts : sequence of ndarray of `sim.simulate.prevented.PREVENTED`
    scenario : Scenario
        That was asked.
    parameters : 'posterior', 'prior' or 'default'
    """
    import pandas as pd

    fitted, rows = make_job(scenario, parameters).posterior, np.concatenate(parts)
    made = []
    for name in (ALL, *DAMPING):
        found = averted(rows, name, parameters != "default", None if fitted is None else fitted.rows)
        unknown = found.ignorance or (np.nan, np.nan)
        row = {
            "mechanism": name,
            "probability": found.probability,
            "low": found.chance[0],
            "high": found.chance[1],
        }
        row |= {"unknown_low": unknown[0], "unknown_high": unknown[1], "seen": found.seen, "runs": found.runs}
        made.append(row)
    table = pd.DataFrame(made)
    table.attrs["units"] = {name: "probability" for name in table.columns[1:6]} | {
        "seen": "runs",
        "runs": "runs",
    }
    return table
