"""Simulate a scenario many times, and tell the risk.

Estimates, tables and figures go into a result folder. What is there already is not simulated again: the same command
goes on where it was cut short.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any, Literal, Self

import click
import numpy as np

from sim.errors import InputError
from sim.estimates import daily_table, distribution_table, incidence_table, rung_table, summarise
from sim.estimates.reference import reference_line
from sim.estimates.summary import LAST_ARTICLE, SHIPPED
from sim.experiments.run.altered import altered_worlds, folder_of_pack, with_shipped_priors
from sim.experiments.run.finding import Averaged, RunFinding
from sim.experiments.run.restraint import what_restraint_averts
from sim.experiments.run.sizing import Pilot, RunCost, cost_of_run, pilot_of, sized
from sim.inference.problem import AS_OF
from sim.parameters import PACKS
from sim.pipeline.checkpoints import Blocks
from sim.pipeline.experiment import Experiment
from sim.pipeline.options import Whole, option
from sim.pipeline.own_draws import with_draws
from sim.pipeline.request import Request
from sim.pipeline.runner import Runner
from sim.reference import load_episodes
from sim.scenario.countries import about_iran
from sim.scenario.given import own_priors
from sim.simulate import Tallies, make_job, merged, trajectories
from sim.simulate.basis import others_of, rests_on_record
from sim.simulate.blocks import Live
from sim.simulate.job import Job, NoPosterior
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.pools import in_turn
from sim.simulate.posterior import Posterior, weights_of_packs
from sim.simulate.prevented import LIVES, PREVENTED_SAMPLE, sample_of
from sim.simulate.reducers import Count
from sim.simulate.spans import MOST_BLOCK, Point, Span, Task, block_size, block_tasks
from sim.store import write_extras

TOGETHER = "all together"
FIRST, FURTHER = "first runs", "further runs"
MOST_ALTERED = 10_000
"""Runs of each altered world, at most."""

SAMPLE = 100
"""Runs that are kept day by day."""


class Precision(click.FloatRange):
    """Half a width, above 0 and at most 0.5."""

    name = "P"

    def __init__(self) -> None:
        super().__init__(0.0, 0.5, min_open=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read a number; nan, which no range refuses, is none."""
        number = super().convert(value, param, ctx)
        if number != number:
            self.fail("nan is not a number.", param, ctx)
        return number


