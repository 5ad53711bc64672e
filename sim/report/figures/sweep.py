"""A sweep drawn: a line for one number varied, a map for two, one panel each beyond."""

from __future__ import annotations

from sim.experiments.sweep import SweepFinding
from sim.pipeline.answers import Answer
from sim.report.figures.result import Drawing
from sim.report.figures.sweep_line import draw_line
from sim.report.figures.sweep_map import draw_map
from sim.report.figures.sweep_panels import draw_panels


def drawings(answer: Answer[SweepFinding]) -> list[Drawing]:
    """Draw a sweep in the form that fits the number of its levers."""
    levers = answer.finding.levers
    if len(levers) == 1:
        return [draw_line(answer)]
    if len(levers) == 2 and answer.finding.points >= 4:
        return [draw_map(answer)]
    return [draw_panels(answer)]
