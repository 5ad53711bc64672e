"""The commands of `spiral`. Heavy libraries are loaded only by the commands that use them."""

from __future__ import annotations

import math
import os
import signal
import sys
from pathlib import Path

import click

import sim
from sim.cli import opening
from sim.cli.failures import Commands
from sim.cli.options import JSON, PARAMETERS, SCENARIO, SEED, SET


def _no_nan(_context: click.Context, _option: click.Parameter, value: float | None) -> float | None:
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is not a number.")
    return value


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(sim.__version__, prog_name="spiral")
def cli() -> None:
    """Estimate how probable it is that a crisis spirals, by which day, and along which path.

    SCENARIO is the path of a YAML file, or the name of one in ./scenarios or of a shipped one: `spiral scenarios`
    lists them.
    """


@cli.command()
@SCENARIO
@click.option("--runs", metavar="N", help="How many histories to simulate; the scenario's number by default.")
@SEED
@click.option(
    "--precision",
    type=click.FloatRange(0.0, 0.5, min_open=True),
    callback=_no_nan,
    metavar="P",
    help="Run until the headline is known to within P to either side, by chance (at most --runs runs).",
)
@PARAMETERS
@SET
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Result folder; results/<scenario>."
)
@click.option(
    "--threads", type=click.IntRange(1, 1024), metavar="T", help="Threads; all processors by default."
)
@click.option(
    "--engine",
    type=click.Choice(["compiled", "mesa"]),
    default="compiled",
    show_default=True,
    help="What lives the runs; both give the same. mesa is slow: for checking and watching.",
)
@JSON
@click.option("--no-figures", is_flag=True, help="Draw no figures.")
def run(
    scenario: str,
    runs: str | None,
    random_seed: str | None,
    precision: float | None,
    parameters: str,
    settings: tuple[str, ...],
    out: Path | None,
    threads: int | None,
    engine: str,
    as_json: bool,
    no_figures: bool,
) -> None:
    """Run a scenario: simulate it many times, estimate, and draw the figures."""
    from sim.cli.running import run_command

    chosen = [*settings]
    if runs is not None:
        chosen.append(f"runs={runs}")
    if random_seed is not None:
        chosen.append(f"random_seed={random_seed}")
    run_command(
        scenario,
        chosen,
        out=out,
        precision=precision,
        parameters="default" if parameters == "default" else "prior",
        threads=threads,
        engine="mesa" if engine == "mesa" else "compiled",
        as_json=as_json,
        figures=not no_figures,
    )


@cli.command()
@click.argument("result", type=click.Path(path_type=Path))
def plot(result: Path) -> None:
    """Draw the figures of a result folder again."""
    from sim.cli.running import plot_command

    plot_command(result)


@cli.command()
@SCENARIO
@SET
@click.option("--resolved", is_flag=True, help="Print the scenario with all that it inherits, as YAML.")
def check(scenario: str, settings: tuple[str, ...], resolved: bool) -> None:
    """Check a scenario, and say what it is about."""
    from sim.cli.listing import check_command

    check_command(scenario, settings, resolved)


@cli.command()
@click.argument("name", required=False)
@JSON
def evidence(name: str | None, as_json: bool) -> None:
    """Show the evidence of every parameter.

    With the NAME of a parameter or of a fact, show it down to its source.
    """
    from sim.cli.evidence import evidence_command

    evidence_command(name, as_json)


@cli.command()
def scenarios() -> None:
    """List the scenarios that can be run by name."""
    from sim.cli.listing import scenarios_command

    scenarios_command()


for command in (opening.trace, opening.why, opening.play):
    cli.add_command(command)


def main() -> None:
    """Run the command line. A request to end is taken like Ctrl-C, so that no draft is left.

    Linear algebra is held to one thread, unless the user says otherwise: ours is small, and idle threads that
    wait for it keep whole processors busy.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(cli())
