"""The commands that carry out experiments, made from what these declare; and the plan of any of them."""

from __future__ import annotations

import inspect
import json
import os
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import (
    CLUSTER,
    FRESH,
    FULL,
    JSON,
    NO_FIGURES,
    OF_SCENARIO,
    PRIORS,
    SET,
    THREADS,
    YES,
    out_option,
    parameters_option,
)  # fmt: skip
from sim.cli.places import place_for
from sim.cli.waiting import LOADING, WAITS
from sim.cli.work import at_work, command_text, drawn, tell_of_compiling, this_command
from sim.errors import InputError
from sim.pipeline.request import Request

if TYPE_CHECKING:
    from sim.pipeline.answers import Answer
    from sim.pipeline.cost import Cost
    from sim.pipeline.experiment import Experiment

ASKED_ABOVE = 10_000_000
"""Runs above which a job is not started unasked."""


@dataclass(frozen=True)
class Common:
    """Options that all experiments share and that change no number."""

    threads: int | None
    out: Path | None
    as_json: bool
    cluster: str | None = None
    fresh: bool = False
    yes: bool = False
    no_figures: bool = False
    full: bool = False


def command_of(kind: str, planning: bool = False) -> click.Command:
    """The command that carries out an experiment, or plans it."""
    from sim.experiments import experiment_of, kinds
    from sim.pipeline.options import options_of

    experiment = experiment_of(kind)
    shared = [THREADS, out_option("<scenario>" if kind == "run" else f"<scenario>-{kind}"), JSON]
    if not planning:
        shared += [FULL, CLUSTER, FRESH, YES, NO_FIGURES]
    parameters = [parameters_option(experiment.choices)] if experiment.choices else []
    of_scenario = [*(OF_SCENARIO[name] for name in experiment.settings), *parameters, PRIORS, SET]
    command = click.Command(
        kind,
        callback=partial(plan if planning else ask, experiment),
        params=[
            click.Argument(["names"], nargs=-1, required=True, metavar="SCENARIO [SCENARIO]...")
            if experiment.many
            else click.Argument(["names"], metavar="SCENARIO"),
            *options_of(experiment),
        ],
        help=inspect.getdoc(inspect.getmodule(experiment)),
        short_help=kinds()[kind],
    )
    for option in (*of_scenario, *shared):
        option(command)
    return command


def ask(experiment: type[Experiment], **options: Any) -> None:
    """Carry out an experiment or go on with it, keep its result, and print what came out."""
    from sim.pipeline.answers import carry_out
    from sim.pipeline.runner import Execution

    request, common, own = _read(experiment, options)
    tell_of_compiling()
    with WAITS.named(LOADING):
        asked = experiment.prepare(request, **own)
    place = place_for(common.out, asked.folder)
    if not _agreed(asked, place, common):
        return
    with at_work(common.cluster, common.fresh) as (shown, pool):
        execution = Execution(
            threads=common.threads,
            pool=pool,
            progress=shown,
            command=command_text(this_command()),
            changes=request.changes,
            fresh=common.fresh,
        )
        answer = carry_out(asked, place, execution)
    from sim.report.terminal import as_object, print_answer

    files = [] if common.no_figures else _figures(answer, place)
    if common.as_json:
        print(json.dumps(as_object(answer)))
    else:
        print_answer(answer, files, common.full)


def _figures(answer: Answer, place: Path) -> list[Path]:
    """Draw the figures; what draws them is loaded for that alone."""

    def draw(folder: Path) -> list[Path]:
        from sim.report.figures import draw_answer

        return draw_answer(answer, folder)

    return drawn(place, draw)


def plan(experiment: type[Experiment], **options: Any) -> None:
    """Say how many runs an experiment takes, how long, how large its result is, and how precise."""
    from sim.report.terminal.plan import cautions_of, plan_lines
    from sim.store import MANIFEST

    request, common, own = _read(experiment, options)
    tell_of_compiling()
    with WAITS.named(LOADING):
        asked = experiment.prepare(request, **own)
    place = place_for(common.out, asked.folder)
    cost = _cost(asked, common, place)
    if common.as_json:
        told = {"scenario": asked.scenario.name, "parameters": asked.parameters}
        found = {**told, "folder": str(place), **cost.as_object()}
        print(json.dumps(({"caution": " ".join(said)} if (said := cautions_of(asked)) else {}) | found))
        return
    for line in plan_lines(asked, cost, place):
        click.echo(line)
    words = [word for word in this_command() if word not in ("plan", "--json")]
    start = words if experiment.kind in words else ["spiral", experiment.kind, *words[1:]]
    if asked.told_runs > ASKED_ABOVE:
        start.append("--yes")
    taken = f"; {place} holds a job already, which goes on if it is this one, and else is refused"
    stands = taken if (place / MANIFEST).is_file() else ""
    click.echo(f"{command_text(start)} starts it; it can be stopped and resumed at any time{stands}")


def _read(experiment: type[Experiment], options: dict[str, Any]) -> tuple[Request, Common, dict[str, Any]]:
    """What was asked of which scenarios, how it is to be done, and the options that are the experiment's own."""
    if options.get("cluster") is not None and options["threads"] is not None:
        raise InputError(
            "--threads is of this machine, and --cluster has workers of its own: give one of them"
        )
    names = options.pop("names")
    given = ((name, options.pop(name)) for name in experiment.settings)
    settings = (*options.pop("settings"), *(f"{name}={value}" for name, value in given if value is not None))
    request = Request(
        (names,) if isinstance(names, str) else names,
        settings,
        options.pop("parameters", None),
        options.pop("priors"),
    )
    common = Common(**{name: options.pop(name) for name in Common.__annotations__ if name in options})
    return request, common, options


def _cost(experiment: Experiment, common: Common, place: Path) -> Cost:
    with WAITS.named("trying some runs, to size the job"):
        return experiment.cost(common.threads or os.cpu_count() or 1, place)


def _agreed(experiment: Experiment, place: Path, common: Common) -> bool:
    """Start a long job only if whoever asked for it still wants it; True to start."""
    from sim.pipeline.answers import is_begun
    from sim.report.terminal.plan import plan_lines

    long = experiment.told_runs > ASKED_ABOVE
    if common.yes or not (long or experiment.is_sized):
        return True
    cost = _cost(experiment, common, place)
    if (not long and cost.has_room) or (not common.fresh and is_begun(experiment, place)):
        return True
    for line in plan_lines(experiment, cost, place):
        click.echo(line, err=True)
    if not sys.stdin.isatty():
        raise InputError(f"{experiment.told_runs:,} runs are not started unasked; --yes starts them")
    if click.confirm("Start?", err=True):
        return True
    click.echo("Nothing was started.", err=True)
    return False
