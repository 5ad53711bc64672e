"""Findings made into figures, tables and sentences; nothing here simulates."""

from __future__ import annotations

import importlib
from types import ModuleType


def module_of(package: str, kind: str) -> ModuleType | None:
    """The module of a package that is about a kind of question; None where it has none of its own."""
    try:
        return importlib.import_module(f"{package}.{kind}")
    except ModuleNotFoundError as error:
        if error.name != f"{package}.{kind}":
            raise
        return None
