"""The command that begins a scenario file."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from sim.cli.groups import GROUPS
from sim.cli.template import next_commands, template
from sim.errors import InputError, SpiralError
from sim.paths import data_folder
from sim.scenario import Scenario, ScenarioError, load_scenario
from sim.scenario.errors import did_you_mean, printable
from sim.scenario.fields import is_name
from sim.scenario.finding import folders, known_names
from sim.store.files import reason, write_whole

EXAMPLE = "november-strike"


def new_command(name: str, parent: str, force: bool) -> None:
    """Write a scenario file of this name into the working folder.

    Raises
    ------
    InputError
        When the name is none, is taken, or the parent is no scenario that can be extended from here.
    SpiralError
        When the file cannot be written; what stood there then still stands.
    """
    _check_name(name)
    extended = _parent(name, parent)
    file = Path(f"{name}.yaml")
    if file.is_dir():
        raise InputError(f"{file}: is a folder; choose another name")
    if os.path.lexists(file) and not force:
        raise InputError(f"{file}: is there already; choose another name, or give --force to replace it")
    try:
        write_whole(file, template(name, extended).encode())
    except OSError as error:
        raise SpiralError(f"{file}: cannot be written: {reason(error)}") from error
    click.echo(f"{file} is written: {extended.name} under another name, until something in it is changed.")
    for line in next_commands(name, extended.name):
        click.echo(f"  {line}")


def _check_name(name: str) -> None:
    shown = printable(name) or "(empty)"
    if not is_name(name):
        text = "must be a name in lower-case words joined by hyphens, at most 60 characters"
        raise InputError(f"{shown}: {text}, without .yaml; such as {_nearest(name)}")
    if any(name in names for names in GROUPS.values()):
        raise InputError(f"{name}: is the name of a command; choose another, such as my-{name}")
    if name in known_names():
        where = next(folder for folder in folders() if (folder / f"{name}.yaml").is_file())
        whose = "ships with Spiral" if where == data_folder("scenarios") else f"is in {where} already"
        raise InputError(
            f"{name}: a scenario of this name {whose}; choose another, such as my-{name[:50].rstrip('-')}"
        )


def _nearest(name: str) -> str:
    """The name nearest to one that is none."""
    words = re.findall("[a-z0-9]+", name[:200].lower().removesuffix(".yaml").removesuffix(".yml"))
    near = "-".join(words)[:60].strip("-").lstrip("0123456789-")
    return near if is_name(near) else EXAMPLE


def _parent(name: str, parent: str) -> Scenario:
    """The scenario that is to be extended: one beside the file, or a shipped one."""
    shown = printable(parent) or "(empty)"
    beside = sorted(path.stem for path in Path().glob("*.yaml") if path.is_file() and is_name(path.stem))
    if not is_name(parent):
        raise InputError(f"--from: {shown}: must be the bare name of a scenario, such as october-2023")
    if parent == name:
        raise InputError(f"--from: {name}: a scenario cannot extend itself; name another")
    for folder in (Path(), data_folder("scenarios")):
        if (folder / f"{parent}.yaml").is_file():
            return _loaded(folder / f"{parent}.yaml")
    if parent in (known := known_names()):
        raise InputError(
            f"--from: {parent}: lies in another folder, and a scenario extends one beside it or a shipped one; call "
            f"`spiral new` in scenarios/"
        )
    raise InputError(f"--from: {shown}: no scenario has this name{did_you_mean(parent, {*known, *beside})}")


def _loaded(path: Path) -> Scenario:
    try:
        return load_scenario(path)
    except ScenarioError as error:
        raise InputError(f"--from: {error}") from error
