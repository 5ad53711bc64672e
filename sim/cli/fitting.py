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


def _own(options: dict[str, Any]) -> dict[str, Any]:
    names = ("record", "until", "as_of", "islands", "particles", "rows", "timeline", "runs")
    return {name: options[name] for name in names if name in options}
