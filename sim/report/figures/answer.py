"""The page of a question over many worlds: what was found above, how to read it and what made it below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from sim.pipeline.answers import Answer
from sim.report.figures.page import blank_page, question_note, source_note
from sim.wording import parameters_text


def answer_page(
    answer: Answer[Any], title: str, subtitle: str, reading: Sequence[str], height: float = 4.4
) -> Figure:
    """Start a figure: the finding above, notes below, and room of so many inches between for axes.

    Parameters
    ----------
    answer : Answer
    title : str
        What was found, in a sentence of under 90 characters.
    subtitle : str
        How sure that is: its intervals.
    reading : sequence of str
        How to read the figure: what each line, band or bar is.
    height : float
        Inches left to the axes.
    """
    notes = (*reading, question_note(answer.scenario), *_notes(answer))
    return blank_page(title, subtitle, notes, height)


def _notes(answer: Answer[Any]) -> tuple[str, str]:
    made, scenario = answer.manifest, answer.scenario
    changed = "".join(f" with {change}" for change in made.get("changes", ()))
    return (
        f"Scenario {scenario.name}{changed}, {made['runs']:,} runs in all, seed {made['random_seed']}, parameters "
        f"{parameters_text(answer.parameters, bool(scenario.priors))}, Spiral {made['version']}.",
        "Model estimate, conditional on the model; parameters mostly assumed, and no article informs the last step to "
        f"a direct exchange. {source_note()}",
    )
