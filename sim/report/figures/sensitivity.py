"""Sensitivity drawn: what the strongest parameters do, and how much rests on what."""

from __future__ import annotations

from sim.report.figures.result import Drawing
from sim.report.figures.sensitivity_groups import draw_groups
from sim.report.figures.sensitivity_morris import draw_morris
from sim.report.figures.sensitivity_tornado import draw_tornado
from sim.store import Analysis


def drawings(analysis: Analysis) -> list[Drawing]:
    """Draw a tornado and the shares of groups, or the ranking of Morris's method."""
    if analysis.estimates["method"] == "morris":
        return [draw_morris(analysis)]
    return [draw_tornado(analysis), draw_groups(analysis)]
