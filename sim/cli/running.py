"""The commands that simulate and draw."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from sim.cli.failures import BadInput, Failed, Interrupted
from sim.cli.places import place_for, place_named
from sim.cli.progress import Progress, progress
from sim.cli.sizing import MOST_RUNS, plan_lines, refuse_too_many, sets_runs
from sim.scenario import Scenario, ScenarioError, load_scenario

if TYPE_CHECKING:
    from sim.experiments import Settings
    from sim.experiments.run import Keep
    from sim.simulate.job import Parameters
    from sim.simulate.pools import Pool
    from sim.store import Result

ASKED_ABOVE = 10_000_000
OPTIONS = {"runs": "--runs", "random_seed": "--random-seed"}


def load(scenario: str, settings: Sequence[str], priors: Path | None = None) -> Scenario:
    """Load a scenario, its errors turned into one line and exit code 2."""
    try:
        return load_scenario(scenario, settings, priors)
    except ScenarioError as error:
        raise BadInput(_by_option(str(error), settings)) from error


def _by_option(message: str, settings: Sequence[str]) -> str:
    """Name the option that a setting was given by, where it was not --set."""
    for number, text in enumerate(settings, start=1):
        key = text.partition("=")[0]
        if key in OPTIONS and message.startswith(f"--set:{number}:"):
            return f"{OPTIONS[key]}: {message.split(' ', 1)[1]}"
    return message


def parameters_for(scenarios: Sequence[Scenario], given: Parameters | None) -> Parameters:
    """Say where the parameters come from: as given, else fitted where they have been for all of these scenarios."""
    from sim.simulate.job import NoPosterior, check_posteriors

    if given is not None and given != "posterior":
        return given
    try:
        check_posteriors(scenarios)
    except NoPosterior as error:
        if given is None:
            return "prior"
        raise BadInput(f"--parameters: {error}") from error
    return "posterior"


def tell_of_compiling() -> None:
    """Say, to a person who waits at a terminal, that the first run of all is held up by the compiler."""
    from sim.core.jit import cache_folder

    if sys.stderr.isatty() and not any(cache_folder().rglob("*.nbc")):
        click.echo("spiral: compiling the model; this happens once, and takes up to a minute", err=True)


def run_number(text: str) -> int:
    """Read the number of a run; what is not one is bad input."""
    if not text.strip().isdecimal() or int(text) >= MOST_RUNS:
        raise BadInput(
            f"--run: {text} is no run number; it must be a whole number from 0 to {MOST_RUNS - 1:,}"
        )
    return int(text)


@dataclass(frozen=True)
class Asked:
    """What the options of `spiral run` ask for, besides the scenario and its settings."""

    out: Path | None
    precision: float | None
    parameters: Parameters | None
    priors: Path | None
    threads: int | None
    cluster: str | None
    engine: Literal["compiled", "mesa"]
    keep: Keep
    block_size: int | None
    fresh: bool
    yes: bool
    as_json: bool
    figures: bool


def run_command(name: str, settings: Sequence[str], asked: Asked) -> None:
    """Run a scenario or go on with it, keep its result, and print what came out."""
    if asked.cluster is not None and asked.threads is not None:
        raise BadInput("--threads is of this machine, and --cluster has workers of its own: give one of them")
    given = load(name, settings, asked.priors)
    asked = replace(asked, parameters=parameters_for([given], asked.parameters))
    place = place_for(asked.out, given.name)
    tell_of_compiling()
    sized = _sized(given, settings, asked, place)
    if sized is None:
        return
    result = _simulate(*sized, asked.cluster, place)
    files = drawn(place, partial(_draw, result)) if asked.figures else []
    if asked.as_json:
        print(json.dumps({"folder": str(place), "manifest": result.manifest, **result.estimates}))
        return
    from sim.cli.report import print_result

    print_result(result, place, [path for path in files if path.suffix == ".png"])


def _sized(
    scenario: Scenario, settings: Sequence[str], asked: Asked, place: Path
) -> tuple[Scenario, Settings] | None:
    """Give the scenario the runs that it needs; a long job starts only if whoever asked for it still wants it."""
    chosen = _settings(settings, asked)
    if asked.precision is None and scenario.runs <= ASKED_ABOVE:
        return scenario, chosen
    from sim.experiments.planning import plan
    from sim.experiments.run import is_begun

    most = scenario.runs if sets_runs(settings) or asked.precision is None else MOST_RUNS
    threads = asked.threads or os.cpu_count() or 1
    planned = plan(scenario, chosen.parameters, asked.precision, threads, asked.keep, most, place)
    refuse_too_many(planned, settings)
    chosen = replace(chosen, runs_needed=planned.needed)
    sized = scenario.model_copy(update={"runs": planned.runs}), chosen
    long = planned.runs > ASKED_ABOVE or planned.most_bytes > planned.free_bytes
    if asked.yes or not long or is_begun(*sized, place):
        return sized
    for line in plan_lines(planned, scenario, place):
        click.echo(line, err=True)
    if not sys.stdin.isatty():
        raise BadInput(f"{planned.runs:,} runs are not started unasked; --yes starts them")
    if click.confirm("Start?", err=True):
        return sized
    click.echo("Nothing was started.", err=True)
    return None


def _settings(settings: Sequence[str], asked: Asked) -> Settings:
    from sim.experiments import Settings

    assert asked.parameters is not None
    return Settings(
        parameters=asked.parameters,
        precision=asked.precision,
        threads=asked.threads,
        changes=changes_of(settings),
        command=this_command(),
        engine=asked.engine,
        keep=asked.keep,
        block_size=asked.block_size,
        fresh=asked.fresh,
    )


def changes_of(settings: Sequence[str]) -> tuple[str, ...]:
    """What was set on top of a scenario, but for what has an option of its own."""
    return tuple(text for text in settings if text.partition("=")[0] not in OPTIONS)


def this_command() -> str:
    """The command line as it is noted with a job: it also goes on with it, and so must not begin anew."""
    again = [word for word in sys.argv[1:] if word != "--fresh"]
    return shlex.join(["spiral", *again]).encode(errors="backslashreplace").decode()


def _simulate(scenario: Scenario, settings: Settings, cluster: str | None, place: Path) -> Result:
    from sim.experiments import run_scenario

    with at_work(cluster, settings.fresh) as (shown, pool):
        return run_scenario(scenario, settings, place, shown, pool)


@contextmanager
def at_work(cluster: str | None, fresh: bool) -> Iterator[tuple[Progress, Pool | None]]:
    """While a job is carried out: its progress, the workers of a cluster if one is named, and errors as one line."""
    from sim.simulate.cluster import BadAddress, ClusterError
    from sim.store import RefusedPlace, StoreError

    # With --fresh it would begin anew.
    again = "the same command without --fresh" if fresh else "the same command"
    with progress(again) as shown:
        try:
            with _workers(cluster) as pool:
                yield shown, pool
        except (RefusedPlace, BadAddress) as error:
            raise BadInput(str(error)) from error
        except (StoreError, ClusterError) as error:
            raise Failed(f"{error}; {shown.kept}" if shown.done else str(error)) from error
        except KeyboardInterrupt as error:
            raise Interrupted(f"interrupted; {shown.kept}") from error


def _workers(cluster: str | None) -> AbstractContextManager[Pool | None]:
    if cluster is None:
        return nullcontext()
    from sim.simulate.cluster import open_cluster

    return open_cluster(cluster, lambda line: click.echo(f"spiral: {line}", err=True))


def drawn(place: Path, draw: Callable[[Path], list[Path]]) -> list[Path]:
    """Draw the figures of a result that is whole, into its folder."""
    try:
        return draw(place / "figures")
    except KeyboardInterrupt as error:
        raise Interrupted(
            f"interrupted; {place} is whole, and `spiral plot {place}` draws its figures"
        ) from error
    except OSError as error:
        raise Failed(
            f"{place / 'figures'}: cannot be written: {error.strerror or error}; the result itself is whole"
        ) from error


def plot_command(place: Path) -> None:
    """Draw the figures of a result folder again."""
    from sim.store import StoreError

    place = place if place.exists() else place_named(place)
    try:
        draw = _drawer(place)
    except StoreError as error:
        raise BadInput(str(error)) from error
    try:
        for path in draw(place / "figures"):
            if path.suffix == ".png":
                click.echo(path)
    except OSError as error:
        raise Failed(f"{place / 'figures'}: cannot be written: {error.strerror}") from error


def _drawer(place: Path) -> Callable[[Path], list[Path]]:
    """What draws the figures of a result folder, of whatever question."""
    from sim.store import is_analysis, load_analysis, load_result

    if not is_analysis(place):
        return partial(_draw, load_result(place))
    from sim.report.figures.analysis import draw_analysis

    return partial(draw_analysis, load_analysis(place))


def _draw(result: Result, folder: Path) -> list[Path]:
    from sim.report.figures import draw_all

    return draw_all(result, folder)
