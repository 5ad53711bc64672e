"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from sim.errors import InputError

FILE = click.Path(path_type=Path, readable=False)
MOST_RUNS, LONGEST = 1_000_000_000, 60  # runs, and characters of a number of one

SCENARIO = click.argument("scenario")
SET = click.option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE", help="Change a setting, such as us.readiness=1."
)
PARAMETERS = click.option(
    "--parameters",
    type=click.Choice(["posterior", "last-article", "prior", "default"]),
    help="Take the parameters as fitted to the record, or to all that the last article tells besides, draw them from "
    "their priors, or hold them at their defaults; fitted by default, where they have been for such a scenario.",
)
UNFITTED = click.option(
    "--parameters",
    type=click.Choice(["prior", "default"]),
    default="prior",
    show_default=True,
    help="Draw the parameters from their priors, or hold them at their defaults.",
)
SEED = click.option("--random-seed", metavar="S", help="The seed of all chance; the scenario's by default.")
RUN = click.option("--run", "number", metavar="K", help="The run's number, from 0.")
PICK = click.option(
    "--pick",
    type=click.Choice(["first-spiral", "median", "worst", "quietest"]),
    help="Find a run to open among the first ones.",
)
RUNS = click.option(
    "--runs",
    metavar="N",
    help="Histories of the scenario, in all; its own number by default. The worlds that it is compared with take the "
    "first of these again, at most 10,000 each, and are not counted.",
)
THREADS = click.option(
    "--threads", type=click.IntRange(1, 1024), metavar="T", help="Threads; all processors by default."
)
PRIORS = click.option(
    "--priors", type=FILE, metavar="FILE", help="Ranges of your own in place of the shipped priors, as YAML."
)
DRAWS = click.option(
    "--draws",
    type=FILE,
    metavar="FILE",
    help="Draws of your own, as `spiral run` takes them, as CSV or Parquet.",
)
CLUSTER = click.option(
    "--cluster", metavar="ADDRESS", help="Workers of a Dask scheduler, tcp://HOST:PORT; or local:N processes."
)
FRESH = click.option("--fresh", is_flag=True, help="Replace what another job left in the result folder.")
YES = click.option("--yes", is_flag=True, help="Start a job of any length without asking.")
NO_FIGURES = click.option("--no-figures", is_flag=True, help="Draw no figures.")
FULL = click.option("--full", is_flag=True, help="Print every table that stands behind the answer.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
OF_SCENARIO = {"runs": RUNS, "random_seed": SEED}
"""Options that change settings of the scenario."""


def out_option(usual: str) -> Any:
    """Where the result goes, with what it is called otherwise."""
    return click.option("--out", type=FILE, metavar="DIR", help=f"Result folder; results/{usual}.")


def parameters_option(choices: Sequence[str]) -> Any:
    """Where the parameters come from, of those that a question can take."""
    return PARAMETERS if "posterior" in choices else UNFITTED


def with_seed(settings: tuple[str, ...], random_seed: str | None) -> tuple[str, ...]:
    """Settings with a seed that was given by its own option."""
    return settings if random_seed is None else (*settings, f"random_seed={random_seed}")


def run_number(text: str) -> int:
    """Read the number of a run; what is not one is bad input."""
    number = text.strip()
    if not number.isdecimal() or len(number) > LONGEST or int(number) >= MOST_RUNS:
        raise InputError(
            f"--run: {text} is no run number; it must be a whole number from 0 to {MOST_RUNS - 1:,}"
        )
    return int(number)
