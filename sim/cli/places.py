"""Where results are: the folder of a scenario's result, and one that was named on the command line."""

from __future__ import annotations

from pathlib import Path

from sim.cli.failures import BadInput, Failed

RESULTS = Path("results")


def place_for(out: Path | None, name: str) -> Path:
    """Folder for the result of a scenario: as asked for, or by its name; refused where something else stands."""
    from sim.store import RefusedPlace, StoreError, check_place

    place = out or RESULTS / name
    try:
        check_place(place)
    except RefusedPlace as error:
        raise BadInput(str(error)) from error
    except StoreError as error:
        raise Failed(str(error)) from error
    return place


def place_named(place: Path) -> Path:
    """Folder by its path or by the bare name of a result; bad input when there is neither."""
    for found in (place, RESULTS / place):
        if found.is_dir():
            return found
    raise BadInput(f"{place}: no such folder; results are under {RESULTS}/ unless --out named another place")
