"""The report of rival explanations: the risk under each, and, apart from it, how well each explains the record."""

from __future__ import annotations

from typing import Any

from sim.experiments.rivals import NOTHING, TOGETHER, RivalsFinding
from sim.pipeline.answers import Answer
from sim.report.html.anything import rests_on
from sim.report.html.basis import BEYOND, NO_CAUSE, TWO_KINDS, date_text, given_text, not_a_forecast
from sim.report.html.drawn import Drawn
from sim.report.html.page import Cell, Section, Table, number, points, records, risk, scale, unknown, words
from sim.wording import day_text, percent


def said(answer: Answer[RivalsFinding], drawn: Drawn) -> tuple[str, ...]:
    """The answer in three sentences: the range over rivals, the average, and what is told from the record."""
    of = answer.finding
    by = day_text(answer.scenario.end)
    return (
        f"{given_text(answer)}, the probability of a {of.definition} exchange by {by} is {percent(of.least)} to "
        f"{percent(of.most)} over rival explanations.",
        f"Averaged over them, each weighed by how well it explains the record up to {date_text(of.until)}, it is "
        f"{percent(of.averaged)}.",
        f"Weighed by what is told up to {date_text(of.until_all)} too, which whoever built the model knew, it is "
        f"{percent(of.averaged_all)}.",
    )


def never(answer: Answer[RivalsFinding]) -> tuple[str, ...]:
    """What must not be said of it."""
    return (
        not_a_forecast(answer),
        "That a weight is a risk, or the probability that an explanation is true. It compares these few, "
        "all held equally "
        "likely before.",
        "That the record tells the explanations apart where their weights are near one another.",
        TWO_KINDS,
        NO_CAUSE,
        BEYOND,
    )


def sections(answer: Answer[RivalsFinding], drawn: Drawn) -> list[Section]:
    """All below the answer."""
    return [
        Section("rivals", "The risk under each explanation", (_risks(answer.finding), *drawn.rest())),
        Section("weights", "How well each explains the record", (_weights(answer.finding),)),
        rests_on(),
    ]


def _risks(of: RivalsFinding) -> Table:
    rows = records(of.rivals)
    whole = next(row["risk"] for row in rows if row["rival"] == TOGETHER)
    dumps = [_estimate(row) for row in rows]
    most = scale(dumps)
    return Table(
        f"Probability of a {of.definition} exchange",
        (
            "explanation",
            "probability [95% by chance]",
            "parameters unknown (90%)",
            "difference from all together",
        ),
        tuple(
            (words(row["rival"]), risk(dump, most), unknown(dump), points(row["risk"] - whole))
            for row, dump in zip(rows, dumps, strict=True)
        ),
        "Each is fitted by itself, so that differences have no paired interval. The bars go from 0% to "
        f"{percent(most)}.",
    )


def _estimate(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "probability": row["risk"],
        "chance": (row["risk_low"], row["risk_high"]),
        "ignorance": (row["unknown_low"], row["unknown_high"]),
        "seen": row["risk"] > 0,
    }


def _weights(of: RivalsFinding) -> Table:
    rows = [row for row in records(of.rivals) if row["rival"] != NOTHING]
    return Table(
        "Weights, which add up to 1 and are no risks",
        (
            "explanation",
            f"by the record to {date_text(of.until)}",
            f"by what is told to {date_text(of.until_all)}",
        ),
        tuple(
            (words(row["rival"]), *(_weight(row[name]) for name in ("weight", "weight_all"))) for row in rows
        ),
        f"Equal weights would be {number(1 / max(1, len(rows)), 2).text} each.",
    )


def _weight(value: float) -> Cell:
    return Cell(f"{value:.2f}", value=value)
