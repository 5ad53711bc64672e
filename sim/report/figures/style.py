"""One look for all figures: colours that mean the same everywhere, type that can be read at half size."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from sim.wording import MONTHS

# Told apart with any kind of colour vision, and in grey. The rungs darken upwards, and the exchanges that are rungs 4
# to 6 carry the colours of those rungs.
RUNGS = ("#FBFBFB", "#FBE9A0", "#F9CB62", "#F29A38", "#E0662A", "#BE1E1C", "#5A0010")
SPIRALS = {"severe": RUNGS[4], "direct": RUNGS[5], "reciprocal": RUNGS[6]}
# An exchange that came by reactions, and one that would have come without any; told apart in grey too.
SPIRAL, ANYWAY = "#B2182B", "#9DB7D5"
COUNTRIES = {"iraq": "#00558B", "syria": "#2FB18B", "jordan": "#9BD1F2"}
QUANTITY = "#7A8794"
INK, FAINT, PAPER = "#1A1A1A", "#555555", "#FFFFFF"
DARK, LIGHT = 0.45, 0.20  # opacity of the inner and of the outer band

POINTS_WIDE = 720.0  # every figure
TITLE, SUBTITLE, BODY, CAPTION = 15.0, 11.5, 11.5, 10.0  # points

_SETTINGS: Any = {
    "axes.edgecolor": FAINT,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.labelcolor": INK,
    "axes.labelsize": BODY,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": BODY,
    "axes.unicode_minus": True,
    "figure.facecolor": PAPER,
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same everywhere
    "font.size": BODY,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.8,
    "hatch.linewidth": 0.8,
    "legend.fontsize": BODY,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "svg.fonttype": "path",
    "svg.hashsalt": "spiral",
    "text.color": INK,
    "text.parse_math": False,  # a name may hold dollar signs
    "text.usetex": False,
    "xtick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.color": FAINT,
    "ytick.labelcolor": INK,
}


@contextmanager
def style() -> Iterator[None]:
    """Draw and save in the house style, whatever settings the user has, and give theirs back."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph .* missing from font")  # drawn as a box
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def literal(text: str) -> str:
    """Make one line of a text that any file can hold: control characters and lone surrogates replaced."""
    return "".join("�" if _unprintable(c) else c for c in " ".join(str(text).split()))


def _unprintable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Cn")


# An interval, a day, or a word.
_UNBROKEN = r"\[[\d., <>to]{1,24}\]\S*|\d{1,2} [A-Z][a-z]{2} \d{4}\S*|\S+"


def wrap(text: str, width: float, size: float, weight: str = "normal", most: int = 9) -> list[str]:
    """Break a text into at most `most` lines of a width in points; an ellipsis ends what is cut short."""
    lines = [""]
    for word in re.findall(_UNBROKEN, literal(text)):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size, weight) <= width:
            lines[-1] = longer
            continue
        *full, rest = _pieces(word, width, size, weight)
        lines += [*full, rest]
    lines = [line for line in lines if line]
    if len(lines) > most:
        lines = [*lines[: most - 1], _shortened(lines[most - 1], width, size, weight)]
    return lines


@lru_cache(maxsize=4096)  # the figures of a result have most of their lines in common
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Width in points of a line set in the house's type."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    return float(TextToPath().get_text_width_height_descent(text, font, ismath=False)[0])


def _pieces(word: str, width: float, size: float, weight: str) -> list[str]:
    """Cut a word that is wider than a line."""
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size, weight) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _shortened(line: str, width: float, size: float, weight: str) -> str:
    while line and text_width(f"{line} …", size, weight) > width:
        line = line[:-1]
    return f"{line.rstrip()} …"


def date_axis(axes: Axes, start: dt.date, end: dt.date, most: int = 12) -> None:
    """Set an axis of days from start to end, with at most about `most` marks, the year under the first."""
    days = _marked_days(start, end, most)
    years = [index == 0 or day.year != days[index - 1].year for index, day in enumerate(days)]
    monthly = all(day.day == 1 for day in days)
    labels = [MONTHS[d.month - 1] if monthly else f"{d.day} {MONTHS[d.month - 1]}" for d in days]
    dated = [
        f"{text}\n{day.year}" if new else text for text, day, new in zip(labels, days, years, strict=True)
    ]
    axes.xaxis.set_major_locator(FixedLocator([day_number(day) for day in days]))
    axes.xaxis.set_major_formatter(FixedFormatter(dated))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(day_number(start) - 0.5, day_number(end) + 0.5)


def _marked_days(start: dt.date, end: dt.date, most: int) -> list[dt.date]:
    length = (end - start).days + 1
    if length > 70:
        firsts = [dt.date(y, m, 1) for y in range(start.year, end.year + 1) for m in range(1, 13)]
        inside = [day for day in firsts if start <= day <= end]
        step = next((s for s in (1, 2, 3, 6, 12) if len(inside) <= s * most), 12)
        return [day for day in inside if (day.month - 1) % step == 0] or inside[:1]
    step = next((s for s in (1, 2, 7, 14) if length <= s * most), 14)
    return [start + dt.timedelta(days=n) for n in range(0, length, step)]


def day_number(day: dt.date) -> float:
    """Where a day lies on a date axis."""
    return float(date2num(day))


def percent_axis(axes: Axes, most: int = 6) -> None:
    """Mark an upright axis of shares in percent, with no more digits than the marks need."""
    axes.yaxis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.6g}%"))


def points_axis(axes: Axes, most: int = 6) -> None:
    """Mark an upright axis of changes of shares in percentage points, with their sign."""
    axes.yaxis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:+.6g}" if share else "0"))


def spread(column: pd.Series) -> pd.Series:
    """Return a column to draw against days; a single day is drawn as a line a day wide."""
    if len(column) != 1:
        return column
    if pd.api.types.is_datetime64_any_dtype(column):
        half = pd.Timedelta(hours=12)
        return pd.Series([column.iloc[0] - half, column.iloc[0] + half])
    return pd.Series([column.iloc[0]] * 2)
