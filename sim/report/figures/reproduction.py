"""The escalation reproduction number by day: drawn from its estimate."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from sim.experiments.why.reproduction import PHASES, WINDOW, Reproduction, estimate_text
from sim.report.figures.page import add_legend, blank_page, save, source_note
from sim.report.figures.result import Drawing
from sim.report.figures.style import DARK, FAINT, INK, QUANTITY, date_axis, day_number, style
from sim.scenario import Scenario
from sim.simulate.job import Job
from sim.version import VERSION
from sim.wording import parameters_text

STEM = "reproduction"
CUT_SHORT = 30  # days before the end in which offspring have little time left to come
LINES = "#C8C8C8"


def draw_reproduction(found: Reproduction, job: Job, place: Path) -> list[Path]:
    """Draw the number by day into a folder, made if it is not there; there must be a severe event.

    Returns
    -------
    list of Path
        The files written: PNG, SVG and CSV.
    """
    with style():
        drawing = draw(found, job)
        place.mkdir(parents=True, exist_ok=True)
        return save(drawing, place)


def draw(found: Reproduction, job: Job) -> Drawing:
    """Draw the number with its interval above, and how many severe events it rests on below."""
    scenario = job.scenario
    data = found.by_day.rename(columns={"events": "events_near"})
    data["events_a_run_and_week"] = (
        data["events_near"] / found.runs / _days_near(data["date"], scenario) * 7.0
    )
    figure = blank_page(_title(found), f"{scenario.name}: {scenario.question}", _notes(found, job), 4.6)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    legend = [*_draw_number(above, data), _shade_the_end(above, scenario)]
    _draw_events(below, data)
    date_axis(below, scenario.start, scenario.end)
    above.tick_params(axis="x", bottom=False, labelbottom=False)
    add_legend(figure, legend)
    return Drawing(STEM, _title(found), figure, data)


def _draw_number(axes: Axes, data: pd.DataFrame) -> list[tuple[Artist, str]]:
    days = data["date"]
    band = axes.fill_between(days, data["low"], data["high"], color=INK, alpha=DARK / 2, linewidth=0)
    (line,) = axes.plot(days, data["number"], color=INK)
    one = axes.axhline(1.0, color=FAINT, linestyle=(0, (4, 3)), linewidth=1.2)
    axes.set_ylim(0.0, max(1.15, 1.08 * float(data["high"].max())))
    axes.set_ylabel("reproduction number")
    return [
        (line, "reproduction number"),
        (band, "95% by chance"),
        (one, "one: above, it feeds itself"),
    ]


def _shade_the_end(axes: Axes, scenario: Scenario) -> tuple[Artist, str]:
    end = day_number(scenario.end) + 0.5
    start = max(day_number(scenario.start) - 0.5, end - CUT_SHORT)
    span = axes.axvspan(start, end, facecolor="none", edgecolor=LINES, hatch="///", linewidth=0)
    return span, "offspring cut short"


def _draw_events(axes: Axes, data: pd.DataFrame) -> None:
    axes.fill_between(data["date"], 0.0, data["events_a_run_and_week"], color=QUANTITY, linewidth=0)
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel("severe events\na run and week")


def _days_near(dates: pd.Series, scenario: Scenario) -> pd.Series:
    """Days of the scenario within the window of each date: fewer at its ends."""
    day = (dates - pd.Timestamp(scenario.start)).dt.days
    first, last = (day - WINDOW).clip(lower=0), (day + WINDOW).clip(upper=scenario.days - 1)
    return last - first + 1


def _title(found: Reproduction) -> str:
    whole = found.phases["all"]
    does = (
        "feeds itself"
        if whole.low > 1
        else "does not feed itself"
        if whole.high < 1
        else "may or may not feed itself"
    )
    parts = [f"{name} {estimate_text(found.phases[name])}" for name in PHASES[1:] if name in found.phases]
    return f"The conflict, on average, {does}: reproduction number {estimate_text(whole)}; {', '.join(parts)}"


def _notes(found: Reproduction, job: Job) -> tuple[str, ...]:
    drawn = parameters_text(job.parameters)
    return (
        "How many severe events (a US death by a militia's attack, a US strike in Iraq or of level 3 or more, an open "
        "answer by Iran) a severe event directly brings on, less those it prevents: the dominant eigenvalue over kinds "
        f"of event, at least 0. Events within {WINDOW} days to either side; in the last {CUT_SHORT} days "
        "there is little time left for offspring.",
        f"Scenario {job.scenario.name}, {found.runs:,} runs, seed {job.random_seed}, parameters {drawn}, Spiral "
        f"{VERSION}. Every event counts once, so that runs with long exchanges weigh most.",
        f"Model estimate, conditional on the model; parameters mostly assumed. {source_note()}",
    )
