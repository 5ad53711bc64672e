"""The curve: each lever from end to end, in every world, with the same runs and luck at every point."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.estimates.by_row import Mean, Rows, difference, mean, of_point, probability
from sim.experiments.dilemma.worlds import LEVERS, NO_FEEDBACK, WORLDS
from sim.outcomes import per_run
from sim.scenario import Scenario
from sim.scenario.varying import with_parameters
from sim.simulate.job import simulate
from sim.simulate.responses import RESPONSE, responses
from sim.simulate.spans import Point, Task

CURVE = np.dtype(
    [
        *((name, RESPONSE[name]) for name in RESPONSE.names or ()),
        ("no_low_strike", np.int64),
        ("low_strikes", np.float64),
        ("high_strikes", np.float64),
    ]
)
"""As `RESPONSE`; and runs without a strike of level 1 or 2, strikes of these levels, and those of level 3 and 4."""

MEANS = (
    "attacks", "wounded", "killed", "strikes", "low_strikes", "high_strikes", "strikes_in_iraq", "credibility",
)  # fmt: skip
SHARES = ("direct", "reciprocal", "severe", "any_killed", "no_low_strike")
CHANGES = ("attacks", "any_killed", "killed", "credibility")
"""What the change from readiness 0 is told of, beside the headline."""


def curve_points(scenario: Scenario, values: npt.NDArray[np.float64]) -> list[Point]:
    """Points of the curve: by world, in it by lever, and in that by value."""
    made = (
        (with_parameters(scenario, {lever: float(value)}), override)
        for override in WORLDS.values()
        for lever in LEVERS
        for value in values
    )
    return [Point(number, *point) for number, point in enumerate(made)]


def curve_rows(task: Task) -> npt.NDArray[np.void]:
    """Simulate the spans of a task, and count what each draw of the parameters came to: an array of CURVE."""
    found = []
    for span in task.spans:
        worlds = simulate(span.job(task.parameters), span.numbers)
        counted = responses(worlds, point=span.point.number)
        part = np.zeros(len(counted), CURVE)
        for name in RESPONSE.names or ():
            part[name] = counted[name]
        by_level = np.asarray(worlds["outcome"]["strikes"])
        starts = np.concatenate([[0], np.cumsum(counted["runs"])[:-1]])
        low = by_level[:, 1:3].sum(axis=1)
        for name, values in (
            ("no_low_strike", (low == 0).astype(np.int64)),
            ("low_strikes", low.astype(np.float64)),
            ("high_strikes", by_level[:, 3:].sum(axis=1).astype(np.float64)),
        ):
            part[name] = np.add.reduceat(values, starts)
        found.append(part)
    return np.concatenate(found)


def curve_table(
    values: npt.NDArray[np.float64], found: npt.NDArray[np.void], headline: str, by_row: bool
) -> pd.DataFrame:
    """Estimates of every point.

    Returns
    -------
    DataFrame
        One row a point: `pack` (world), `lever`, `value`, `runs`; each outcome with `_low` and `_high` (95%
        by chance); for the headline, attacks, US killed and credibility `_change` from value 0 of the same
        world and lever, and `_fed`, that change less the one without feedback; both with their ends, paired
        by row.
    """
    points, of_world = len(values), len(LEVERS) * len(values)
    aside = [*WORLDS].index(NO_FEEDBACK) * of_world
    rows = []
    for number in range(len(WORLDS) * of_world):
        world, within = divmod(number, of_world)
        lever, place = divmod(within, points)
        middle = lever * points + points // 2
        pair, without = (
            (of_point(found, first + within), of_point(found, first + middle))
            for first in (world * of_world, aside)
        )
        told = {"pack": [*WORLDS][world], "lever": LEVERS[lever], "value": float(values[place])}
        rows.append(told | _estimates(pair, without, headline, by_row))
    table = pd.DataFrame(rows)
    table.attrs["units"] = {name: unit for name in table if (unit := _unit(str(name)))}
    return table


def _estimates(
    pair: tuple[Rows, Rows], without: tuple[Rows, Rows], headline: str, by_row: bool
) -> dict[str, Any]:
    """What a point came to, and how that differs from value 0, with and without feedback."""
    told: dict[str, Any] = {"runs": int(pair[0]["runs"].sum())}
    for name in SHARES:
        told |= probability(pair[0], name, by_row).columns(name)
    for name in MEANS:
        told |= mean(pair[0], name).columns(name)
    for name in (headline, *CHANGES):
        told |= difference(*pair, name).columns(f"{name}_change")
        told |= change_by_feedback(pair, without, name).columns(f"{name}_fed")
    return told


def change_by_feedback(pair: tuple[Rows, Rows], without: tuple[Rows, Rows], name: str) -> Mean:
    """Change between two points, less that between the same two without feedback, row by row.

    Raises
    ------
    ValueError
        When they do not all have the same rows.
    """
    changes = []
    for one, other in (pair, without):
        if not np.array_equal(one["row"], other["row"]):
            raise ValueError("the two points do not have the same runs")
        kept = np.zeros(len(one), [("row", np.int64), ("runs", np.int64), (name, np.float64)])
        kept["row"], kept["runs"] = one["row"], one["runs"]
        kept[name] = one[name].astype(np.float64) - other[name]
        changes.append(kept)
    return difference(changes[0], changes[1], name)


def _unit(column: str) -> str:
    stem = column.removesuffix("_low").removesuffix("_high").removesuffix("_change").removesuffix("_fed")
    if column == "value":
        return "logits"
    own = {"no_low_strike": "probability", "low_strikes": "strikes a run", "high_strikes": "strikes a run"}
    return own.get(stem) or per_run(stem)
