"""Ask whether something happens between dates.

QUESTION is an event with dates, in words: "us killed from 2023-11-21 to 2023-12-31 given none before". Or it is the
name of a question of the scenario, the path of a file of them, or the name of a file that ships: platform. Without one
the scenario's own questions are asked. All of them are answered from the same runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import pandas as pd

from sim.experiments.ask.answering import AnswerPart, answers, curve_table, exported, question_table
from sim.experiments.ask.counting import Ask, Counted, dates_of
from sim.experiments.ask.resting import rests_on
from sim.experiments.compare.which import check_pair
from sim.pipeline.experiment import Experiment, Finding
from sim.pipeline.options import option
from sim.pipeline.questions import chosen
from sim.pipeline.request import Request
from sim.pipeline.runner import Runner
from sim.scenario import Scenario, dump_resolved
from sim.scenario.past import counted_from
from sim.scenario.questions import Question
from sim.simulate.asked import Asked
from sim.simulate.job import make_job
from sim.simulate.spans import TASK_RUNS, Point, Task, point_tasks

EXPORT = "forecast.json"


class AskFinding(Finding):
    """The answer of every question, its risk by date, and what it is under another scenario."""

    answers: list[AnswerPart]
    runs: int
    against: str

    questions: pd.DataFrame
    forecast: pd.DataFrame


@dataclass(frozen=True)
class Questions(Experiment):
    """Questions answered from the runs of a scenario, and from the same ones of another.

    Attributes
    ----------
    asked : the questions that were read, where they are not read from `questions` and `given`
    other : what they are asked of besides
    """

    kind = "ask"
    finding = AskFinding
    settings = ("runs", "random_seed")

    questions: tuple[str, ...] = option(
        multiple=True,
        positional=True,
        metavar="[QUESTION]...",
        help="Questions in words, names of them, or files of them.",
    )
    given: str | None = option(
        None,
        metavar="EVENT",
        help="A condition: only runs count in which this comes; 'none before' is that the event has not come yet.",
    )
    against: str | None = option(
        None, metavar="SCENARIO", help="Another scenario, of which the same is asked in the same runs."
    )
    other: Scenario | None = None

    @classmethod
    def prepare(cls, request: Request, **options: Any) -> Self:
        """The questions that were asked, with the other scenario loaded."""
        scenario, against = request.scenario, options.get("against")
        other = None if against is None else request.load(against, request.settings, request.priors)
        both = [scenario] if other is None else [scenario, other]
        return cls(scenario, request.parameters_for(both, cls.choices), **options, other=other)

    def __post_init__(self) -> None:
        """Read the questions, and see that they can be asked of these scenarios."""
        super().__post_init__()
        if self.other is not None:
            check_pair(self.scenario, self.other, (self.scenario.name, self.other.name))
        _ = self.points

    @cached_property
    def read(self) -> tuple[Question, ...]:
        """The questions."""
        return chosen(self.scenario, self.questions, self.given)

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenario, and the other one; counted from the same day on."""
        both = [one for one in (self.scenario, self.other) if one is not None]
        start = max(one.start for one in both)
        return tuple(counted_from(one, start) for one in both)

    @cached_property
    def points(self) -> tuple[Asked, ...]:
        """What is asked of each."""
        return tuple(Asked.of(scenario, self.read) for scenario in self.scenarios)

    @property
    def identity(self) -> Mapping[str, Any]:
        """The questions, and the other scenario."""
        told = {q.name: [repr(q.event), repr(q.given), q.title, q.resolves] for q in self.points[0].questions}
        there = self.other and hashlib.sha256(dump_resolved(self.other).encode()).hexdigest()
        return {"questions": told, "against": there, "runs": self.scenario.runs}

    def tasks(self, size: int = TASK_RUNS) -> list[Task]:
        """What is simulated, in tasks of about so many runs."""
        points = [Point(number, scenario) for number, scenario in enumerate(self.scenarios)]
        return point_tasks(points, self.scenario.runs, self.parameters, size=size)

    @property
    def total(self) -> int:
        """Runs of all scenarios."""
        return len(self.scenarios) * self.scenario.runs

    @property
    def task_count(self) -> int:
        """Number of tasks."""
        return len(self.tasks())

    @property
    def title(self) -> str:
        """So many questions."""
        return "1 question" if len(self.read) == 1 else f"{len(self.read)} questions"

    def answer(self, runner: Runner) -> AskFinding:
        """Live the runs, count, and answer."""
        dates = dates_of(self.points[0])
        found = runner.rows(self.tasks(runner.task_size), Ask(self.points, dates))
        job = make_job(self.scenarios[0], self.parameters)
        most_rows = None if job.posterior is None else job.posterior.rows
        other = "" if self.other is None else self.other.name
        counted = Counted(self.points[0], dates, found, self.drawn, most_rows, other)
        parts = answers(counted, rests_on(job, counted) if self.drawn else {})
        curve = curve_table(parts, counted)
        runner.keep(EXPORT, exported(parts, curve))
        return AskFinding(
            answers=parts,
            runs=self.scenario.runs,
            against=other,
            questions=question_table(parts),
            forecast=curve,
        )
