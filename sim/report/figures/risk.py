"""How the risk of each exchange grows: the chance that it has come by a day, and how sure that is."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.report.figures.page import add_legend, new_page, panel_title
from sim.report.figures.released import mark_release, release_note, released_on
from sim.report.figures.result import Drawing, Result
from sim.report.figures.style import DARK, INK, LIGHT, PAPER, SPIRALS, date_axis, percent_axis, spread
from sim.report.figures.words import capital, comes, ends_text, exchange, level_text
from sim.wording import definition_text

STEM = "risk-over-time"
COUPLINGS_OFF = ("couplings_off", "couplings_off_low", "couplings_off_high")


def draw(result: Result) -> Drawing:
    """Draw the headline large and the other definition small, on one scale."""
    scenario = result.scenario
    title = comes(result.estimates["headline"], scenario, scenario.headline)
    subtitle = _subtitle(result)
    released = released_on(scenario, result.manifest)
    data = _data(result)
    figure = new_page(result, title, subtitle, _reading(result, data, released), height=4.5)
    headline = result.scenario.headline
    panels = figure.subplots(1, 2, width_ratios=(1.75, 1))
    for axes, definition in zip(panels, _definitions(result), strict=True):
        _draw_panel(axes, data[data["event"] == definition], definition)
        large = axes is panels[0]
        _head_panel(axes, result, definition, large)
        date_axis(axes, result.scenario.start, result.scenario.end, most=10 if large else 5)
        _set_scale(axes, data, most=8 if large else 4)
        mark_release(axes, released)
    add_legend(figure, _legend(data, headline))
    return Drawing(STEM, title, figure, data, subtitle)


def _definitions(result: Result) -> list[str]:
    headline = result.scenario.headline
    return [headline, *(name for name in ("direct", "reciprocal") if name != headline)][:2]


def _data(result: Result) -> pd.DataFrame:
    """Rows of the exchanges, with the estimate without couplings on the last day of each."""
    table = result.incidence
    parts = []
    for definition in _definitions(result):
        part = table[table["event"] == definition].sort_values("date").reset_index(drop=True)
        part = part.assign(**dict.fromkeys(COUPLINGS_OFF, float("nan")))
        part = held(part, result.estimates["spirals"][definition].get("ignorance"))
        off = result.estimates["spirals"].get(definition, {}).get("couplings_off")
        if off:
            part.loc[part.index[-1], list(COUPLINGS_OFF)] = [off["probability"], *off["chance"]]
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def held(part: pd.DataFrame, ignorance: list[float] | None) -> pd.DataFrame:
    """Hold what is unknown of every day to the range of the last day, and have no band before the first run comes."""
    part = part.copy()
    for column, end in zip(("unknown_low", "unknown_high"), ignorance or (), strict=False):
        part[column] = part[column].clip(upper=end)
    if (part["probability"] > 0).any():
        part.loc[part["probability"] == 0, ["low", "high"]] = 0.0
    return part


def _draw_panel(axes: Axes, rows: pd.DataFrame, definition: str) -> None:
    colour = SPIRALS[definition]
    dates = spread(rows["date"])
    if rows["unknown_low"].notna().any():
        low, high = spread(rows["unknown_low"]), spread(rows["unknown_high"])
        axes.fill_between(
            dates, low, high, color=colour, alpha=LIGHT, linewidth=0, gid=f"{definition}-unknown"
        )
    low, high = spread(rows["low"]), spread(rows["high"])
    axes.fill_between(dates, low, high, color=colour, alpha=DARK, linewidth=0, gid=f"{definition}-chance")
    axes.plot(dates, spread(rows["probability"]), color=colour, gid=f"{definition}-probability")
    _mark_couplings_off(axes, rows.iloc[-1], definition)


def _mark_couplings_off(axes: Axes, last: pd.Series, definition: str) -> None:
    value, low, high = (last[column] for column in COUPLINGS_OFF)
    if pd.isna(value):
        return
    error = [[max(0.0, value - low)], [max(0.0, high - value)]]
    axes.errorbar(
        [last["date"]], [value], yerr=error, color=INK, elinewidth=1.2, clip_on=False, zorder=5,
        marker="D", markersize=7, markerfacecolor=PAPER, markeredgewidth=1.4,
        gid=f"{definition}-couplings-off",
    )  # fmt: skip


def _head_panel(axes: Axes, result: Result, definition: str, large: bool) -> None:
    if large:
        panel_title(axes, [f"{capital(exchange(definition))}, the headline"])
        axes.set_ylabel("Runs that have come to it (%)")
    else:
        found = level_text(result.estimates["spirals"][definition])
        panel_title(axes, [f"{capital(exchange(definition))}: {found}"])
    axes.set_xlabel("Date")


def _set_scale(axes: Axes, data: pd.DataFrame, most: int) -> None:
    """Start every panel at none, and end it a little above whatever is drawn in any of them."""
    drawn = data.drop(columns=["event", "date"])
    axes.set_ylim(0, min(1.0, max(0.001, 1.08 * float(drawn.max().max()))))
    percent_axis(axes, most)


def _legend(data: pd.DataFrame, definition: str) -> list[tuple[Artist, str]]:
    colour = SPIRALS[definition]
    entries: list[tuple[Artist, str]] = [
        (Line2D([], [], color=colour), "estimate"),
        (Patch(color=colour, alpha=DARK, linewidth=0), "95% by chance"),
    ]
    if data["unknown_low"].notna().any():
        patch = Patch(color=colour, alpha=LIGHT, linewidth=0)
        entries.append((patch, "90% with the parameters unknown"))
    if data[COUPLINGS_OFF[0]].notna().any():
        mark = Line2D([], [], color=INK, linestyle="", marker="D", markersize=7, markerfacecolor=PAPER)
        entries.append((mark, "couplings off"))
    return entries


def _subtitle(result: Result) -> str:
    """Both intervals of the headline, and what the other definition comes to."""
    told = []
    for definition in _definitions(result):
        estimate = result.estimates["spirals"][definition]
        first = definition == result.scenario.headline
        level = "" if first or estimate["seen"] == 0 else f" {level_text(estimate)}"
        told.append(
            f"{capital(definition) if first else definition}{level} {ends_text(estimate, named=first)}"
        )
    return "; ".join(told) + "."


def _reading(result: Result, data: pd.DataFrame, released: dt.date | None) -> list[str]:
    bands = "Dark band: 95% interval by chance, for so many runs, from the first that comes on. "
    if data["unknown_low"].notna().any():
        bands += "Light band: central 90% of the risk over what is unknown of the parameters."
    elif result.manifest["parameters"] == "default":
        bands += "What is unknown of the parameters is not shown: all are at their defaults."
    else:
        bands += "What is unknown of the parameters is not shown: too few rows, or none seen."
    if data[COUPLINGS_OFF[0]].notna().any():
        bands += (
            " Diamond: the risk by the last day with couplings off: Washington still answers attacks, "
            "and no answer changes what others do next."
        )
    meanings = [f"{capital(d)}: {definition_text(d, result.scenario)}." for d in _definitions(result)]
    note = "Before it none can come but what is on record; the risk begins there because the record ends."
    return [*meanings, bands, *release_note(released, note)]
