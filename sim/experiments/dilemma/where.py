"""Where in the prior each half of the dilemma lies: the parameters that tell one group of draws from another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.experiments.dilemma.worlds import DRAW_VALUES, READINESS
from sim.parameters import REGISTRY
from sim.scenario import Scenario
from sim.simulate.job import make_job
from sim.simulate.parameter_draws import prior_rows

RISING, FED, AVERTED, DILEMMA = (
    "rising against falling",
    "rises through feedback, or not",
    "falls through feedback, or not",
    "dilemma, or not",
)
FEWEST = 8
"""Draws that a group needs to be compared at all."""

LEVEL = 0.05
"""Chance, at most, that any parameter at all is named where none tells the groups apart."""


def where_table(scenario: Scenario, draws: pd.DataFrame) -> pd.DataFrame:
    """Compare the parameters of groups of draws.

    Each parameter is compared by ranks (Mann and Whitney 1947). Over all parameters and comparisons
    together, the chance of naming any that tells nothing apart is at most 5% (Holm 1979).

    Parameters
    ----------
    scenario : Scenario
    draws : DataFrame
        See `sim.experiments.dilemma.shapes.draws_table`.

    Returns
    -------
    DataFrame
        One row a comparison and parameter, the most telling first: `comparison`, `parameter`, `higher`
        (chance that a draw of the first group has the higher value than one of the second; 0.5 tells
        nothing), `first_median` and `second_median` of the values, `unit`, `first_draws` and `second_draws`,
        `p` (Holm's), `beyond_luck`, `meaning`. Empty where no two groups are large enough, and with
        parameters at their defaults.
    """
    one = draws[draws["value"] == DRAW_VALUES[0]]
    values = _values(scenario, one["row"].to_numpy(np.int64))
    rising, falling = (one["shape"].to_numpy() == shape for shape in ("rising", "falling"))
    groups = {RISING: (rising, falling)}
    for comparison, column in ((FED, "rises"), (AVERTED, "falls"), (DILEMMA, "dilemma")):
        inside = one[column].to_numpy(bool)
        groups[comparison] = (inside, ~inside)
    rows = [
        {"comparison": name, "parameter": parameter, **_compared(column, first, second)}
        for name, (first, second) in groups.items()
        for parameter, column in values.items()
        if min(first.sum(), second.sum()) >= FEWEST
    ]
    return _judged(pd.DataFrame(rows, columns=[*COLUMNS]))


COLUMNS = (
    "comparison", "parameter", "higher", "first_median", "second_median", "unit", "first_draws", "second_draws",
    "p", "beyond_luck", "meaning",
)  # fmt: skip


def _values(scenario: Scenario, rows: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.float64]]:
    """Values of the parameters that differ from row to row, but for readiness, which is set."""
    last = make_job(scenario).segments[-1]
    table = prior_rows(rows, scenario.random_seed, last.fixed, last.priors)
    columns = {name: np.asarray(table[name.split(".")[0]][name.split(".")[1]]) for name in REGISTRY}
    return {name: v for name, v in columns.items() if name != READINESS and len(v) > 1 and np.ptp(v) > 0}


def _compared(
    values: npt.NDArray[np.float64], first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_]
) -> dict[str, float | int]:
    from scipy.stats import mannwhitneyu

    test = mannwhitneyu(values[first], values[second], method="asymptotic")
    return {
        "higher": float(test.statistic) / float(first.sum() * second.sum()),
        "first_median": float(np.median(values[first])),
        "second_median": float(np.median(values[second])),
        "first_draws": int(first.sum()),
        "second_draws": int(second.sum()),
        "p": float(test.pvalue),
    }


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    """Correct for the number of comparisons, and put the most telling of each comparison first."""
    table["p"] = holm(table["p"].to_numpy(np.float64))
    table["beyond_luck"] = table["p"] <= LEVEL
    table["unit"] = [REGISTRY[name].unit for name in table["parameter"]]
    table["meaning"] = [REGISTRY[name].meaning for name in table["parameter"]]
    order = {name: place for place, name in enumerate((RISING, FED, AVERTED, DILEMMA))}
    table["place"], table["apart"] = (
        table["comparison"].map(order),
        -(table["higher"].astype(float) - 0.5).abs(),
    )
    table = table.sort_values(["place", "apart"], kind="stable", ignore_index=True)[[*COLUMNS]]
    table.attrs["units"] = {"higher": "probability", "p": "probability"}
    return table


def holm(p: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Probabilities of a chance finding, corrected for their number (Holm 1979); same shape."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    corrected = np.empty(len(p), np.float64)
    corrected[order] = np.minimum(stepped, 1.0)
    return corrected
