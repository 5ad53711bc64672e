"""The days that a model has lived, as figures: attacks a week, the ladder, and what presses the governments."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.wording import RUNG_NAMES

SIZE = (5.6, 3.4)  # inches
BLUE, RED, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#5F5F5F"
WEEK = 7
LEAST = 8 * WEEK
"""Days that are in view from the start, so that the first ones are not stretched over the whole width."""


def weeks_figure(model: Any) -> Figure:
    """Attacks a week, and the weeks in which US personnel were killed.

    Parameters
    ----------
    model : sim.mesa.model.EscalationModel
        One that collects its data; nothing of it is changed.
    """
    kept = model.datacollector.model_vars
    figure, axes = _blank(model, "Attacks a week", "attacks")
    days = len(kept["date"])
    if days:
        firsts = np.arange(0, days, WEEK)
        attacks, killed = (np.add.reduceat(np.asarray(kept[name]), firsts) for name in ("attacks", "killed"))
        begins = _day(model, 0) + firsts
        axes.bar(begins, attacks, width=WEEK - 1, align="edge", color=BLUE, label="attacks")
        deadly = killed > 0
        if deadly.any():
            middles = begins[deadly] + WEEK / 2
            axes.plot(middles, attacks[deadly], "v", color=RED, label="US personnel killed")
            _explain(figure)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    return figure


def rungs_figure(model: Any) -> Figure:
    """The rung of every day, and the days of US strikes with their level."""
    kept = model.datacollector.model_vars
    figure, axes = _blank(model, "Rung of the ladder by day, and US strikes", "")
    days = _day(model, 0) + np.arange(len(kept["date"]))
    axes.step(days, kept["rung"], where="post", color=BLUE, label="rung")
    strikes = [place for place, level in enumerate(kept["us_level"]) if level]
    axes.plot(
        [days[at] for at in strikes], [kept["rung"][at] for at in strikes], "v", color=RED, label="US strike"
    )
    axes.set_yticks(range(len(RUNG_NAMES)), [f"{rung} {name}" for rung, name in enumerate(RUNG_NAMES)])
    axes.set_ylim(-0.3, len(RUNG_NAMES) - 0.7)
    if strikes:
        _explain(figure)
    return figure


def pressures_figure(model: Any) -> Figure:
    """Washington's pressure to act (logits); Tehran's grievance and fear of war and Baghdad's strain (0 to 1)."""
    kept = model.datacollector.model_vars
    figure, axes = _blank(model, "What presses the governments", "Washington's pressure, logits")
    days = _day(model, 0) + np.arange(len(kept["date"]))
    axes.plot(days, kept["us_pressure"], color=BLUE, label="Washington's pressure")
    axes.set_ylim(bottom=0)
    shares = axes.twinx()
    shares.spines["top"].set_visible(False)
    shares.set_ylim(0, 1)
    shares.set_ylabel("others, 0 to 1")
    for name, label, color, dash in (
        ("iran_grievance", "Tehran's grievance", RED, "--"),
        ("iran_war_fear", "Tehran's fear of war", GREEN, ":"),
        ("iraq_strain", "Baghdad's strain", GREY, "-."),
    ):
        shares.plot(days, kept[name], dash, color=color, label=label)
    _explain(figure)
    return figure


def _explain(figure: Figure) -> None:
    """A legend below, where it lies over nothing."""
    figure.legend(loc="outside lower center", ncols=2, frameon=False)


def _day(model: Any, place: int) -> float:
    """The day at a place of the run, as matplotlib counts days."""
    return float(date2num(model.scenario.start)) + place


def _blank(model: Any, title: str, label: str) -> tuple[Figure, Axes]:
    """Axes over the days that are in view."""
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    axes.set_title(title, loc="left")
    axes.set_ylabel(label)
    axes.spines[["top", "right"]].set_visible(False)
    weeks = -(-model.steps // WEEK)
    axes.set_xlim(_day(model, 0), _day(model, max(LEAST, weeks * WEEK)))
    locator = AutoDateLocator()
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    return figure, axes
