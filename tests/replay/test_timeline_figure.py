"""The figure of a run shows nothing but what happened in it."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from sim.replay.log import log_of
from sim.replay.outcome import of_kind
from sim.replay.replay import replay
from sim.report.figures.result import Drawing
from sim.report.figures.style import style
from sim.report.figures.trace.bands import CROWD, crowds
from sim.report.figures.trace.drivers import spread_apart
from sim.report.figures.trace.marks import MARKS
from sim.report.figures.trace.timeline import PAUSE_LOOKS, WAR, draw, draw_timeline
from sim.report.figures.trace.title import title_of
from sim.scenario import load_scenario
from sim.simulate.job import make_job
from tests.replay.replayed import LONG_WAR, in_war, played_run
from tests.report.heads import check_heads


@pytest.fixture(scope="module")
def drawing(run) -> Drawing:
    with style():
        return draw(*run)


@pytest.mark.parametrize(("name", "number"), [("imposed", 3), ("october-2023", 683)])
def test_a_timeline_is_written_thrice_with_the_same_bytes_each_time(name, number, desk, tmp_path):
    played = played_run(name, number, desk)
    files, again = (draw_timeline(played, log_of(played), tmp_path / k / "timeline") for k in ("one", "two"))
    assert [file.name for file in files] == ["timeline.png", "timeline.svg", "timeline.csv"]
    assert all(file.stat().st_size > 100 for file in files)
    assert [a.read_bytes() for a in again] == [b.read_bytes() for b in files]


def test_a_title_says_what_was_found(run):
    played, log = run
    title = title_of(played.run, log, played.job.scenario)
    assert f"Run {played.run:,}: " in title
    spiral = [e for e in of_kind(log, "spiral") if e.about["headline"]]
    assert ("no direct exchange" in title) == (not spiral)


def test_a_timeline_is_well_headed(drawing):
    check_heads([drawing])


def test_the_data_of_a_timeline_are_those_of_the_run(run, drawing):
    played, log = run
    data = drawing.data
    assert data[data["mark"] == "rung"]["size"].tolist() == list(played.evenings["ladder"]["rung"])
    assert data[data["mark"].isin(["killed", "killed by Tehran"])]["size"].sum() == played.outcome["killed"]
    marked = {
        (e.day, e.actor) for e in log if e.imposed and e.kind in ("attacks", "strike", "answer", "pressing")
    }
    assert (data["mark"] == "imposed").sum() == len(marked)
    strikes = data[data["mark"] == "strike"]
    assert Counter(strikes["size"]) == Counter(e.about["level"] for e in of_kind(log, "strike"))
    assert len(data[data["lane"] == "drivers"]) == 6 * played.days
    end = int(played.outcome["censored_day"])
    lived = played.evenings[: end if end >= 0 else played.days]
    assert (data["mark"] == "war").sum() == played.days - len(lived)
    assert (data["mark"] == "stance").sum() == len(lived)
    for name, by in (("pause of the groups", 1), ("pause of Tehran", 2), ("pause of Baghdad", 3)):
        held = lived["militias"]["standing_down"][lived["pause"]["by"] == by].sum()
        assert (data["mark"] == name).sum() == held


def test_the_legend_explains_what_is_drawn_and_nothing_else(drawing):
    shown = {text.get_text() for text in drawing.figure.legends[0].get_texts()}
    drawn = set(drawing.data["mark"][drawing.data["lane"] != "drivers"])
    assert shown & {mark.label for mark in MARKS.values()} == {
        MARKS[name].label for name in drawn & set(MARKS)
    }
    countries = {f"in {where.capitalize()}" for where in drawing.data["where"].dropna()}
    assert {text for text in shown if text.startswith("in ")} == countries
    assert shown & {label for _, label in PAUSE_LOOKS.values()} == {
        label for name, (_, label) in PAUSE_LOOKS.items() if name in drawn
    }
    assert (WAR in shown) == ("war" in drawn)


def test_nothing_of_a_timeline_is_cut_off(drawing):
    with style():
        figure = drawing.figure
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw(renderer)
        width, height = figure.get_size_inches() * figure.dpi
        boxes = [
            text.get_window_extent(renderer) for axes in figure.axes for text in axes.texts if text.get_text()
        ]
        boxes += [
            label.get_window_extent(renderer) for axes in figure.axes for label in axes.get_yticklabels()
        ]
        boxes += [legend.get_window_extent(renderer) for legend in figure.legends]
    for box in boxes:
        assert box.x0 >= -1
        assert box.x1 <= width + 1
        assert box.y0 >= -1
        assert box.y1 <= height + 1


def test_a_driver_is_drawn_where_it_presses_though_it_never_moves():
    played = replay(make_job(load_scenario("tower-22")), 25)
    with style():
        axes = draw(played, log_of(played)).figure.axes[0]
    assert np.ptp(played.timeline["diplomacy"]) == 0
    names = [text.get_text() for text in axes.texts]
    assert {"US diplomacy", "talks (outside)"} <= set(names)
    assert "US troops" not in names


def test_no_two_marks_look_alike():
    looks = [(mark.marker, mark.hollow) for mark in MARKS.values()]
    assert len(set(looks)) == len(looks)


def test_a_crowd_of_marks_becomes_a_band_that_counts_them():
    played = in_war(LONG_WAR)
    with style():
        lanes = draw(played, log_of(played)).figure.axes[1]
    strikes = int(played.outcome["strikes"][4])
    assert strikes > CROWD
    assert any(text.get_text().startswith(f"{strikes} US strikes, level 4") for text in lanes.texts)
    drawn = sum(len(c.get_offsets()) for c in lanes.collections if c.get_gid() == "strike-iran")
    assert drawn == 0


def test_few_marks_are_drawn_one_by_one():
    days = pd.date_range("2024-01-01", periods=CROWD - 1)
    table = pd.DataFrame({"date": days, "where": "iraq"})
    assert list(crowds(table)) == []
    more = pd.concat([table, pd.DataFrame({"date": [days[-1] + pd.Timedelta(days=1)], "where": "iraq"})])
    assert [where for where, _, _ in crowds(more)] == ["iraq"]


def test_labels_are_spread_apart():
    places = spread_apart([0.5, 0.5, 0.5, 0.9], 0.2)
    assert min(np.diff(sorted(places))) >= 0.2 - 1e-6
    assert places[3] == max(places)
