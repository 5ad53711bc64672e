"""The drawings of a page, in Bokeh: made once, and given new data as answers come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from bokeh.models import (
    ColumnDataSource,
    DatetimeTickFormatter,
    HoverTool,
    NumeralTickFormatter,
)
from bokeh.plotting import figure

from sim.outcomes import OUTCOMES
from sim.report.figures.campaign import PLACES, marks
from sim.report.figures.style import COUNTRIES, FAINT, INK, RUNGS
from sim.scenario import Scenario
from sim.wording import RUNG_NAMES

NOW, PINNED = "#9B1C1C", "#0B5C8F"
RISK = ("date", "probability", "low", "high", "unknown_low", "unknown_high")
BARS = 60
"""Bars of a distribution, at most."""

QUANTILES = ("date", "mean", "q05", "q25", "q50", "q75", "q95")


Key = tuple[str, str, str, float]
"""An entry of a legend: its text, its kind (area, line, dashes or dot), its colour and how opaque it is, 0 to 1."""


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
    made.xaxis.formatter = DatetimeTickFormatter(days="%d %b", months="%b\n%Y", years="%b\n%Y")
    made.xaxis.ticker.desired_num_ticks = 4
    return made


class Risk:
    """The headline by day, with both intervals, and that of the pinned setting."""

    KEY: tuple[Key, ...] = (
        ("this setting", "line", NOW, 1.0),
        ("95%, by chance", "area", NOW, 0.43),
        ("90%, the parameters unknown", "area", NOW, 0.13),
    )
    PINNED_KEY: Key = ("the pinned setting", "dashes", PINNED, 1.0)

    def __init__(self) -> None:
        self.now, self.pinned = (ColumnDataSource({name: [] for name in RISK}) for _ in range(2))
        self.drawing = made = dated(270)
        made.yaxis.formatter = NumeralTickFormatter(format="0.[0]%")
        made.yaxis.axis_label = "exchange by that day, in all"
        made.y_range.start = 0
        for low, high, alpha in (("unknown_low", "unknown_high", 0.13), ("low", "high", 0.35)):
            made.varea("date", low, high, source=self.now, fill_color=NOW, fill_alpha=alpha)
        self._pinned = made.line(
            "date", "probability", source=self.pinned, color=PINNED, line_width=2.5, line_dash=[7, 4],
            visible=False,
        )  # fmt: skip
        line = made.line("date", "probability", source=self.now, color=NOW, line_width=2.5)
        tips = [("by", "@date{%d %b %Y}"), ("has come in", "@probability{0.0%} of runs")]
        made.add_tools(HoverTool(renderers=[line], tooltips=tips, formatters={"@date": "datetime"}))

    @property
    def key(self) -> tuple[Key, ...]:
        """What is drawn."""
        return (*self.KEY, self.PINNED_KEY) if self._pinned.visible else self.KEY

    def show(self, now: pd.DataFrame | None, pinned: pd.DataFrame | None) -> None:
        """Draw these curves."""
        self._pinned.visible = pinned is not None
        for source, table in ((self.now, now), (self.pinned, pinned)):
            source.data = columns(table, RISK)


def columns(table: pd.DataFrame | None, names: Sequence[str]) -> dict[str, Any]:
    """Columns of a table for a drawing; empty ones of none."""
    return {name: [] if table is None else table[name].to_numpy() for name in names}


class Campaign:
    """Attacks by day in the two theatres, with what the articles count."""

    def __init__(self) -> None:
        self.sources = {series: ColumnDataSource({name: [] for name in QUANTILES}) for series in PLACES}
        self.counted = {series: ColumnDataSource({"date": [], "value": []}) for series in PLACES}
        self.drawings = {
            f"Attacks {place} since the start": (self._drawing(series, COUNTRIES[country]), self.key(country))
            for series, (place, country) in PLACES.items()
        }

    @staticmethod
    def key(country: str) -> tuple[Key, ...]:
        """What is drawn of a theatre."""
        colour = COUNTRIES[country]
        return (
            ("median", "line", colour, 1.0),
            ("half of the runs", "area", colour, 0.48),
            ("90% of runs", "area", colour, 0.2),
            ("counted in the articles", "dot", INK, 1.0),
        )

    def _drawing(self, series: str, colour: str) -> Any:
        made, source = dated(240), self.sources[series]
        made.y_range.start = 0
        for low, high, alpha in (("q05", "q95", 0.2), ("q25", "q75", 0.35)):
            made.varea("date", low, high, source=source, fill_color=colour, fill_alpha=alpha)
        made.line("date", "q50", source=source, color=colour, line_width=2.5)
        made.scatter("date", "value", source=self.counted[series], size=9, color=INK, line_color="white")
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

    KEY: tuple[Key, ...] = tuple(
        (f"{rung} {RUNG_NAMES[rung]}", "area", RUNGS[rung], 1.0) for rung in reversed(range(len(RUNGS)))
    )

    def __init__(self) -> None:
        names = [f"r{rung}" for rung in range(len(RUNGS))]
        self.source = ColumnDataSource({name: [] for name in ("date", *names)})
        self.drawing = made = dated(250)
        made.yaxis.formatter = NumeralTickFormatter(format="0%")
        made.y_range.start, made.y_range.end = 0, 1
        made.varea_stack(list(reversed(names)), x="date", source=self.source, color=list(reversed(RUNGS)))

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
    own = {"first_spiral_day": "day of the headline, in runs that come to it"}
    return own.get(quantity) or (OUTCOMES[quantity].label if quantity in OUTCOMES else quantity)
