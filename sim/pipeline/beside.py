"""Scenario files that lie in result folders: what a result was made with besides is not in them."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.scenario.errors import printable
from sim.store import MANIFEST, OWN_DRAWS, StoreError, read_manifest


def check_without_draws(names: Iterable[str | PathLike[str]]) -> None:
    """Refuse scenarios of results that were made with draws of an analyst's own, where nothing is said of parameters.

    Raises
    ------
    InputError
        For the first; the message names the options that say it.
    """
    for name in names:
        file = Path(name)
        try:
            draws = _draws_of(file.parent) if file.is_file() else None
        except (OSError, ValueError):
            continue
        if draws is not None:
            whose = f" of {printable(str(draws['file']))}" if "file" in draws else ""
            others = " --parameters default" if draws.get("others_from") == "default" else ""
            raise InputError(
                f"{printable(str(name), 300)}: lies in a result that was made with the draws{whose}, which the file "
                f"does not hold: --draws {printable(str(file.parent / OWN_DRAWS), 300)}{others} takes them (run, trace "
                "and why), --parameters prior leaves them out"
            )


def _draws_of(folder: Path) -> dict[str, Any] | None:
    """What a result folder says of draws; of one that is damaged, whether it holds any."""
    if not (folder / MANIFEST).is_file():
        return None
    try:
        manifest = read_manifest(folder) or {}
    except StoreError:
        manifest = {}
    there: dict[str, Any] | None = {} if (folder / OWN_DRAWS).is_file() else None
    return manifest.get("draws", there)
