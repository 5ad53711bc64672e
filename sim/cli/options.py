"""Arguments and options that several commands share."""

from __future__ import annotations

import click

SCENARIO = click.argument("scenario")
SET = click.option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE", help="Change a setting, such as us.readiness=1."
)
PARAMETERS = click.option(
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
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


def with_seed(settings: tuple[str, ...], random_seed: str | None) -> tuple[str, ...]:
    """Settings with a seed that was given by its own option."""
    return settings if random_seed is None else (*settings, f"random_seed={random_seed}")
