"""How the campaign of attacks grows in Iraq, and in Syria and Jordan, beside what the articles count."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.evidence import Fact, load_evidence
from sim.report.figures.page import add_legend, new_page, panel_title
from sim.report.figures.released import mark_release, release_note, released_on
from sim.report.figures.result import Drawing, Result
from sim.report.figures.style import COUNTRIES, DARK, FAINT, INK, LIGHT, PAPER, date_axis, day_number, spread
from sim.scenario import Scenario
from sim.wording import day_text, number_text

STEM = "attacks-by-country"
COUNTED_FROM = dt.date(2023, 10, 17)
CLOSE_UP = dt.timedelta(days=35)
PLACES = {"attacks_iraq": ("in Iraq", "iraq"), "attacks_syria_jordan": ("in Syria and Jordan", "syria")}
FACTS = {
    "attacks_iraq": ("attacks-iraq-24-oct", "attacks-iraq-30-oct", "attacks-iraq-17-nov"),
    "attacks_syria_jordan": ("attacks-syria-24-oct", "attacks-syria-30-oct", "attacks-syria-17-nov"),
}


def draw(result: Result) -> Drawing:
    """Draw a fan a country, and the first weeks once more beside it where the articles' counts lie."""
    scenario = result.scenario
    data = _data(result)
    title, subtitle = _title(result, data), _subtitle(data)
    fitted, released = result.manifest["parameters"] == "posterior", released_on(scenario, result.manifest)
    figure = new_page(result, title, subtitle, _reading(data, fitted, released), height=5.6)
    whole, close = (scenario.start, scenario.end), (scenario.start, scenario.start + CLOSE_UP)
    spans = [whole, close] if data["counted"].notna().any() and scenario.end > close[1] else [whole]
    panels = np.atleast_2d(
        figure.subplots(2, len(spans), squeeze=False, width_ratios=(1.35, 1)[: len(spans)])
    )
    for row, series in zip(panels, PLACES, strict=True):
        for axes, span in zip(row, spans, strict=True):
            _draw_panel(axes, data[data["series"] == series], series, span, numbers=span is spans[-1])
            _head_panel(axes, series, is_close_up=span is close)
            if released is not None and released <= span[1]:
                mark_release(axes, released, label=span is spans[0])
    _share_scales(panels)
    add_legend(figure, _legend(data))
    return Drawing(STEM, title, figure, data, subtitle)


def _data(result: Result) -> pd.DataFrame:
    """Rows of the two series, with the articles' counts on their days."""
    table = result.daily
    rows = table[table["series"].isin(PLACES)].sort_values(["series", "date"]).reset_index(drop=True)
    rows = rows.assign(counted=float("nan"), fact=pd.Series(index=rows.index, dtype=object))
    for series in PLACES:
        for fact in marks(result.scenario, series):
            here = (rows["series"] == series) & (rows["date"] == pd.Timestamp(fact.end))
            rows.loc[here, "counted"] = fact.value
            rows.loc[here, "fact"] = fact.id
    return rows


def marks(scenario: Scenario, series: str) -> list[Fact]:
    """Find the articles' counts that may stand beside a series: since its first day, and within it."""
    facts = [load_evidence().facts[id] for id in FACTS[series]]
    comparable = scenario.start == COUNTED_FROM
    return [f for f in facts if comparable and f.start == scenario.start and f.end and f.end <= scenario.end]


def _draw_panel(
    axes: Axes, rows: pd.DataFrame, series: str, span: tuple[dt.date, dt.date], numbers: bool
) -> None:
    shown = rows[rows["date"] <= pd.Timestamp(span[1])]
    colour, dates = COUNTRIES[PLACES[series][1]], spread(shown["date"])
    for lower, upper, alpha in (("q05", "q95", LIGHT), ("q25", "q75", DARK - LIGHT)):
        low, high = spread(shown[lower]), spread(shown[upper])
        axes.fill_between(dates, low, high, color=colour, alpha=alpha, linewidth=0, gid=f"{series}-{upper}")
    axes.plot(dates, spread(shown["q50"]), color=colour, gid=f"{series}-q50")
    axes.plot(
        dates, spread(shown["mean"]), color=INK, linewidth=1.4, linestyle=(0, (4, 3)), gid=f"{series}-mean"
    )
    counted = shown.dropna(subset=["counted"])
    size = 8 if numbers else 5
    axes.plot(
        counted["date"], counted["counted"], linestyle="", marker="o", markersize=size, color=INK,
        markeredgecolor=PAPER, markeredgewidth=1.0, zorder=6, gid=f"{series}-counted",
    )  # fmt: skip
    if numbers:
        _number_marks(axes, counted)
    date_axis(axes, *span, most=11 if (span[1] - span[0]).days > 70 else 6)


