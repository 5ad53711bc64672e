"""The parts of a page beside answer and levers: the drawings and tables that follow the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import panel as pn

from sim.dashboard.charts import Campaign, Distribution, Risk, Rungs, quantity_text
from sim.dashboard.components import style_of
from sim.dashboard.views import key_view, outcomes_view, paragraph, risk_view, rivals_view, rungs_view
from sim.outcomes import DISTRIBUTIONS

if TYPE_CHECKING:
    import pandas as pd

    from sim.dashboard.course import Course
    from sim.dashboard.rivals import Rivals
    from sim.dashboard.told import Told

VIEW = style_of("view.css")
OLD, NEW, GONE = (
    {"opacity": opacity, "visibility": seen}
    for opacity, seen in (("0.45", "visible"), ("1", "visible"), ("1", "hidden"))
)
"""How a part looks; each says all of it, since what the one before said and the next does not say would stay."""

WIDE = {"sizing_mode": "stretch_width", "margin": 0}


def pane(content: str = "") -> Any:
    """A place for HTML of ours, in the page's style."""
    return pn.pane.HTML(content, stylesheets=[VIEW], **WIDE)


def _drawn(drawing: Any) -> Any:
    return pn.pane.Bokeh(drawing, **WIDE)


class Parts:
    """Drawings and tables, shown anew as better answers come.

    Parameters
    ----------
    count_rivals : callable
        Has rival explanations counted.
    """

    def __init__(self, count_rivals: Callable[[], None]) -> None:
        self._risk, self._campaign, self._rungs, self._distribution = (
            Risk(),
            Campaign(),
            Rungs(),
            Distribution(),
        )
        self._risk_table, self._rung_table, self._outcome_table, self._rival_table = (
            pane() for _ in range(4)
        )
        self._risk_key = pane(key_view(self._risk.key))
        quantities = {
            quantity_text(name): name for name in (*DISTRIBUTIONS, "first_spiral_day", "longest_quiet")
        }
        self._quantity = pn.widgets.Select(label="Quantity", options=quantities, value="attacks", width=300)
        self._ask = pn.widgets.Button(label="Count them", margin=(4, 0))
        self._ask.on_click(lambda _: count_rivals())
        self._quantity.param.watch(lambda _: self._show_distribution(), "value")
        self._told: Told | None = None
        self.risk = pn.Column(self._risk_key, _drawn(self._risk.drawing), self._risk_table, **WIDE)
        theatres = self._campaign.drawings.items()
        drawn = [part for title, (one, key) in theatres for part in (pane(key_view(key, title)), _drawn(one))]
        self.campaign = pn.Column(*drawn, **WIDE)
        rungs = pane(key_view(Rungs.KEY))
        self.rungs = pn.Column(rungs, _drawn(self._rungs.drawing), self._rung_table, **WIDE)
        self.distributions = pn.Column(
            self._quantity, _drawn(self._distribution.drawing), self._outcome_table, **WIDE
        )
        self._whole = self.campaign, self.rungs, self.distributions
        self.rivals = pn.Column(self._rival_table, self._ask, **WIDE)
        self.show_rivals(None)

    def age(self, course: Course) -> None:
        """Grey what is of the setting before, until there is something of this one."""
        told = course.told
        if told is None or not told.whole:
            for part in self._whole:
                if part.styles != GONE:
                    part.styles = OLD
        if self._ask.visible is False:
            self.show_rivals(None)

    def hide(self) -> None:
        """Show nothing of an answer, until there is another one."""
        for part in (self.risk, *self._whole):
            part.styles = GONE

    def show(self, course: Course, pinned: pd.DataFrame | None) -> None:
        """Show an answer, beside the curve of the pinned one."""
        told = course.told
        assert told is not None
        self._risk.show(told.risk, pinned)
        self._risk_key.object = key_view(self._risk.key)
        self.risk.styles = NEW
        if not told.whole:
            return
        for part in self._whole:
            part.styles = NEW
        if told is self._told:
            return
        self._told = told
        self._risk_table.object = risk_view(course)
        self._campaign.show(told.finding.daily, course.scenario)
        self._rungs.show(told.finding.rungs_by_day)
        self._rung_table.object = rungs_view(told.finding, course.scenario)
        self._outcome_table.object = outcomes_view(told.finding)
        self._show_distribution()

    def show_rivals(self, rivals: Rivals | None) -> None:
        """Show what is known of rival explanations."""
        self._rival_table.object = rivals_view(rivals)
        self._ask.visible = rivals is None

    def _show_distribution(self) -> None:
        if self._told is not None:
            table = self._told.finding.distributions
            self._distribution.show(table, self._quantity.value, self._told.runs)


__all__ = ["Parts", "pane", "paragraph"]
