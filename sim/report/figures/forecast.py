"""A forecast drawn: the campaign so far and as it may go on, and the risk of a direct exchange from there."""

from __future__ import annotations

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
    daily, risks = of.daily, of.incidence
    as_of, headline = pd.Timestamp(of.as_of), of.headline
    name = headline.definition
    attacks = daily[daily["series"] == "attacks"]
    risk = held(risks[risks["event"] == name].reset_index(drop=True), headline.ignorance)
    parts = {part: risks[risks["event"] == part] for part in ("spiral", "anyway")}
    ends = pd.Timestamp(of.record_ends)
    beyond = (
        f" The record ends on {day_text(ends.date())}; after it nothing is on record." if ends < as_of else ""
    )
    told, end = headline.model_dump(), answer.scenario.end
    title = f"As of {day_text(as_of.date())}, a {exchange(name)} comes by {day_text(end)} in {share_of_runs(told)}"
    subtitle = f"{capital(ends_text(told))}{_parts_told(parts)}."
    reading = (
        f"Runs conditioned on the record {of.record} up to the dashed line, and simulated on from there. Above: "
        "attacks since the start, median and central 50% and 90% of runs; crosses: counts on record. Below: "
        f"probability that a {exchange(name)} has come, with 95% by chance (dark) and the central 90% with the "
        "parameters unknown (pale), from the first run on that comes to one; dashed: what of it would come without any "
        f"amplifying reaction.{beyond}",
    )
    figure = answer_page(answer, title, subtitle, reading, 6.4)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    _attacks(above, attacks, of.reports)
    _risk(below, risk, parts["anyway"], name)
    for axes in (above, below):
        axes.axvline(as_of, color=INK, linewidth=1.0, linestyle="--")
    above.annotate(
        "as of", (as_of, 1.0), (-4, -3), xycoords=("data", "axes fraction"), textcoords="offset points", ha="right",
        va="top", size=CAPTION, color=FAINT, rotation=90,
    )  # fmt: skip
    date_axis(below, attacks["date"].iloc[0].date(), end)
    below.set_xlabel("Date")
    add_legend(figure, _legend(SPIRALS[name], bool(len(parts["anyway"]))), rows=2, size=CAPTION)
    data = pd.concat(
        [
            attacks.assign(panel="attacks"),
            *(
                part.assign(panel="risk", series=key)
                for key, part in {name: risk, **parts}.items()
                if len(part)
            ),
        ],
        ignore_index=True,
    )
    return Drawing("forecast", title, figure, data, subtitle)


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
