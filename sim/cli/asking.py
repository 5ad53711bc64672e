"""The commands that ask a question over many worlds: sweep, compare and so on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sim.cli.options import (
    CLUSTER,
    FRESH,
    JSON,
    NO_FIGURES,
    PARAMETERS,
    PRIORS,
    SCENARIO,
    SEED,
    SET,
    THREADS,
    UNFITTED,
    YES,
    with_seed,
)  # fmt: skip

OUT = click.option(
    "--out",
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="Result folder; results/<scenario>-<command>.",
)
SHARED = (SEED, PARAMETERS, PRIORS, SET, OUT, THREADS, CLUSTER, FRESH, YES, JSON, NO_FIGURES)


def shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that all of these have."""
    for option in reversed(SHARED):
        command = option(command)
    return command


def shared_unfitted(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options, if it asks about the whole prior and not about what was fitted."""
    for option in reversed(SHARED):
        command = (UNFITTED if option is PARAMETERS else option)(command)
    return command


def shared_fitting(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options, if it fits the parameters itself."""
    for option in reversed(SHARED):
        command = command if option is PARAMETERS else option(command)
    return command


def common_of(options: dict[str, Any]) -> Any:
    """Take the shared options out of those of a command."""
    from sim.cli.analysing import Common

    settings = with_seed(options.pop("settings"), options.pop("random_seed"))
    names = ("parameters", "priors", "threads", "cluster", "out", "fresh", "yes", "as_json")
    taken: dict[str, Any] = {name: options.pop(name) for name in names}
    return Common(settings=settings, figures=not options.pop("no_figures"), **taken)


@click.command(short_help="Vary numbers of a scenario, and see what moves.")
@SCENARIO
@click.option(
    "--vary",
    multiple=True,
    metavar="PATH=SPEC",
    help="What takes which values: us.readiness=-2:2:9 (from, to, how many) or militia.fear_half_life=7,30,90.",
)
@click.option("--runs", metavar="N", help="Histories to simulate at each point; 2000.")
@click.option(
    "--design",
    type=click.Choice(["grid", "lhs", "sobol"]),
    help="All combinations, or points spread evenly over ranges; a grid by default.",
)
@click.option("--points", metavar="N", help="How many points, of lhs and sobol.")
@shared
def sweep(scenario: str, **options: Any) -> None:
    """Vary numbers of a scenario: the same runs, with the same luck, at every point.

    Without --vary the scenario's own sweep is carried out. The same command goes on where it was cut short.
    """
    from sim.cli.sweep.command import sweep_command

    sweep_command(scenario, common_of(options), **options)


@click.command(short_help="Hold scenarios against each other, run by run with the same luck.")
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO [SCENARIO]...")
@click.option("--runs", metavar="N", help="Histories to simulate of each scenario; 20000.")
@shared
def compare(scenarios: tuple[str, ...], **options: Any) -> None:
    """Hold scenarios against the first one, run by run with the same luck.

    With one scenario alone, hold it as it stands against what --set or --priors makes of it.
    """
    from sim.cli.compare.command import compare_command

    compare_command(scenarios, common_of(options), **options)


@click.command(short_help="Draw both halves of Washington's dilemma.")
@SCENARIO
@click.option("--runs", metavar="N", help="Histories to simulate at each point; 2000.")
@click.option("--points", metavar="N", help="Values of Washington's readiness and of its ceiling; 13.")
@click.option("--day", metavar="DATE", help="The day of the forced strike; 20 November 2023 by default.")
@shared_unfitted
def dilemma(scenario: str, **options: Any) -> None:
    """From never answering to answering everything: the risk of a spiral, and what is suffered meanwhile."""
    from sim.cli.dilemma.command import dilemma_command

    dilemma_command(scenario, common_of(options), **options)


@click.command(short_help="Tell which parameters the answer rests on.")
@SCENARIO
@click.option(
    "--method",
    type=click.Choice(["sobol", "morris"]),
    default="sobol",
    show_default=True,
    help="Shares of variance, or a cheaper ranking.",
)
@click.option(
    "--samples",
    metavar="N",
    help="Base samples of Sobol's method (a power of two; 512), or Morris's trajectories (60).",
)
@click.option(
    "--runs", metavar="N", help="Histories for each row of parameters; 8 with sobol, 25 with morris."
)
@shared_unfitted
def sensitivity(scenario: str, **options: Any) -> None:
    """Tell how much of the answer rests on each parameter, and on those that are assumed."""
    from sim.cli.sensitivity.command import sensitivity_command

    sensitivity_command(scenario, common_of(options), **options)


@click.command(short_help="Find the conditions under which spirals gather.")
@SCENARIO
@click.option("--rows", metavar="N", help="Rows of parameters to draw from the prior; 4000.")
@shared_unfitted
def discover(scenario: str, **options: Any) -> None:
    """Find the boxes of conditions in which spirals gather, and say them in words."""
    from sim.cli.discover.command import discover_command

    discover_command(scenario, common_of(options), **options)


@click.command(short_help="Search for policies that hold up whatever the world is like.")
@SCENARIO
@click.option("--rows", metavar="N", help="Rows of parameters that a policy is tried under; 40.")
@click.option("--generations", metavar="N", help="Generations of the search; 20.")
@click.option("--judged", metavar="N", help="Fresh rows that what was found is judged on; 1000.")
@shared_unfitted
def policy(scenario: str, **options: Any) -> None:
    """Search Washington's and Baghdad's levers for policies that hold up whatever the world is like."""
    from sim.cli.policy.command import policy_command

    policy_command(scenario, common_of(options), **options)


@click.command(short_help="Tell which signs foretell a spiral.")
@SCENARIO
@click.option("--runs", metavar="N", help="Histories to simulate; 20000.")
@click.option("--ahead", metavar="DAYS", help="Days within which the spiral comes; 30.")
@shared_unfitted
def warnings(scenario: str, **options: Any) -> None:
    """Tell which of the things that can be observed best foretell a spiral, how often falsely, how early."""
    from sim.cli.warnings.command import warnings_command

    warnings_command(scenario, common_of(options), **options)
