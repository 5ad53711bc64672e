"""Questions drawn: the risk of each by date, a panel a question."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiments.ask import AskFinding
from sim.experiments.ask.answering import AnswerPart
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.result import Drawing
from sim.report.figures.risk import held
from sim.report.figures.style import CAPTION, DARK, LIGHT, QUANTITY, date_axis, percent_axis, spread
from sim.report.figures.words import MOST_TITLE, capital, ends_text, share_of_runs, short
from sim.wording import percent

COLUMNS, MOST = 3, 12
HEIGHT = 2.3  # inches of a row of panels
LONGEST = {1: 100, 2: 52, 3: 34}
"""Letters of a panel's title, by panels in a row."""


def drawings(answer: Answer[AskFinding]) -> list[Drawing]:
    """Draw the questions that are answered; nothing where none is."""
    parts = [part for part in answer.finding.answers if part.estimate is not None]
    return [_draw(answer, parts)] if parts else []


def _draw(answer: Answer[AskFinding], parts: list[AnswerPart]) -> Drawing:
    of, shown = answer.finding, parts[:MOST]
    title, subtitle = _title(shown), _subtitle(shown)
    columns = min(COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    figure = answer_page(
        answer, title, subtitle, _reading(of, parts), 4.2 if rows == 1 else HEIGHT * rows + 0.4
    )
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, part in zip(panels, shown, strict=False):
        _panel(axes, part, of.forecast[of.forecast["question"] == part.name], columns)
    for axes in panels[len(shown) :]:
        axes.set_axis_off()
    add_legend(figure, _legend(of.forecast))
    return Drawing("questions", title, figure, of.forecast, subtitle)


def _title(parts: list[AnswerPart]) -> str:
    first = parts[0].estimate
    assert first is not None
    if len(parts) == 1:
        share = share_of_runs(first.model_dump())
        asked = short(capital(parts[0].question), MOST_TITLE - len(share) - 2)
        return f"{asked}: {share}"
    risks = [part.estimate.probability for part in parts if part.estimate is not None]
    return f"{len(parts)} questions: {percent(min(risks))} to {percent(max(risks))} of runs"


def _subtitle(parts: list[AnswerPart]) -> str:
    if len(parts) > 1:
        return "Each with what chance and what the parameters leave open."
    estimate = parts[0].estimate
    assert estimate is not None
    return f"{capital(ends_text(estimate.model_dump()))}."


def _reading(of: AskFinding, parts: list[AnswerPart]) -> list[str]:
    met = [f"{part.met:,} of {part.runs:,} runs" for part in parts if part.given]
    among = (
        f" Of those with a condition only the runs that met it count: {'; '.join(met[:3])}." if met else ""
    )
    more = f" {len(parts) - MOST} more are in the table." if len(parts) > MOST else ""
    return [
        "Share of runs in which it has come by a date. Dark band: 95% by chance; light band: central 90% of the risk "
        f"over what is unknown of the parameters.{among}{more}"
    ]


def _panel(axes: Axes, part: AnswerPart, rows: pd.DataFrame, columns: int) -> None:
    rows = held(rows.reset_index(drop=True), None)
    dates = spread(rows["date"])
    if rows["unknown_low"].notna().any():
        low, high = spread(rows["unknown_low"]), spread(rows["unknown_high"])
        axes.fill_between(
            dates, low, high, color=QUANTITY, alpha=LIGHT, linewidth=0, gid=f"{part.name}-unknown"
        )
    axes.fill_between(
        dates, spread(rows["low"]), spread(rows["high"]), color=QUANTITY, alpha=DARK, linewidth=0
    )
    axes.plot(dates, spread(rows["probability"]), color=QUANTITY, gid=f"{part.name}-probability")
    highest = float(rows[["high", "unknown_high"]].max().max())
    axes.set_ylim(0, min(1.0, max(0.001, 1.08 * highest)))
    percent_axis(axes, 5)
    first, last = (dt.date.fromisoformat(day) for day in (part.first, part.last))
    date_axis(axes, first, last, most=10 // columns)
    assert part.estimate is not None
    name = part.name if part.title else capital(part.question)
    panel_title(axes, [short(name, LONGEST[columns]), share_of_runs(part.estimate.model_dump())], CAPTION)
    if columns == 1:
        axes.set_ylabel("Runs that have come to it (%)")
        axes.set_xlabel("Date")


def _legend(table: pd.DataFrame) -> list[tuple[Artist, str]]:
    entries: list[tuple[Artist, str]] = [
        (Line2D([], [], color=QUANTITY), "estimate"),
        (Patch(color=QUANTITY, alpha=DARK, linewidth=0), "95% by chance"),
    ]
    if table["unknown_low"].notna().any():
        entries.append((Patch(color=QUANTITY, alpha=LIGHT, linewidth=0), "90% with the parameters unknown"))
    return entries
