"""Compare scenarios, run by run with the same luck.

All are held against the first one. With one scenario alone, hold it as it stands against what --set or --priors makes
of it.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.errors import QuestionError
from sim.estimates.by_row import of_point, probability
from sim.experiments.compare.paired import (
    ESTIMATE,
    SIGN_RUNS,
    by_stage,
    paired,
    paired_tasks,
)
from sim.experiments.compare.tables import (
    assumption_table,
    averted_table,
    outcome_table,
    question_table,
    tip_table,
)
from sim.experiments.compare.which import LONGEST_FOLDER, altered, check_pair, numbered, several
from sim.outcomes import spirals_of
from sim.pipeline.experiment import Experiment, Finding
from sim.pipeline.options import Whole, option
from sim.pipeline.parts import Headline
from sim.pipeline.questions import one_question
from sim.pipeline.request import Request
from sim.pipeline.runner import Runner
from sim.scenario import Scenario, dump_resolved
from sim.scenario.differences import Difference, differing
from sim.scenario.past import counted_from
from sim.scenario.questions import Question, said
from sim.scenario.titles import same_words
from sim.simulate.asked import Asked
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.spans import Task
from sim.wording import day_text

SIGN_ROWS = 200
"""Rows of parameters, at most, of which it is asked whether the risk rises or falls in them."""


class CompareFinding(Finding):
    """Every scenario against the first; see `sim.experiments.compare.tables`.

    `questions` are those of scenarios that ask another than the first; `start` and `end` the first and the last day
    that is counted; `notes` what must be known before the numbers are read; `outcome` a question that was asked
    besides, in words, and `asked` what it came to.
    """

    headline: Headline
    definition: str
    runs: int
    first: str
    others: list[str]
    questions: dict[str, str]
    start: str
    end: str
    notes: list[str]
    outcome: str | None = None

    outcomes: pd.DataFrame
    tips: pd.DataFrame
    averted: pd.DataFrame
    assumptions: pd.DataFrame
    asked: pd.DataFrame | None = None

    def about(self, label: str) -> Self:
        """The same with what one scenario came to alone."""
        return self.model_copy(
            update={
                name: table[table["scenario"] == label].reset_index(drop=True)
                for name, table in self.tables.items()
            }
        )

    @property
    def headline_tips(self) -> dict[str, Any]:
        """The first row of the tips into and out of the spiral that is asked about."""
        chosen = self.tips[self.tips["definition"] == self.definition].iloc[0]
        return {str(name): value for name, value in chosen.items()}


@dataclass(frozen=True)
class Compare(Experiment):
    """Scenarios held against the first of them.

    Attributes
    ----------
    others : what is held against `scenario`
    labels : what they are called, the first one too; by default their names, numbered where two are alike
    shared : what was set on top of all of them, for the record
    """

    kind = "compare"
    finding = CompareFinding
    many = True

    runs: int = option(
        20_000,
        Whole(2),
        help="Histories of each scenario, the same ones of all; those that tell signs by row come besides.",
    )
    others: tuple[Scenario, ...] = ()
    labels: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    outcome: str | None = option(
        None,
        metavar="QUESTION",
        help="A question in words, or the name of one, that is told first: us killed by 2023-12-31.",
    )

    @classmethod
    def prepare(cls, request: Request, **options: Any) -> Self:
        """The comparison that was asked for, of several scenarios or of one and what is made of it."""
        chosen = altered(request) if len(request.names) == 1 else several(request)
        (_, first), *others = chosen.scenarios.items()
        asked = cls(
            first,
            "prior",
            **options,
            others=tuple(scenario for _, scenario in others),
            labels=tuple(chosen.scenarios),
            shared=chosen.shared,
        )
        return replace(asked, parameters=request.parameters_for(asked.scenarios))

    def __post_init__(self) -> None:
        """Check that there are two or more, that their runs can be paired, and that no two are the same."""
        super().__post_init__()
        if not self.others:
            raise QuestionError("one scenario alone has nothing to be held against; name another")
        for scenario, label in zip(self.others, self.called[1:], strict=True):
            check_pair(self.scenario, scenario, (self.called[0], label))
        for later in range(1, len(self.scenarios)):
            for number in range(later):
                if self._same(number, later):
                    raise QuestionError(
                        f"{self.called[number]} and {self.called[later]} differ in nothing that is simulated"
                    )
        if self.asked is not None:
            for world in self.worlds:
                Asked.of(world, (self.asked,))

    @cached_property
    def asked(self) -> Question | None:
        """The question that is asked of all of them besides."""
        return None if self.outcome is None else one_question(self.scenario, self.outcome, "--outcome")

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """All of them, the first one first."""
        return self.scenario, *self.others

    @cached_property
    def called(self) -> tuple[str, ...]:
        """What they are called; no two alike."""
        return self.labels or numbered([scenario.name for scenario in self.scenarios])

    @cached_property
    def start(self) -> datetime.date:
        """First day that is counted: the latest start."""
        return max(scenario.start for scenario in self.scenarios)

    @cached_property
    def worlds(self) -> tuple[Scenario, ...]:
        """What is simulated: the scenarios, all counted from the same day on."""
        return tuple(counted_from(scenario, self.start) for scenario in self.scenarios)

    def assumptions(self, number: int, first: int = 0) -> list[Difference]:
        """In what a scenario, by its number, differs from the first."""
        as_given = self.scenarios[first], self.scenarios[number]
        return differing(self.worlds[first], self.worlds[number], as_given)

    def _same(self, first: int, number: int) -> bool:
        """Whether two scenarios come to the same in every run."""
        afresh = [self.worlds[i].past is None for i in (first, number)]
        only_start = all(one.path == "start" for one in self.assumptions(number, first))
        return only_start and afresh[0] == afresh[1]

    @property
    def sign_rows(self) -> int:
        """Rows of parameters whose runs are many enough to tell the sign; none where parameters are not drawn."""
        return min(SIGN_ROWS, self.runs // (4 * RUNS_PER_ROW)) if self.drawn else 0

    @cached_property
    def tasks(self) -> list[Task]:
        """What is simulated."""
        return paired_tasks(self.worlds, self.runs, self.sign_rows, self.parameters)

    @property
    def identity(self) -> Mapping[str, Any]:
        """The other scenarios, what all are called, and how many runs of each."""
        others = {
            label: hashlib.sha256(dump_resolved(scenario).encode()).hexdigest()
            for label, scenario in zip(self.called[1:], self.others, strict=True)
        }
        told = {} if self.asked is None else {"outcome": repr(self.asked)}
        return {"first": self.called[0], "against_it": others, "runs": self.runs, **told}

    @property
    def total(self) -> int:
        """Runs of all scenarios."""
        return len(self.scenarios) * (self.runs + self.sign_rows * SIGN_RUNS)  # whatever their second lives

    @property
    def task_count(self) -> int:
        """Number of tasks."""
        return len(self.tasks)

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What was set on top of all scenarios, which is not all that was set where there is one alone."""
        return {"changes": list(self.shared)}

    @property
    def title(self) -> str:
        """So many scenarios."""
        return f"{len(self.scenarios)} scenarios"

    @property
    def folder(self) -> str:
        """Called by the other scenarios too, if that is not too long."""
        first, *others = (scenario.name for scenario in self.scenarios)
        named = f"{first}-compare-{'-'.join(others)}"
        return named if others != [first] and len(named) <= LONGEST_FOLDER else f"{first}-compare"

    def answer(self, runner: Runner) -> CompareFinding:
        """Simulate all scenarios, and hold them against the first."""
        found = runner.rows(
            self.tasks, paired if self.asked is None else partial(paired, question=self.asked)
        )
        for number, scenario in enumerate(self.others, start=1):
            runner.keep(f"compared-{number}/{scenario.name}.yaml", dump_resolved(scenario).encode())
        definition = self.scenario.headline
        first = of_point(by_stage(found, ESTIMATE), 0)
        headline = probability(first, definition, self.drawn, with_ignorance=self.drawn)
        return CompareFinding(
            **self._told(found),
            headline=Headline.of(definition, headline),
            definition=definition,
            runs=self.runs,
            first=self.called[0],
            others=list(self.called[1:]),
            questions={
                label: scenario.question
                for label, scenario in zip(self.called, self.scenarios, strict=True)
                if scenario.question != self.scenario.question
            },
            start=self.start.isoformat(),
            end=self.scenario.end.isoformat(),
            notes=self.notes,
            outcomes=outcome_table(self.called, found, self.drawn),
            tips=tip_table(self.called, found, self.drawn, spirals_of(definition)),
            averted=averted_table(self.called, found, self.drawn),
            assumptions=assumption_table(self.called, [*map(self.assumptions, range(1, len(self.called)))]),
        )

    def _told(self, found: npt.NDArray[np.void]) -> dict[str, Any]:
        """What the question came to that is asked besides; nothing where there is none."""
        if self.asked is None:
            return {}
        outcome = said(self.asked, self.start, self.scenario.end)
        return {"outcome": outcome, "asked": question_table(self.called, found, self.drawn)}

    @property
    def notes(self) -> list[str]:
        """What must be known of a comparison before its numbers are read, a sentence each."""
        notes, first = [], self.scenario.headline
        pairs = list(zip(self.called, self.scenarios, strict=True))
        if earlier := [label for label, scenario in pairs if scenario.start < self.start]:
            notes.append(
                f"All are counted from {day_text(self.start)} on; what {' and '.join(earlier)} "
                f"{'bring' if len(earlier) > 1 else 'brings'} before that day is simulated, and not counted."
            )
        if any(scenario.headline != first for scenario in self.scenarios):
            notes.append(f"Headlines differ; that of {self.called[0]} is taken, the {first} exchange.")
        if named := [label for label, scenario in pairs if not same_words(scenario, self.scenario)]:
            notes.append(
                f"{' and '.join(named)} {'call' if len(named) > 1 else 'calls'} countries, governments or drivers "
                f"otherwise; all is told in the words of {self.called[0]}."
            )
        for number, label in enumerate(self.called[1:], start=1):
            if any(one.path.startswith(("spirals.", "ladder.")) for one in self.assumptions(number)):
                notes.append(
                    f"What counts as an exchange or a rung differs in {label}: part of its change is one of counting."
                )
        return notes
