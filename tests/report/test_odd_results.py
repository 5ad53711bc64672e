"""Figures survive odd names, short and empty results; nothing overlaps or is cut off."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.dates import date2num
from matplotlib.text import Text

from sim.report.figures import Drawing, draw_answer
from sim.report.figures.bins import bins_of
from sim.report.figures.style import COUNTRIES, RUNGS, SPIRALS, style, text_width, wrap
from sim.scenario import Scenario, load_scenario
from sim.wording import percent
from tests.report.heads import check_heads
from tests.report.made_tables import Tables, artists, drawn_of, read, tables, words


def test_nobody_spiralled(october: Scenario, tmp_path: Path) -> None:
    result = tables(october, spiralled=False)
    by_stem = {drawing.stem: drawing for drawing in drawn_of(result)}
    bound = percent(result.estimates["headline"]["chance"][1])
    title = by_stem["first-spiral-day"].title
    none = "No run of 400 comes to a direct exchange by 31 Jul 2024"
    assert {title, by_stem["risk-over-time"].title, by_stem["spiral-and-anyway"].title} == {none}
    assert f"Below {bound} by chance (95%)" in by_stem["first-spiral-day"].subtitle
    assert len(draw_answer(result.answer, tmp_path)) == 18
    assert list(read(tmp_path, "first-spiral-day").columns)[:3] == ["from", "to", "runs"]
    assert read(tmp_path, "first-spiral-day").empty


def test_few_spirals_are_told_one_by_one(october: Scenario) -> None:
    result = tables(october)
    other = result.distributions[result.distributions["quantity"] != "first_spiral_day"]
    first = pd.DataFrame({"quantity": "first_spiral_day", "value": [-1, 3, 20], "runs": [397, 1, 2]})
    few = Tables(**{**vars(result), "distributions": pd.concat([other, first])})
    drawing = drawn_of(few)[5]
    assert drawing.title.endswith("in 3 runs, it is from 20 Oct 2023 to 6 Nov 2023")
    assert not artists(drawing, "median")


def test_default_parameters_show_no_range_of_the_unknown(october: Scenario) -> None:
    split, drawing, *others = drawn_of(tables(october, prior=False))
    assert not artists(split, "spiral-unknown")
    assert not artists(drawing, "direct-unknown")
    assert "with the parameters unknown" not in words(drawing)
    assert "What is unknown of the parameters is not shown" in words(drawing)
    for each in (split, drawing, *others):
        assert "parameters at their defaults" in words(each)


def test_a_single_day(october: Scenario, tmp_path: Path) -> None:
    result = tables(october.model_copy(update={"end": october.start}))
    assert len(draw_answer(result.answer, tmp_path)) == 18
    _, risk, attacks, rungs, *_ = drawn_of(result)
    (line,) = artists(risk, "direct-probability")
    assert set(line.get_ydata()) == {result.estimates["headline"]["probability"]}
    assert np.ptp(date2num(line.get_xdata())) == 1  # a line a day wide, not a point
    assert attacks.data["counted"].isna().all()
    assert len(rungs.data) == 7


def test_a_later_start_has_no_counts_of_the_articles() -> None:
    drawing = drawn_of(tables(load_scenario("tower-22")))[2]
    assert drawing.data["counted"].isna().all()
    assert not any(len(line.get_xdata()) for line in artists(drawing, "attacks_iraq-counted"))
    assert "counted in the articles" not in words(drawing)
    assert len(drawing.figure.axes) == 2


@pytest.mark.parametrize("text", ["$\\frac{$ <b>bold</b> & ]]> 戦争", "\ud800 \x00 \x1b " + "W" * 300])
def test_odd_texts_are_shown_as_they_are(october: Scenario, tmp_path: Path, text: str) -> None:
    scenario = october.model_copy(
        update={"name": text, "question": f"{text} ?", "end": october.start + dt.timedelta(days=20)}
    )
    result = tables(scenario)
    check_heads(drawn_of(result))
    for path in draw_answer(result.answer, tmp_path):
        if path.suffix == ".svg":
            ElementTree.parse(path)
    if text.isprintable() and len(text) < 40:
        assert f"Scenario {text}, " in words(drawn_of(result)[0])


@pytest.mark.parametrize("days", [1, 2, 43, 289, 700])
def test_nothing_overlaps_or_is_cut_off(october: Scenario, days: int) -> None:
    result = tables(october.model_copy(update={"end": october.start + dt.timedelta(days=days - 1)}))
    for drawing in drawn_of(result):
        with style():
            drawing.figure.draw_without_rendering()
        page = drawing.figure.bbox
        for text in visible_texts(drawing):
            box = text.get_window_extent()
            assert box.x0 >= page.x0 - 1, (drawing.stem, text)
            assert box.x1 <= page.x1 + 1, (drawing.stem, text)
            assert box.y0 >= page.y0 - 1, (drawing.stem, text)
            assert box.y1 <= page.y1 + 1, (drawing.stem, text)
        for axes in drawing.figure.axes:
            assert not overlaps(axes.get_xticklabels()), drawing.stem
            assert not overlaps(axes.get_yticklabels()), drawing.stem
        assert not overlaps([*drawing.figure.texts, *panel_titles(drawing)]), drawing.stem


def visible_texts(drawing: Drawing) -> list[Text]:
    ticks = {tick for axes in drawing.figure.axes for tick in unseen_ticks(axes)}
    return [
        text for text in drawing.figure.findobj(Text)
        if text.get_visible() and text.get_text() and text not in ticks
    ]  # fmt: skip


def unseen_ticks(axes: Axes) -> list[Text]:
    """Labels outside the axes' limits, which matplotlib keeps but does not draw."""
    ticks = []
    for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        low, high = sorted(limits)
        ticks += [tick for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high]
    return [label for tick in ticks for label in (tick.label1, tick.label2)]


