"""The commands that are about jobs: to plan one, to carry it out, to look after what it left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.options import (
    CLUSTER,
    FRESH,
    JSON,
    KEEP,
    NO_FIGURES,
    OUT,
    PARAMETERS,
    PRECISION,
    PRIORS,
    RUNS,
    SCENARIO,
    SEED,
    SET,
    THREADS,
    YES,
    with_runs,
    with_seed,
)  # fmt: skip
from sim.cli.places import RESULTS


def _whole_rows(_context: click.Context, _option: click.Parameter, value: int | None) -> int | None:
    if value is not None and value % 25:
        raise click.BadParameter(f"{value} is not a multiple of 25, the runs of a row of parameters.")
    return value


@click.command()
@SCENARIO
@RUNS
@SEED
@PRECISION
@PARAMETERS
@PRIORS
@SET
@OUT
@THREADS
@CLUSTER
@KEEP
@click.option(
    "--block-size",
    type=click.IntRange(25, 50_000),
    callback=_whole_rows,
    metavar="N",
    help="Runs of a block, a multiple of 25: what is lost at most when a job is cut short.",
)
@FRESH
@YES
@click.option(
    "--engine",
    type=click.Choice(["compiled", "mesa"]),
    default="compiled",
    show_default=True,
    help="What lives the runs; both give the same. mesa is slow: for checking and watching.",
)
@JSON
@NO_FIGURES
def run(
    scenario: str, runs: str | None, random_seed: str | None, settings: tuple[str, ...], **options: Any
) -> None:
    """Run a scenario: simulate it many times, estimate, and draw the figures.

    What is there already is not simulated again: the same command goes on where it was cut short.
    """
    from sim.cli.running import Asked, run_command

    chosen = with_seed(with_runs(settings, runs), random_seed)
    run_command(scenario, chosen, Asked(figures=not options.pop("no_figures"), **options))


@click.command(short_help="Say how many runs a job takes, how long, how large.")
@SCENARIO
@PRECISION
@RUNS
@SEED
@PARAMETERS
@PRIORS
@SET
@KEEP
@OUT
@THREADS
@JSON
def plan(
    scenario: str,
    precision: float | None,
    runs: str | None,
    random_seed: str | None,
    parameters: Any,
    priors: Path | None,
    settings: tuple[str, ...],
    keep: str,
    out: Path | None,
    threads: int | None,
    as_json: bool,
) -> None:
    """Say how many runs a job takes, how long and how large it is, before any of it is done."""
    from sim.cli.planning import plan_command

    plan_command(
        scenario,
        with_seed(with_runs(settings, runs), random_seed),
        precision=precision,
        parameters=parameters,
        priors=priors,
        keep="summary" if keep == "summary" else "outcomes",
        threads=threads,
        out=out,
        as_json=as_json,
    )


@click.group(invoke_without_command=True, short_help="List result folders, and check them.")
@click.option(
    "--under",
    type=click.Path(path_type=Path, readable=False),
    default=RESULTS,
    show_default=True,
    metavar="DIR",
    help="Where the result folders are.",
)
@JSON
@click.pass_context
def results(context: click.Context, under: Path, as_json: bool) -> None:
    """List result folders: what they hold, and whether they are whole, unfinished or damaged."""
    if context.invoked_subcommand is None:
        from sim.cli.results import results_command

        results_command(under, as_json)


@results.command()
@click.argument("places", metavar="[RESULT]...", nargs=-1, type=click.Path(path_type=Path, readable=False))
@JSON
def verify(places: tuple[Path, ...], as_json: bool) -> None:
    """Hold every file of results against the checksum that was noted when it was written."""
    from sim.cli.results import verify_command

    verify_command(places, as_json)
