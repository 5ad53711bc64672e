"""Find the conditions under which spirals gather.

The boxes of conditions, among all that the prior holds possible, in which spirals gather, said in words. Half of the
parameter draws are searched with PRIM (Friedman and Fisher 1999; Bryant and Lempert 2010); the other half, which had
no part in the search, says what the boxes hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import pandas as pd

from sim.errors import QuestionError
from sim.estimates.by_row import Rows, probability
from sim.experiments.discover.boxes import MOST_BOXES, MOST_LIMITS, search
from sim.experiments.discover.factors import Factor, factors_of, quantiles_of_rows
from sim.experiments.discover.judging import Floats, box_table, limit_table, path_table, split
from sim.experiments.discover.prim import LEAST_MASS, PEEL, require_extra
from sim.experiments.discover.words import box_words, finding, warning
from sim.pipeline.experiment import Experiment, Finding, Part
from sim.pipeline.options import Whole, option
from sim.pipeline.parts import Headline
from sim.pipeline.runner import Runner
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.reducers import respond
from sim.simulate.spans import TASK_RUNS, Point, Task, point_tasks


class RowsPart(Part):
    """Rows of parameters that were searched in, and that judge."""

    searched: int
    judged: int


class Box(Part):
    """One box, as `sim.experiments.discover.judging.box_table` has it, and in words."""

    box: int
    limits: int
    rows: int
    mass: float | None
    mass_low: float | None
    mass_high: float | None
    coverage: float | None
    coverage_low: float | None
    coverage_high: float | None
    density: float | None
    density_low: float | None
    density_high: float | None
    base: float
    base_low: float
    base_high: float
    outside: float | None
    outside_low: float | None
    outside_high: float | None
    holds_up: bool
    searched_mass: float
    searched_coverage: float | None
    searched_density: float
    words: str


class DiscoverFinding(Finding):
    """The boxes, the limits of each, and the steps by which they were peeled."""

    definition: str
    headline: Headline
    factors: int
    rows: RowsPart
    runs_per_row: int
    finding: str
    warning: str
    boxes: list[Box]

    box_table: Annotated[pd.DataFrame, "boxes"]
    limits: pd.DataFrame
    trajectory: pd.DataFrame


@dataclass(frozen=True)
class Discover(Experiment):
    """Boxes of conditions in which spirals gather."""

    kind = "discover"
    finding = DiscoverFinding
    choices = ("prior", "default")

    rows: int = option(4_000, Whole(100, 40_000), help="Rows of parameters to draw from the prior.")

    def __post_init__(self) -> None:
        """See that boxes can be searched for, before anything is simulated."""
        super().__post_init__()
        if self.parameters != "prior":
            raise QuestionError(
                "--parameters default: boxes are made of parameters that are drawn from their priors"
            )
        if not self.factors:
            raise QuestionError(
                f"{self.scenario.name} fixes every parameter, and leaves nothing to make boxes of"
            )
        require_extra()

    @cached_property
    def factors(self) -> list[Factor]:
        """Parameters that are drawn."""
        return factors_of(self.scenario)

    def tasks(self, size: int = TASK_RUNS) -> list[Task]:
        """What is simulated."""
        return point_tasks([Point(0, self.scenario)], self.total, self.parameters, size=size)

    @property
    def identity(self) -> Mapping[str, Any]:
        """Rows, and how boxes are peeled."""
        return {"rows": self.rows, "peel": PEEL, "least_mass": LEAST_MASS, "most_limits": MOST_LIMITS}

    @property
    def total(self) -> int:
        """Runs of all rows."""
        return self.rows * RUNS_PER_ROW

    @property
    def task_count(self) -> int:
        """Number of tasks."""
        return len(self.tasks())

    @property
    def title(self) -> str:
        """So many rows."""
        return f"{self.rows:,} draws of the parameters"

    def answer(self, runner: Runner) -> DiscoverFinding:
        """Simulate the rows, search on one half, judge on the other."""
        rows = runner.rows(self.tasks(runner.task_size), respond)
        quantiles = quantiles_of_rows(self.scenario, self.factors, rows["row"])
        return findings_of(rows, quantiles, self.factors, self.scenario.headline)


def findings_of(rows: Rows, quantiles: Floats, factors: Sequence[Factor], event: str) -> DiscoverFinding:
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
    table, limits = box_table(found, searched, judged), limit_table(found, factors, judged)
    table["words"] = pd.Series([box_words(limits, number) for number in table["box"]], dtype=object)
    records: list[dict[str, Any]] = table.astype(object).where(table.notna(), None).to_dict("records")
    return DiscoverFinding(
        definition=event,
        headline=Headline.of(event, probability(rows, event, by_row=True, with_ignorance=True)),
        factors=len(factors),
        rows=RowsPart(searched=len(searched.rows), judged=len(judged.rows)),
        runs_per_row=RUNS_PER_ROW,
        finding=finding(records, event),
        warning=warning(records, len(judged.rows), int(rows[event].sum())),
        boxes=[Box(**record) for record in records],
        box_table=table,
        limits=limits,
        trajectory=path_table(found, factors, searched, judged),
    )
