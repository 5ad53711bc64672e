"""The page that every figure is drawn on: the finding above, how to read it and where it comes from below."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, FuncFormatter

from sim.evidence import load_evidence
from sim.report.figures.result import Drawing, Result
from sim.report.figures.style import BODY, CAPTION, FAINT, SUBTITLE, TITLE, literal, style, wrap
from sim.scenario.titles import Words, spoken, told
from sim.store.files import write_whole
from sim.version import VERSION
from sim.wording import MONTHS, parameters_text

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.simulate.job import Job

WIDTH = 10.0  # inches
MARGIN = 0.22
DOTS_PER_INCH = 150
POINTS = 72.0
LEGEND = 0.36  # inches for a row of legend
WRITTEN = "_spiral_written"
"""Attribute of a figure: how many of its texts the page wrote itself."""

LEADING = 1.3  # line distance as a multiple of the type's size


def new_page(
    result: Result, title: str, subtitle: str, reading: Sequence[str], height: float = 4.4
) -> Figure:
    """Start a figure of a result: the finding above, notes below, and room of so many inches between for axes.

    Parameters
    ----------
    result : Result
    title : str
        What was found, in a sentence of under 90 characters.
    subtitle : str
        How sure that is: its intervals.
    reading : sequence of str
        How to read the figure: what each line, band or bar is.
    height : float
        Inches left to the axes.
    """
    return blank_page(title, subtitle, (*reading, question_note(result.scenario), *_notes(result)), height)


def blank_page(title: str, subtitle: str, notes: Sequence[str], height: float) -> Figure:
    """Start a figure of anything: title and subtitle above, notes below, and room of so many inches between."""
    title, subtitle, notes = told(title), told(subtitle), [told(note) for note in notes]
    head = [*_lines(title, TITLE, "bold", 2), *_lines(subtitle, SUBTITLE, "normal", 2)]
    sizes = [TITLE if bold else SUBTITLE for _, bold in head]
    foot = [line for note in notes for line, _ in _lines(note, CAPTION, "normal", 4)]
    above = MARGIN + LEADING * sum(sizes) / POINTS + 0.12
    below = MARGIN + LEADING * CAPTION * len(foot) / POINTS + 0.08
    total = above + height + below
    room = ConstrainedLayoutEngine(rect=(0.008, below / total, 0.984, height / total))
    figure = Figure(figsize=(WIDTH, total), layout=room)
    _write_head(figure, head)
    _write_foot(figure, foot)
    setattr(figure, WRITTEN, len(figure.texts))
    return figure


def retold(drawing: Drawing) -> Drawing:
    """A drawing in the words of the scenario that is told of; what `blank_page` wrote on it has them already."""
    if spoken().same:
        return drawing
    figure, words = drawing.figure, spoken()
    head = figure.texts[: getattr(figure, WRITTEN, 0)]
    for text in figure.findobj(Text):
        if isinstance(text, Text) and text not in head:
            text.set_text(told(text.get_text()))
    axes = [axis for one in figure.axes for axis in (one.xaxis, one.yaxis)]
    found = [one for axis in axes for one in (axis.get_major_formatter(), axis.get_minor_formatter())]
    for formatter in {
        id(one): one for one in found
    }.values():  # panels may share one; each writes when it is drawn
        if isinstance(formatter, FixedFormatter):
            formatter.seq = [words.put(label) for label in formatter.seq]
        elif isinstance(formatter, FuncFormatter):  # that of labels which are set with their ticks, too
            formatter.func = partial(_label, words, formatter.func)
    return replace(drawing, title=told(drawing.title))


def _label(words: Words, label: Callable[..., str], *tick: Any) -> str:
    return words.put(label(*tick))


def add_legend(
    figure: Figure, entries: Sequence[tuple[Artist, str]], rows: int = 1, size: float = BODY
) -> None:
    """Explain lines and bands in rows between the title and the axes, where they hide nothing."""
    engine, total = figure.get_layout_engine(), figure.get_figheight()
    assert isinstance(engine, ConstrainedLayoutEngine)
    left, bottom, width, height = engine.get()["rect"]
    handles, labels = zip(*entries, strict=True)
    legend = figure.legend(
        handles, labels, loc="upper left", bbox_to_anchor=(MARGIN / WIDTH, bottom + height),
        ncols=-(-len(entries) // rows), borderpad=0, borderaxespad=0, columnspacing=1.6, handlelength=1.8,
        fontsize=size,
    )  # fmt: skip
    legend.set_in_layout(False)
    engine.set(rect=(left, bottom, width, height - legend_height(rows, size) / total))


def legend_height(rows: int, size: float = BODY) -> float:
    """Inches that a legend of so many rows takes."""
    return LEGEND + (rows - 1) * 1.5 * size / POINTS


def _lines(text: str, size: float, weight: str, most: int) -> list[tuple[str, bool]]:
    return [
        (line, weight == "bold") for line in wrap(text, POINTS * (WIDTH - 2 * MARGIN), size, weight, most)
    ]


def _write_head(figure: Figure, head: list[tuple[str, bool]]) -> None:
    total = figure.get_figheight()
    y = total - MARGIN
    for line, bold in head:
        size = TITLE if bold else SUBTITLE
        look: dict[str, Any] = {"weight": "bold"} if bold else {"color": FAINT}
        figure.text(MARGIN / WIDTH, y / total, line, size=size, va="top", in_layout=False, **look)
        y -= LEADING * size / POINTS


def _write_foot(figure: Figure, foot: list[str]) -> None:
    total = figure.get_figheight()
    for number, line in enumerate(reversed(foot)):
        y = MARGIN / 2 + 0.03 + number * LEADING * CAPTION / POINTS
        figure.text(MARGIN / WIDTH, y / total, line, size=CAPTION, color=FAINT, va="bottom", in_layout=False)


def question_note(scenario: Scenario) -> str:
    """Say what was asked."""
    return f"Question: {scenario.question}"


def _notes(result: Result) -> tuple[str, str]:
    """Say what the result was made from, and how far it may be trusted."""
    made = result.manifest
    runs = int(made["runs"])
    rows = made.get("rows")
    many = f" ({rows:,} rows)" if rows and made["parameters"] != "default" else ""
    number = f"{runs:,} {'run' if runs == 1 else 'runs'}"
    changed = "".join(f" with {change}" for change in made.get("changes", ()))
    return (
        f"Scenario {result.scenario.name}{changed}, {number}, seed {made['random_seed']}, "
        f"parameters {parameters_text(made['parameters'])}{many}, Spiral {made['version']}.",
        trust_note(),
    )


def job_note(job: Job, runs: int) -> str:
    """Say what a figure was made from that belongs to no result: so many runs of a job."""
    return (
        f"Scenario {job.scenario.name}, {runs:,} runs, seed {job.random_seed}, parameters "
        f"{parameters_text(job.parameters)}, Spiral {VERSION}."
    )


def trust_note() -> str:
    """Say how far an estimate may be trusted."""
    return f"Model estimate, conditional on the model; parameters mostly assumed. {source_note()}"


def source_note() -> str:
    """Say what the evidence is."""
    if spoken().another:
        return "Evidence: none of this crisis; priors of another, see seeds/."
    days = [source.published for source in load_evidence().sources.values()]
    first, last = (f"{MONTHS[day.month - 1]} {day.year}" for day in (min(days), max(days)))
    return f"Evidence: {len(days)} news articles of {first} to {last}, see seeds/."


def panel_title(axes: Axes, lines: Sequence[str], size: float = BODY) -> None:
    """Head a panel with its finding, one line each."""
    axes.set_title("\n".join(literal(line) for line in lines), fontsize=size, linespacing=1.25)


def save_alone(draw: Callable[[], Drawing], place: Path) -> list[Path]:
    """Draw a figure that belongs to no result into a folder, made if it is not there.

    Returns
    -------
    list of Path
        The files written: PNG, SVG and CSV.
    """
    with style():
        drawing = retold(draw())
        place.mkdir(parents=True, exist_ok=True)
        return save(drawing, place)


def save(drawing: Drawing, folder: Path) -> list[Path]:
    """Write a drawing as PNG and SVG, and its data as CSV; the same drawing gives the same bytes."""
    title = literal(drawing.title)
    _settle(drawing.figure)
    contents = {
        "png": _png(drawing.figure, title),
        "svg": _svg(drawing.figure, title),
        "csv": _csv(drawing.data),
    }
    return [_write(folder / f"{drawing.stem}.{kind}", content) for kind, content in contents.items()]


# Figure.savefig draws everything once more before it writes it, for layouts that are still to be made.


def _png(figure: Figure, title: str) -> bytes:
    about = {"Title": title.encode("latin-1", "replace").decode("latin-1"), "Software": None}
    before, buffer = figure.dpi, io.BytesIO()
    figure.set_dpi(DOTS_PER_INCH)
    FigureCanvasAgg(figure).print_png(buffer, metadata=about)
    figure.set_dpi(before)
    return buffer.getvalue()


def _svg(figure: Figure, title: str) -> bytes:
    buffer = io.BytesIO()
    FigureCanvasSVG(figure).print_svg(buffer, metadata={"Title": title, "Creator": None, "Date": None})
    return buffer.getvalue()


def _settle(figure: Figure) -> None:
    """Fix the axes where the layout puts them, rounded: the last bits differ from time to time."""
    if figure.axes and (layout := figure.get_layout_engine()) is not None:
        layout.execute(figure)
    figure.set_layout_engine("none")
    for axes in figure.axes:
        left, bottom, width, height = axes.get_position(original=True).bounds
        axes.set_position((round(left, 5), round(bottom, 5), round(width, 5), round(height, 5)))


def _csv(data: pd.DataFrame) -> bytes:
    return data.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n").encode()


def _write(path: Path, content: bytes) -> Path:
    write_whole(path, content)
    return path
