"""What every figure owes its reader: a title that can be read at a glance, its intervals below, no empty panel."""

from collections.abc import Iterable

from matplotlib.axes import Axes
from matplotlib.text import Text

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
    """Whether nothing is drawn in a panel."""
    drawn = [*axes.lines, *axes.patches, *axes.collections, *axes.images]
    return not drawn and not [text for text in axes.findobj(Text) if text in axes.texts and text.get_text()]
