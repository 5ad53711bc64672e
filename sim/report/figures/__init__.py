"""Figures of answers: each as PNG and SVG, with the data that it shows as CSV. They never simulate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report import module_of
from sim.report.figures.page import retold, save
from sim.report.figures.result import Drawing
from sim.report.figures.style import style
from sim.scenario.titles import spoken_of
from sim.store.drawn import note_drawn
from sim.store.manifest import FIGURES

if TYPE_CHECKING:
    from sim.pipeline.answers import Answer

__all__ = ["Drawing", "draw_answer", "drawings"]


def draw_answer(answer: Answer[Any], folder: Path) -> list[Path]:
    """Draw every figure of an answer into a folder.

    Parameters
    ----------
    answer : Answer
    folder : Path
        Made if it is not there; files of the same names are replaced.

    Returns
    -------
    list of Path
        The files written: PNG, SVG and CSV of each figure in turn.
    """
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder == answer.folder / FIGURES
    if beside:
        note_drawn(answer.folder, FIGURES)
    with style():
        drawn = [file for drawing in drawings(answer) for file in save(drawing, folder)]
    if beside:  # its own folder, where each is held against what was drawn
        note_drawn(answer.folder, FIGURES, drawn)
    return drawn


def drawings(answer: Answer[Any]) -> list[Drawing]:
    """Draw every figure, in the house style of whoever calls, and write nothing.

    Each kind of question is drawn by `drawings(answer)` of the module `sim.report.figures.<kind>`.
    """
    module = module_of("sim.report.figures", answer.kind)
    if module is None:
        return []
    with spoken_of(answer.scenario):
        return [retold(drawing) for drawing in module.drawings(answer)]
