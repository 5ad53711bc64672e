"""The command that plans a job, what it says, and the refusal of one that cannot be."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.places import place_for
from sim.cli.running import ASKED_ABOVE, OPTIONS, load, parameters_for, tell_of_compiling
from sim.cli.sizing import MOST_RUNS, plan_lines, refuse_too_many, sets_runs

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


def _plain(planned: Plan) -> dict[str, Any]:
    """Plain values, for JSON."""
    found = planned.pilot
    pilot = {"runs": found.runs, **found.estimate.as_dict(), "seconds_per_run": found.seconds_per_run}
    return vars(planned) | {"pilot": pilot}


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
