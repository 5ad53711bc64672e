"""The marks of a timeline: one look a kind of event."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.report.figures.style import CAPTION, COUNTRIES, FAINT, INK, PAPER, RUNGS, day_number
from sim.report.figures.trace.bands import draw_bands

DEATH, IMPOSED = "killed", "imposed"
MANY = 40
"""Marks of a kind in a lane beyond which they are drawn smaller, and not numbered."""


@dataclass(frozen=True)
class Mark:
    """How a kind of event is drawn.

    Attributes
    ----------
    label : what the legend says
    marker : of matplotlib
    width : points across at a size
    colour : where the event has no country
    hollow : whether only its outline is drawn
    lift : how far above its lane's middle, in lanes
    """

    label: str
    marker: str
    width: Callable[[float], float]
    colour: str = INK
    hollow: bool = False
    lift: float = 0.0


MARKS: Mapping[str, Mark] = {
    "attack": Mark("attack without harm", "|", lambda n: 5.0 + 1.5 * n, FAINT),
    "wounded": Mark("US wounded", "o", lambda n: 3.5 + 1.3 * math.sqrt(n), FAINT, hollow=True),
    DEATH: Mark("US killed", "D", lambda n: 6.0 + 1.6 * math.sqrt(n)),
    "strike": Mark("US strike, by level", "^", lambda level: 3.0 + 2.2 * level, FAINT),
    "decision": Mark("strike decided on", "+", lambda _: 5.0, FAINT, lift=0.3),
    "preparation": Mark("hard strike prepared", "v", lambda _: 5.5, INK, hollow=True, lift=0.3),
    "hold": Mark("US holds its fire", "_", lambda _: 5.0, FAINT, lift=-0.3),
    "pressing": Mark("Baghdad presses", "P", lambda _: 7.0),
    "breach": Mark("bargain broken", "X", lambda _: 7.0),
    "talks": Mark("withdrawal talks", "s", lambda _: 6.0),
    "order": Mark("troops ordered out", "h", lambda _: 8.5),
    "answer": Mark("Tehran's open answer", "*", lambda n: 9.0 + 1.2 * math.sqrt(n), RUNGS[5]),
    "no answer": Mark("hard strike, no answer", ".", lambda _: 8.0, FAINT, lift=-0.3),
    "killed by Tehran": Mark("US killed in the answer", "d", lambda n: 5.0 + 1.2 * math.sqrt(n), lift=0.33),
    IMPOSED: Mark("imposed, or as recorded", "s", lambda _: 14.0, hollow=True),
}


def draw_marks(axes: Axes, rows: pd.DataFrame, y: float) -> None:
    """Draw the marks of one lane; the gravest on top."""
    rows = draw_bands(axes, rows, y)
    for number, (name, mark) in enumerate(MARKS.items()):
        here = rows[rows["mark"] == name]
        for country, part in here.groupby(here["where"].fillna("")):
            colour = colour_of(str(country), mark)
            x = [day_number(day) for day in part["date"]]
            shrunk = 0.6 if len(here) > MANY and name != "attack" else 1.0
            sizes = [(shrunk * mark.width(float(size))) ** 2 for size in part["size"]]
            face, edge = _paint(mark, colour)
            axes.scatter(
                x, [y + mark.lift] * len(x), s=sizes, marker=mark.marker, facecolors=face, edgecolors=edge,
                linewidths=0.5 if edge == PAPER else 1.2, clip_on=False,
                zorder=4.5 if name == DEATH else 3 + 0.1 * number, gid=f"{name}-{country}".strip("-"),
            )  # fmt: skip
    _number(axes, rows[rows["mark"] == DEATH], y)


def _paint(mark: Mark, colour: str) -> tuple[str, str | None]:
    """Colours of a mark's face and of its edge; a stroke has no edge."""
    if mark.marker in "|_+":
        return colour, None
    return ("none", colour) if mark.hollow else (colour, PAPER)


def _number(axes: Axes, rows: pd.DataFrame, y: float) -> None:
    """Say how many were killed, where there is room."""
    if len(rows) > MANY:
        return
    for day, size in zip(rows["date"], rows["size"], strict=True):
        axes.annotate(
            f"{size:.0f}", (day_number(day), y), xytext=(5, 3), textcoords="offset points", size=CAPTION,
            weight="bold", zorder=5,
        )  # fmt: skip


def colour_of(country: str, mark: Mark) -> str:
    """Colour of the country that was hit, or the mark's own."""
    return COUNTRIES.get(country) or (RUNGS[5] if country == "iran" else mark.colour)


def handle(mark: Mark) -> Artist:
    """The mark as the legend shows it."""
    face = "none" if mark.hollow else mark.colour
    return Line2D(
        [], [], linestyle="", marker=mark.marker, markersize=min(8.0, mark.width(2.0)), color=mark.colour,
        markerfacecolor=face, markeredgecolor=mark.colour, markeredgewidth=1.2,
    )  # fmt: skip