def _number_marks(axes: Axes, counted: pd.DataFrame) -> None:
    """Write the counts over their dots."""
    for day, count in zip(counted["date"], counted["counted"], strict=True):
        axes.annotate(
            f"{count:.0f}", (day_number(day), count), xytext=(0, 9), textcoords="offset points",
            ha="center", va="bottom", weight="bold", zorder=7,
            bbox={"boxstyle": "round,pad=0.12", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.75},
        )  # fmt: skip


def _head_panel(axes: Axes, series: str, is_close_up: bool) -> None:
    place = PLACES[series][0]
    if is_close_up:
        panel_title(axes, [f"{place[0].upper()}{place[1:]}: the first five weeks"])
    else:
        panel_title(axes, [f"Attacks {place}"])
        axes.set_ylabel("Attacks since the start")
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.set_xlabel("Date" if series == list(PLACES)[-1] else "")


def _share_scales(panels: np.ndarray) -> None:
    """Give the countries one scale, from none to a little above all that is drawn, so that they compare."""
    for column in panels.T:
        top = max(1.0, *(axes.dataLim.y1 for axes in column))
        for axes in column:
            axes.set_ylim(0, 1.1 * top)


def _legend(data: pd.DataFrame) -> list[tuple[Artist, str]]:
    entries: list[tuple[Artist, str]] = [
        (Patch(color=FAINT, alpha=LIGHT, linewidth=0), "90% of runs"),
        (Patch(color=FAINT, alpha=DARK, linewidth=0), "50% of runs"),
        (Line2D([], [], color=FAINT), "median"),
        (Line2D([], [], color=INK, linewidth=1.4, linestyle=(0, (4, 3))), "mean"),
    ]
    if data["counted"].notna().any():
        mark = Line2D([], [], linestyle="", marker="o", markersize=8, color=INK, markeredgecolor=PAPER)
        entries.append((mark, "counted in the articles"))
    return entries


def _title(result: Result, data: pd.DataFrame) -> str:
    found = [f"{number_text(last['q50'])} {place}" for place, last in _last_rows(data)]
    return f"Median attacks on US forces by {day_text(result.scenario.end)}: {', '.join(found)}"


def _subtitle(data: pd.DataFrame) -> str:
    found = [
        f"{number_text(last['q05'])} to {number_text(last['q95'])} {place}"
        for place, last in _last_rows(data)
    ]
    return f"In 90% of runs: {', '.join(found)}."


def _last_rows(data: pd.DataFrame) -> list[tuple[str, pd.Series]]:
    return [(place, data[data["series"] == series].iloc[-1]) for series, (place, _) in PLACES.items()]


def _reading(data: pd.DataFrame, fitted: bool, released: dt.date | None) -> list[str]:
    bands = (
        "Cumulative attacks on US forces. Bands: where the middle 50% and 90% of the runs lie on each day."
    )
    note = " ".join(release_note(released, "The fan opens there because the record ends."))
    text = f"{bands} {note}".strip()
    counted = data.dropna(subset=["counted"])
    if counted.empty:
        return [text]
    inside = int(counted["counted"].between(counted["q05"], counted["q95"]).sum())
    known = "runs were fitted to" if fitted else "model was built knowing"
    return [
        text,
        f"Dots: counted in the articles since {day_text(COUNTED_FROM)} (those of Syria beside Syria "
        f"and Jordan); {inside} of {len(counted)} lie within the 90% band. "
        f"This is no test: the {known} them.",
    ]
