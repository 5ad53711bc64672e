"""When the headline's exchange first comes, among the runs that have one, and how many never do."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.report.figures.page import new_page
from sim.report.figures.released import mark_release, release_note, released_on
from sim.report.figures.result import Drawing, Result, quantile, values_of
from sim.report.figures.style import FAINT, INK, LIGHT, SPIRALS, date_axis, day_number, percent_axis
from sim.report.figures.words import capital, comes, ends_text, exchange, level_text
from sim.scenario import Scenario
from sim.scenario.imposed import imposed_spirals
from sim.wording import day_text, definition_text, share_text

STEM = "first-spiral-day"
FEW = 20  # runs, too few for quantiles
COLUMNS = ("from", "to", "runs", "share", "share_per_bar")


def draw(result: Result) -> Drawing:
    """Draw how the first days of the exchange fall on weeks, or on the days of a short scenario."""
    scenario = result.scenario
    days = values_of(result, "first_spiral_day")
    length = _bar_length(scenario)
    data = _data(days, scenario, length)
    title, subtitle = _title(result, days), _subtitle(result, days)
    released = released_on(scenario, result.manifest)
    figure = new_page(result, title, subtitle, _reading(result, days, released), height=4.2)
    axes = figure.add_subplot()
    if days.empty:
        _say_nobody(axes, result)
    else:
        _draw_bars(axes, data, SPIRALS[scenario.headline])
        if days["runs"].sum() >= FEW:
            _mark_quantiles(axes, days, scenario)
        axes.set_ylabel(f"Share of these runs\nper {_bar_name(length)} (%)")
        mark_release(axes, released)
        percent_axis(axes)
    axes.set_xlabel(f"First day of the {exchange(scenario.headline)}")
    date_axis(axes, scenario.start, scenario.end)
    return Drawing(STEM, title, figure, data, subtitle)


def _bar_length(scenario: Scenario) -> int:
    return 1 if scenario.days <= 42 else 7 if scenario.days <= 420 else 28


def _bar_name(length: int) -> str:
    return {1: "day", 7: "week", 28: "four weeks"}[length]


def _data(days: pd.DataFrame, scenario: Scenario, length: int) -> pd.DataFrame:
    """Bars from the start on; the last takes what is left, and its height is scaled to that of the others."""
    if days.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    first = np.arange(max(1, round(scenario.days / length))) * length
    last = np.append(first[1:], scenario.days) - 1
    which = np.minimum(days["value"].to_numpy() // length, len(first) - 1)
    runs = np.bincount(which, weights=days["runs"], minlength=len(first)).astype(np.int64)
    share = runs / runs.sum()
    start = pd.Timestamp(scenario.start)
    begins, ends = (start + pd.to_timedelta(edge, unit="D") for edge in (first, last))
    per_bar = share * length / (last - first + 1)
    return pd.DataFrame(dict(zip(COLUMNS, (begins, ends, runs, share, per_bar), strict=True)))


def _draw_bars(axes: Axes, data: pd.DataFrame, colour: str) -> None:
    left = np.array([day_number(day) for day in data["from"]]) - 0.5
    right = np.array([day_number(day) for day in data["to"]]) + 0.5
    bars = axes.bar(
        left,
        data["share_per_bar"],
        width=right - left,
        align="edge",
        color=colour,
        edgecolor="white",
        linewidth=0.6,
    )
    for bar in bars:
        bar.set_gid("first-spiral")
    axes.set_ylim(0, 1.22 * float(data["share_per_bar"].max()))


def _mark_quantiles(axes: Axes, days: pd.DataFrame, scenario: Scenario) -> None:
    low, middle, high = (day_number(_day(scenario, quantile(days, q))) for q in (0.05, 0.5, 0.95))
    axes.axvspan(low - 0.5, high + 0.5, color=INK, alpha=LIGHT / 2, linewidth=0, zorder=0.5)
    axes.axvline(middle, color=INK, linewidth=2, gid="median")
    right = middle > sum(map(day_number, (scenario.start, scenario.end))) / 2
    axes.annotate(
        "median (shaded: 90% of these runs)", (middle, 1), xycoords=("data", "axes fraction"),
        xytext=(-6 if right else 6, -4), textcoords="offset points",
        ha="right" if right else "left", va="top",
    )  # fmt: skip


def _say_nobody(axes: Axes, result: Result) -> None:
    runs = int(result.manifest["runs"])
    name, end = exchange(result.scenario.headline), day_text(result.scenario.end)
    message = f"No run of {runs:,} came to a {name}\nby {end}"
    axes.text(0.5, 0.5, message, transform=axes.transAxes, ha="center", va="center", size=14, color=FAINT)
    axes.set_yticks([])
    axes.grid(visible=False)


def _day(scenario: Scenario, number: int) -> dt.date:
    return scenario.start + dt.timedelta(days=number)


def _title(result: Result, days: pd.DataFrame) -> str:
    scenario = result.scenario
    name, number = exchange(scenario.headline), int(days["runs"].sum())
    if days.empty or scenario.headline in imposed_spirals(scenario):
        return comes(result.estimates["headline"], scenario, scenario.headline)
    if number < FEW:
        return f"Where a {name} comes, in {number} {'run' if number == 1 else 'runs'}, it is {_span(days, scenario)}"
    half = day_text(_day(scenario, quantile(days, 0.5)))
    return f"Where a {name} comes, half of the runs have come to it by {half}"


def _span(days: pd.DataFrame, scenario: Scenario) -> str:
    first, last = (day_text(_day(scenario, int(day))) for day in (days["value"].min(), days["value"].max()))
    return f"on {first}" if first == last else f"from {first} to {last}"


def _subtitle(result: Result, days: pd.DataFrame) -> str:
    scenario, runs, number = result.scenario, int(result.manifest["runs"]), int(days["runs"].sum())
    never = f"{share_text(runs - number, runs)} of {runs:,} runs come to none by {day_text(scenario.end)}"
    if days.empty:
        return capital(ends_text(result.estimates["headline"])) + "."
    if number < FEW:
        return f"{capital(never)}."
    low, high = (day_text(_day(scenario, quantile(days, q))) for q in (0.05, 0.95))
    return f"In 90% of them it comes from {low} to {high}; {never}."


def _reading(result: Result, days: pd.DataFrame, released: dt.date | None) -> list[str]:
    scenario = result.scenario
    meaning = f"{capital(exchange(scenario.headline))}: {definition_text(scenario.headline, scenario)}."
    estimate = result.estimates["headline"]
    found = f"Risk by {day_text(scenario.end)}: {level_text(estimate)} {ends_text(estimate)}."
    if days.empty:
        return [meaning]
    number, runs = int(days["runs"].sum()), int(result.manifest["runs"])
    text = f"Bars: the {number:,} of {runs:,} runs that come to one, 100% in all; only the first of a run is counted."
    note = (
        "Before it none can come but what is on record: the bars begin there because the record ends, and a peak in "
        "the weeks after it is of the same making."
    )
    return [meaning, found, f"{text}{_last_bar(scenario)}", *release_note(released, note)]


def _last_bar(scenario: Scenario) -> str:
    length = _bar_length(scenario)
    last = scenario.days - (max(1, round(scenario.days / length)) - 1) * length
    return (
        "" if last == length else f" The last bar holds {last} days, its height is per {_bar_name(length)}."
    )
