"""A game written as a scenario: what was played, with the person's orders as interventions."""

from __future__ import annotations

from pathlib import Path

from sim.experiments.playing.game import Game, GameError
from sim.experiments.playing.merging import merged
from sim.experiments.playing.seats import title_of
from sim.experiments.playing.writing import block_of, write_whole
from sim.paths import data_folder
from sim.scenario import Scenario, ScenarioError, dump_resolved, load_scenario
from sim.scenario.fields import is_name


def as_scenario(game: Game, name: str) -> Scenario:
    """The scenario whose run of the game's number is the game, the model deciding after its last day."""
    scenario = game.scenario
    orders = merged(list(game.orders.values()))
    question = (
        f"How does {scenario.name} end when {title_of(game.actor, scenario)} does "
        f"what it was ordered in a game of run {game.played.run}?"
    )
    changes = {"name": name, "question": question, "interventions": (*scenario.interventions, *orders)}
    return scenario.model_copy(update=changes)


def export_game(game: Game, file: Path) -> bool:
    """Write a game as a scenario file.

    The file extends the scenario that was played when that can be found from where the file lies, and is otherwise
    written out in full.

    Returns
    -------
    bool
        Whether it extends.

    Raises
    ------
    GameError
        When the file's name is no scenario's name, or is taken, or cannot be written.
    """
    if file.suffix != ".yaml" or not is_name(file.stem):
        raise GameError(f"{file}: must be named as a scenario is, in lower-case words, such as my-game.yaml")
    if file.stem == game.scenario.name:
        raise GameError(f"{file}: has the name of the scenario that is played; name it otherwise")
    if file.exists() or file.is_symlink():
        raise GameError(f"{file}: is there already; name another file")
    scenario = as_scenario(game, file.stem)
    resolved = dump_resolved(scenario)
    extends = _can_extend(game, file)
    if not extends:
        write_whole(file, resolved)
        return False
    keys = ("name", "question", "random_seed", "interventions")
    name, *others = (block_of(resolved, key) for key in keys)
    write_whole(file, f"{name}extends: {game.scenario.name}\n" + "".join(others))
    return True


def _can_extend(game: Game, file: Path) -> bool:
    """Tell whether the scenario's name, in this folder, means the scenario that was played (but for its seed)."""
    name = game.scenario.name
    for folder in (file.parent, data_folder("scenarios")):
        path = folder / f"{name}.yaml"
        if path.is_file():
            try:
                return load_scenario(path, [f"random_seed={game.scenario.random_seed}"]) == game.scenario
            except ScenarioError:
                return False
    return False
