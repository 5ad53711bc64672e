"""A forecast drawn: the campaign so far and as it may go on, and the risk of a direct exchange from there."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiments.forecast import ForecastFinding, ReportPart
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.risk import held
from sim.report.figures.style import (
    CAPTION,
    DARK,
    FAINT,
    INK,
    LIGHT,
    QUANTITY,
    SPIRALS,
    date_axis,
    percent_axis,
)
from sim.report.figures.words import capital, ends_text, exchange, share_of_runs
from sim.wording import day_text, percent_with_chance

DASHES = (0, (4, 2))


def drawings(answer: Answer[ForecastFinding]) -> list[Drawing]:
    """Draw attacks so far and to come, over the risk of the headline."""
    return [draw_forecast(answer)]


def draw_forecast(answer: Answer[ForecastFinding]) -> Drawing:
    """Two panels over the same days: cumulative attacks, and the risk of the headline, to the scenario's last day."""
    of = answer.finding
    name, end = of.headline.definition, answer.scenario.end
    attacks = of.daily[of.daily["series"] == "attacks"]
    risk = held(of.incidence[of.incidence["event"] == name].reset_index(drop=True), of.headline.ignorance)
    parts = {part: of.incidence[of.incidence["event"] == part] for part in ("spiral", "anyway")}
    title, subtitle = _title(of, end), f"{capital(ends_text(of.headline.model_dump()))}{_parts_told(parts)}."
    figure = answer_page(answer, title, subtitle, _reading(of), 6.4)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    _attacks(above, attacks, of.reports)
    _risk(below, risk, parts["anyway"], name)
    _mark_as_of(above, below, pd.Timestamp(of.as_of))
    date_axis(below, attacks["date"].iloc[0].date(), end)
    below.set_xlabel("Date")
    add_legend(figure, _legend(SPIRALS[name], bool(len(parts["anyway"]))), rows=2, size=CAPTION)
    risks = [
        part.assign(panel="risk", series=key) for key, part in {name: risk, **parts}.items() if len(part)
    ]
    data = pd.concat([attacks.assign(panel="attacks"), *risks], ignore_index=True)
    return Drawing("forecast", title, figure, data, subtitle)


def _title(of: ForecastFinding, end: dt.date) -> str:
    name, shares = exchange(of.headline.definition), share_of_runs(of.headline.model_dump())
    return f"As of {day_text(dt.date.fromisoformat(of.as_of))}, a {name} comes by {day_text(end)} in {shares}"


def _reading(of: ForecastFinding) -> list[str]:
    as_of, ends = (dt.date.fromisoformat(day) for day in (of.as_of, of.record_ends))
    beyond = f" The record ends on {day_text(ends)}; after it nothing is on record." if ends < as_of else ""
    return [
        f"Runs conditioned on the record {of.record} up to the dashed line, and simulated on from there. Above: "
        "attacks since the start, median and central 50% and 90% of runs; crosses: counts on record. Below: "
        f"probability that a {exchange(of.headline.definition)} has come, with 95% by chance (dark) and the central "
        "90% with the parameters unknown (pale), from the first run on that comes to one; dashed: what of it would "
        f"come without any amplifying reaction.{beyond}",
    ]


def _mark_as_of(above: Axes, below: Axes, day: pd.Timestamp) -> None:
    """A dashed line on the last day whose reports count, named in the upper panel."""
    for axes in (above, below):
        axes.axvline(day, color=INK, linewidth=1.0, linestyle="--")
    above.annotate(
        "as of", (day, 1.0), (-4, -3), xycoords=("data", "axes fraction"), textcoords="offset points", ha="right",
        va="top", size=CAPTION, color=FAINT, rotation=90,
    )  # fmt: skip


def _parts_told(parts: dict[str, pd.DataFrame]) -> str:
    """Say how much of it is a spiral and how much would come anyway, with their intervals by chance."""
    told = [
        f"{key} {percent_with_chance(*(rows.iloc[-1][name] for name in ('probability', 'low', 'high')))}"
        for key, rows in parts.items()
        if len(rows)
    ]
    return f"; of it {', '.join(told)}" if told else ""


def _legend(colour: str, split: bool) -> list[tuple[Artist, str]]:
    entries: list[tuple[Artist, str]] = [
        (Line2D([], [], color=INK, linewidth=1.6), "attacks, median"),
        (Patch(color=QUANTITY, alpha=DARK, linewidth=0), "50% of runs"),
        (Patch(color=QUANTITY, alpha=LIGHT, linewidth=0), "90% of runs"),
        (Line2D([], [], color=INK, marker="x", linestyle=""), "on record"),
        (Line2D([], [], color=colour), "risk"),
        (Patch(color=colour, alpha=DARK, linewidth=0), "95% by chance"),
        (Patch(color=colour, alpha=LIGHT, linewidth=0), "90%, parameters unknown"),
    ]
    return (
        [*entries, (Line2D([], [], color=INK, linestyle=DASHES, linewidth=1.4), "of it anyway")]
        if split
        else entries
    )


def _attacks(axes: Axes, table: pd.DataFrame, reports: list[ReportPart]) -> None:
    dates = table["date"]
    axes.fill_between(dates, table["q05"], table["q95"], color=QUANTITY, alpha=LIGHT, linewidth=0)
    axes.fill_between(dates, table["q25"], table["q75"], color=QUANTITY, alpha=DARK, linewidth=0)
    axes.plot(dates, table["q50"], color=INK, linewidth=1.6)
    told = pd.DataFrame([part.model_dump() for part in reports], columns=["series", "date", "value"])
    if len(told):
        totals = told.groupby("date")["value"].sum()
        axes.plot(pd.to_datetime(totals.index), totals, "x", color=INK, markersize=7, markeredgewidth=2)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("Attacks")
    panel_title(axes, ["Attacks since the start"])


def _risk(axes: Axes, table: pd.DataFrame, anyway: pd.DataFrame, name: str) -> None:
    dates, colour = table["date"], SPIRALS[name]
    axes.fill_between(
        dates, table["unknown_low"], table["unknown_high"], color=colour, alpha=LIGHT, linewidth=0
    )
    axes.fill_between(dates, table["low"], table["high"], color=colour, alpha=DARK, linewidth=0)
    axes.plot(dates, table["probability"], color=colour)
    axes.plot(anyway["date"], anyway["probability"], color=INK, linestyle=DASHES, linewidth=1.4, gid="anyway")
    axes.set_ylim(bottom=0.0)
    percent_axis(axes)
    axes.set_ylabel("Runs so far (%)")
    panel_title(axes, [f"{capital(exchange(name))} so far"])
