"""Vary settings of a scenario, and see how the risk follows.

Every point takes the same runs, with common random numbers. Without --vary the scenario's own sweep is carried out. The
same command goes on where it was cut short.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.errors import QuestionError
from sim.experiments.sweep.design import Lever, design, lever_of, levers_of, points_of, read_levers
from sim.experiments.sweep.table import SEED, asked_about, sweep_table
from sim.pipeline.experiment import Experiment, Finding, Part
from sim.pipeline.options import Whole, option
from sim.pipeline.questions import one_question
from sim.pipeline.request import Request
from sim.pipeline.runner import Runner
from sim.scenario.merging import full_path
from sim.scenario.questions import Question, said
from sim.scenario.sweeping import Design
from sim.simulate.asked import Asked
from sim.simulate.reducers import RespondAsked, respond
from sim.simulate.responses import OUTCOME
from sim.simulate.spans import TASK_RUNS, Point, Task, point_tasks

RUNS = 2_000
"""Runs of a point, unless others are asked for."""


class LeverPart(Part):
    """What was varied: its path, the values of a grid or the ends of a range, and its unit."""

    path: str
    values: list[float] | list[str]
    is_range: bool
    unit: str


class SweepFinding(Finding):
    """What every point came to; see `sim.experiments.sweep.table.sweep_table`."""

    definition: str
    design: str
    points: int
    runs: int
    levers: list[LeverPart]
    outcome: str | None = None
    """The question that is asked in place of the headline, in words."""

    sweep: pd.DataFrame

    @property
    def event(self) -> str:
        """Column of what is asked about: `outcome` where that is a question, else the headline."""
        return self.definition if self.outcome is None else OUTCOME


@dataclass(frozen=True)
class Sweep(Experiment):
    """Some settings of a scenario at many values.

    `vary` holds levers, or their texts; what is not given is taken from the scenario's own sweep, if it has one. Errors
    in them name `source`.
    """

    kind = "sweep"
    finding = SweepFinding

    vary: Sequence[Lever | str] = option(
        multiple=True,
        metavar="PATH=SPEC",
        help="What takes which values: us.readiness=-2:2:9 (from, to, how many), militia.fear_half_life=7,30,90, "
        "end=2024-03-01,2024-07-31, headline=severe,direct or, for several seeds, random_seed=1,2,3.",
    )
    runs: int | None = option(
        None, Whole(), help="Histories at each point, the same ones at all: points times N in all; 2000."
    )
    design: Design | None = option(
        None,
        ("grid", "lhs", "sobol"),
        help="All combinations, or points spread evenly over ranges; a grid by default.",
    )
    points: int | None = option(None, Whole(1, 10**12), help="How many points, of lhs and sobol.")
    outcome: str | None = option(
        None,
        metavar="QUESTION",
        help="A question in words, or the name of one, that takes the headline's place: us killed by 2023-12-31.",
    )
    source: str = "--vary"

    @classmethod
    def prepare(cls, request: Request, **options: Any) -> Self:
        """The sweep that was asked for; parameters are fitted ones where they are for its first and its last point."""
        try:
            sweep = cls(request.scenario, "prior", **options)
        except QuestionError as error:
            text = str(error)
            raise QuestionError(text if text.startswith("--") else f"--vary: {text}") from error
        _check_not_set_too(sweep.levers, request.settings)
        ends = [point.scenario for point in (sweep.made[0], sweep.made[-1])]
        return replace(sweep, parameters=request.parameters_for(ends))

    def __post_init__(self) -> None:
        """Check levers, design and points."""
        super().__post_init__()
        _ = self.values
        if self.asked is not None:
            for scenario in {(p.scenario.start, p.scenario.end): p.scenario for p in self.made}.values():
                Asked.of(scenario, (self.asked,))

    @cached_property
    def asked(self) -> Question | None:
        """The question that takes the headline's place."""
        return None if self.outcome is None else one_question(self.scenario, self.outcome, "--outcome")

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """What is varied."""
        given = [read_levers([v])[0] if isinstance(v, str) else v for v in self.vary]
        return tuple(given) or tuple(levers_of(self.scenario))

    @property
    def _own(self) -> Any:
        """The scenario's own sweep, where nothing else is varied."""
        return None if self.vary else self.scenario.sweep

    @property
    def how(self) -> Design:
        """How points are chosen."""
        return self.design or (self._own.design if self._own else "grid")

    @property
    def each(self) -> int:
        """Runs of a point."""
        return self.runs or (self._own.runs if self._own and self._own.runs else RUNS)

    @cached_property
    def values(self) -> npt.NDArray[np.float64]:
        """Values of every lever at every point, shape (points, levers)."""
        number = self.points if self.points is not None or self._own is None else self._own.points
        return design(self.levers, self.how, number, self.scenario.random_seed)

    @cached_property
    def made(self) -> list[Point]:
        """The scenario at every point."""
        return points_of(self.scenario, self.levers, self.values, self.source)

    def tasks(self, size: int = TASK_RUNS) -> list[Task]:
        """What is simulated, in tasks of about so many runs."""
        return point_tasks(self.made, self.each, self.parameters, size=size)

    @property
    def identity(self) -> Mapping[str, Any]:
        """Levers, design and size."""
        levers = {lever.path: lever.told for lever in self.levers}
        told = {} if self.asked is None else {"outcome": repr(self.asked)}
        return {"vary": levers, "design": self.how, "points": len(self.values), "runs": self.each, **told}

    @property
    def total(self) -> int:
        """Runs of all points."""
        return len(self.values) * self.each

    @property
    def task_count(self) -> int:
        """Number of tasks."""
        return len(self.tasks())

    @property
    def title(self) -> str:
        """So many points."""
        return f"{len(self.values):,} points"

    def answer(self, runner: Runner) -> SweepFinding:
        """Simulate all points, and say what each came to."""
        reducer = respond if self.asked is None else RespondAsked(self.asked)
        found = runner.rows(self.tasks(runner.task_size), reducer)
        paired = self.how == "grid" and all(lever.path != SEED for lever in self.levers)
        headlines = [point.scenario.headline for point in self.made]
        table = sweep_table(self.levers, self.values, found, headlines, self.drawn, paired)
        days = self.scenario.start, self.scenario.end
        return SweepFinding(
            **({} if self.asked is None else {"outcome": said(self.asked, *days)}),
            definition=asked_about(self.levers, headlines),
            design=self.how,
            points=len(self.values),
            runs=self.each,
            levers=[LeverPart(**_plain(lever)) for lever in self.levers],
            sweep=table,
        )


def _plain(lever: Lever) -> dict[str, Any]:
    return {"path": lever.path, "values": lever.told, "is_range": lever.is_range, "unit": lever.unit}


def _check_not_set_too(levers: Sequence[Lever], settings: Sequence[str]) -> None:
    """Refuse a setting of what is varied: it would be without effect."""
    varied = {full_path(lever.path, 1): lever.path for lever in levers}
    for text in settings:
        path = text.partition("=")[0].strip()
        if path and all(path.split(".")) and (found := varied.get(full_path(path, 1))):
            raise QuestionError(f"--set {path} has no effect, since {found} is varied; leave one of them out")


def levers_from(vary: Mapping[str, Any]) -> tuple[Lever | str, ...]:
    """Levers from values by path: text as for `--vary`, a list, or a mapping of from, to and points."""
    return tuple(f"{p}={v}" if isinstance(v, str) else lever_of(p, v) for p, v in vary.items())
