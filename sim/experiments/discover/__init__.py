"""Scenario discovery: the boxes of conditions, among all that the prior holds possible, in which spirals gather.

Half of the rows of parameters are searched with PRIM (Friedman and Fisher 1999; Bryant and Lempert 2010); the other
half, which had no part in the search, says what the boxes hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.estimates.by_row import Rows, probability
from sim.experiments.analysis import Asked, answer, responses_of
from sim.experiments.discover.boxes import MOST_BOXES, MOST_LIMITS, search
from sim.experiments.discover.factors import Factor, factors_of, quantiles_of_rows
from sim.experiments.discover.judging import Floats, box_table, limit_table, path_table, split
from sim.experiments.discover.prim import LEAST_MASS, PEEL, DiscoveryError, MissingExtra, require_extra
from sim.experiments.discover.words import box_words, finding, warning
from sim.scenario import Scenario
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.points import Point, carry_out_points, respond, tasks_of_points
from sim.store import Analysis, Findings, Work

__all__ = [
    "LEAST_ROWS",
    "MOST_ROWS",
    "ROWS",
    "DiscoveryError",
    "MissingExtra",
    "discover_in_memory",
    "findings_of",
    "run_discovery",
]

ROWS = 4_000
"""Rows of parameters, unless others are asked for."""
LEAST_ROWS, MOST_ROWS = 100, 40_000


def run_discovery(scenario: Scenario, rows: int, asked: Asked, place: Path) -> Analysis:
    """Find boxes in a result folder, going on with what is there.

    Raises
    ------
    DiscoveryError
        When the extra is missing, or parameters are not drawn.
    StoreError
        When the folder cannot be worked in.
    """
    factors = _ready(scenario, asked)
    runs = rows * RUNS_PER_ROW
    tasks = tasks_of_points([Point(0, scenario)], runs, asked.parameters)

    def make(work: Work) -> Findings:
        return _concluded(scenario, factors, responses_of(work, tasks, carry_out_points, asked))

    identity = {"rows": rows, "peel": PEEL, "least_mass": LEAST_MASS, "most_limits": MOST_LIMITS}
    return answer("discover", scenario, asked, identity, place, make, runs, len(tasks))


def discover_in_memory(scenario: Scenario, asked: Asked, rows: int = ROWS) -> pd.DataFrame:
    """Find boxes and keep nothing.

    Returns
    -------
    DataFrame
        One row a box, see `sim.experiments.discover.judging.box_table`, with `words`. `attrs["limits"]` and
        `attrs["trajectory"]` hold the other tables as lists of records, `attrs["finding"]` the sentence.
    """
    if not LEAST_ROWS <= rows <= MOST_ROWS:
        raise DiscoveryError(f"{rows:,} rows; it must be from {LEAST_ROWS:,} to {MOST_ROWS:,}")
    factors = _ready(scenario, asked)
    point = [Point(0, scenario)]
    found = _concluded(
        scenario, factors, respond(point, rows * RUNS_PER_ROW, asked.parameters, pool=asked.workers)
    )
    table = found.tables["boxes"]
    table.attrs |= {name: found.tables[name].to_dict("records") for name in ("limits", "trajectory")}
    table.attrs["finding"] = found.estimates["finding"]
    return table


def _ready(scenario: Scenario, asked: Asked) -> list[Factor]:
    """See that boxes can be searched for, before anything is simulated."""
    if asked.parameters != "prior":
        raise DiscoveryError(
            "--parameters default: boxes are made of parameters that are drawn from their priors"
        )
    factors = factors_of(scenario)
    if not factors:
        raise DiscoveryError(f"{scenario.name} fixes every parameter, and leaves nothing to make boxes of")
    require_extra()
    return factors


def _concluded(scenario: Scenario, factors: Sequence[Factor], rows: Rows) -> Findings:
    return findings_of(rows, quantiles_of_rows(scenario, factors, rows["row"]), factors, scenario.headline)


def findings_of(rows: Rows, quantiles: Floats, factors: Sequence[Factor], event: str) -> Findings:
    """Search boxes on one half of the rows, and judge them on the other.

    Parameters
    ----------
    rows : ndarray of RESPONSE, shape (n,)
        Of one point, each with the same number of runs.
    quantiles : ndarray, shape (n, factors)
        Where each row lies in the prior of each factor.
    factors : sequence of Factor
    event : str
        The spiral that is asked about.
    """
    searched, judged = split(rows, quantiles, event)
    found = search(searched.quantiles, searched.risk, MOST_BOXES)
    boxes, limits = box_table(found, searched, judged), limit_table(found, factors, judged)
    boxes["words"] = pd.Series([box_words(limits, number) for number in boxes["box"]], dtype=object)
    records: list[dict[str, Any]] = boxes.astype(object).where(boxes.notna(), None).to_dict("records")
    estimates = {
        "definition": event,
        "headline": {
            "definition": event,
            **probability(rows, event, by_row=True, with_ignorance=True).as_dict(),
        },
        "factors": len(factors),
        "rows": {"searched": len(searched.rows), "judged": len(judged.rows)},
        "runs_per_row": RUNS_PER_ROW,
        "finding": finding(records, event),
        "warning": warning(records, len(judged.rows), int(rows[event].sum())),
        "boxes": records,
    }
    return Findings(
        estimates,
        {"boxes": boxes, "limits": limits, "trajectory": path_table(found, factors, searched, judged)},
    )
