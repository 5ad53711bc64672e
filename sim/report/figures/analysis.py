"""Figures of questions over many worlds: each kind drawn by its own module, on the same page as all others."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from sim.report.figures.page import blank_page, save, source_note
from sim.report.figures.result import Drawing
from sim.report.figures.style import style
from sim.store import Analysis, parameters_of
from sim.wording import parameters_text

KINDS = (
    "sweep", "compare", "dilemma", "sensitivity", "discover", "policy", "warnings",
    "calibrate", "validate", "forecast", "rivals",
)  # fmt: skip
"""Each drawn by `drawings(analysis)` of the module `sim.report.figures.<kind>`."""


def draw_analysis(analysis: Analysis, folder: Path) -> list[Path]:
    """Draw every figure of a question's answer into a folder, made if it is not there.

    Returns
    -------
    list of Path
        The files written: PNG, SVG and CSV of each figure in turn.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with style():
        return [file for drawing in drawings(analysis) for file in save(drawing, folder)]


def drawings(analysis: Analysis) -> list[Drawing]:
    """Draw every figure, in the house style of whoever calls, and write nothing."""
    module = importlib.import_module(f"sim.report.figures.{analysis.kind}")
    found: list[Drawing] = module.drawings(analysis)
    return found


def analysis_page(analysis: Analysis, title: str, reading: Sequence[str], height: float = 4.4) -> Figure:
    """Start a figure: title and question above, notes below, and room of so many inches between for axes.

    Parameters
    ----------
    analysis : Analysis
    title : str
        What was found, in a sentence with its numbers.
    reading : sequence of str
        How to read the figure: what each line, band or bar is.
    height : float
        Inches left to the axes.
    """
    scenario = analysis.scenario
    return blank_page(title, f"{scenario.name}: {scenario.question}", (*reading, *_notes(analysis)), height)


def _notes(analysis: Analysis) -> tuple[str, str]:
    made, scenario = analysis.manifest, analysis.scenario
    changed = "".join(f" with {change}" for change in made.get("changes", ()))
    return (
        f"Scenario {scenario.name}{changed}, {made['runs']:,} runs in all, seed {made['random_seed']}, parameters "
        f"{parameters_text(parameters_of(analysis), bool(scenario.priors))}, Spiral {made['version']}.",
        "Model estimate, conditional on the model; parameters mostly assumed, and no fact informs the last step to a "
        f"direct spiral. {source_note()}",
    )
