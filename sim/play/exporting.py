"""A game written as a scenario: what was played, with the person's orders as interventions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from sim.paths import data_folder
from sim.play.differing import differing
from sim.play.game import Game, GameError
from sim.play.merging import merged
from sim.play.writing import block_of, check_path, write_whole
from sim.replay.words import actor_name
from sim.scenario import Scenario, ScenarioError, dump_resolved, load_scenario
from sim.scenario.errors import printable, shorten
from sim.scenario.fields import is_name

LONGEST, LONGEST_TITLE = 60, 100  # characters of a name, and of an actor's in a question
MOST_CHANGES, MOST_NAMED = 12, 3


def as_scenario(game: Game, name: str, changes: Sequence[str] = ()) -> Scenario:
    """The scenario whose run of the game's number is the game, the model deciding after its last day.

    `changes` are what sets the scenario that was played apart from the one of its name.
    """
    scenario = game.scenario
    orders = merged(list(game.orders.values()))
    who = shorten(actor_name(game.actor, scenario), LONGEST_TITLE)
    question = (
        f"How does {_with(scenario.name, changes)} end when {who} does "
        f"what it was ordered in a game of run {game.played.run}?"
    )
    update = {"name": name, "question": question, "interventions": (*scenario.interventions, *orders)}
    return scenario.model_copy(update=update)


def _with(name: str, changes: Sequence[str]) -> str:
    """Name a scenario and what was changed in it."""
    if not changes:
        return name
    few = len(changes) <= MOST_NAMED and sum(map(len, changes)) <= 200
    return f"{name} ({', '.join(changes) if few else f'with {len(changes)} changes'})"


def export_game(game: Game, file: Path) -> bool:
    """Write a game as a scenario file.

    The file extends the scenario that was played, with what was changed in it, when that can be found from where the
    file lies, and is otherwise written out in full.

    Returns
    -------
    bool
        Whether it extends.

    Raises
    ------
    GameError
        When the file's name is no scenario's name, or is taken, or cannot be written, or would not load as this game.
    """
    check_export_place(file, game.scenario.name)
    base = _base(game, file)
    overrides, changes = differing(base, game.scenario) if base else ("", [])
    scenario = as_scenario(game, file.stem, changes)
    resolved = dump_resolved(scenario)
    if base is not None and len(changes) <= MOST_CHANGES:
        name, question, orders = (block_of(resolved, key) for key in ("name", "question", "interventions"))
        if not any(change.startswith("random_seed = ") for change in changes):
            overrides += block_of(resolved, "random_seed")
        write_whole(file, f"{name}extends: {game.scenario.name}\n{question}{overrides}{orders}")
        if _loads_to(file, scenario):
            return True
    head = f"# {game.scenario.name} with: {'; '.join(changes[:MOST_CHANGES])}\n" if changes else ""
    write_whole(file, head + resolved)
    if not _loads_to(file, scenario):
        file.unlink(missing_ok=True)
        raise GameError(f"{printable(str(file), 300)}: cannot be written: it would not be read as this game")
    return False


def check_export_place(file: Path, played: str) -> None:
    """Refuse what is no scenario's name, or is taken, in one line with the nearest right name."""
    shown = printable(str(file), 300)
    fault = _fault_of(file)
    if fault:
        near = printable(str(file.parent / f"{_nearest(file.name, played)}.yaml"), 300)
        raise GameError(f"{shown}: must be named as a scenario is, {fault}: try {near}")
    check_path(file)
    if file.stem == played:
        raise GameError(f"{shown}: has the name of the scenario that is played; name it otherwise")
    if file.exists() or file.is_symlink():
        raise GameError(f"{shown}: is there already; name another file")
    if not file.parent.is_dir():
        raise GameError(f"{shown}: cannot be written: there is no folder {printable(str(file.parent), 300)}")


def _fault_of(file: Path) -> str:
    """Say what keeps a file's name from being a scenario's; nothing if it is one."""
    stem = file.name.removesuffix(".yaml")
    odd = next(iter(re.findall(r"[^a-z0-9-]", stem)), "")
    if file.suffix != ".yaml":
        return "ending in .yaml"
    if is_name(stem):
        return ""
    if odd.lower() != odd:
        return f"in lower-case letters, not '{odd}'"
    if odd:
        return f"its words joined by hyphens, not '{printable(odd)}'"
    if len(stem) > LONGEST:
        return f"in at most {LONGEST} letters"
    return "its words joined by single hyphens" if stem[:1].isalpha() else "beginning with a letter"


def _nearest(name: str, played: str) -> str:
    """The name of a scenario that is nearest to a file's."""
    plain = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\.ya?ml$", "", name.lower()))
    near = re.sub(r"^[^a-z]+", "", plain)[:LONGEST].strip("-")
    return f"{near}-game" if near == played else near or "my-game"


def _base(game: Game, file: Path) -> Scenario | None:
    """The scenario that the played one's name means to a file in this folder, if there is any."""
    for folder in (file.parent, data_folder("scenarios")):
        path = folder / f"{game.scenario.name}.yaml"
        if path.is_file():
            try:
                return load_scenario(path)
            except ScenarioError:
                return None
    return None


def _loads_to(file: Path, scenario: Scenario) -> bool:
    try:
        return load_scenario(file) == scenario
    except ScenarioError:
        return False
