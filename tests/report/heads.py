"""What every figure owes its reader: a title that can be read at a glance, its intervals below, no empty panel."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from sim.report.figures import Drawing
from sim.report.figures.words import MOST_TITLE
from tests.report.made_tables import words


def check_heads(drawings: Iterable[Drawing]) -> None:
    """Fail where a title is long or cut, a subtitle is missing, a panel is empty, or an exchange is called a spiral."""
    for drawing in drawings:
        shown = " ".join(words(drawing).split())
        assert len(drawing.title) <= MOST_TITLE, drawing.title
        assert " ".join(drawing.title.split()) in shown, drawing.stem
        assert drawing.subtitle, drawing.stem
        assert not drawing.title.endswith("…"), drawing.title
        for wrong in ("direct spiral", "reciprocal spiral"):
            assert wrong not in shown.lower(), drawing.stem
        for axes in drawing.figure.axes:
            assert not axes.get_visible() or not is_empty(axes), (drawing.stem, axes.get_title(loc="left"))


def is_empty(axes: Axes) -> bool:
    """Whether nothing is drawn in a panel but rules across it and bars of no size."""
    lines = [line for line in axes.lines if not is_rule(line) and len(line.get_xdata())]
    bars = [
        bar
        for bar in axes.patches
        if not isinstance(bar, Rectangle) or bar.get_width() * bar.get_height() != 0
    ]
    areas = [
        area
        for area in axes.collections
        if any(np.isfinite(path.vertices).any() for path in area.get_paths())
    ]
    return not (lines or bars or areas or axes.images or [text for text in axes.texts if text.get_text()])


def is_rule(line: Line2D) -> bool:
    """Whether a line goes across the whole panel, wherever its data lie."""
    x, y = (np.asarray(values, float) for values in line.get_data(orig=False))
    return len(x) == 2 and ((list(y) == [0, 1] and x[0] == x[1]) or (list(x) == [0, 1] and y[0] == y[1]))
