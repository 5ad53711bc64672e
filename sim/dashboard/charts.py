"""The drawings of a page, in Bokeh: made once, and given new data as answers come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from bokeh.models import (
    ColumnDataSource,
    DatetimeTickFormatter,
    FixedTicker,
    HoverTool,
    NumeralTickFormatter,
)
from bokeh.plotting import figure

from sim.outcomes import OUTCOMES
from sim.report.figures.campaign import PLACES, marks
from sim.report.figures.style import COUNTRIES, FAINT, INK, RUNGS, SPIRALS
from sim.scenario import Scenario
from sim.wording import RUNG_NAMES

NOW, PINNED = "#9B1C1C", "#0B5C8F"
RISK = ("date", "probability", "low", "high", "unknown_low", "unknown_high")
BARS = 60
"""Bars of a distribution, at most."""

QUANTILES = ("date", "mean", "q05", "q25", "q50", "q75", "q95")


def blank(height: int, **options: Any) -> Any:
    """A drawing as wide as its place, without a toolbar, and nothing in it."""
    made = figure(
        height=height, sizing_mode="stretch_width", toolbar_location=None, tools="", min_border=6, **options
    )
    made.xgrid.visible = False
    made.ygrid.grid_line_color = "#DDDDDD"
    made.outline_line_color = None
    for axis in (made.xaxis, made.yaxis):
        axis.axis_line_color = axis.major_tick_line_color = FAINT
        axis.minor_tick_line_color = None
        axis.major_label_text_font_size = axis.axis_label_text_font_size = "13px"
        axis.axis_label_text_font_style = "normal"
    return made


def dated(height: int, **options: Any) -> Any:
    """A drawing over days."""
    made = blank(height, x_axis_type="datetime", **options)
    made.xaxis.formatter = DatetimeTickFormatter(days="%d %b", months="%b %Y", years="%b %Y")
    made.xaxis.ticker.desired_num_ticks = 4
    return made


class Risk:
    """The headline by day, with both intervals, and that of the pinned setting."""

    def __init__(self) -> None:
        self.now, self.pinned = (ColumnDataSource({name: [] for name in RISK}) for _ in range(2))
        self.drawing = made = dated(300)
        made.yaxis.formatter = NumeralTickFormatter(format="0.[0]%")
        made.yaxis.axis_label = "has come by that day"
        made.y_range.start = 0
        made.varea(
            "date", "unknown_low", "unknown_high", source=self.now, fill_color=NOW, fill_alpha=0.13,
            legend_label="90%, the parameters unknown",
        )  # fmt: skip
        made.varea(
            "date", "low", "high", source=self.now, fill_color=NOW, fill_alpha=0.35,
            legend_label="95%, by chance",
        )  # fmt: skip
        self._pinned = made.line(
            "date", "probability", source=self.pinned, color=PINNED, line_width=2.5, line_dash=[7, 4],
            legend_label="the pinned setting", visible=False,
        )  # fmt: skip
        line = made.line(
            "date", "probability", source=self.now, color=NOW, line_width=2.5, legend_label="this setting"
        )
        tips = [("by", "@date{%d %b %Y}"), ("has come in", "@probability{0.0%} of runs")]
        made.add_tools(HoverTool(renderers=[line], tooltips=tips, formatters={"@date": "datetime"}))
        tidy_legend(made)
        self._item = next(item for item in made.legend[0].items if self._pinned in item.renderers)
        self._item.visible = False

    def show(self, now: pd.DataFrame | None, pinned: pd.DataFrame | None) -> None:
        """Draw these curves."""
        self._pinned.visible = self._item.visible = pinned is not None
        for source, table in ((self.now, now), (self.pinned, pinned)):
            source.data = columns(table, RISK)


def tidy_legend(made: Any) -> None:
    """Put the legend above, where it hides nothing."""
    legend = made.legend[0]
    legend.orientation = "horizontal"
    legend.label_text_font_size = "13px"
    legend.border_line_color = None
    legend.padding, legend.margin, legend.spacing = 2, 2, 14
    legend.ncols = 2
    made.add_layout(legend, "above")


def columns(table: pd.DataFrame | None, names: Sequence[str]) -> dict[str, Any]:
    """Columns of a table for a drawing; empty ones of none."""
    return {name: [] if table is None else table[name].to_numpy() for name in names}


class Campaign:
    """Attacks by day in the two theatres, with what the articles count."""

    def __init__(self) -> None:
        self.sources = {series: ColumnDataSource({name: [] for name in QUANTILES}) for series in PLACES}
        self.counted = {series: ColumnDataSource({"date": [], "value": []}) for series in PLACES}
        self.drawings = [
            self._drawing(series, place, COUNTRIES[country]) for series, (place, country) in PLACES.items()
        ]

    def _drawing(self, series: str, place: str, colour: str) -> Any:
        made, source = dated(290, title=f"Attacks {place} since the start"), self.sources[series]
        made.title.text_font_size = "14px"
        made.y_range.start = 0
        made.varea(
            "date", "q05", "q95", source=source, fill_color=colour, fill_alpha=0.2, legend_label="90% of runs"
        )
        made.varea(
            "date",
            "q25",
            "q75",
            source=source,
            fill_color=colour,
            fill_alpha=0.35,
            legend_label="half of the runs",
        )
        made.line("date", "q50", source=source, color=colour, line_width=2.5, legend_label="median")
        made.scatter(
            "date", "value", source=self.counted[series], size=9, color=INK, line_color="white",
            legend_label="counted in the articles",
        )  # fmt: skip
        tidy_legend(made)
        return made

    def show(self, daily: pd.DataFrame, scenario: Scenario) -> None:
        """Draw these counts."""
        for series, source in self.sources.items():
            source.data = columns(daily[daily["series"] == series], QUANTILES)
            facts = marks(scenario, series)
            self.counted[series].data = {
                "date": [pd.Timestamp(fact.end) for fact in facts],
                "value": [fact.value for fact in facts],
            }


class Rungs:
    """Where the runs stand on the ladder, day by day."""

    def __init__(self) -> None:
        names = [f"r{rung}" for rung in range(len(RUNGS))]
        self.source = ColumnDataSource({name: [] for name in ("date", *names)})
        self.drawing = made = dated(290)
        made.yaxis.formatter = NumeralTickFormatter(format="0%")
        made.y_range.start, made.y_range.end = 0, 1
        made.varea_stack(
            list(reversed(names)), x="date", source=self.source, color=list(reversed(RUNGS)),
            legend_label=[f"{rung} {RUNG_NAMES[rung]}" for rung in reversed(range(len(RUNGS)))],
        )  # fmt: skip
        tidy_legend(made)
        made.legend[0].ncols = 4

    def show(self, table: pd.DataFrame) -> None:
        """Draw these shares."""
        shares = table.pivot(index="date", columns="rung", values="share")
        self.source.data = {
            "date": shares.index.to_numpy(),
            **{f"r{rung}": shares[rung].to_numpy() for rung in shares.columns},
        }


class Distribution:
    """How many runs end with which value of a quantity."""

    def __init__(self) -> None:
        self.source = ColumnDataSource({"left": [], "right": [], "share": []})
        self.drawing = made = blank(260)
        made.y_range.start = 0
        made.yaxis.formatter = NumeralTickFormatter(format="0.[0]%")
        made.yaxis.axis_label = "of runs"
        made.quad(
            left="left", right="right", bottom=0, top="share", source=self.source, fill_color=NOW, fill_alpha=0.7,
            line_color="white",
        )  # fmt: skip

    def show(self, table: pd.DataFrame, quantity: str, runs: int) -> None:
        """Draw this quantity."""
        part = table[(table["quantity"] == quantity) & (table["value"] >= 0)]
        values, counts = part["value"].to_numpy(), part["runs"].to_numpy()
        wide = 1 if not len(values) else max(1, -(-(int(values.max()) + 1) // BARS))
        shares = np.bincount(values // wide, weights=counts / runs) if len(values) else np.zeros(0)
        left = np.arange(len(shares)) * wide - 0.5
        self.source.data = {"left": left, "right": left + wide, "share": shares}
        self.drawing.xaxis.axis_label = quantity_text(quantity)


def quantity_text(quantity: str) -> str:
    """What a quantity is called."""
    own = {"first_spiral_day": "day of the headline, from the start, in runs that come to it"}
    return own.get(quantity) or (OUTCOMES[quantity].label if quantity in OUTCOMES else quantity)


class Cloud:
    """Every run of the first ones as a dot: how many attacks it saw, and how high it climbed."""

    LOOKS = (("no headline", "#7A8794", 0.35), ("anyway", "#B08030", 0.8), ("spiral", SPIRALS["direct"], 0.8))

    def __init__(self) -> None:
        self.drawing = made = figure(
            height=320, sizing_mode="stretch_width", toolbar_location=None, tools="tap", min_border=6,
        )  # fmt: skip
        for axis in (made.xaxis, made.yaxis):
            axis.major_label_text_font_size = axis.axis_label_text_font_size = "13px"
            axis.axis_label_text_font_style = "normal"
            axis.minor_tick_line_color = None
        made.xaxis.axis_label = "attacks on US forces by the last day"
        made.yaxis.ticker = FixedTicker(ticks=list(range(len(RUNGS))))
        made.yaxis.major_label_overrides = {rung: f"{rung} {name}" for rung, name in enumerate(RUNG_NAMES)}
        made.yaxis.axis_label = "highest rung"
        made.outline_line_color = None
        made.xgrid.visible = False
        self.sources = {name: ColumnDataSource(self._empty()) for name, _, _ in self.LOOKS}
        tips = [
            ("run", "@run"),
            ("attacks", "@x"),
            ("US killed by fire", "@killed"),
            ("highest rung", "@rung"),
        ]
        dots = []
        for name, colour, alpha in self.LOOKS:
            dots.append(
                made.scatter(
                    "x",
                    "y",
                    source=self.sources[name],
                    size=7,
                    color=colour,
                    alpha=alpha,
                    line_color=None,
                    legend_label=name,
                    nonselection_alpha=alpha,
                    selection_line_color=INK,
                    selection_line_width=2,
                    selection_fill_alpha=1.0,
                )
            )
        made.add_tools(HoverTool(renderers=dots, tooltips=tips))
        tidy_legend(made)
        made.legend[0].ncols = 3

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
