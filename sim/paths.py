"""Where the project's data lie: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

from pathlib import Path


def data_folder(name: str) -> Path:
    """Give the folder of shipped data called `name`.

    Parameters
    ----------
    name : str
        ``"seeds"`` or ``"scenarios"``.

    Returns
    -------
    Path
        The copy inside an installed package if there is one, else the folder beside the package.
    """
    package = Path(__file__).resolve().parent
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name
