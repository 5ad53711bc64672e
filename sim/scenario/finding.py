"""From a name or path to a scenario file: the working folder's scenarios first, then the shipped ones."""

from __future__ import annotations

import os
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from sim.paths import data_folder
from sim.scenario.composing import Node
from sim.scenario.errors import ScenarioError, complaint, did_you_mean, printable, show
from sim.scenario.fields import is_name

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario's file, and how errors call it."""

    path: Path
    shown: str

    @property
    def name(self) -> str:
        """The scenario's name: the file's without its suffix."""
        return self.path.stem


def folders() -> tuple[Path, ...]:
    """Give the folders in which a bare name is looked up, in order."""
    return Path("scenarios"), data_folder("scenarios")


def find_file(name_or_path: str | PathLike[str]) -> ScenarioFile:
    """Find the file meant by a path, or by a bare name.

    Raises
    ------
    ScenarioError
        If no folder has a scenario of that name.
    """
    given = os.fspath(name_or_path)
    if _is_path(given):
        return ScenarioFile(Path(given), given)
    return find_named(given)


def find_named(name: str) -> ScenarioFile:
    """Find the scenario file of a bare name; see `find_file`."""
    for folder in folders():
        if is_name(name) and (folder / f"{name}.yaml").is_file():
            return ScenarioFile(folder / f"{name}.yaml", _shown(folder / f"{name}.yaml"))
    raise ScenarioError(_unknown(name))


def _unknown(given: str) -> str:
    """Say that there is no scenario of a name, and which there are."""
    known = known_names()
    return (
        f"{printable(given) or '(empty)'}: no scenario has this name; there are {', '.join(known) or 'none'}"
        f"{did_you_mean(given, known)}{_file_here(given)}"
    )


def _file_here(name: str) -> str:
    """That a file of this name is in the working folder, where scenarios are not looked for."""
    here = Path(f"{name}.yaml")
    return f"; {here} is a file here: name it so" if is_name(name) and here.is_file() else ""


def known_names() -> list[str]:
    """Give the names of all scenarios in the folders where names are looked up."""
    files = (path for folder in folders() for path in folder.glob("*.yaml") if path.is_file())
    return sorted({path.stem for path in files if is_name(path.stem)})


def find_parent(child: ScenarioFile, extends: Node) -> ScenarioFile:
    """Find the scenario that another extends, in its own folder or among the shipped ones.

    Raises
    ------
    ScenarioError
        If it is not a bare name, is unknown, or is a link that leads out of the folder.
    """
    name = extends.value
    if not isinstance(name, str) or not is_name(name):
        problem = "must be the bare name of a scenario, such as october-2023"
        raise _wrong(extends, problem)
    for folder in (child.path.parent, data_folder("scenarios")):
        path = folder / f"{name}.yaml"
        if path.is_file():
            if path.resolve().parent != folder.resolve():
                raise _wrong(extends, "is a link that leads out of its folder")
            return ScenarioFile(path, _shown(path))
    near = sorted({*known_names(), *(p.stem for p in child.path.parent.glob("*.yaml"))} - {child.name})
    raise _wrong(extends, "no scenario has this name", did_you_mean(name, near))


def _wrong(extends: Node, problem: str, hint: str = "") -> ScenarioError:
    return complaint(extends.place, problem, ("extends",), show(extends.plain()), hint)


def _is_path(given: str) -> bool:
    separators = {os.sep, os.altsep or os.sep}
    if given.endswith(SUFFIXES) or any(separator in given for separator in separators):
        return True
    try:
        return Path(given).is_file()
    except (OSError, ValueError):
        return False


def _shown(path: Path) -> str:
    """Name a file relative to the working folder when it lies inside."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (OSError, ValueError):
        return str(path)
