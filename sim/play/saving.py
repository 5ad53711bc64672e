"""A game saved as a plain YAML file, and gone on with from it: the orders given, lived again."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from sim.play.game import Game, GameError, new_game
from sim.play.merging import merged, single_days
from sim.play.options import wrong_today
from sim.play.writing import block_of, check_path, write_whole
from sim.scenario import Action, Scenario, ScenarioError, dump_resolved, load_scenario
from sim.scenario.actions import Actions
from sim.scenario.complaints import first_complaint
from sim.scenario.composing import Node
from sim.scenario.errors import printable, show
from sim.scenario.fields import Day, Record, Text, Within
from sim.scenario.reading import read_file
from sim.version import VERSION

FORMAT = 1
MOST_RUNS = 1_000_000_000


class SavedGame(Record):
    """What a save file holds."""

    spiral_game: Annotated[int, Within(FORMAT, FORMAT, whole=True), Field(description="the file's format")]
    version: Annotated[Text, Field(description="the version of Spiral that wrote it")]
    name: Annotated[Text, Field(description="the scenario's name")]
    actor: Annotated[Text, Field(description="whose seat it is")]
    run: Annotated[int, Within(0, MOST_RUNS - 1, whole=True), Field(description="number of the run")]
    parameters: Annotated[Literal["prior", "default"], Field(description="where the parameters come from")]
    day: Annotated[Day, Field(description="the day to be decided next, or the day after the last")]
    orders: Annotated[Actions, Field(description="what was ordered")] = ()
    scenario: Annotated[str, Field(strict=True, description="the resolved scenario, as YAML")]
    outcome: Annotated[Text, Field(description="a digest of what the days played have come to")]


def save_game(game: Game, file: Path) -> None:
    """Write a game to a file, whole or not at all.

    Raises
    ------
    GameError
        When it cannot be written.
    """
    orders = merged(list(game.orders.values()))
    listed = block_of(
        dump_resolved(game.scenario.model_copy(update={"interventions": orders})), "interventions"
    )
    head = {
        "spiral_game": FORMAT,
        "version": f'"{VERSION}"',
        "name": f'"{game.scenario.name}"',
        "actor": f'"{game.actor}"',
        "run": game.played.run,
        "parameters": game.played.job.parameters,
        "day": game.date_of(game.day),
    }
    lines = [f"{key}: {value}\n" for key, value in head.items()]
    lines.append(listed.replace("interventions:", "orders:", 1))
    lines.append("scenario: |\n")
    lines += [f"  {line}\n" for line in dump_resolved(game.scenario).splitlines()]
    lines.append(f'outcome: "{_digest(game)}"\n')  # last, so that a file cut short is known by it
    write_whole(file, "".join(lines))


def check_save_place(file: Path) -> None:
    """Refuse to save where a file already stands, or where none can be written.

    Raises
    ------
    GameError
        In one line that says why.
    """
    check_path(file)
    if file.is_dir():
        raise GameError(f"{file}: is a folder; name a file")
    if file.exists() or file.is_symlink():
        raise GameError(f"{file}: is there already; go on with it by --resume, or name another file")
    if not file.parent.is_dir():
        raise GameError(f"{file}: cannot be written: there is no folder {file.parent}")


def load_game(file: Path) -> Game:
    """Read a saved game, and live it again up to where it was left.

    Raises
    ------
    GameError
        When it is no saved game, or cannot be gone on with; in one line that says what is wrong.
    """
    saved = _read(file)
    game = _opened(saved, file)
    days = _days_reached(game, saved, file)
    waiting = {order.span[0]: order for order in _ordered(game, saved, file)}
    while game.day < days:
        order = waiting.pop(game.date_of(game.day), None)
        wrong = wrong_today(game, order) if order else ""
        if wrong:
            raise GameError(f"{file}: the order of {game.date_of(game.day)} cannot be given: {wrong}")
        game.live(order)
    for day in waiting:
        raise GameError(f"{file}: holds an order for {day}, which is not among the days played")
    if _digest(game) != saved.outcome:
        raise GameError(f"{file}: the days played come out otherwise than when it was saved: {_why(saved)}")
    game.saved_by = saved.version
    return game


def _why(saved: SavedGame) -> str:
    """Say why a saved game is no longer what it was."""
    if saved.version == VERSION:
        return f"the file, or Spiral {VERSION} itself, was changed since"
    return f"it was saved by version {printable(saved.version)}, this is {VERSION}"


def _digest(game: Game) -> str:
    """Whole numbers only, so that a last bit does not tell."""
    return hashlib.sha256(game.played.mornings["outcome"][game.day].tobytes()).hexdigest()[:16]


def _read(file: Path) -> SavedGame:
    try:
        tree = read_file(file, kind="saved game")
        _check_format(tree, file)
        return _checked(tree)
    except ScenarioError as error:
        raise GameError(_of_a_save(str(error), file)) from None


def _of_a_save(message: str, file: Path) -> str:
    """Put an error of a scenario file into the words of a save; where the whole file is meant, no place is named."""
    shown = printable(str(file), 300)
    for problem in ("cannot be read", "is empty", "is too large"):
        message = message.replace(f"{shown}:1:1: {problem}", f"{shown}: {problem}", 1)
    return message


def _check_format(tree: Node, file: Path) -> None:
    assert isinstance(tree.value, dict)
    if "spiral_game" not in tree.value:
        raise GameError(f"{file}: is not a saved game: it holds no spiral_game")
    given = tree.value["spiral_game"].plain()
    if given != FORMAT or isinstance(given, bool):
        raise GameError(
            f"{file}: is a saved game of format {show(given)}; this version reads format {FORMAT}"
        )


def _checked(tree: Node) -> SavedGame:
    try:
        return SavedGame.model_validate(tree.plain())
    except ValidationError as error:
        raise first_complaint(error, tree) from None


def _opened(saved: SavedGame, file: Path) -> Game:
    scenario = _scenario_of(saved, file)
    try:
        return new_game(scenario, saved.actor, saved.run, saved.parameters)
    except GameError as error:
        raise GameError(f"{file}: {error}") from None


def _scenario_of(saved: SavedGame, file: Path) -> Scenario:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "scenario.yaml"
        try:
            if "/" in saved.name or not saved.name.isascii():
                raise ScenarioError(f"{printable(saved.name)} is no name of a scenario")
            place = Path(folder) / f"{saved.name}.yaml"
            place.write_text(saved.scenario, encoding="utf-8")
            return load_scenario(place)
        except (ScenarioError, OSError, UnicodeError) as error:
            reason = str(error).replace(f"{place}:", "line ", 1)
            raise GameError(f"{file}: its scenario no longer loads ({_why(saved)}): {reason}") from None


def _days_reached(game: Game, saved: SavedGame, file: Path) -> int:
    days = (saved.day - game.scenario.start).days
    if not 0 <= days <= game.played.days:
        last = game.date_of(game.played.days)
        raise GameError(f"{file}: day is {saved.day}; it must be from {game.scenario.start} to {last}")
    return days


def _ordered(game: Game, saved: SavedGame, file: Path) -> list[Action]:
    """Orders of single days; those of a span must lie within the scenario, so that they are not without end."""
    found: list[Action] = []
    for action in saved.orders:
        first, last = action.span
        if first < game.scenario.start or last > game.scenario.end:
            raise GameError(f"{file}: holds an order for {first}, outside the scenario")
        found += single_days(action)
    days = [order.span[0] for order in found]
    twice = next((day for day in days if days.count(day) > 1), None)
    if twice is not None:
        raise GameError(f"{file}: holds two orders for {twice}")
    return found
