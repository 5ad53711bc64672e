"""The report of a forecast: the risk from a date on, given a record up to it."""

from __future__ import annotations

import datetime

from sim.experiments.forecast import SERIES_NAMES, ForecastFinding
from sim.outcomes import OUTCOMES, SERIES
from sim.pipeline.answers import Answer
from sim.report.html.assumptions import assumptions
from sim.report.html.basis import BEYOND, TWO_KINDS, date_text, given_text
from sim.report.html.days import month_ends, on_day, rows_of, unknown_on
from sim.report.html.drawn import Drawn
from sim.report.html.lives import lives
from sim.report.html.page import Block, Cell, Prose, Section, Table, day, number, risk, scale, unknown, words
from sim.wording import day_text, definition_text, number_text, percent, probability_text

COUNTS = {name: OUTCOMES[name].label for name in SERIES} | {"attacks": "attacks in all"}


def said(answer: Answer[ForecastFinding], drawn: Drawn) -> tuple[str, ...]:
    """The answer in three sentences: the headline, the other definition, and the attacks of the next days."""
    of, by = answer.finding, day_text(answer.scenario.end)
    kind = of.headline.definition
    lines = [
        f"{given_text(answer)}, the probability of a {kind} exchange by {by} is "
        f"{probability_text(of.headline.model_dump())}."
    ]
    lines += [
        f"That of a {name} exchange is {probability_text(part.model_dump())}."
        for name, part in of.spirals.items()
        if name != kind
    ]
    attacks = of.ahead[of.ahead["count"] == "attacks"]
    if len(attacks):
        row = attacks.iloc[-1]
        lines.append(
            f"In the {int(row['days'])} days after {date_text(of.as_of)} the model expects "
            f"{number_text(row['mean'], 2)} attacks, "
            f"in 90% of runs {number_text(row['q05'], 2)} to {number_text(row['q95'], 2)}."
        )
    return tuple(lines)


def never(answer: Answer[ForecastFinding]) -> tuple[str, ...]:
    """What must not be said of it."""
    of = answer.finding
    lines = [
        "That it is more than a model's answer to one record. What the record leaves out the model fills in by itself.",
        f"That it knows no more than somebody knew on {date_text(of.as_of)}. No later event is in it; but some of its "
        "priors, and the pressures from outside, rest on articles that came later.",
        "That this is the probability of a spiral by reactions. It counts every such exchange, however it "
        "came; `spiral run` "
        "tells the two apart.",
        TWO_KINDS,
        "That outside pressures will go as the scenario assumes. They are given, and not foretold.",
    ]
    return (*lines, BEYOND)


def sections(answer: Answer[ForecastFinding], drawn: Drawn) -> list[Section]:
    """All below the answer."""
    found = [
        Section("days", "Risk by day", (*drawn.take("forecast"), _risks(answer), _by_day(answer))),
        Section("ahead", "What is expected next", tuple(_ahead(answer)), apart=True),
        Section("record", "The record, and how well the runs follow it", tuple(_record(answer))),
        Section("assumptions", "The assumptions that matter most", tuple(assumptions(answer)), apart=True),
        Section("runs", "A typical run and the worst", tuple(lives(answer)), apart=True),
    ]
    return [section for section in found if section.blocks]


def _risks(answer: Answer[ForecastFinding]) -> Table:
    of = answer.finding
    dumps = {name: part.model_dump() for name, part in of.spirals.items()}
    most = scale([*dumps.values()])
    return Table(
        f"Risk by {day_text(answer.scenario.end)}",
        ("exchange", "probability [95% by chance]", "parameters unknown (90%)"),
        tuple(
            (words(name, definition_text(name, answer.scenario)), risk(dump, most), unknown(dump))
            for name, dump in dumps.items()
        ),
        f"However they came. The bars go from 0% to {percent(most)}; pale: with the parameters unknown.",
    )


def _by_day(answer: Answer[ForecastFinding]) -> Table:
    of = answer.finding
    as_of = datetime.date.fromisoformat(of.as_of)
    days = [date for date in month_ends(answer.scenario.start, answer.scenario.end) if date >= as_of]
    told = {name: rows_of(of.incidence, name, days) for name in of.spirals}
    rows = tuple(
        (
            day(date),
            *(cell for name in told for cell in (on_day(told[name], date), unknown_on(told[name], date))),
        )
        for date in days
    )
    heads = [head for name in told for head in (f"{name} exchange", "parameters unknown (90%)")]
    return Table("By the end of", ("day", *heads), rows, "Brackets: 95% by chance.")


def _ahead(answer: Answer[ForecastFinding]) -> list[Block]:
    of = answer.finding
    if not len(of.ahead):
        return []
    rows = tuple(
        (
            words(COUNTS.get(str(row["count"]), row["count"])),
            number(float(row["days"])),
            *(number(row[name]) for name in ("q50", "q05", "q95", "mean")),
        )
        for row in of.ahead.to_dict("records")
    )
    head = ("count", "next days", "median", "5% of runs below", "5% of runs above", "mean")
    return [Table(f"After {date_text(of.as_of)}", head, rows)]


def _record(answer: Answer[ForecastFinding]) -> list[Block]:
    of = answer.finding
    blocks: list[Block] = []
    if of.reports:
        rows = tuple(
            (words(SERIES_NAMES.get(r.series, r.series)), _day(r.date), number(float(r.value)))
            for r in of.reports
        )
        blocks.append(
            Table(
                f"Attacks on record ({of.record}), counted from the start", ("count", "up to", "number"), rows
            )
        )
    stages = tuple(
        (_day(str(row["first"])), _day(str(row["last"])), words(row["on_record"]), number(row["effective"]))
        for row in of.stages.to_dict("records")
    )
    blocks.append(
        Table(
            "How the particles fared",
            ("from", "to", "on record", f"effective of {of.particles:,}"),
            stages,
            f"{number_text(of.effective)} effective draws of parameters are left of "
            f"{of.islands * of.particles:,} particles. Where "
            "few are left, the record is improbable for the model.",
        )
    )
    given = f", but for {', '.join(of.given)}, which were given" if of.given else ""
    return [
        *blocks,
        Prose((f"Outside pressures after the date are those that the scenario assumes{given}.",)),
    ]


def _day(text: str) -> Cell:
    return day(datetime.date.fromisoformat(text[:10]))
