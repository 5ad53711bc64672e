"""The curve: each lever from end to end, in every world, with the same runs and luck at every point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.estimates.by_row import Mean, Rows, difference, mean, of_point, probability
from sim.experiments.dilemma.plan import LEVERS, NO_FEEDBACK, WORLDS, Plan
from sim.outcomes import per_run
from sim.scenario.varying import with_parameters
from sim.simulate.job import make_job, simulate
from sim.simulate.points import Point, PointsTask, tasks_of_points
from sim.simulate.responses import RESPONSE, responses

if TYPE_CHECKING:
    import pandas as pd

    from sim.simulate.job import Parameters

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
SHARES = ("direct", "reciprocal", "rung_4", "any_killed", "no_low_strike")
CHANGES = ("attacks", "any_killed", "killed", "credibility")
"""What the change from readiness 0 is told of, beside the headline."""


def curve_points(plan: Plan) -> list[Point]:
    """Points of the curve: by world, in it by lever, and in that by value."""
    made = (
        (with_parameters(plan.scenario, {lever: float(value)}), override)
        for override in WORLDS.values()
        for lever in LEVERS
        for value in plan.values
    )
    return [Point(number, scenario, override) for number, (scenario, override) in enumerate(made)]


def curve_tasks(plan: Plan, parameters: Parameters) -> list[PointsTask]:
    """Tasks of the curve, numbered from 0 on."""
    return tasks_of_points(curve_points(plan), plan.runs, parameters)


def carry_out_curve(task: PointsTask) -> npt.NDArray[np.void]:
    """Simulate the spans of a task.

    Returns
    -------
    ndarray of CURVE
    """
    found = []
    for span in task.spans:
        job = make_job(span.point.scenario, task.parameters, span.point.override)
        worlds = simulate(job, np.arange(span.first, span.first + span.runs, dtype=np.uint64))
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


def curve_table(plan: Plan, found: npt.NDArray[np.void], by_row: bool) -> pd.DataFrame:
    """Estimates of every point.

    Returns
    -------
    DataFrame
        One row a point: `pack` (world), `lever`, `value`, `runs`; each outcome with `_low` and `_high` (95%
        by chance); for the headline, attacks, US killed and credibility `_change` from value 0 of the same
        world and lever, and `_fed`, that change less the one without feedback; both with their ends, paired
        by row.
    """
    import pandas as pd

    rows = [dict(_estimates_at(plan, found, by_row, *place)) for place in _places(plan)]
    table = pd.DataFrame(rows)
    table.attrs["units"] = {name: unit for name in table if (unit := _unit(str(name)))}
    return table


def _places(plan: Plan) -> Iterator[tuple[int, str, str, float]]:
    number = 0
    for world in WORLDS:
        for lever in LEVERS:
            for value in plan.values:
                yield number, world, lever, float(value)
                number += 1


def _estimates_at(
    plan: Plan, found: npt.NDArray[np.void], by_row: bool, number: int, world: str, lever: str, value: float
) -> Iterator[tuple[str, Any]]:
    headline, per_world = plan.scenario.headline, len(LEVERS) * plan.points
    within = number % per_world
    middle = within - within % plan.points + plan.points // 2
    aside = [*WORLDS].index(NO_FEEDBACK) * per_world
    mine, zero = of_point(found, number), of_point(found, number - within + middle)
    fed = (of_point(found, aside + within), of_point(found, aside + middle))
    yield from {"pack": world, "lever": lever, "value": value, "runs": int(mine["runs"].sum())}.items()
    for name in SHARES:
        estimate = probability(mine, name, by_row)
        yield from _with_ends(name, estimate.probability, *estimate.chance)
    for name in MEANS:
        yield from _of_mean(name, mean(mine, name))
    for name in (headline, *CHANGES):
        yield from _of_mean(f"{name}_change", difference(mine, zero, name))
        yield from _of_mean(f"{name}_fed", change_by_feedback((mine, zero), fed, name))


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


def _of_mean(name: str, found: Mean) -> Iterator[tuple[str, float]]:
    yield from _with_ends(name, found.value, found.low, found.high)


def _with_ends(name: str, value: float, low: float, high: float) -> Iterator[tuple[str, float]]:
    yield from ((name, value), (f"{name}_low", low), (f"{name}_high", high))


def _unit(column: str) -> str:
    stem = column.removesuffix("_low").removesuffix("_high").removesuffix("_change").removesuffix("_fed")
    if column == "value":
        return "logits"
    own = {"no_low_strike": "probability", "low_strikes": "strikes a run", "high_strikes": "strikes a run"}
    return own.get(stem) or per_run(stem)
