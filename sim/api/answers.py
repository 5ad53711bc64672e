"""Any question of the command line from Python: its answer as an object that shows itself in a notebook."""

from __future__ import annotations

import base64
import contextlib
import html
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.pipeline.answers import Answer, Found

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.report.figures import Drawing

MOST_ROWS = 20
"""Rows of a table that are shown; all are in `tables`."""

LONGEST_CELL = 120  # characters
DOTS_PER_INCH = 110
STYLE = "overflow-x: auto; line-height: 1.25"


class Drawings(Sequence["Figure"]):
    """Figures of an answer, in their order: matplotlib's own, shown one below the other in a notebook."""

    def __init__(self, drawn: Sequence[Drawing]) -> None:
        self._drawn = drawn

    def __len__(self) -> int:
        """How many there are."""
        return len(self._drawn)

    def __getitem__(self, place: Any) -> Any:
        """A figure by its place or by the name of its file, such as `risk`."""
        if isinstance(place, str):
            named = {one.stem: one.figure for one in self._drawn}
            if place not in named:
                raise KeyError(f"{place!r}: no such figure; there are {', '.join(named) or 'none'}")
            return named[place]
        return [one.figure for one in self._drawn][place]

    @property
    def names(self) -> list[str]:
        """Names of the figures, in their order."""
        return [one.stem for one in self._drawn]

    def _repr_html_(self) -> str:
        return "".join(_image(one) for one in self._drawn) or "<p>No figure.</p>"


@dataclass(frozen=True)
class Shown(Answer[Found]):
    """An answer that tells, plots and shows itself.

    Attributes
    ----------
    folder, kind, scenario, manifest, finding : see `sim.pipeline.answers.Answer`; the folder is the present one where
        the answer was kept nowhere
    """

    @property
    def text(self) -> str:
        """The answer as the command prints it, in plain text."""
        from sim.report.terminal import print_answer

        with contextlib.redirect_stdout(io.StringIO()) as said:
            print_answer(self, ())
        lines = [
            line for line in said.getvalue().splitlines() if not line.startswith(("Result: ", "Figure: "))
        ]
        return "\n".join(lines).strip("\n")

    def plot(self) -> Drawings:
        """Draw the figures of the question, as the command draws them; nothing is written.

        Returns
        -------
        Drawings
            A sequence of matplotlib figures, by place or by name.
        """
        from sim.report.figures import drawings
        from sim.report.figures.style import style

        with style():
            return Drawings(drawings(self))

    def __str__(self) -> str:
        """The answer as the command prints it."""
        return self.text

    def _repr_html_(self) -> str:
        return _clean("".join(self._parts()))

    def _parts(self) -> Iterator[str]:
        yield f'<pre style="{STYLE}">{html.escape(self.text)}</pre>'
        for name, table in self.tables.items():
            rows = f"{len(table):,} row{'' if len(table) == 1 else 's'}"
            yield f"<details><summary>{html.escape(name)}: {rows}</summary>{_table(table)}</details>"


def _table(table: pd.DataFrame) -> str:
    """The first rows of a table as HTML, every cell text; units under the names of columns."""
    units = table.attrs.get("units", {})
    shown = table.head(MOST_ROWS)
    head = "".join(f"<th>{_cell(name)}{_unit(units.get(name, ''))}</th>" for name in shown.columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{_cell(value)}</td>' for value in row)}</tr>"
        for row in shown.itertuples(index=False, name=None)
    )
    more = f"<p>and {len(table) - MOST_ROWS:,} more rows</p>" if len(table) > MOST_ROWS else ""
    whole = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div style="overflow-x: auto">{whole}{more}</div>'


def _unit(unit: str) -> str:
    return f"<br><small>{html.escape(str(unit))}</small>" if unit else ""


def _cell(value: Any) -> str:
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    return html.escape(text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…")


def _image(drawn: Drawing) -> str:
    """A figure as an image within the page, its title as the text for who cannot see it."""
    from sim.report.figures.style import style

    data = io.BytesIO()
    with style():
        drawn.figure.savefig(data, format="png", dpi=DOTS_PER_INCH)
    title = html.escape(_clean(drawn.title), quote=True)
    code = base64.b64encode(data.getvalue()).decode()
    return f'<img alt="{title}" style="max-width: 100%" src="data:image/png;base64,{code}">'


def _clean(text: str) -> str:
    """Text that any page can hold: control characters and halves of characters written out."""
    safe = "".join(c if c >= " " or c in "\n\t" else f"\\x{ord(c):02x}" for c in text)
    return safe.encode("utf-8", "backslashreplace").decode()
