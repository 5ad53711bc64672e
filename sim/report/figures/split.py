"""How much of a direct exchange is a spiral, how much would have come anyway, and what restraint averted."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.figures.page import add_legend, new_page, panel_title
from sim.report.figures.released import mark_release, release_note, released_on
from sim.report.figures.result import Drawing, Result
from sim.report.figures.style import (
    ANYWAY,
    BODY,
    FAINT,
    INK,
    PAPER,
    QUANTITY,
    SPIRAL,
    date_axis,
    percent_axis,
    spread,
)
from sim.report.figures.words import capital, comes, ends_text, exchange, level_text, share_of_runs
from sim.scenario import Scenario
from sim.scenario.imposed import imposed_spirals
from sim.wording import day_text

STEM = "spiral-and-anyway"
PARTS = ("spiral", "anyway")
NAMES = {"spiral": "Spiral\n", "anyway": "Anyway\n", "averted": "Averted by\nrestraint "}
IN_ALL = "In all\n"
COLUMNS = ("part", "date", "probability", "low", "high", "unknown_low", "unknown_high")


def draw(result: Result) -> Drawing:
    """Stack the spiral on what would have come anyway by day; beside it all parts with both intervals."""
    title, subtitle = _title(result), _subtitle(result)
    data = _data(result)
    figure = new_page(result, title, subtitle, _reading(result), height=4.3)
    left, right = figure.subplots(1, 2, width_ratios=(1.2, 1))
    _stack(left, result, data)
    _draw_parts(right, data, result.scenario.headline)
    add_legend(figure, _legend(data))
    return Drawing(STEM, title, figure, data, subtitle)


def _data(result: Result) -> pd.DataFrame:
    """Every part by day, its last day with both intervals; what restraint averted on the last day alone."""
    headline, end = result.scenario.headline, pd.Timestamp(result.scenario.end)
    table = result.incidence
    tables = []
    for part in (*PARTS, headline):
        rows = table[table["event"] == part].sort_values("date").rename(columns={"event": "part"})
        rows = rows[["part", "date", "probability", "low", "high"]]
        estimate = result.estimates["headline" if part == headline else part]
        tables.append(rows.iloc[:-1])
        tables.append(pd.DataFrame([_row(part, end, estimate)]))
    if (averted := result.estimates.get("prevented")) is not None:
        tables.append(pd.DataFrame([_row("averted", end, averted["in_all"])]))
    return pd.concat(tables, ignore_index=True).reindex(columns=list(COLUMNS))


def _row(part: str, end: pd.Timestamp, estimate: Any) -> dict[str, Any]:
    ends = dict(zip(("low", "high"), estimate["chance"], strict=True))
    unknown = dict(
        zip(("unknown_low", "unknown_high"), estimate.get("ignorance") or (None, None), strict=True)
    )
    return {"part": part, "date": end, "probability": estimate["probability"], **ends, **unknown}


def _stack(axes: Axes, result: Result, data: pd.DataFrame) -> None:
    """Areas by day: what would have come anyway at the bottom, the spiral upon it."""
    scenario = result.scenario
    by_day = {part: data[data["part"] == part] for part in (*PARTS, scenario.headline)}
    dates = spread(by_day["anyway"]["date"].reset_index(drop=True))
    anyway, spiral = (
        spread(by_day[part]["probability"].reset_index(drop=True)) for part in ("anyway", "spiral")
    )
    axes.fill_between(dates, 0.0, anyway, color=ANYWAY, linewidth=0, gid="anyway")
    axes.fill_between(dates, anyway, anyway + spiral, color=SPIRAL, linewidth=0, gid="spiral")
    axes.plot(dates, anyway, color=PAPER, linewidth=1.0)
    axes.plot(dates, anyway + spiral, color=INK, linewidth=1.4, gid="in-all")
    top = float((anyway + spiral).max())
    axes.set_ylim(0.0, min(1.0, max(0.001, 1.25 * top)))
    percent_axis(axes)
    date_axis(axes, scenario.start, scenario.end, most=5)
    axes.set_xlabel("Date")
    axes.set_ylabel("Runs that have come to it (%)")
    mark_release(axes, released_on(scenario, result.manifest))
    panel_title(axes, [f"{capital(exchange(scenario.headline))} so far, by day"])


def _draw_parts(axes: Axes, data: pd.DataFrame, headline: str) -> None:
    """Each part on the last day, with its interval by chance and with the parameters unknown."""
    last = data.groupby("part", sort=False).last()
    colours = {"spiral": SPIRAL, "anyway": ANYWAY, headline: INK, "averted": PAPER}
    places = dict(zip(last.index, (0.0, 1.0, 2.0, 3.4), strict=False))
    for part, row in last.iterrows():
        y, hollow = places[part], part == "averted"
        edge = INK if hollow else PAPER
        if pd.notna(row["unknown_low"]):
            axes.plot([row["unknown_low"], row["unknown_high"]], [y, y], color=QUANTITY, alpha=0.4, linewidth=9,
                      solid_capstyle="butt", gid=f"{part}-unknown")  # fmt: skip
        axes.plot([row["low"], row["high"]], [y, y], color=INK, linewidth=2.2, gid=f"{part}-chance")
        axes.plot(
            row["probability"], y, "D" if hollow else "o", color=colours[part], markersize=10, markeredgecolor=edge,
            markeredgewidth=1.4, zorder=4, clip_on=False, gid=f"{part}-estimate",
        )  # fmt: skip
    names = [NAMES.get(str(part), IN_ALL) for part in last.index]
    labels = [f"{name}{_level(row)}" for name, (_, row) in zip(names, last.iterrows(), strict=True)]
    axes.set_yticks(list(places.values()), labels)
    axes.tick_params(axis="y", length=0, labelsize=BODY)
    axes.set_ylim(max(places.values()) + 0.6, -0.6)
    if "averted" in places:
        axes.axhline(2.7, color=FAINT, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.set_xlim(left=0.0)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.6g}%"))
    axes.grid(False, axis="y")
    axes.grid(True, axis="x")
    axes.set_xlabel("Share of runs (%)")
    panel_title(axes, [f"By {day_text(data['date'].max().date())}"])


def _level(row: pd.Series) -> str:
    return level_text({"probability": row["probability"], "chance": [row["low"], row["high"]]})


def _legend(data: pd.DataFrame) -> list[tuple[Artist, str]]:
    entries: list[tuple[Artist, str]] = [
        (Patch(color=SPIRAL, linewidth=0), "spiral: by reactions"),
        (Patch(color=ANYWAY, linewidth=0), "would come anyway"),
        (Line2D([], [], color=INK, linewidth=2.2), "95% by chance"),
    ]
    if data["unknown_low"].notna().any():
        entries.append((Patch(color=QUANTITY, alpha=0.4, linewidth=0), "90%, parameters unknown"))
    return entries


def _title(result: Result) -> str:
    scenario, of = result.scenario, result.estimates
    headline = of["headline"]
    if headline["seen"] == 0 or scenario.headline in imposed_spirals(scenario):
        return comes(headline, scenario, scenario.headline)
    none = of["anyway"]["seen"] == 0
    anyway = "none" if none else level_text(of["anyway"])
    return (
        f"Spirals bring a {exchange(scenario.headline)} in {share_of_runs(of['spiral'])}; {anyway} "
        f"{'comes' if none else 'come'} to one anyway"
    )


def _subtitle(result: Result) -> str:
    of = result.estimates
    named = of["headline"].get("ignorance")
    what = "95% by chance and 90% with the parameters unknown" if named else "95% by chance"
    told = [
        f"spiral {ends_text(of['spiral'], named=False)}",
        f"anyway {ends_text(of['anyway'], named=False)}",
    ]
    if (averted := of.get("prevented")) is not None:
        whole = averted["in_all"]
        told.append(f"restraint averted another {level_text(whole)} {ends_text(whole, named=False)}")
    return f"By {day_text(result.scenario.end)}: {'; '.join(told)} ({what})."


def _reading(result: Result) -> list[str]:
    scenario: Scenario = result.scenario
    name = exchange(scenario.headline)
    averted = result.estimates.get("prevented")
    sample = "" if averted is None else (
        f" Averted (apart: these runs come to none): a {name} that comes only where damping reactions are taken out, "
        f"in a sample of {averted['runs']:,} runs."
    )  # fmt: skip
    return [
        f"Spiral: a {name} that does not come when the run is lived again without the amplifying reactions. Anyway: "
        f"one that does. The two add up to all that come to a {name}.{sample}",
        *release_note(
            released_on(scenario, result.manifest), "Before it no run can come to one that was not on record."
        ),
    ]
