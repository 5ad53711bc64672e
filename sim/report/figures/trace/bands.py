"""Bands that stand for marks that are too many and too close to be told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.replay.words import counted
from sim.report.figures.style import CAPTION, COUNTRIES, INK, RUNGS, day_number

CROWD, CLOSE = 40, 7
"""Marks of a kind that a band stands for, at least, and the most days from each to the next."""
HALF = 0.26
"""Half of a band's height, in lanes."""
LETTERS = 95
"""Letters that have room across the whole axis."""
FOLLOWING: Mapping[str, tuple[str, ...]] = {"strike": ("hold",), "answer": ("killed by Tehran", "no answer")}
"""Kinds that are drawn as bands, and the marks that their bands take in."""


def draw_bands(axes: Axes, rows: pd.DataFrame, y: float) -> pd.DataFrame:
    """Draw the bands of one lane, and return the rows that are left to be drawn one by one."""
    left, right = axes.get_xlim()
    for kind, following in FOLLOWING.items():
        for where, first, last in list(crowds(rows[rows["mark"] == kind])):
            mine = (rows["mark"] == kind) & (rows["where"].fillna("") == where)
            taken = rows[rows["date"].between(first, last) & (mine | rows["mark"].isin(following))]
            begin, wide = day_number(first) - 0.5, (last - first).days + 1.0
            axes.add_patch(
                Rectangle(
                    (begin, y - HALF), wide, 2 * HALF, facecolor=COUNTRIES.get(where, RUNGS[5]), alpha=0.3,
                    linewidth=0, zorder=2, gid=f"band-{kind}",
                )
            )  # fmt: skip
            text = band_text(taken, int(LETTERS * wide / (right - left)))
            axes.text(begin + wide / 2, y, text, ha="center", va="center", size=CAPTION, color=INK, zorder=5)
            rows = rows.drop(taken.index)
    return rows


def crowds(rows: pd.DataFrame) -> Iterator[tuple[str, pd.Timestamp, pd.Timestamp]]:
    """Country ("" without one), first and last day of each crowd of marks of one kind."""
    for where, part in rows.groupby(rows["where"].fillna("")):
        days = part["date"].sort_values()
        for _, crowd in days.groupby(np.cumsum(days.diff().dt.days.to_numpy() > CLOSE)):
            if len(crowd) >= CROWD:
                yield str(where), crowd.iloc[0], crowd.iloc[-1]


def band_text(taken: pd.DataFrame, room: int) -> str:
    """Say what a band stands for, as fully as so many letters allow."""
    sizes = {name: part["size"] for name, part in taken.groupby("mark")}
    if "strike" in sizes:
        levels = sorted({int(level) for level in sizes["strike"]})
        which = f"level {levels[0]}" if len(levels) == 1 else f"levels {levels[0]} to {levels[-1]}"
        parts = [counted(len(sizes["strike"]), "US strike"), f", {which}"]
    else:
        parts = [counted(len(sizes["answer"]), "open answer")]
        if "killed by Tehran" in sizes:
            parts.append(f", {int(sizes['killed by Tehran'].sum()):,} US killed")
        if "no answer" in sizes:
            parts.append(f"; {counted(len(sizes['no answer']), 'hard strike')} not answered")
    while len(parts) > 1 and len("".join(parts)) > room:
        parts.pop()
    return "".join(parts)
