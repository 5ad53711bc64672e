"""The commands that look after results: to list them, check them, and draw their figures again."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.options import FILE, JSON
from sim.cli.places import RESULTS, place_named
from sim.cli.waiting import DRAWING, WAITS
from sim.errors import InputError, SpiralError


@click.group(invoke_without_command=True, short_help="List result folders, and check them.")
@click.option(
    "--under",
    type=FILE,
    default=RESULTS,
    show_default=True,
    metavar="DIR",
    help="Where the result folders are.",
)
@JSON
@click.pass_context
def results(context: click.Context, under: Path, as_json: bool) -> None:
    """List result folders: what came out, and whether they are whole, unfinished or damaged.

    Runs: of a run those of its scenario, of any other question all that were simulated.
    """
    context.obj = under
    if context.invoked_subcommand is None:
        from sim.cli.results import results_command

        results_command(under, as_json)


@results.command()
@click.argument("places", metavar="[RESULT]...", nargs=-1, type=FILE)
@JSON
@click.pass_obj
def verify(under: Path, places: tuple[Path, ...], as_json: bool) -> None:
    """Hold every file of results against the checksum that was noted when it was written."""
    from sim.cli.results import verify_command

    verify_command(places, as_json, under)


def plot_command(place: Path) -> None:
    """Draw the figures of a result folder again."""
    from sim.experiments import open_answer
    from sim.report.figures import draw_answer
    from sim.store import StoreError, showing

    place = place if place.exists() else place_named(place)
    try:
        answer = open_answer(place)
    except StoreError as error:
        raise InputError(str(error)) from error
    try:
        with WAITS.named(DRAWING), showing(place):
            drawn = draw_answer(answer, place / "figures")
        for path in drawn:
            if path.suffix == ".png":
                click.echo(path)
    except StoreError as error:
        raise InputError(str(error)) from error
    except OSError as error:
        raise SpiralError(f"{place / 'figures'}: cannot be written: {error.strerror}") from error