def panel_titles(drawing: Drawing) -> list[Text]:
    return [axes.title for axes in drawing.figure.axes] + [
        text for axes in drawing.figure.axes if (text := axes._left_title).get_text()
    ]


def overlaps(texts: list[Text]) -> list[tuple[str, str]]:
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts if t.get_text() and t.get_visible()]
    return [
        (a, b) for n, (a, box) in enumerate(boxes) for b, other in boxes[:n]
        if box.x0 < other.x1 - 1 and other.x0 < box.x1 - 1 and box.y0 < other.y1 - 1 and other.y0 < box.y1 - 1
    ]  # fmt: skip


def test_lines_are_broken_to_their_width() -> None:
    lines = wrap("Attacks by 31 Jul 2024, in 90% of runs [1,230 to 4,560], and " + "x" * 90, 200, 11)
    assert all(text_width(line, 11) <= 200 for line in lines)
    assert any("31 Jul 2024," in line for line in lines)
    assert any("[1,230 to 4,560]," in line for line in lines)
    assert wrap("one two three four five six", 60, 11, most=2)[-1].endswith("…")


def test_rungs_darken_upwards_and_no_colour_means_two_things() -> None:
    luminance = [np.dot(to_rgb(colour), (0.2126, 0.7152, 0.0722)) for colour in RUNGS[1:]]
    assert all(np.diff(luminance) < -0.05)
    assert SPIRALS["direct"] == RUNGS[5]
    assert SPIRALS["reciprocal"] == RUNGS[6]
    colours = [*RUNGS, *COUNTRIES.values()]
    assert len(set(colours)) == len(colours)


def test_importing_figures_needs_neither_pyplot_nor_a_screen() -> None:
    code = """
import importlib, pkgutil, sys
import sim.report.figures as figures
found = [module.name for module in pkgutil.walk_packages(figures.__path__, "sim.report.figures.")]
assert "sim.report.figures.run" in found
for name in found:
    importlib.import_module(name)
assert "matplotlib.pyplot" not in sys.modules
"""
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "MPLBACKEND")}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_a_count_that_is_cut_off_is_said_to_be_so():
    from sim.report.figures.outcomes import _beyond, _highest

    values = pd.DataFrame({"value": [0, 3, 10, 2047], "runs": [50, 30, 10, 10]})
    closed, cut = bins_of(values), bins_of(values.assign(or_more=[False, False, False, True]))
    assert closed.ticks()[1][-1] != "2,000\nor more"
    assert cut.ticks()[1][-1] == "2,000\nor more"
    assert "the most 2,047;" in _beyond(closed, 100, _highest(values))
    assert _beyond(cut, 100, "2,047 or more").startswith("2,047 or more in 10% of runs")
