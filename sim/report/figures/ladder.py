"""Where the runs stand on the escalation ladder, day by day."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sim.report.figures.page import new_page
from sim.report.figures.released import mark_release, release_note, released_on
from sim.report.figures.result import Drawing, Result
from sim.report.figures.style import FAINT, PAPER, RUNGS, date_axis, day_number, percent_axis
from sim.report.figures.words import RUNG_WORDS, capital
from sim.wording import day_text, percent

STEM = "rungs-by-day"
DIRECT = 5


def draw(result: Result) -> Drawing:
    """Stack the shares of runs on each rung, the gravest at the bottom, where it can be read off."""
    data = _data(result)
    shares = data.pivot(index="date", columns="rung", values="share")
    title, subtitle = _title(result, shares), _subtitle(shares)
    released = released_on(result.scenario, result.manifest)
    figure = new_page(result, title, subtitle, _reading(result, released), height=4.3)
    axes = figure.add_subplot()
    _stack(axes, shares)
    mark_release(axes, released, above=True)
    date_axis(axes, result.scenario.start, result.scenario.end, most=12)
    axes.set_ylim(0, 1)
    percent_axis(axes)
    axes.set_ylabel("Share of runs (%)")
    axes.set_xlabel("Date")
    axes.grid(visible=False)
    _add_legend(axes, shares)
    return Drawing(STEM, title, figure, data, subtitle)


def _data(result: Result) -> pd.DataFrame:
    """Every rung on every day, 0 where no run is, with the share of that rung and all above it."""
    table = result.rungs.pivot_table(index="date", columns="rung", values="share", aggfunc="sum")
    full = table.reindex(columns=range(len(RUNGS)), fill_value=0.0).fillna(0.0)
    full.columns.name = "rung"
    at_least = full.iloc[:, ::-1].cumsum(axis=1).iloc[:, ::-1]
    data = pd.DataFrame({"share": full.stack(), "share_at_least": at_least.stack()}).reset_index()
    data.insert(2, "name", [RUNG_WORDS[rung] for rung in data["rung"]])
    return data


def _stack(axes: Axes, shares: pd.DataFrame) -> None:
    """Draw each day as a step a day wide, the gravest rung at the bottom."""
    days = [day_number(day) - 0.5 for day in shares.index]
    edges = [*days, days[-1] + 1.0]
    floor = pd.Series(0.0, index=shares.index)
    for rung in reversed(shares.columns):
        ceiling = floor + shares[rung]
        low, high = ([*level, level.iloc[-1]] for level in (floor, ceiling))
        axes.fill_between(
            edges, low, high, step="post", facecolor=RUNGS[rung], linewidth=0, gid=f"rung-{rung}"
        )
        axes.step(edges, high, where="post", color=PAPER, linewidth=0.5)
        floor = ceiling


def _add_legend(axes: Axes, shares: pd.DataFrame) -> None:
    last = shares.iloc[-1]
    handles = [Patch(facecolor=RUNGS[rung], edgecolor=FAINT, linewidth=0.6) for rung in shares.columns]
    labels = [f"{capital(RUNG_WORDS[rung])} ({rung}): {_share(last[rung])}" for rung in shares.columns]
    legend = axes.legend(
        handles, labels, title="Rung, and share\nof runs on the last day", loc="center left",
        bbox_to_anchor=(1.01, 0.5), borderaxespad=0, handlelength=1.4, labelspacing=0.8, alignment="left",
    )  # fmt: skip
    legend.get_title().set_fontsize(10.5)


def _title(result: Result, shares: pd.DataFrame) -> str:
    last = shares.iloc[-1]
    commonest = int(last.idxmax())
    share = percent(last[commonest])
    return (
        f"On {day_text(result.scenario.end)} the commonest rung is {RUNG_WORDS[commonest]}: {share} of runs"
    )


def _subtitle(shares: pd.DataFrame) -> str:
    direct = shares[shares.columns[shares.columns >= DIRECT]].sum(axis=1)
    if direct.max() == 0:
        return "No run is ever in a direct exchange."
    peak = day_text(direct.idxmax().date())
    now, most = _share(direct.iloc[-1]), percent(direct.max())
    return f"In a direct or reciprocal exchange: {now} on that day, at most {most} on any one ({peak})."


def _share(share: float) -> str:
    return "none" if share == 0 else percent(share)


def _reading(result: Result, released: dt.date | None) -> list[str]:
    window = result.scenario.ladder.window
    return [
        f"A day's rung is the gravest thing that happened in the {window} days up to it. "
        "A run can come down again, so these shares are not the chance that a rung is ever reached.",
        "The gravest rung is at the bottom: each colour reaches up to the share of runs on it or above.",
        *release_note(
            released,
            f"Up to it all runs stand near where the record stood; the steps in the {window} days from it on come from "
            "the record's last acts leaving the window, and the swell of grave rungs from what it held back.",
        ),
    ]
