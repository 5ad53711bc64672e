"""The commands that simulate and draw."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from sim.cli.failures import BadInput, Failed
from sim.scenario import Scenario, ScenarioError, load_scenario

if TYPE_CHECKING:
    from sim.store import Result

MOST_RUNS = 1_000_000_000
MOST_RUNS_FOR_PRECISION = 100_000_000
OPTIONS = {"runs": "--runs", "random_seed": "--random-seed"}


def load(scenario: str, settings: Sequence[str]) -> Scenario:
    """Load a scenario, its errors turned into one line and exit code 2."""
    try:
        return load_scenario(scenario, settings)
    except ScenarioError as error:
        raise BadInput(_by_option(str(error), settings)) from error


def _by_option(message: str, settings: Sequence[str]) -> str:
    """Name the option that a setting was given by, where it was not --set."""
    for number, text in enumerate(settings, start=1):
        key = text.partition("=")[0]
        if key in OPTIONS and message.startswith(f"--set:{number}:"):
            return f"{OPTIONS[key]}: {message.split(' ', 1)[1]}"
    return message


def tell_of_compiling() -> None:
    """Say, to a person who waits at a terminal, that the first run of all is held up by the compiler."""
    from sim.jit import cache_folder

    if sys.stderr.isatty() and not any(cache_folder().rglob("*.nbc")):
        click.echo("spiral: compiling the model; this happens once, and takes up to a minute", err=True)


def run_number(text: str) -> int:
    """Read the number of a run; what is not one is bad input."""
    if not text.strip().isdecimal() or int(text) >= MOST_RUNS:
        raise BadInput(
            f"--run: {text} is no run number; it must be a whole number from 0 to {MOST_RUNS - 1:,}"
        )
    return int(text)


def run_command(
    name: str,
    settings: Sequence[str],
    *,
    out: Path | None,
    precision: float | None,
    parameters: Literal["prior", "default"],
    threads: int | None,
    engine: Literal["compiled", "mesa"],
    as_json: bool,
    figures: bool,
) -> None:
    """Run a scenario, write its result, and print what came out."""
    scenario = load(name, settings)
    if precision is not None and not any(text.partition("=")[0].strip() == "runs" for text in settings):
        scenario = scenario.model_copy(update={"runs": MOST_RUNS_FOR_PRECISION})
    place = out or Path("results") / scenario.name

    from sim.experiments import Settings, run_scenario
    from sim.store import StoreError, check_place, draft, runs_of

    try:
        check_place(place)
    except StoreError as error:
        raise BadInput(str(error)) from error
    changes = tuple(text for text in settings if text.partition("=")[0] not in OPTIONS)
    command = " ".join(["spiral", *sys.argv[1:]])
    tell_of_compiling()
    chosen = Settings(parameters, precision, threads, changes, command, engine)
    replaced = runs_of(place)
    try:
        with draft(place) as folder, _progress(precision) as progress:
            result = run_scenario(scenario, chosen, folder, progress)
            drawn = _draw(result, folder / "figures") if figures else []
    except StoreError as error:
        raise Failed(str(error)) from error
    if as_json:
        print(json.dumps({"folder": str(place), "manifest": result.manifest, **result.estimates}))
        return
    from sim.cli.report import print_result

    print_result(result, place, [place / "figures" / path.name for path in drawn if path.suffix == ".png"])
    if replaced:
        click.echo(f"It replaces a result of {replaced:,} runs that stood there.")


def plot_command(place: Path) -> None:
    """Draw the figures of a result folder again."""
    from sim.store import StoreError, load_result

    if not place.exists() and (Path("results") / place).exists():
        place = Path("results") / place
    if not place.exists():
        raise BadInput(
            f"{place}: no such folder; results are under results/ unless --out named another place"
        )
    try:
        result = load_result(place)
    except StoreError as error:
        raise BadInput(str(error)) from error
    try:
        for path in _draw(result, place / "figures"):
            if path.suffix == ".png":
                click.echo(path)
    except OSError as error:
        raise Failed(f"{place / 'figures'}: cannot be written: {error.strerror}") from error


def _draw(result: Result, folder: Path) -> list[Path]:
    from sim.figures import draw_all

    return draw_all(result, folder)


@contextmanager
def _progress(precision: float | None) -> Iterator[Callable[[int, int, float], None] | None]:
    """Progress bar on stderr, when that is a terminal: runs done, rate, time left."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} runs, {task.fields[rate]:,.0f} a second"),
        TimeRemainingColumn(),
    )
    began = time.perf_counter()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("simulating", total=1, rate=0.0)

        def report(done: int, planned: int, half_width: float) -> None:
            if precision is not None and not math.isnan(half_width):
                planned = min(planned, math.ceil(done * max(1.0, (half_width / precision) ** 2)))
            rate = done / max(time.perf_counter() - began, 1e-9)
            bar.update(task, completed=done, total=max(planned, done), rate=rate)

        yield report
