"""Answers made into one file of HTML to be left on a desk: it holds all that it shows, and asks nobody for anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.pipeline.answers import Answer
from sim.report import module_of
from sim.report.html import anything
from sim.report.html.basis import date_text, key_text, warnings
from sim.report.html.drawn import Drawn
from sim.report.html.making import making
from sim.report.html.page import Page
from sim.report.html.render import render
from sim.scenario.titles import spoken_of
from sim.store.drawn import note_drawn
from sim.store.files import write_whole
from sim.store.manifest import REPORT

__all__ = ["page_of", "report_of", "write_report"]


def write_report(answer: Answer[Any], file: Path) -> Path:
    """Write the report of an answer, whole or not at all.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    data = report_of(answer).encode()
    beside = file == answer.folder / REPORT
    if beside:
        note_drawn(answer.folder, REPORT)
    write_whole(file, data)
    if beside:
        note_drawn(answer.folder, REPORT, [file])
    return file


def report_of(answer: Answer[Any]) -> str:
    """The report of an answer, as HTML."""
    with spoken_of(answer.scenario) as words:
        return words.put_html(render(page_of(answer)))


def page_of(answer: Answer[Any]) -> Page:
    """What the report of an answer holds.

    Each kind of question has `said`, `never` and `sections` in the module `sim.report.html.<kind>`; those that have
    none are told by their figures and tables, see `sim.report.html.anything`.
    """
    module = module_of("sim.report.html", answer.kind) or anything
    drawn = Drawn(answer)
    sections = module.sections(answer, drawn)
    return Page(
        title=_title(answer),
        question=answer.scenario.question,
        first=warnings(answer),
        said=module.said(answer, drawn),
        key=key_text(answer),
        never=module.never(answer),
        sections=(*sections, making(answer)),
        foot=_foot(answer),
    )


def _title(answer: Answer[Any]) -> str:
    """What was asked of what, and when that was answered."""
    made = answer.manifest
    return (
        f"Scenario {answer.scenario.name}, spiral {answer.kind}, {made['runs']:,} runs, made on "
        f"{date_text(made['finished'])} "
        f"with Spiral {made['version']}"
    )


def _foot(answer: Answer[Any]) -> str:
    made = answer.manifest
    return (
        f"Spiral {made['version']}, {made['runs']:,} runs. A model's answer, conditional on the model; most of its "
        "parameters are assumed."
    )
