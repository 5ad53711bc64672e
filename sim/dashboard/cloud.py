"""The cloud of runs, of which a reader opens one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, TapTool

from sim.dashboard.charts import Key, blank
from sim.outcomes import OUTCOMES
from sim.report.figures.style import INK, RUNGS, SPIRALS
from sim.wording import RUNG_NAMES


class Cloud:
    """Every run of the first ones as a dot: how many attacks it saw, and how high it climbed."""

    KEY: tuple[Key, ...] = (
        ("no headline", "dot", "#7A8794", 0.35),
        ("anyway", "dot", "#B08030", 0.8),
        ("spiral", "dot", SPIRALS["direct"], 0.8),
    )

    def __init__(self) -> None:
        self.drawing = made = blank(300)
        made.ygrid.visible = False
        made.add_tools(TapTool())
        made.xaxis.axis_label = "attacks on US forces by the last day"
        made.yaxis.ticker = FixedTicker(ticks=list(range(len(RUNGS))))
        made.yaxis.major_label_overrides = {
            rung: f"{rung} {name.replace(' ', chr(10))}" for rung, name in enumerate(RUNG_NAMES)
        }
        self.sources = {name: ColumnDataSource(self._empty()) for name, *_ in self.KEY}
        tips = [
            ("run", "@run"),
            ("attacks", "@x"),
            ("US killed by fire", "@killed"),
            ("highest rung", "@rung"),
        ]
        dots = [
            made.scatter(
                "x", "y", source=self.sources[name], size=7, color=colour, alpha=alpha, line_color=None,
                nonselection_alpha=alpha, selection_line_color=INK, selection_line_width=2, selection_fill_alpha=1.0,
            )
            for name, _, colour, alpha in self.KEY
        ]  # fmt: skip
        made.add_tools(HoverTool(renderers=dots, tooltips=tips))

    @staticmethod
    def _empty() -> dict[str, list[Any]]:
        return {name: [] for name in ("x", "y", "run", "killed", "rung")}

    def show(self, outcomes: np.ndarray) -> None:
        """Draw these runs, the first of which is run 0."""
        runs = np.arange(len(outcomes))
        rungs = np.asarray(OUTCOMES["peak_rung"].of(outcomes))
        spread = ((runs * 0.6180339887) % 1.0 - 0.5) * 0.7
        which = {"spiral": outcomes["spiral_day"] >= 0, "anyway": outcomes["anyway_day"] >= 0}
        which["no headline"] = ~(which["spiral"] | which["anyway"])
        whole: Mapping[str, np.ndarray] = {
            "x": np.asarray(OUTCOMES["attacks"].of(outcomes)),
            "y": rungs + spread,
            "run": runs,
            "killed": np.asarray(OUTCOMES["killed"].of(outcomes)),
            "rung": rungs,
        }
        for name, source in self.sources.items():
            source.selected.indices = []
            source.data = {key: values[which[name]] for key, values in whole.items()}
