"""What the runs end with: attacks, wounded, killed and strikes, as distributions over the runs."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedFormatter, FixedLocator

from sim.outcomes import DISTRIBUTIONS, OUTCOMES, SERIES
from sim.report.figures.bins import Bins, bins_of
from sim.report.figures.page import add_legend, new_page, panel_title
from sim.report.figures.result import Drawing, Result, quantile, values_of
from sim.report.figures.style import INK, LIGHT, POINTS_WIDE, QUANTITY, percent_axis, wrap
from sim.wording import day_text, number_text, percent

STEM = "outcomes"
QUANTITIES = tuple(name for name in DISTRIBUTIONS if name in SERIES)


def draw(result: Result) -> Drawing:
    """Draw a distribution a quantity, with its median and the middle 90% of the runs."""
    tables = {quantity: values_of(result, quantity) for quantity in QUANTITIES}
    title, subtitle = _title(result, tables), _subtitle(tables)
    figure = new_page(result, title, subtitle, _reading(result), height=5.6)
    parts = []
    for axes, (quantity, values) in zip(figure.subplots(2, 2).flat, tables.items(), strict=True):
        parts.append(_draw_panel(axes, values, quantity))
    add_legend(
        figure,
        [
            (Patch(facecolor=QUANTITY), "share of runs"),
            (Line2D([], [], color=INK), "median"),
            (Patch(facecolor=INK, alpha=LIGHT / 2, linewidth=0), "90% of runs"),
        ],
    )
    return Drawing(STEM, title, figure, pd.concat(parts, ignore_index=True), subtitle)


def _draw_panel(axes: Axes, values: pd.DataFrame, quantity: str) -> pd.DataFrame:
    """Draw a quantity's bars, and return the table of them."""
    name, label = OUTCOMES[quantity].heading, OUTCOMES[quantity].label
    if values.empty:
        axes.text(0.5, 0.5, "not recorded", transform=axes.transAxes, ha="center", va="center")
        panel_title(axes, [name])
        return _table(quantity, None, 0)
    bins, runs = bins_of(values), int(values["runs"].sum())
    low, middle, high = (quantile(values, q) for q in (0.05, 0.5, 0.95))
    table = _table(quantity, bins, runs)
    shown = table[table["shown"]]
    bars = axes.bar(range(len(shown)), shown["share"], width=0.9, color=QUANTITY, gid=quantity)
    for bar in bars:
        bar.set_gid(quantity)
    axes.axvspan(*_span(bins, low, high), color=INK, alpha=LIGHT / 2, linewidth=0, zorder=0.5)
    axes.axvline(bins.position(middle), color=INK, linewidth=2, gid=f"{quantity}-median")
    _set_scale(axes, bins, label)
    found = f"{name}: median {number_text(middle)}, 90% of runs {number_text(low)} to {number_text(high)}"
    beyond = _beyond(bins, runs, _highest(values))
    panel_title(axes, [*wrap(found, POINTS_WIDE / 2 - 50, 10.5), beyond], size=10.5)
    return table


def _span(bins: Bins, low: int, high: int) -> tuple[float, float]:
    """Where the middle 90% begin and end: with the bins of both values whole, if the bins widen."""
    left, right = bins.position(low), bins.position(high)
    if bins.widening:
        return round(left) - 0.5, round(right) + 0.5
    return bins.position(low - 0.5), bins.position(high + 0.5)


def _table(quantity: str, bins: Bins | None, runs: int) -> pd.DataFrame:
    columns = ["quantity", "from", "to", "runs", "share", "shown"]
    if bins is None:
        return pd.DataFrame(columns=columns)
    rows: list[tuple] = [
        (quantity, int(low), int(high), int(count), count / runs, True)
        for low, high, count in zip(bins.low, bins.high, bins.runs, strict=True)
    ]
    if bins.beyond:
        rows.append((quantity, int(bins.high[-1]) + 1, None, bins.beyond, bins.beyond / runs, False))
    return pd.DataFrame(rows, columns=columns).astype({"to": "Int64"})


def _highest(values: pd.DataFrame) -> str:
    """Write the highest value, and whether the last one counted holds all beyond it too."""
    last = values.loc[values["value"].idxmax()]
    return f"{int(last['value']):,}" + (" or more" if last.get("or_more", False) else "")


def _beyond(bins: Bins, runs: int, most: str) -> str:
    widening = "; bins widen to the right" if bins.widening else ""
    if bins.uncounted:
        return f"{most} in {percent(bins.uncounted / runs)} of runs{widening}"
    if not bins.beyond:
        return f"all runs shown, the most {most}{widening}"
    return f"not shown: {percent(bins.beyond / runs)} of runs, with up to {most}"


def _set_scale(axes: Axes, bins: Bins, label: str) -> None:
    positions, labels = bins.ticks()
    axes.set_xlim(-0.6, len(bins.low) - 0.4)
    axes.xaxis.set_major_locator(FixedLocator(positions))
    axes.xaxis.set_major_formatter(FixedFormatter(labels))
    if bins.widening:
        axes.tick_params(axis="x", labelsize=9.5 if len(bins.low) < 11 else 8.5, length=0)
        axes.set_xlabel(f"{label} in a run")
    else:
        width = int(bins.high[0] - bins.low[0]) + 1
        axes.set_xlabel(f"{label} in a run" + (f" (bars of {width:,})" if width > 1 else ""))
    percent_axis(axes, most=5)
    axes.set_ylabel("Share of runs (%)")
    axes.set_ylim(0, 1.08 * float(bins.runs.max() / (bins.runs.sum() + bins.beyond)))


def _title(result: Result, tables: dict[str, pd.DataFrame]) -> str:
    found = []
    killed = tables["killed"]
    if not killed.empty:
        runs = int(killed["runs"].sum())
        lethal = int(killed.loc[killed["value"] > 0, "runs"].sum())
        found.append(f"US killed in {_of_runs(lethal, runs)}")
    if not tables["attacks"].empty:
        found.append(f"a median of {number_text(quantile(tables['attacks'], 0.5))} attacks")
    return f"By {day_text(result.scenario.end)}: {', '.join(found)}"


def _of_runs(number: int, runs: int) -> str:
    return "no run" if number == 0 else "all runs" if number == runs else f"{percent(number / runs)} of runs"


def _subtitle(tables: dict[str, pd.DataFrame]) -> str:
    found = [
        f"{number_text(quantile(values, 0.05))} to {number_text(quantile(values, 0.95))} {OUTCOMES[quantity].label}"
        for quantity, values in tables.items()
        if not values.empty
    ]
    return f"In 90% of runs: {', '.join(found)}."


def _reading(result: Result) -> list[str]:
    since = f"Counts of a whole run, {day_text(result.scenario.start)} to {day_text(result.scenario.end)}."
    return [f"{since} Runs differ by chance" + _differences(result)]


def _differences(result: Result) -> str:
    drawn = result.manifest["parameters"] != "default"
    return (
        " and in their parameters: the spread holds both."
        if drawn
        else " alone: all have the same parameters."
    )
