"""The command that plans a job, what it says, and the refusal of one that cannot be."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.failures import BadInput
from sim.cli.places import place_for
from sim.cli.running import ASKED_ABOVE, MOST_RUNS, OPTIONS, load, parameters_for, tell_of_compiling
from sim.scenario import Scenario
from sim.wording import duration_text, points_text, probability_text, size_text

if TYPE_CHECKING:
    from sim.experiments.planning import Plan
    from sim.experiments.run import Keep
    from sim.simulate.job import Parameters


def plan_command(
    name: str,
    settings: Sequence[str],
    precision: float | None,
    parameters: Parameters | None,
    priors: Path | None,
    keep: Keep,
    threads: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Say how many runs a job takes, how long, how large its result is, and how precise."""
    scenario = load(name, settings, priors)
    given, parameters = parameters, parameters_for([scenario], parameters)
    place = place_for(out, scenario.name)

    from sim.experiments.planning import plan

    tell_of_compiling()
    most = scenario.runs if sets_runs(settings) else MOST_RUNS
    planned = plan(scenario, parameters, precision, threads or os.cpu_count() or 1, keep, most, place)
    refuse_too_many(planned, settings)
    if as_json:
        asked = {"scenario": scenario.name, "parameters": parameters, "keep": keep, "folder": str(place)}
        print(json.dumps(asked | _plain(planned)))
        return
    for line in plan_lines(planned, scenario, place):
        click.echo(line)
    command = _command(name, settings, precision, given, keep, threads, out, priors)
    if planned.runs > ASKED_ABOVE:
        command += " --yes"
    from sim.store import MANIFEST

    taken = f"; {place} holds a job already, which goes on if it is this one, and else is refused"
    stands = taken if (place / MANIFEST).is_file() else ""
    click.echo(f"{command} starts it; it can be stopped and resumed at any time{stands}")


def sets_runs(settings: Sequence[str]) -> bool:
    """Whether the number of runs was given on the command line, so that a precision keeps to it."""
    return any(text.partition("=")[0].strip() == "runs" for text in settings)


def refuse_too_many(planned: Plan, settings: Sequence[str]) -> None:
    """Refuse a precision that needs more runs or rows than there can be, unless runs were capped; bad input."""
    if planned.beyond_rows and not sets_runs(settings):
        raise BadInput(
            f"--precision: {planned.precision} takes more than the {planned.most_rows:,} fitted rows of parameters, "
            f"which leave {points_text(planned.half_width)} to either side whatever the runs; ask for a wider one, or "
            "for --parameters prior, whose rows are drawn without end"
        )
    if planned.capped and planned.needed is not None and not sets_runs(settings):
        raise BadInput(
            f"--precision: {planned.precision} needs about {_few_digits(planned.needed)} runs, and at most "
            f"{MOST_RUNS:,} can be simulated; ask for a wider one, or cap the runs with --runs"
        )


def plan_lines(planned: Plan, scenario: Scenario, place: Path) -> list[str]:
    """What a plan says, for people: the question, the runs, and what they cost."""
    found = planned.pilot
    return [
        f"{scenario.name}: {scenario.question}",
        f"pilot of {found.runs:,} runs, not part of any result: {probability_text(found.estimate.as_dict())}",
        _runs(planned),
        _cost(planned, place),
    ]


def _runs(planned: Plan) -> str:
    seen_of = planned.pilot.estimate
    runs = f"{planned.runs:,} run{'' if planned.runs == 1 else 's'}"
    runs += f" ({planned.rows:,} rows of parameters)" if planned.rows > 1 else ""
    width = f"at most {points_text(planned.half_width_at_most)}"
    if 0 < seen_of.seen < seen_of.runs:
        width = f"about {points_text(planned.half_width)} to either side, {width}"
    if planned.precision is None:
        return f"{runs}: {width}"
    wanted = points_text(planned.precision)
    if planned.capped and planned.needed is not None:
        return f"{runs}, as --runs has it: {width}; {wanted} would take {planned.needed:,}"
    return f"{runs} for {wanted} to either side"


def _cost(planned: Plan, place: Path) -> str:
    threads = "1 thread" if planned.threads == 1 else f"{planned.threads} threads"
    free = f"{size_text(planned.free_bytes)} free"
    room = f"{size_text(planned.bytes)} in {place} ({free}{', too little' * (planned.most_bytes > planned.free_bytes)})"
    altered = f"{planned.altered_runs:,} runs of altered worlds included"
    return f"about {duration_text(planned.seconds)} with {threads}; {room}; {altered}"


def _plain(planned: Plan) -> dict[str, Any]:
    """Plain values, for JSON."""
    found = planned.pilot
    pilot = {"runs": found.runs, **found.estimate.as_dict(), "seconds_per_run": found.seconds_per_run}
    return vars(planned) | {"pilot": pilot}


def _few_digits(count: int) -> str:
    return f"{float(f'{count:.2g}'):,.0f}"


def _command(
    name: str,
    settings: Sequence[str],
    precision: float | None,
    parameters: str | None,
    keep: str,
    threads: int | None,
    out: Path | None,
    priors: Path | None,
) -> str:
    """The command that starts what was planned."""
    words: list[Any] = ["spiral", "run", name]
    for text in settings:
        key, _, value = text.partition("=")
        words += [OPTIONS[key], value] if key in OPTIONS else ["--set", text]
    words += ["--precision", str(precision)] if precision is not None else []
    words += ["--parameters", parameters] if parameters else []
    words += ["--priors", priors] if priors is not None else []
    words += ["--keep", keep] if keep != "outcomes" else []
    words += ["--threads", threads] if threads is not None else []
    words += ["--out", out] if out is not None else []
    return shlex.join(map(str, words))
