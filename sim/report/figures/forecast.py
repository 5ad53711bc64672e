"""A forecast drawn: the campaign so far and as it may go on, and the risk of a spiral from there."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiments.forecast import ForecastFinding, ReportPart
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.style import CAPTION, DARK, INK, LIGHT, QUANTITY, SPIRALS, date_axis
from sim.wording import day_text, percent

SHOWN_DAYS = 120


def drawings(answer: Answer[ForecastFinding]) -> list[Drawing]:
    """Draw attacks so far and to come, over the risk of the headline spiral."""
    return [draw_forecast(answer)]


def draw_forecast(answer: Answer[ForecastFinding]) -> Drawing:
    """Two panels over the same days: cumulative attacks, and the risk of the headline spiral."""
    of = answer.finding
    daily, risks = of.daily, of.incidence
    as_of, headline = pd.Timestamp(of.as_of), of.headline
    name = headline.definition
    last = as_of + pd.Timedelta(days=SHOWN_DAYS)
    attacks = daily[(daily["series"] == "attacks") & (daily["date"] <= last)]
    risk = risks[(risks["event"] == name) & (risks["date"] <= last)]
    ends = pd.Timestamp(of.record_ends)
    beyond = (
        f" The record ends on {day_text(ends.date())}; after it nothing is on record." if ends < as_of else ""
    )
    title = (
        f"As of {day_text(as_of.date())} the risk of a {name} spiral by {day_text(answer.scenario.end)} is "
        f"{percent(headline.probability)}"
    )
    reading = (
        f"Runs conditioned on the record {of.record} up to the dashed line, and simulated on from there. Above: "
        "attacks since the start, median and central 50% and 90% of runs; crosses: counts on record. Below: "
        "probability that the spiral has come, with 95% by chance (dark) and the central 90% with the parameters "
        f"unknown (pale).{beyond}",
    )
    figure = answer_page(answer, title, reading, 6.6)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    _attacks(above, attacks, of.reports)
    _risk(below, risk, SPIRALS[name])
    for axes in (above, below):
        axes.axvline(as_of, color=INK, linewidth=1.0, linestyle="--")
    date_axis(below, attacks["date"].iloc[0].date(), attacks["date"].iloc[-1].date())
    data = pd.concat(
        [attacks.assign(panel="attacks"), risk.assign(panel="risk", series=name)], ignore_index=True
    )
    return Drawing("forecast", title, figure, data)


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
    axes.set_ylabel("attacks")
    panel_title(axes, ["Attacks since the start"])
    handles = [
        Line2D([], [], color=INK, linewidth=1.6), Patch(color=QUANTITY, alpha=DARK, linewidth=0),
        Patch(color=QUANTITY, alpha=LIGHT, linewidth=0), Line2D([], [], color=INK, marker="x", linestyle=""),
    ]  # fmt: skip
    axes.legend(handles, ["median", "50%", "90%", "on record"], loc="upper center", fontsize=CAPTION)


def _risk(axes: Axes, table: pd.DataFrame, colour: str) -> None:
    dates = table["date"]
    axes.fill_between(
        dates, 100 * table["unknown_low"], 100 * table["unknown_high"], color=colour, alpha=LIGHT, linewidth=0
    )
    axes.fill_between(dates, 100 * table["low"], 100 * table["high"], color=colour, alpha=DARK, linewidth=0)
    axes.plot(dates, 100 * table["probability"], color=colour)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("risk (%)")
    panel_title(axes, ["Probability that the spiral has come"])
