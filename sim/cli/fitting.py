"""The commands that hold the model against a record: calibrate, validate, forecast."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.asking import common_of, shared_fitting
from sim.cli.options import SCENARIO

RECORD = click.option(
    "--record",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="What was reported, as YAML; by default what the articles report.",
)
TIMELINE = click.option(
    "--timeline",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="Outside pressures after the date, as YAML in the form of a scenario's key timeline.",
)


@click.command(short_help="Fit the parameters to what was reported.")
@SCENARIO
@RECORD
@click.option("--until", metavar="DATE", help="The last day whose reports count; 2023-11-17.")
@click.option("--islands", metavar="N", help="Particle filters that know nothing of one another; 150.")
@click.option("--particles", metavar="N", help="Particles of each; 20000.")
@click.option("--rows", metavar="N", help="Rows of the posterior; 4000.")
@shared_fitting
def calibrate(scenario: str, **options: Any) -> None:
    """Fit the uncertain parameters to what was reported, and say what that tells and what it does not.

    The same command goes on where it was cut short.
    """
    from sim.cli.calibrate.command import calibrate_command

    calibrate_command(scenario, common_of({**options, "parameters": "prior"}), **_own(options))


@click.command(short_help="Hold the fitted model against what was reported later, beside rivals.")
@SCENARIO
@RECORD
@TIMELINE
@click.option("--as-of", metavar="DATE", help="The last day that is fitted; 2023-11-17.")
@click.option("--runs", metavar="N", help="Histories to simulate on from each date; 16000.")
@shared_fitting
def validate(scenario: str, **options: Any) -> None:
    """Fit up to a date, and score what is foreseen against what was reported after it, beside rivals.

    Without --record: what the articles report after 24 October, 30 October and 17 November 2023. The same command goes
    on where it was cut short.
    """
    from sim.cli.validate.command import validate_command

    validate_command(scenario, common_of({**options, "parameters": "prior"}), **_own(options))


@click.command(short_help="Condition runs on a record up to a date, and show the risk from there on.")
@SCENARIO
@RECORD
@TIMELINE
@click.option(
    "--as-of", metavar="DATE", help="The last day whose reports count; the record's last by default."
)
@click.option("--islands", metavar="N", help="Particle filters that know nothing of one another; 40.")
@click.option("--particles", metavar="N", help="Particles of each; 20000.")
@click.option("--runs", metavar="N", help="Histories to simulate on from there; 20000.")
@shared_fitting
def forecast(scenario: str, **options: Any) -> None:
    """Condition runs on a record up to a date, and show the risk from there on.

    The same command goes on where it was cut short.
    """
    from sim.cli.forecast.command import forecast_command

    forecast_command(scenario, common_of({**options, "parameters": "prior"}), **_own(options))


@click.command(short_help="Weigh rival explanations by what is on record.")
@SCENARIO
@click.option("--islands", metavar="N", help="Particle filters of each fit; 24.")
@click.option("--runs", metavar="N", help="Histories of each rival's answer; 20000.")
@shared_fitting
def rivals(scenario: str, **options: Any) -> None:
    """Fit the rival explanations of a scenario alike, weigh them, and give the answer under each.

    The same command goes on where it was cut short.
    """
    from sim.cli.rivals.command import rivals_command

    rivals_command(scenario, common_of({**options, "parameters": "prior"}), **_own(options))


def _own(options: dict[str, Any]) -> dict[str, Any]:
    names = ("record", "until", "as_of", "islands", "particles", "rows", "timeline", "runs")
    return {name: options[name] for name in names if name in options}
