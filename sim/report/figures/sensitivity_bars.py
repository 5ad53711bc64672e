"""Bars that lie on their side, one a parameter or group, with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.figures.style import DARK, INK, LIGHT

BASES = {
    "assumed": "#B5834A",
    "derived": "#2F4B6E",
    "reported": "#5E9BA8",
    "calibrated": "#8C79A8",
    "luck": "#9A9A9A",
}
"""What a parameter rests on; luck rests on nothing."""

THIN, THICK = 0.30, 0.62


def bars(
    axes: Axes,
    data: pd.DataFrame,
    name: str,
    colours: Sequence[str],
    light: bool = False,
    inner: bool = False,
) -> None:
    """Draw a value with its interval, one bar a row from the top; `inner` bars are thin and dark.

    Where no interval is known there is no bar: such a value says nothing.
    """
    y = np.arange(len(data))[::-1]
    known = np.isfinite(data[[f"{name}_low", f"{name}_high"]].to_numpy(dtype=np.float64)).all(axis=1)
    values = np.where(known, data[name].to_numpy(dtype=np.float64), 0.0)
    axes.barh(
        y,
        values,
        THIN if inner else THICK,
        color=list(colours),
        alpha=LIGHT + 0.2 if light else 1.0,
        linewidth=0,
    )
    shift = -0.20 if inner else 0.20 if light else 0.0
    ends = data[[f"{name}_low", f"{name}_high"]].to_numpy(dtype=np.float64)
    axes.hlines(y + shift, ends[:, 0], ends[:, 1], color=INK, linewidth=1.1, gid=name)


def name_rows(axes: Axes, names: Sequence[str], size: float = 10.0) -> None:
    """Name the bars, from the top."""
    axes.set_yticks(np.arange(len(names))[::-1], names, fontsize=size)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.7, len(names) - 0.3)
    axes.grid(False, axis="y")
    axes.grid(True, axis="x")


def share_axis(axes: Axes, label: str, most: int = 6) -> None:
    """Mark a level axis of shares in percent."""
    axes.xaxis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.6g}%"))
    axes.axvline(0.0, color=INK, linewidth=0.8)
    axes.set_xlabel(label)


def hold_shares(axes: Axes) -> None:
    """Keep an axis of shares near what a share of variance can be, however wide their intervals."""
    low, high = axes.get_xlim()
    axes.set_xlim(max(-0.5, low), min(1.5, high))


def basis_legend(bases: Sequence[str]) -> list[tuple[Artist, str]]:
    """Explain the colours of the bases that are there."""
    return [(Patch(color=colour, linewidth=0), name) for name, colour in BASES.items() if name in set(bases)]


def kinds_legend(names: Mapping[str, str]) -> list[tuple[Artist, str]]:
    """Explain light and dark bars, and the line of an interval."""
    looks: dict[str, Any] = {
        "light": Patch(color=INK, alpha=LIGHT + 0.05, linewidth=0),
        "dark": Patch(color=INK, alpha=DARK + 0.3, linewidth=0),
        "line": Line2D([], [], color=INK, linewidth=1.1),
    }
    return [(looks[kind], name) for kind, name in names.items()]
