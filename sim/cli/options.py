"""Arguments and options that several commands share."""

from __future__ import annotations

import math
from pathlib import Path

import click


def no_nan(_context: click.Context, _option: click.Parameter, value: float | None) -> float | None:
    """Refuse what is not a number, which no range does."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is not a number.")
    return value


SCENARIO = click.argument("scenario")
SET = click.option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE", help="Change a setting, such as us.readiness=1."
)
PARAMETERS = click.option(
    "--parameters",
    type=click.Choice(["posterior", "prior", "default"]),
    help="Take the parameters as fitted to the record, draw them from their priors, or hold them at their defaults; "
    "fitted by default, where they have been for such a scenario.",
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
    "--runs", metavar="N", help="How many histories to simulate; the scenario's number by default."
)
PRECISION = click.option(
    "--precision",
    type=click.FloatRange(0.0, 0.5, min_open=True),
    callback=no_nan,
    metavar="P",
    help="As many runs as the headline needs to be known to within P to either side, by chance (at most --runs).",
)
THREADS = click.option(
    "--threads", type=click.IntRange(1, 1024), metavar="T", help="Threads; all processors by default."
)
OUT = click.option(
    "--out",
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="Result folder; results/<scenario>.",
)
KEEP = click.option(
    "--keep",
    type=click.Choice(["outcomes", "summary"]),
    default="outcomes",
    show_default=True,
    help="Keep the outcome of every run, or only counts.",
)
PRIORS = click.option(
    "--priors",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="Ranges of your own in place of the shipped priors, as YAML.",
)
CLUSTER = click.option(
    "--cluster", metavar="ADDRESS", help="Workers of a Dask scheduler, tcp://HOST:PORT; or local:N processes."
)
FRESH = click.option("--fresh", is_flag=True, help="Replace what another job left in the result folder.")
YES = click.option("--yes", is_flag=True, help="Start a job of any length without asking.")
NO_FIGURES = click.option("--no-figures", is_flag=True, help="Draw no figures.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


def with_seed(settings: tuple[str, ...], random_seed: str | None) -> tuple[str, ...]:
    """Settings with a seed that was given by its own option."""
    return settings if random_seed is None else (*settings, f"random_seed={random_seed}")


def with_runs(settings: tuple[str, ...], runs: str | None) -> tuple[str, ...]:
    """Settings with a number of runs that was given by its own option."""
    return settings if runs is None else (*settings, f"runs={runs}")
