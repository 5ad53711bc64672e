"""The folder of a figure that belongs to no result, as of `spiral trace` and `why`: looked at first, written last."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sim.errors import InputError, SpiralError


def check(place: Path | None, stem: str) -> None:
    """Refuse a folder that holds something else; None is no folder."""
    from sim.report.figures.place import PlaceTakenError, check_place

    if place is None:
        return
    try:
        check_place(place, stem)
    except PlaceTakenError as error:
        raise InputError(str(error)) from error


def drawn(draw: Callable[[Path], list[Path]], place: Path | None) -> list[Path]:
    """The files written; none without a folder."""
    if place is None:
        return []
    try:
        return draw(place)
    except OSError as error:
        raise SpiralError(f"{place}: cannot be written: {error.strerror or error}") from error
