"""Draw both halves of Washington's dilemma.

From never answering to answering everything: the risk of a spiral, and what is suffered meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.errors import QuestionError
from sim.estimates.by_row import of_point, probability
from sim.experiments.dilemma.curve import curve_points, curve_rows, curve_table
from sim.experiments.dilemma.draws import draw_rows, draw_tasks
from sim.experiments.dilemma.forced import Forced, forced_tasks
from sim.experiments.dilemma.response import response_tables
from sim.experiments.dilemma.shapes import draws_table, shape_table
from sim.experiments.dilemma.where import where_table
from sim.experiments.dilemma.worlds import READINESS, TOGETHER, WEEK, WORLDS
from sim.parameters import REGISTRY
from sim.pipeline.experiment import Experiment, Finding
from sim.pipeline.options import Day, Whole, option
from sim.pipeline.parts import Headline
from sim.pipeline.runner import Runner
from sim.simulate.spans import Task, point_tasks
from sim.wording import day_text

MOST_POINTS = 101
DAY = dt.date(2023, 11, 20)
WEEKS = 13
"""Weeks after the forced strike that are followed, at most."""

Stage = tuple[list[Task], Callable[[Task], npt.NDArray[np.void]]]


class DilemmaFinding(Finding):
    """The curve, the shapes of single draws, and what a forced strike brings; each table as its own module has it.

    `draws` counts the draws of the parameters whose curves are told apart by shape, with `draw_runs` at each value; the
    strike is forced on `day` in `forced_runs`; a run has so many `days`.
    """

    headline: Headline
    definition: str
    runs: int
    draws: int
    draw_runs: int
    forced_runs: int
    day: str
    days: int

    curve: pd.DataFrame
    shapes: pd.DataFrame
    each_draw: Annotated[pd.DataFrame, "draws"]
    where: pd.DataFrame
    response: pd.DataFrame
    response_summary: pd.DataFrame

    @property
    def date(self) -> dt.date:
        """Day of the forced strike."""
        return dt.date.fromisoformat(self.day)


@dataclass(frozen=True)
class Dilemma(Experiment):
    """Readiness and ceiling from end to end, single draws of the parameters, and a strike forced on one day.

    A draw gets an eighth of `runs` at each value of readiness, the forced strike five times as many. By default it
    comes on 20 November 2023, or where that is not in the scenario on its 35th day or in its middle. So many `draws`,
    draws of the parameters, are told apart by the shape of their curve; at their defaults there is one.
    """

    kind = "dilemma"
    finding = DilemmaFinding
    choices = ("prior", "default")

    runs: int = option(
        2_000,
        Whole(50),
        help="Histories at each point of the curve; a draw of parameters takes an eighth as many, the forced strike "
        "five times as many.",
    )
    points: int = option(
        13, Whole(3, MOST_POINTS), help="Values of Washington's readiness and of its ceiling."
    )
    day: dt.date | None = option(
        None, Day(), help="The day of the forced strike; 20 November 2023 by default."
    )
    draws: int = 240

    def __post_init__(self) -> None:
        """Check that the question makes sense of this scenario, and that 0 is among the values."""
        super().__post_init__()
        if self.points % 2 == 0:
            raise QuestionError(
                f"--points: {self.points} must be odd, 3 to {MOST_POINTS}, so that 0, the doctrine on record, is among "
                f"the values; take {self.points + 1}"
            )
        _ = self.date

    @property
    def draw_runs(self) -> int:
        """Runs of a draw at each value of readiness, with feedback and again without."""
        return max(25, self.runs // 8)

    @property
    def forced_runs(self) -> int:
        """Runs that are lived with a strike of each level, and with none, all together; in other worlds `runs`."""
        return 5 * self.runs

    @cached_property
    def values(self) -> npt.NDArray[np.float64]:
        """Values of a lever, from end to end of its range, in logits; 0 is the middle one."""
        low, high = REGISTRY[READINESS].low, REGISTRY[READINESS].high
        return np.linspace(low, high, self.points)

    @cached_property
    def date(self) -> dt.date:
        """Day of the forced strike; at least one whole week follows it."""
        scenario, first = self.scenario, self.scenario.start
        if scenario.history is not None:
            first = max(first, scenario.history.release)
        last = scenario.end - dt.timedelta(days=WEEK)
        if last < first:
            raise QuestionError(
                f"{scenario.name}: leaves no week free after any day, which a forced strike needs; move its end"
            )
        usual = DAY if first <= DAY <= last else first + dt.timedelta(days=34)
        day = self.day or (usual if usual <= last else first + (last - first) // 2)
        if not first <= day <= last:
            raise QuestionError(
                f"--day: {day} must be from {first} to {last} ({day_text(first)} to {day_text(last)}): in the "
                "scenario, not in its history, and a week before its end"
            )
        return day

    @property
    def forced(self) -> Forced:
        """The forced strike, and how many days after it are followed one by one."""
        day = (self.date - self.scenario.start).days
        return Forced(day, min(WEEK * WEEKS, self.scenario.days - 1 - day))

    @cached_property
    def stages(self) -> tuple[Stage, Stage, Stage]:
        """What is simulated, in order: every stage has its own kind of record, every task its own number."""
        curve = point_tasks(curve_points(self.scenario, self.values), self.runs, self.parameters)
        draws = draw_tasks(
            self.scenario, self.draws if self.drawn else 1, self.draw_runs, self.parameters, len(curve)
        )
        runs = {world: self.forced_runs if world == TOGETHER else self.runs for world in WORLDS}
        forced = forced_tasks(self.scenario, runs, self.parameters, len(curve) + len(draws))
        return (curve, curve_rows), (draws, partial(draw_rows, each=self.draw_runs)), (forced, self.forced)

    @property
    def identity(self) -> Mapping[str, Any]:
        """Sizes, and the day."""
        return {
            "runs": self.runs,
            "points": self.points,
            "day": self.date.isoformat(),
            "draws": self.draws,
        }

    @property
    def total(self) -> int:
        """Runs in all, those with a forced strike counted once for each level."""
        return sum(task.runs for tasks, _ in self.stages for task in tasks)

    @property
    def task_count(self) -> int:
        """Tasks of all stages."""
        return sum(len(tasks) for tasks, _ in self.stages)

    def answer(self, runner: Runner) -> DilemmaFinding:
        """Simulate the three stages, and say what came of each."""
        curve, draws, forced = (runner.rows(tasks, reducer) for tasks, reducer in self.stages)
        headline, each_draw = self.scenario.headline, draws_table(draws)
        response, summary = response_tables(self.forced.followed, forced)
        middle = of_point(curve, self.points // 2)
        risk = probability(middle, headline, self.drawn, with_ignorance=self.drawn)
        return DilemmaFinding(
            headline=Headline.of(headline, risk),
            definition=headline,
            runs=self.runs,
            draws=int(each_draw["row"].nunique()),
            draw_runs=self.draw_runs,
            forced_runs=self.forced_runs,
            day=self.date.isoformat(),
            days=self.scenario.days,
            curve=curve_table(self.values, curve, headline, self.drawn),
            shapes=shape_table(each_draw),
            each_draw=each_draw,
            where=where_table(self.scenario, each_draw),
            response=response,
            response_summary=summary,
        )
