"""Sensitivity drawn: what the strongest parameters do, and how much rests on what."""

from __future__ import annotations

from sim.experiments.sensitivity.finding import SensitivityFinding
from sim.pipeline.answers import Answer
from sim.report.figures.result import Drawing
from sim.report.figures.sensitivity_groups import draw_groups
from sim.report.figures.sensitivity_morris import draw_morris
from sim.report.figures.sensitivity_tornado import draw_tornado


def drawings(answer: Answer[SensitivityFinding]) -> list[Drawing]:
    """Draw a tornado and the shares of groups, or the ranking of Morris's method."""
    if answer.finding.method == "morris":
        return [draw_morris(answer)]
    return [draw_tornado(answer), draw_groups(answer)]
