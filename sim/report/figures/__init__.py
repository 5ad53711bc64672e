"""Figures of a result: each as PNG and SVG, with the data that it shows as CSV. They never simulate."""

from __future__ import annotations

from pathlib import Path

from sim.report.figures import campaign, ladder, outcomes, risk, timing
from sim.report.figures.page import save
from sim.report.figures.result import Drawing, Result
from sim.report.figures.style import style

__all__ = ["Drawing", "Result", "draw_all", "drawings"]

FIGURES = (risk, campaign, ladder, outcomes, timing)


def draw_all(result: Result, folder: Path) -> list[Path]:
    """Draw every figure of a result into a folder.

    Parameters
    ----------
    result : Result
    folder : Path
        Made if it is not there; files of the same names are replaced.

    Returns
    -------
    list of Path
        The files written: PNG, SVG and CSV of each figure in turn.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with style():
        for figure in FIGURES:
            written += save(figure.draw(result), folder)
    return written


def drawings(result: Result) -> list[Drawing]:
    """Draw every figure of a result, and write nothing."""
    with style():
        return [figure.draw(result) for figure in FIGURES]