class WholeRows(click.IntRange):
    """Runs of whole draws of the parameters."""

    def __init__(self) -> None:
        super().__init__(RUNS_PER_ROW, MOST_BLOCK)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read a number of runs."""
        runs = super().convert(value, param, ctx)
        if runs % RUNS_PER_ROW:
            self.fail(f"{runs} is not a multiple of 25, the runs of a draw of the parameters.", param, ctx)
        return runs


@dataclass(frozen=True)
class Run(Experiment):
    """What a scenario comes to: its runs, the altered worlds that its answer is compared with, and the answer."""

    kind = "run"
    finding = RunFinding
    settings = ("runs", "random_seed")

    precision: float | None = option(
        None,
        Precision(),
        help="As many runs as the headline needs to be known to within P to either side, by chance (at most --runs).",
        metavar="P",
    )
    keep: Literal["outcomes", "summary"] = option(
        "outcomes", ("outcomes", "summary"), help="Keep the outcome of every run, or only counts."
    )
    block_size: int | None = option(
        None,
        WholeRows(),
        help="Runs of a block, a multiple of 25: what is lost at most when a job is cut short.",
        metavar="N",
    )
    engine: Literal["compiled", "mesa"] = option(
        "compiled",
        ("compiled", "mesa"),
        help="What lives the runs; both give the same. mesa is slow: for checking and watching.",
    )
    prevented: int = option(
        PREVENTED_SAMPLE,
        Whole(0),
        help="Runs, at most, of which it is asked whether restraint averted the headline; each takes several lives.",
    )
    draws: FilePath | None = option(
        None,
        click.Path(path_type=FilePath, readable=False),
        help="Draws of your own, as CSV or Parquet: a column for each parameter, a row for every 25 runs. --parameters "
        "says where those without a column come from: prior, as usual here, or default.",
        metavar="FILE",
    )
    runs_needed: int | None = None
    pilot: Pilot | None = None

    @classmethod
    def prepare(cls, request: Request, **options: Any) -> Self:
        """The run that was asked for, with as many histories as its precision needs.

        Raises
        ------
        InputError
            When that takes more runs or rows than there can be, or a file of draws cannot be used.
        """
        if (file := options.get("draws")) is None:
            run = super().prepare(request, **options)
        else:
            run = cls(*with_draws(request.scenario, file, request.parameters), **options)
        return run if run.precision is None else sized(run, request)

    @property
    def size(self) -> int:
        """Runs of a block."""
        return self.block_size or block_size(self.scenario.runs)

    @property
    def few(self) -> int:
        """The first runs, which the altered worlds share."""
        return min(self.scenario.runs, MOST_ALTERED)

    @cached_property
    def spans(self) -> dict[str, Span]:
        """What is simulated, by name: the scenario's runs, first those that the altered worlds share, and these."""
        found = {FIRST: Span(Point(0, self.scenario), 0, self.few)}
        if self.scenario.runs > self.few:
            found[FURTHER] = Span(Point(1, self.scenario), self.few, self.scenario.runs - self.few)
        worlds = [(name, self.scenario, values) for name, values in altered_worlds(self.scenario).items()]
        if own_priors(self.scenario) and self.parameters == "prior":
            worlds.append((SHIPPED, with_shipped_priors(self.scenario), {}))
        for name, scenario, values in worlds:
            found[name] = Span(Point(len(found), scenario, values), 0, self.few)
        if self.has_later:
            found[LAST_ARTICLE] = Span(
                Point(len(found), self.scenario, parameters="last-article"), 0, self.few
            )
        return found

    @property
    def has_later(self) -> bool:
        """Whether there are parameters of the same model as of the last article, and those that are taken know less."""
        if self.parameters != "posterior" or self.fitted is None:
            return False
        try:
            later = make_job(self.scenario, "last-article").posterior
        except NoPosterior:
            return False
        if later is None or later.name != self.fitted.name:
            return False
        return later.known_until > self.fitted.known_until

    @cached_property
    def tasks(self) -> list[Task]:
        """The blocks of the job."""
        return block_tasks(self.spans.values(), self.parameters, self.size)

    @property
    def identity(self) -> Mapping[str, Any]:
        """All that the bytes hang on besides."""
        return {
            "engine": self.engine,
            "keep": self.keep,
            "block_size": self.size,
            "precision": self.precision,
            "prevented": self.prevented,
        }

    @cached_property
    def sample(self) -> np.ndarray:
        """Numbers of the runs of which it is asked what restraint averts."""
        return sample_of(self.scenario.runs, self.prevented)

    @property
    def lives(self) -> int:
        """Lives of the sample, at most."""
        return LIVES * len(self.sample)

    @property
    def total(self) -> int:
        """Runs of it all, altered worlds included, and lives of the sample."""
        return sum(span.runs for span in self.spans.values()) + self.lives

    @property
    def task_count(self) -> int:
        """Number of blocks."""
        return len(self.tasks)

    @property
    def told_runs(self) -> int:
        """Runs of the scenario itself."""
        return self.scenario.runs

    @property
    def is_sized(self) -> bool:
        """Whether a pilot chose the number of runs."""
        return self.pilot is not None

    def cost(self, threads: int, place: FilePath) -> RunCost:
        """What it takes with so many threads, its result in this place."""
        return cost_of_run(self, self.pilot or pilot_of(self.scenario, self.parameters), threads, place)

    @property
    def title(self) -> str:
        """Nothing: its runs say what it is."""
        return ""

    @property
    def folder(self) -> str:
        """Name of its result folder: the scenario's."""
        return self.scenario.name

    @cached_property
    def job(self) -> Job:
        """The scenario made ready."""
        return make_job(self.scenario, self.parameters)

    @property
    def fitted(self) -> Posterior | None:
        """The fitted rows that are taken, if any."""
        return self.job.posterior

    @property
    def most_rows(self) -> int | None:
        """Draws of the parameters that there are, fitted or the analyst's own; None where all are drawn anew."""
        return self.job.most_rows

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What the manifest says besides."""
        rows = -(-self.scenario.runs // RUNS_PER_ROW)
        most = min(rows, self.most_rows or rows)
        return {
            **self._provenance_of_draws,
            "engine": self.engine,
            "runs": self.scenario.runs,
            "rows": most if self.drawn else 1,
            "runs_per_row": RUNS_PER_ROW if self.drawn else self.scenario.runs,
            "precision": self.precision,
            "runs_needed": self.runs_needed,
            "altered_worlds_runs": self.few,
        }

    @property
    def _provenance_of_draws(self) -> dict[str, Any]:
        draws = self.scenario.draws
        if draws is None:
            return {}
        others = "default" if self.parameters == "draws-default" else "prior"
        told = {
            "file": draws.file,
            "sha256": draws.sha256,
            "rows": draws.rows,
            "columns": list(draws.columns),
        }
        return {"draws": {**told, "others": others_of(self.job), "others_from": others}}

    def answer(self, runner: Runner) -> RunFinding:
        """Simulate and count all blocks, and conclude."""
        if runner.work is None:
            raise InputError(
                "a scenario's runs are kept in a result folder; sim.run gives their outcome table"
            )
        mesa = self.engine == "mesa" and not runner.on_cluster
        if mesa:  # Python holds Mesa to one thread; this one can be interrupted between two days.
            runner.pool = in_turn
        reducer = Count(tuple(self.spans), 1 + (FURTHER in self.spans), self.keep == "outcomes", self._live)
        tallies = Blocks(self.tasks, reducer, runner.work).complete(runner, mesa)
        averted = what_restraint_averts(self, runner) if len(self.sample) else None
        finding = self.conclude(tallies, averted)
        sample = np.arange(min(SAMPLE, self.scenario.runs), dtype=np.uint64)
        days = trajectories(self.job, sample)
        write_extras(runner.work, finding.estimates, days)
        return finding

    @property
    def _live(self) -> Live | None:
        if self.engine == "compiled":
            return None
        from sim.mesa.watched import watch

        return watch

    def conclude(self, tallies: Mapping[str, Tallies], averted: dict[str, Any] | None) -> RunFinding:
        """What counts say, by the names of `spans`; altered worlds may be missing."""
        few, start = tallies[FIRST], self.scenario.start
        others = {name: t for name, t in tallies.items() if name not in (FIRST, FURTHER)}
        total = merged(tallies[name] for name in (FIRST, FURTHER) if name in tallies)
        total.most_rows = self.most_rows
        estimates = summarise(self.scenario, self.drawn, total, few, others)
        if (averaged := self._averaged(estimates)) is not None:
            estimates["averaged"] = averaged
        if averted is not None:
            estimates["prevented"] = averted
        if about_iran(self.scenario.countries):  # of others the episodes tell nothing
            estimates["reference"] = reference_line(load_episodes(), self.scenario.reference_class.class_)
        return RunFinding(
            **estimates,
            daily=daily_table(total, start),
            rungs_by_day=rung_table(total, start),
            incidence=incidence_table(total, start, self.drawn, self.scenario.headline),
            distributions=distribution_table(total, self.scenario.headline),
        )

    def _averaged(self, estimates: dict[str, Any]) -> Averaged | None:
        """The headline averaged over rival explanations, each weighed by how well it explains the record."""
        job = self.job
        if job.posterior is None or not rests_on_record(job) or not estimates["mechanisms"]:
            return None
        later = job.posterior.known_until > AS_OF
        weights = weights_of_packs(
            {TOGETHER: "october-2023", **{name: folder_of_pack(name) for name in PACKS}}, later
        )
        if not weights or self.fitted is None or self.fitted.fixed:
            return None
        each = {TOGETHER: estimates["headline"]["same_runs"], **estimates["mechanisms"]}
        return Averaged(weights=weights, probability=sum(weights[n] * each[n] for n in weights))
