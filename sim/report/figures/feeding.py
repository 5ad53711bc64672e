"""What escalatory acts bring on and what they prevent, by day: drawn from their estimate."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from sim.experiments.why.feeding import FEWEST_NEAR, WINDOW, Feeding
from sim.report.figures.page import add_legend, blank_page, job_note, question_note, save_alone, trust_note
from sim.report.figures.released import mark_release, release_note, released_on
from sim.report.figures.result import Drawing
from sim.report.figures.style import COUNTRIES, DARK, INK, QUANTITY, RUNGS, date_axis, day_number
from sim.scenario import Scenario
from sim.simulate.job import Job

STEM = "feeding"
TOO_FEW = (
    f"No day has {FEWEST_NEAR} escalatory acts within {WINDOW} days to either side: nothing is drawn by day."
)
CUT_SHORT = 30  # days before the end in which offspring have little time left to come
LINES = "#C8C8C8"
COLOURS = {"excitation": RUNGS[5], "inhibition": COUNTRIES["iraq"]}


def draw_feeding(found: Feeding, job: Job, place: Path) -> list[Path]:
    """Draw excitation and inhibition by day into a folder, made if it is not there; there must be an escalatory act."""
    return save_alone(lambda: draw(found, job), place)


def draw(found: Feeding, job: Job) -> Drawing:
    """Draw excitation upwards and inhibition downwards, and below how many escalatory acts they rest on."""
    scenario = job.scenario
    data = found.by_day.rename(columns={"acts": "acts_near"})
    data["acts_a_run_and_week"] = data["acts_near"] / found.runs / _days_near(data["date"], scenario) * 7.0
    title, subtitle = _title(found), _subtitle(found)
    if data.empty:
        return Drawing(
            STEM, title, blank_page(title, subtitle, (TOO_FEW, *_notes(found, job)), 0.2), data, subtitle
        )
    figure = blank_page(title, subtitle, _notes(found, job), 5.0)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2.6, 1))
    legend = [*_draw_parts(above, data), _shade_the_end(above, scenario)]
    _draw_acts(below, data)
    date_axis(below, scenario.start, scenario.end)
    for axes in (above, below):
        mark_release(axes, _released(job), label=axes is above)
    above.tick_params(axis="x", bottom=False, labelbottom=False)
    add_legend(figure, legend)
    return Drawing(STEM, title, figure, data, subtitle)


def _draw_parts(axes: Axes, data: pd.DataFrame) -> list[tuple[Artist, str]]:
    entries: list[tuple[Artist, str]] = []
    for name, sign in (("excitation", 1.0), ("inhibition", -1.0)):
        low, high = sign * data[f"{name}_low"], sign * data[f"{name}_high"]
        axes.fill_between(data["date"], low, high, color=COLOURS[name], alpha=DARK / 2, linewidth=0)
        (line,) = axes.plot(data["date"], sign * data[name], color=COLOURS[name], gid=name)
        entries.append((line, "brought on" if sign > 0 else "prevented (drawn downwards)"))
    axes.axhline(0.0, color=INK, linewidth=0.8)
    axes.set_ylabel("escalatory acts\nfor each escalatory act", fontsize=10.5)
    return entries


def _shade_the_end(axes: Axes, scenario: Scenario) -> tuple[Artist, str]:
    end = day_number(scenario.end) + 0.5
    start = max(day_number(scenario.start) - 0.5, end - CUT_SHORT)
    span = axes.axvspan(start, end, facecolor="none", edgecolor=LINES, hatch="///", linewidth=0)
    return span, "offspring cut short"


def _draw_acts(axes: Axes, data: pd.DataFrame) -> None:
    axes.fill_between(data["date"], 0.0, data["acts_a_run_and_week"], color=QUANTITY, linewidth=0)
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel("escalatory acts\na run, a week", fontsize=10.0)


def _days_near(dates: pd.Series, scenario: Scenario) -> pd.Series:
    """Days of the scenario within the window of each date: fewer at its ends."""
    day = (dates - pd.Timestamp(scenario.start)).dt.days
    first, last = (day - WINDOW).clip(lower=0), (day + WINDOW).clip(upper=scenario.days - 1)
    return last - first + 1


def _title(found: Feeding) -> str:
    whole = found.phases["all"]
    on, off = (_number(part) for part in (whole.excitation, whole.inhibition))
    return f"An escalatory act directly brings on {on} others and prevents {off}"


def _subtitle(found: Feeding) -> str:
    whole = found.phases["all"]
    return f"Brought on {whole.excitation}, prevented {whole.inhibition} (95% by chance)."


def _number(part: object) -> str:
    """A mean without its interval."""
    return str(part).partition(" ")[0]


def _released(job: Job) -> dt.date | None:
    return released_on(job.scenario, {"parameters": job.parameters, "basis": [{"past": job.past_is_led}]})


def _notes(found: Feeding, job: Job) -> tuple[str, ...]:
    return (
        "Escalatory acts (a US death by a militia's attack, a US strike in Iraq or of level 3 or more, an open "
        "answer by Iran) that such an act directly brings on, and those that it prevents: the positive and the "
        f"negative parts of its mean offspring by kind. Acts within {WINDOW} days to either side, {FEWEST_NEAR} or "
        f"more, bands 95% by chance; in the last {CUT_SHORT} days there is little time left for offspring.",
        *release_note(
            _released(job), "Before it acts are those on record; their number grows there because it ends."
        ),
        question_note(job.scenario),
        f"{job_note(job, found.runs)} Every act counts once, so that runs with long exchanges weigh most.",
        trust_note(),
    )
