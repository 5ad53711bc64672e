"""The folder of a figure that stands by itself, beside no result."""

from __future__ import annotations

from pathlib import Path

KINDS = ("png", "svg", "csv")


class PlaceTakenError(Exception):
    """A folder that holds something else than this figure; the message is one line."""


def check_place(place: Path, stem: str) -> None:
    """Refuse to write where something stands that is not a figure of this name."""
    ours = {f"{stem}.{kind}" for kind in KINDS}
    try:
        free = not place.exists() and not place.is_symlink()
        if free or (place.is_dir() and {file.name for file in place.iterdir()} <= ours):
            return
    except OSError as error:
        raise PlaceTakenError(f"{place}: cannot be written: {error.strerror}") from error
    raise PlaceTakenError(
        f"{place}: holds something else than the figure '{stem}'; name another folder with --out"
    )
