"""The command that lets a person take an actor's seat."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from sim.cli.options import run_number
from sim.cli.work import tell_of_compiling
from sim.errors import INTERRUPTED, InputError
from sim.pipeline.request import Request

if TYPE_CHECKING:
    from sim.cli.play.dialogue import Dialogue


def play_command(
    name: str | None,
    settings: Sequence[str],
    *,
    actor: str | None,
    number: str | None,
    save: Path | None,
    resume: Path | None,
    parameters: Literal["prior", "default"],
) -> None:
    """Open a game or go on with a saved one, and play it until it ends or the person leaves."""
    from sim.cli.play.dialogue import Dialogue
    from sim.play import GameError, check_save_place, load_game, new_game, save_game
    from sim.scenario.titles import spoken_of

    _check_what_is_given(name, settings, actor, number, resume, parameters)
    tell_of_compiling()
    try:
        if save is not None and save != resume:
            check_save_place(save)
        if resume is not None:
            game = load_game(resume)
        else:
            scenario = Request((name or "",), tuple(settings)).scenario
            run = run_number(number) if number is not None else 0
            game = new_game(scenario, actor or "", run, parameters)
        place = save or resume
        if place is not None:
            save_game(game, place)
    except GameError as error:
        raise InputError(_by_option(str(error), actor)) from error
    with spoken_of(game.scenario):
        _play(Dialogue(game, place, resumed=resume is not None))


def _play(dialogue: Dialogue) -> None:
    try:
        dialogue.play()
    except EOFError:
        dialogue.leave()
    except KeyboardInterrupt:
        dialogue.leave()
        raise click.exceptions.Exit(INTERRUPTED) from None


def _check_what_is_given(
    name: str | None,
    settings: Sequence[str],
    actor: str | None,
    number: str | None,
    resume: Path | None,
    parameters: str,
) -> None:
    """A new game needs a scenario and a seat; a saved one brings its own."""
    if resume is None:
        if name is None:
            raise InputError("play: name a SCENARIO, or go on with a saved game by --resume FILE")
        if actor is None:
            raise InputError(
                "--as: is missing; name the seat to take: us, iraq, iran or a militia of the scenario"
            )
        return
    given = {
        "SCENARIO": name is not None,
        "--as": actor is not None,
        "--run": number is not None,
        "--parameters": parameters != "prior",
        "--set or --random-seed": bool(settings),
    }
    for option, is_given in given.items():
        if is_given:
            raise InputError(f"{option}: cannot go with --resume, since the saved game brings its own")


def _by_option(message: str, actor: str | None) -> str:
    return f"--as: {message}" if "is no actor of" in message and actor is not None else message
