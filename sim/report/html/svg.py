"""Figures as SVG within a page: without style sheets and addresses, with identifiers of their own and a text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from xml.etree import ElementTree

from markupsafe import Markup, escape
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sim.report.figures import Drawing
from sim.report.figures.style import literal
from sim.report.html.page import Picture, printable

LINK = "{http://www.w3.org/1999/xlink}href"
POINT = re.compile(r"-?\d+\.\d+")
ROUNDED = ("d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "points")
MATCHES = re.compile(r"url\(#([^)]+)\)")


def picture_of(drawing: Drawing, prefix: str) -> Picture:
    """A drawing to stand in a page, in the house style of whoever calls; its text alternative is what is written on it.

    Parameters
    ----------
    drawing : Drawing
    prefix : str
        What its identifiers begin with; no two figures of a page have the same.
    """
    told = printable(literal(" ".join(text.get_text() for text in drawing.figure.texts)))
    root = ElementTree.fromstring(_svg(drawing.figure))
    title = printable(literal(drawing.title))
    names = _referred(root, prefix)
    inside = "".join(_written(child, names) for child in root)
    return Picture(
        Markup(
            f'<svg viewBox="{escape(root.get("viewBox", ""))}" role="img" aria-labelledby="{prefix}-title '
            f'{prefix}-desc" stroke-linejoin="round" stroke-linecap="butt">'
            f'<title id="{prefix}-title">{escape(title)}</title>'
            f'<desc id="{prefix}-desc">{escape(told)}</desc>{inside}</svg>'
        ),
        title,
    )


def _svg(figure: Figure) -> bytes:
    """The file that matplotlib makes of a figure, whose layout is made first, so that it is drawn once."""
    if (layout := figure.get_layout_engine()) is not None:
        layout.execute(figure)
        figure.set_layout_engine("none")
    buffer = io.BytesIO()
    FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def _referred(root: ElementTree.Element, prefix: str) -> dict[str, str]:
    """New names of the identifiers that something in the figure refers to; no other is kept.

    They are numbered, since matplotlib makes those of clip paths from where these lie in memory.
    """
    found: dict[str, str] = {}
    for element in root.iter():
        for name, value in element.attrib.items():
            linked = [value.removeprefix("#")] if name == LINK else []
            for old in (*MATCHES.findall(value), *linked):
                found.setdefault(old, f"{prefix}-{len(found) + 1}")
    return found


def _written(element: ElementTree.Element, names: dict[str, str]) -> str:
    """An element and all within it; what says how the file was made, and style sheets, are left out."""
    tag = element.tag.rpartition("}")[2]
    if tag in ("metadata", "style", "title"):
        return ""
    attributes = "".join(f' {k}="{escape(v)}"' for k, v in _attributes(element, names))
    inside = "".join(_written(child, names) for child in element)
    text = str(escape(element.text)) if element.text and element.text.strip() else ""
    if tag in ("g", "defs") and not inside:
        return ""
    if tag == "g" and not attributes:
        return inside
    return f"<{tag}{attributes}>{text}{inside}</{tag}>" if text or inside else f"<{tag}{attributes}/>"


def _attributes(element: ElementTree.Element, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if name == "id":
            if value in names:
                yield "id", names[value]
        elif name == "style":
            yield from _declared(value, names)
        elif name == LINK:
            yield "href", f"#{names[value[1:]]}" if value.startswith("#") else "".join(value.split())
        elif name in ROUNDED:
            yield name, POINT.sub(_rounded, value)
        else:
            yield name, _renamed(value, names)


def _declared(style: str, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Declarations of a style as attributes, so that the page needs to allow no styles within elements."""
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            yield name.strip(), _renamed(value.strip(), names)


def _renamed(value: str, names: dict[str, str]) -> str:
    return MATCHES.sub(lambda match: f"url(#{names[match[1]]})", value)


def _rounded(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
