"""The commands of `spiral`. Heavy libraries are loaded only by the commands that use them."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import click

from sim.cli import looking, opening
from sim.cli.dashboard import dashboard
from sim.cli.environment import prepare
from sim.cli.options import JSON, SCENARIO, SET
from sim.cli.questions import PlanCommands, QuestionCommands
from sim.cli.record import record
from sim.cli.waiting import LOADING, WAITS
from sim.version import VERSION


@click.group(cls=QuestionCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="spiral")
def cli() -> None:
    """Estimate how probable it is that a crisis spirals, by which day, and along which path.

    SCENARIO is the path of a YAML file, or the name of one in ./scenarios or of a shipped one: `spiral scenarios`
    lists them.
    """


@cli.command()
@click.argument("result", type=click.Path(path_type=Path, readable=False))
def plot(result: Path) -> None:
    """Draw the figures of a result folder again."""
    from sim.cli.looking import plot_command

    plot_command(result)


@cli.command()
@click.argument("result", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--out",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="Where it is written; report.html in the result folder by default.",
)
def report(result: Path, out: Path | None) -> None:
    """Write a report of a result: one HTML file to read and send.

    RESULT is a result folder, or its name in ./results. The report holds all that it shows, and needs no network.
    """
    from sim.cli.report import report_command

    report_command(result, out)


@cli.group(cls=PlanCommands, short_help="Say how many runs a job takes, how long, how large.")
def plan() -> None:
    """Say how many runs a job takes, how long and how large it is, before any of it is done.

    Of a scenario, `spiral plan october-2023 --precision 0.005`, or of any question, `spiral plan sweep october-2023`
    with the options of that question.
    """


@cli.command()
@click.argument("name")
@click.option(
    "--from",
    "parent",
    default="october-2023",
    show_default=True,
    metavar="PARENT",
    help="The scenario to inherit from: a shipped one, or one beside the new file.",
)
@click.option("--force", is_flag=True, help="Replace a file of this name.")
def new(name: str, parent: str, force: bool) -> None:
    """Begin a scenario of your own, with all that can be set.

    Writes NAME.yaml into the working folder: it inherits everything from PARENT, and lists, switched off, all levers by
    actor, the timeline, history, interventions and priors, each explained.
    """
    from sim.cli.new import new_command

    new_command(name, parent, force)


@cli.command()
@SCENARIO
@SET
@click.option("--resolved", is_flag=True, help="Print the scenario with all that it inherits, as YAML.")
def check(scenario: str, settings: tuple[str, ...], resolved: bool) -> None:
    """Check a scenario, and say how it differs from its parent."""
    from sim.cli.checking import check_command

    check_command(scenario, settings, resolved)


@cli.command()
@click.argument("name", required=False)
@click.option(
    "--reference",
    is_flag=True,
    help="Show the reference class: earlier episodes, what they say, what follows.",
)
@JSON
def evidence(name: str | None, reference: bool, as_json: bool) -> None:
    """Show what each parameter rests on, down to its sources.

    With the NAME of a parameter, of a fact or of an episode of the reference class, show it down to its source.
    """
    from sim.cli.evidence import evidence_command
    from sim.cli.reference import reference_command

    if reference and name is not None:
        raise click.UsageError("--reference shows all episodes, and takes no name; leave out one of the two")
    if reference:
        reference_command(as_json)
    else:
        evidence_command(name, as_json)


@cli.command()
def scenarios() -> None:
    """List the scenarios that can be run by name."""
    from sim.cli.listing import scenarios_command

    scenarios_command()


for command in (looking.results, opening.trace, opening.why, opening.play, dashboard, record):
    cli.add_command(command)


def main() -> None:
    """Run the command line. A request to end is taken like Ctrl-C, so that no draft is left."""
    prepare()
    for name in ("stdin", "stdout", "stderr"):  # one may have been closed, as for jobs of cron
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: SIM115
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with WAITS.named(LOADING):  # until whatever is loaded names what it does
        sys.exit(cli())
