"""P(strike on Iran | answered, so many killed): what is held of it, beside the episodes of the reference class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from sim.reference import Episode
from sim.report.figures.page import add_legend, blank_page
from sim.report.figures.result import Drawing
from sim.report.figures.style import COUNTRIES, FAINT, INK, LIGHT, QUANTITY, SPIRALS, percent_axis
from sim.wording import number_text, percent

COLOURS = (QUANTITY, SPIRALS["direct"], COUNTRIES["iraq"], COUNTRIES["syria"])
MARKS = (0, 1, 3, 7, 19, 63, 241)
TOLD = 3
"""How many killed the title speaks of."""

STEP = 0.032
"""Distance between dots of episodes that killed as many: they are piled up outside of 0 and 1."""


@dataclass(frozen=True)
class Curve:
    """What is held of the chance of level 4 by how many were killed, from one set of parameters.

    Attributes
    ----------
    label : such as `prior`
    killed : ndarray, shape (n,), ascending, 0 or more
    mean, low, high : ndarrays, shape (n,), in [0, 1]; the ends are those of the central 90%
    """

    label: str
    killed: npt.ArrayLike
    mean: npt.ArrayLike
    low: npt.ArrayLike
    high: npt.ArrayLike

    def table(self) -> pd.DataFrame:
        """Give the curve as rows: series, killed, probability, low, high."""
        columns = {"killed": self.killed, "probability": self.mean, "low": self.low, "high": self.high}
        return pd.DataFrame({name: np.asarray(values, float) for name, values in columns.items()}).assign(
            series=self.label
        )

    def at(self, killed: float) -> float:
        """Mean chance after so many killed, linear in log2(1 + killed)."""
        x = np.log2(1.0 + np.asarray(self.killed, float))
        return float(np.interp(np.log2(1.0 + killed), x, np.asarray(self.mean, float)))


def level_4_by_killed(
    curves: Sequence[Curve], episodes: Iterable[Episode], subtitle: str = "", first_year: int = 1983
) -> Drawing:
    """Draw the curves with their central 90%, and every lethal episode as a dot: struck Iran above, else below.

    Parameters
    ----------
    curves : sequence of Curve
        One to four, such as the prior and the posteriors.
    episodes : iterable of Episode
        The whole reference class; those that killed nobody or are not counted are left out.
    subtitle : str
    first_year : int
        Of the class that the curves rest on; older episodes are drawn hollow.

    Raises
    ------
    ValueError
        For no curve, or more than there are colours.
    """
    if not 1 <= len(curves) <= len(COLOURS):
        raise ValueError(f"curves = {len(curves)}: must be 1 to {len(COLOURS)}")
    dots = _dots(episodes, first_year)
    title = _title(curves)
    told = ", ".join(f"{percent(curve.at(TOLD))} ({curve.label})" for curve in curves)
    below = f"{told}. {subtitle}".strip()
    figure = blank_page(title, below, _reading(dots, first_year), 4.4)
    axes = figure.subplots()
    for curve, colour in zip(curves, COLOURS, strict=False):
        _draw_curve(axes, curve, colour)
    _draw_dots(axes, dots)
    _set_axes(axes, max(float(np.max(np.asarray(curve.killed, float))) for curve in curves), dots)
    legend: list[tuple[Artist, str]] = [
        (Line2D([], [], color=colour), curve.label) for curve, colour in zip(curves, COLOURS, strict=False)
    ]
    legend.append((Line2D([], [], color=INK, linestyle="", marker="o", markersize=5), "an episode"))
    add_legend(figure, legend)
    return Drawing("level_4_by_killed", title, figure, _data(curves, dots), below)


def _title(curves: Sequence[Curve]) -> str:
    chances = [percent(curve.at(TOLD)) for curve in sorted(curves, key=lambda curve: curve.at(TOLD))]
    span = chances[0] if chances[0] == chances[-1] else f"{chances[0]} to {chances[-1]}"
    return f"After {TOLD} killed, an answer strikes Iran itself with a chance of {span}"


def _dots(episodes: Iterable[Episode], first_year: int) -> pd.DataFrame:
    """Lethal counted episodes: series, killed, probability (0 or 1), in_class, and place among those alike."""
    rows = [
        (e.id, float(e.killed), float(e.answer == 4), e.date.year >= first_year)
        for e in episodes
        if e.counted and e.killed > 0
    ]
    dots = pd.DataFrame(rows, columns=["series", "killed", "probability", "in_class"])
    dots["stack"] = dots.groupby(["killed", "probability"]).cumcount()
    return dots


def _draw_curve(axes: Axes, curve: Curve, colour: str) -> None:
    x = np.log2(1.0 + np.asarray(curve.killed, float))
    low, high = (np.asarray(end, float) for end in (curve.low, curve.high))
    axes.fill_between(x, low, high, color=colour, alpha=LIGHT, linewidth=0)
    axes.plot(x, np.asarray(curve.mean, float), color=colour)


def _draw_dots(axes: Axes, dots: pd.DataFrame) -> None:
    x = np.log2(1.0 + dots["killed"].to_numpy())
    outwards = np.where(dots["probability"] > 0.5, 1.0, -1.0)
    y = dots["probability"].to_numpy() + outwards * STEP * (1.0 + dots["stack"].to_numpy())
    for inside, face in ((True, INK), (False, "none")):
        chosen = dots["in_class"].to_numpy() == inside
        axes.scatter(x[chosen], y[chosen], s=26, facecolors=face, edgecolors=INK, linewidths=1.0, zorder=3)


def _set_axes(axes: Axes, most: float, dots: pd.DataFrame) -> None:
    last = max(most, float(dots["killed"].max()) if len(dots) else 0.0)
    marks = [mark for mark in MARKS if mark <= last]
    axes.xaxis.set_major_locator(FixedLocator([float(np.log2(1 + mark)) for mark in marks]))
    axes.xaxis.set_major_formatter(FixedFormatter([number_text(mark) for mark in marks]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(-0.15, np.log2(1.0 + last) + 0.25)
    room = STEP * (2.0 + (float(dots["stack"].max()) if len(dots) else 0.0))
    axes.set_ylim(-room, 1.0 + 2.0 * STEP)
    axes.set_xlabel("US killed in the episode (logarithmic)", color=FAINT)
    axes.set_ylabel("Chance of a strike on Iran (%)")
    percent_axis(axes)


def _reading(dots: pd.DataFrame, first_year: int) -> tuple[str, ...]:
    struck = int(dots["probability"].sum())
    return (
        "Line and band: mean and central 90% of the chance that an answer reaches level 4, by the parameters alone. "
        f"Dots: {len(dots)} lethal episodes since 1983, {struck} of which brought a strike on Iran within 60 days "
        f"(above 100%) and the rest not (below 0%), piled up where they killed as many; hollow before {first_year}.",
        "Evidence of the episodes: seeds/reference-class.yaml.",
    )


def _data(curves: Sequence[Curve], dots: pd.DataFrame) -> pd.DataFrame:
    parts = [curve.table().assign(kind="curve") for curve in curves]
    parts.append(dots[["series", "killed", "probability"]].assign(kind="episode"))
    columns = ["kind", "series", "killed", "probability", "low", "high"]
    return pd.concat(parts, ignore_index=True).reindex(columns=columns)
