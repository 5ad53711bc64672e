"""The timeline of one run: outside pressures, what each actor did, and the rung of every day."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from sim.replay.events import Event
from sim.replay.outcome import of_kind
from sim.replay.replay import Replay
from sim.replay.words import actor_name, date_of, listed
from sim.report.figures.page import (
    add_legend,
    blank_page,
    legend_height,
    question_note,
    save_alone,
    source_note,
)
from sim.report.figures.result import Drawing
from sim.report.figures.style import (
    BODY,
    CAPTION,
    COUNTRIES,
    FAINT,
    INK,
    PAPER,
    QUANTITY,
    RUNGS,
    SPIRALS,
    date_axis,
    day_number,
    literal,
    wrap,
)
from sim.report.figures.trace.bands import LETTERS
from sim.report.figures.trace.data import timeline_table
from sim.report.figures.trace.drivers import draw_drivers
from sim.report.figures.trace.marks import MARKS, draw_marks, handle
from sim.report.figures.trace.title import subtitle_of, title_of
from sim.report.figures.words import RUNG_WORDS
from sim.scenario import Scenario
from sim.simulate.setting import militias_in_order
from sim.version import VERSION
from sim.wording import MONTHS, parameters_text

STEM = "timeline"
DRIVERS_HIGH, LANE_HIGH, STRIP_HIGH = 1.25, 0.42, 0.34  # inches
WIDE = 118.0  # points for the names of lanes
LEGEND_COLUMNS = 4
PAUSE_LOOKS = {
    "pause of the groups": (QUANTITY, "pause of the groups"),
    "pause of Tehran": ("#7A5BA6", "pause by Tehran's word"),
    "pause of Baghdad": ("#B08030", "pause of Baghdad's bargain"),
}
"""Colour and label of the days on which a militia holds its fire, by mark."""
WAR, WAR_ALPHA = "war, followed no further", 0.12


def draw_timeline(played: Replay, log: Sequence[Event], place: Path) -> list[Path]:
    """Draw the timeline of a run into a folder, made if it is not there."""
    return save_alone(lambda: draw(played, log), place)


def draw(played: Replay, log: Sequence[Event]) -> Drawing:
    """Draw drivers on top, a lane an actor, and the rungs underneath."""
    scenario = played.job.scenario
    lanes = [*militias_in_order(scenario), "us", "iraq", "iran"]
    data, title = timeline_table(played, log), title_of(played.run, log, scenario)
    subtitle = subtitle_of(log)
    legend = _legend(data)
    rows = -(-len(legend) // LEGEND_COLUMNS)
    height = DRIVERS_HIGH + LANE_HIGH * len(lanes) + STRIP_HIGH + 1.1 + legend_height(rows, CAPTION)
    figure = blank_page(title, subtitle, _notes(played), height)
    drivers, main, strip = figure.subplots(
        3, 1, sharex=True, height_ratios=(DRIVERS_HIGH, LANE_HIGH * len(lanes), STRIP_HIGH)
    )
    draw_drivers(drivers, data, scenario)
    _draw_lanes(main, data, lanes, scenario)
    _draw_strip(strip, data)
    _mark_spirals((drivers, main, strip), log, scenario)
    _shade_war((drivers, main), data)
    date_axis(strip, scenario.start, scenario.end)
    for axes in (drivers, main):
        axes.tick_params(axis="x", bottom=False, labelbottom=False)
    add_legend(figure, legend, rows, CAPTION)
    return Drawing(STEM, title, figure, data, subtitle)


def _notes(played: Replay) -> list[str]:
    job = played.job
    drawn = parameters_text(job.parameters)
    return [
        "Marks grow with attacks, harm or level, and have the colour of the country that was hit. Baghdad: the "
        "bargain that stands (full height: all of it). Tehran: its stance, restraining above the line and urging "
        "below it. Militias: days under a pause that they heed. Where marks are too many, a band stands for "
        "them. Outside pressures run from 0 (none) to 1. "
        f"Rungs: {', '.join(f'{rung} {name}' for rung, name in enumerate(RUNG_WORDS))}.",
        question_note(job.scenario),
        "One run of a model, not a forecast and not what happened: "
        f"run {played.run:,} of scenario {job.scenario.name}, seed {job.random_seed}, parameters {drawn}, "
        f"Spiral {VERSION}. {source_note()}",
    ]


def _draw_lanes(axes: Axes, data: pd.DataFrame, lanes: Sequence[str], scenario: Scenario) -> None:
    places = {lane: len(lanes) - 1 - number for number, lane in enumerate(lanes)}
    for lane, y in places.items():
        axes.axhline(y, color="#DDDDDD", linewidth=0.8, zorder=0.5)
        rows = data[data["lane"] == lane]
        for name, (colour, _) in PAUSE_LOOKS.items():
            _draw_bars(axes, rows[rows["mark"] == name], y, colour, name.replace(" ", "-"))
        _draw_bars(axes, rows[rows["mark"] == "bargain"], y, FAINT, "bargain")
        _draw_stance(axes, rows[rows["mark"] == "stance"], y)
        draw_marks(axes, rows, y)
    names = ["\n".join(wrap(actor_name(lane, scenario), WIDE, BODY, most=2)) for lane in places]
    axes.set_yticks(list(places.values()), names)
    axes.tick_params(axis="y", length=0, pad=9)
    axes.set_ylim(-0.55, len(lanes) - 0.45)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)


def _draw_bars(axes: Axes, rows: pd.DataFrame, y: float, colour: str, name: str) -> None:
    """A bar a day, as high as the value."""
    rows = rows[rows["size"] > 0]
    if len(rows):
        x = [day_number(day) for day in rows["date"]]
        axes.bar(
            x, 0.76 * rows["size"].to_numpy(), width=1.0, bottom=y - 0.38, color=colour,
            alpha=0.35, linewidth=0, zorder=0.8, gid=name,
        )  # fmt: skip


def _draw_stance(axes: Axes, rows: pd.DataFrame, y: float) -> None:
    if len(rows):
        x = [day_number(day) for day in rows["date"]]
        axes.bar(
            x, 0.42 * rows["size"].to_numpy(), width=1.0, bottom=y, color=FAINT, alpha=0.35, linewidth=0,
            zorder=0.8, gid="stance",
        )  # fmt: skip


def _draw_strip(axes: Axes, data: pd.DataFrame) -> None:
    """The rung of every day; its name where there is room, or its number."""
    rungs = data[data["mark"] == "rung"]
    days = [(day_number(day), int(rung)) for day, rung in zip(rungs["date"], rungs["size"], strict=True)]
    room = len(days) / 45
    letter = len(days) / LETTERS
    for rung, part in groupby(days, key=lambda day: day[1]):
        span = [day for day, _ in part]
        box = Rectangle(
            (span[0] - 0.5, 0.0), len(span), 1.0, facecolor=RUNGS[rung], linewidth=0, gid=f"rung-{rung}"
        )
        axes.add_patch(box)
        if len(span) >= room:
            colour = PAPER if rung >= 5 else INK
            middle = (span[0] + span[-1]) / 2
            name = RUNG_WORDS[rung] if len(span) >= letter * (len(RUNG_WORDS[rung]) + 2) else str(rung)
            axes.text(middle, 0.46, name, ha="center", va="center", size=CAPTION, color=colour)
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([0.5], ["Rung"])
    axes.tick_params(axis="y", length=0, pad=9)
    axes.grid(visible=False)


def _mark_spirals(panels: Sequence[Axes], log: Sequence[Event], scenario: Scenario) -> None:
    """A line through all panels on the day of each spiral, its name on top."""
    by_day = groupby(of_kind(log, "spiral"), key=lambda event: event.day)
    last_label, level = -1e9, 0
    for day, events in by_day:
        names = [event.about["spiral"] for event in events]
        date = date_of(day, scenario)
        x = day_number(date)
        for axes in panels:
            axes.axvline(x, color=SPIRALS[names[0]], linewidth=1.4, zorder=0.9, gid=f"spiral-{names[0]}")
        level = level + 1 if x - last_label < 0.34 * scenario.days else 0
        last_label = x
        right = x > day_number(scenario.start) + 0.7 * scenario.days
        panels[0].annotate(
            f"{listed(names)} exchange{'s' * (len(names) > 1)}, {date.day} {MONTHS[date.month - 1]}", (x, 1.0),
            xycoords=("data", "axes fraction"), xytext=(-3 if right else 3, 3 + 13 * level),
            textcoords="offset points", ha="right" if right else "left", va="bottom", size=CAPTION,
            color=SPIRALS[names[0]],
        )  # fmt: skip


def _shade_war(panels: Sequence[Axes], data: pd.DataFrame) -> None:
    """The days on which nothing is lived any more."""
    days = data["date"][data["mark"] == "war"]
    if len(days):
        for axes in panels:
            first, last = day_number(days.min()) - 0.5, day_number(days.max()) + 0.5
            axes.axvspan(first, last, color=RUNGS[6], alpha=WAR_ALPHA, linewidth=0, zorder=0.2, gid="war")


def _legend(data: pd.DataFrame) -> list[tuple[Artist, str]]:
    """What the marks and colours that occur mean."""
    entries: list[tuple[Artist, str]] = []
    marks = set(data["mark"][data["lane"] != "drivers"])
    for name, mark in MARKS.items():
        if name in marks:
            entries.append((handle(mark), mark.label))
    for name, (colour, label) in PAUSE_LOOKS.items():
        if name in marks:
            entries.append((Patch(color=colour, alpha=0.35, linewidth=0), label))
    if "war" in marks:
        entries.append((Patch(color=RUNGS[6], alpha=WAR_ALPHA, linewidth=0), WAR))
    where = set(data["where"].dropna())
    for country, colour in COUNTRIES.items():
        if country in where:
            entries.append((Patch(color=colour), f"in {country.capitalize()}"))
    if "iran" in where:
        entries.append((Patch(color=RUNGS[5]), "in Iran"))
    return entries or [(Line2D([], [], color=FAINT), literal("outside pressures"))]
