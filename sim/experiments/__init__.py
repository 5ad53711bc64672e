"""Questions, each a module of its own here: an experiment, declared by its options, its runs and its finding.

A module's first line is the help of its command. What asks no question of many runs is not here, but for `why`, which
opens single ones.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:  # whoever only lists the questions loads no heavy library
    from sim.pipeline.answers import Answer
    from sim.pipeline.experiment import Experiment, Finding


@cache
def kinds() -> dict[str, str]:
    """What each question asks, in a sentence, by its command; no module is loaded for it."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        home = Path(module.module_finder.path, module.name)  # type: ignore[union-attr]
        file = home / "__init__.py" if module.ispkg else home.with_suffix(".py")
        text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        found[module.name] = text.splitlines()[0]
    return found


def experiment_of(kind: str) -> type[Experiment]:
    """The experiment that a command carries out.

    Raises
    ------
    InputError
        When there is none of this name.
    """
    from sim.pipeline.experiment import Experiment

    if kind not in kinds():
        raise InputError(f"{kind!r}: no such question; they are {', '.join(kinds())}")
    module = importlib.import_module(f"{__name__}.{kind}")
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Experiment) and vars(value).get("kind") == kind:
            return value
    raise InputError(f"{kind!r}: is no question over many runs")


def open_answer(folder: Path) -> Answer[Finding]:
    """Read the answer that a finished result folder holds, of whatever question.

    Raises
    ------
    StoreError
        When it is none, is not finished, or is damaged.
    """
    from sim.pipeline.answers import load_answer
    from sim.pipeline.experiment import Finding
    from sim.store import StoreError, kind_of, read_manifest

    try:
        manifest = read_manifest(folder)
        finding = Finding if manifest is None else experiment_of(kind_of(manifest)).finding
    except InputError as error:
        raise StoreError(f"{folder}: is damaged: {error}") from error
    except OSError as error:
        raise StoreError(f"{folder}: cannot be read: {error.strerror or error}") from error
    return load_answer(folder, finding)
