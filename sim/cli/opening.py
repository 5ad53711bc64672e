"""The commands that open single runs: trace, why and play."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.options import (
    DRAWS,
    JSON,
    PARAMETERS,
    PICK,
    PRIORS,
    RUN,
    SCENARIO,
    SEED,
    SET,
    UNFITTED,
    with_seed,
)


@click.command()
@SCENARIO
@RUN
@PICK
@click.option(
    "--engine",
    type=click.Choice(["compiled", "mesa"]),
    default="compiled",
    show_default=True,
    help="What lives the run again; both give the same.",
)
@click.option("--story", is_flag=True, help="Tell the run in a few dated paragraphs.")
@click.option("--figure", is_flag=True, help="Draw the run's timeline.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of the figure; results/<scenario>-run-<K>.",
)
@PARAMETERS
@DRAWS
@PRIORS
@SEED
@SET
@JSON
def trace(
    scenario: str,
    number: str | None,
    pick: str | None,
    engine: str,
    story: bool,
    figure: bool,
    out: Path | None,
    parameters: Any,
    draws: Path | None,
    priors: Path | None,
    random_seed: str | None,
    settings: tuple[str, ...],
    as_json: bool,
) -> None:
    """Open one run: every action, and what decided it."""
    from sim.cli.trace.command import trace_command

    trace_command(
        scenario,
        with_seed(settings, random_seed),
        number=number,
        pick=pick,
        engine=engine,
        story=story,
        figure=figure,
        out=out,
        parameters=parameters,
        draws=draws,
        priors=priors,
        as_json=as_json,
    )


@click.command()
@SCENARIO
@RUN
@PICK
@click.option(
    "--tip", is_flag=True, help="Of a run that did not spiral: what single action more would have tipped it."
)
@click.option(
    "--runs",
    metavar="N",
    help="Rank kinds of action over the first N histories, in all, and search them for chains of acts; those that "
    "spiral are lived again, once for each act.",
)
@click.option(
    "--sample",
    metavar="N",
    help="With --runs: most runs to search for chains, each as often as it has acts.  [default: 300]",
)
@click.option("--feeding", is_flag=True, help="What escalatory acts bring on and, apart, what they prevent.")
@click.option("--figure", is_flag=True, help="With --runs or --feeding: draw the figure.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of the figure; results/<scenario>-cascades or -feeding.",
)
@PARAMETERS
@DRAWS
@PRIORS
@SEED
@SET
@JSON
def why(
    scenario: str,
    number: str | None,
    pick: str | None,
    tip: bool,
    runs: str | None,
    sample: str | None,
    feeding: bool,
    figure: bool,
    out: Path | None,
    parameters: Any,
    draws: Path | None,
    priors: Path | None,
    random_seed: str | None,
    settings: tuple[str, ...],
    as_json: bool,
) -> None:
    """Take actions out, and see whether the spiral still comes."""
    from sim.cli.why.command import why_command

    why_command(
        scenario,
        with_seed(settings, random_seed),
        number=number,
        pick=pick,
        tip=tip,
        runs=runs,
        sample=sample,
        feeding=feeding,
        figure=figure,
        out=out,
        parameters=parameters,
        draws=draws,
        priors=priors,
        as_json=as_json,
    )


@click.command()
@click.argument("scenario", required=False)
@click.option("--as", "actor", metavar="ACTOR", help="us, iraq, iran or a militia.")
@RUN
@click.option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Where the game is saved.")
@click.option("--resume", type=click.Path(path_type=Path), metavar="FILE", help="Go on with a saved game.")
@UNFITTED
@SEED
@SET
def play(
    scenario: str | None,
    actor: str | None,
    number: str | None,
    save: Path | None,
    resume: Path | None,
    parameters: str,
    random_seed: str | None,
    settings: tuple[str, ...],
) -> None:
    """Take an actor's seat, and decide for it day by day."""
    from sim.cli.play.command import play_command

    play_command(
        scenario,
        with_seed(settings, random_seed),
        actor=actor,
        number=number,
        save=save,
        resume=resume,
        parameters="default" if parameters == "default" else "prior",
    )
