"""The page of a question over many worlds: what was found above, how to read it and what made it below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from sim.pipeline.answers import Answer
from sim.report.figures.page import blank_page, source_note
from sim.wording import parameters_text


def answer_page(answer: Answer[Any], title: str, reading: Sequence[str], height: float = 4.4) -> Figure:
    """Start a figure: title and question above, notes below, and room of so many inches between for axes.

    Parameters
    ----------
    answer : Answer
    title : str
        What was found, in a sentence with its numbers.
    reading : sequence of str
        How to read the figure: what each line, band or bar is.
    height : float
        Inches left to the axes.
    """
    scenario = answer.scenario
    return blank_page(title, f"{scenario.name}: {scenario.question}", (*reading, *_notes(answer)), height)


def _notes(answer: Answer[Any]) -> tuple[str, str]:
    made, scenario = answer.manifest, answer.scenario
    changed = "".join(f" with {change}" for change in made.get("changes", ()))
    return (
        f"Scenario {scenario.name}{changed}, {made['runs']:,} runs in all, seed {made['random_seed']}, parameters "
        f"{parameters_text(answer.parameters, bool(scenario.priors))}, Spiral {made['version']}.",
        "Model estimate, conditional on the model; parameters mostly assumed, and no article informs the last step to "
        f"a direct spiral. {source_note()}",
    )
