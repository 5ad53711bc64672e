"""Where results are: the folder of a scenario's result, and one that was named on the command line."""

from __future__ import annotations

import difflib
from contextlib import suppress
from pathlib import Path

from sim.errors import InputError

RESULTS = Path("results")


def place_for(out: Path | None, name: str) -> Path:
    """Folder for the result of a scenario: as asked for, or by its name; refused where something else stands."""
    from sim.store import check_place

    place = out or RESULTS / name
    check_place(place)
    return place


def place_named(place: Path) -> Path:
    """Folder by its path or by the bare name of a result; bad input when there is neither."""
    for found in (place, RESULTS / place):
        if found.is_dir():
            return found
    raise InputError(
        f"{place}: no such folder; results are under {RESULTS}/ unless --out named another place{_nearest(place)}"
    )


def _nearest(place: Path) -> str:
    """The result whose name is nearest to one that was not found, as a question."""
    names: list[str] = []
    with suppress(OSError):
        names = [folder.name for folder in RESULTS.iterdir() if folder.is_dir()]
    near = difflib.get_close_matches(place.name, names, n=1)
    return f"; did you mean {near[0]}?" if near else ""
