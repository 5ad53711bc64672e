"""The report of a scenario's runs."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.experiments.run.finding import RunFinding
from sim.parameters import PACKS
from sim.pipeline.answers import Answer
from sim.report.html.assumptions import assumptions
from sim.report.html.basis import (
    BEYOND,
    NO_CAUSE,
    TWO_KINDS,
    given_text,
    not_a_forecast,
)
from sim.report.html.drawn import Drawn
from sim.report.html.lives import lives
from sim.report.html.outcomes import outcome_tables
from sim.report.html.page import Block, Cell, Prose, Section, Table, day, points, risk, scale, unknown, words
from sim.scenario.imposed import imposed_spirals
from sim.wording import day_text, definition_text, percent, probability_text, spiral_sentence

DAMPING = {
    "anticipation": "Washington's fear of bringing on worse",
    "contagion": "a pause that others keep",
    "deterrence": "fear of US strikes, and what they destroy",
    "hardening": "what defenders learn",
    "host": "Baghdad's bargain and mediation",
    "posture": "US reinforcement that frightens or stops munitions",
    "tehran": "Tehran's fear of war",
    "withdrawal": "hope for withdrawal talks",
}
"""What damps in each mechanism, in plain words."""

RISK = ("probability [95% by chance]", "parameters unknown (90%)")


def said(answer: Answer[RunFinding], drawn: Drawn) -> tuple[str, ...]:
    """The answer in three sentences: the spiral, what would have come anyway, what restraint averted."""
    of, scenario = answer.finding, answer.scenario
    kind, by = of.headline.definition, day_text(scenario.end)
    if scenario.headline in imposed_spirals(scenario):
        return (f"{spiral_sentence(of.headline.model_dump(), scenario)}: no probability of it was found.",)
    return (
        f"{given_text(answer)}, the probability of a spiral into a {kind} exchange by {by} is "
        f"{probability_text(of.spiral.model_dump())}.",
        f"Another {probability_text(of.anyway.model_dump())}, would have come anyway, without any reaction that "
        f"amplifies; in all, a {kind} exchange comes with a probability of "
        f"{probability_text(of.headline.model_dump())}.",
        *_averted(of, kind),
    )


def _averted(of: RunFinding, kind: str) -> tuple[str, ...]:
    if of.prevented is None:
        return ()
    return (
        f"The share of runs in which restraint averted a {kind} exchange that would else have come is "
        f"{probability_text(of.prevented.in_all.model_dump())}.",
    )


def never(answer: Answer[RunFinding]) -> tuple[str, ...]:
    """What must not be said of it."""
    of = answer.finding
    kind = of.headline.definition
    lines = [not_a_forecast(answer)]
    if answer.scenario.headline not in imposed_spirals(answer.scenario):
        lines.append(
            f"That {percent(of.spiral.probability)} is the probability of a {kind} exchange. That is "
            f"{percent(of.headline.probability)}; the spiral is the part of it that came by reactions "
            "feeding on one another."
        )
    if of.prevented is not None:
        lines.append(
            "That what restraint averted is to be added to the risk or taken from it. It counts other "
            "runs: those that "
            "did not come to the exchange."
        )
    lines += [TWO_KINDS, NO_CAUSE]
    if of.averaged is not None:
        lines.append("That a weight of an explanation is a risk, or says that the explanation is true.")
    return (*lines, BEYOND)


def sections(answer: Answer[RunFinding], drawn: Drawn) -> list[Section]:
    """All below the answer."""
    of = answer.finding
    found = [
        Section("parts", "Spiral, anyway, averted", tuple(_parts(answer))),
        Section("days", "Risk by day", (*drawn.take("risk-over-time"), _by_day(answer)), apart=True),
        Section("rivals", "Under rival explanations", tuple(_rivals(of)), apart=True),
        Section("reference", "Against earlier episodes", tuple(_reference(of))),
        Section("assumptions", "The assumptions that matter most", tuple(assumptions(answer)), apart=True),
        Section("runs", "A typical run and the worst", tuple(lives(answer)), apart=True),
        Section(
            "outcomes", "What else the runs came to", (*outcome_tables(answer), *drawn.rest()), apart=True
        ),
    ]
    return [section for section in found if section.blocks]


def _parts(answer: Answer[RunFinding]) -> list[Block]:
    of, scenario = answer.finding, answer.scenario
    kind = of.headline.definition
    if scenario.headline in imposed_spirals(scenario):
        return [Prose((spiral_sentence(of.headline.model_dump(), scenario),))]
    rows = {
        "Spiral": (of.spiral, "came by reactions, and would not have come without those that amplify"),
        "Anyway": (of.anyway, "came, and would have come without them too"),
        f"In all: a {kind} exchange": (of.headline, "spiral and anyway together"),
    }
    averted = {} if of.prevented is None else {"all of it together": of.prevented.in_all, **_by_mechanism(of)}
    dumps = {name: (part.model_dump(), meaning) for name, (part, meaning) in rows.items()}
    most = scale([dump for dump, _ in dumps.values()])
    blocks: list[Block] = [
        Table(
            f"Risk by {day_text(scenario.end)}",
            ("part", *RISK),
            tuple((words(n, m), risk(d, most), unknown(d)) for n, (d, m) in dumps.items()),
            f"A {kind} exchange is {definition_text(kind, scenario)}. In the bars: the estimate (black), "
            "the interval by "
            f"chance (dark) and the range with the parameters unknown (pale), from 0% to {percent(most)}.",
        )
    ]
    if averted:
        blocks.append(_averted_table(averted, of))
    return blocks


def _by_mechanism(of: RunFinding) -> Mapping[str, Any]:
    assert of.prevented is not None
    ordered = sorted(of.prevented.by_mechanism.items(), key=lambda item: -item[1].probability)
    return {f"{DAMPING.get(name, name)} ({name})": part for name, part in ordered}


def _averted_table(averted: Mapping[str, Any], of: RunFinding) -> Table:
    assert of.prevented is not None
    dumps = {name: part.model_dump() for name, part in averted.items()}
    most = scale([*dumps.values()])
    return Table(
        "Averted: runs that come to the exchange only when restraint is taken out of them",
        ("restraint taken out", *RISK),
        tuple((words(name), risk(dump, most), unknown(dump)) for name, dump in dumps.items()),
        f"Of a sample of {of.prevented.runs:,} runs. The lines do not add up: where either of two brakes "
        "would have been "
        f"enough, neither averted it alone. The bars go from 0% to {percent(most)}.",
    )


def _by_day(answer: Answer[RunFinding]) -> Table:
    """The risk at the ends of months and on the last day."""
    of = answer.finding
    kind, table = of.headline.definition, of.incidence
    days = month_ends(answer.scenario.start, answer.scenario.end)
    told = {name: rows_of(table, name, days) for name in ("spiral", "anyway", kind)}
    rows = []
    for date in days:
        cells = [on_day(told[name], date) for name in told]
        rows.append((day(date), *cells, unknown_on(told[kind], date)))
    return Table(
        "By the end of",
        ("day", "spiral", "anyway", f"in all: a {kind} exchange", "in all, parameters unknown (90%)"),
        tuple(rows),
        "Brackets: 95% by chance. By a day, anyway counts runs that have come to the exchange by then, and "
        "that come to it "
        "without reactions by the last day, be it sooner or later.",
    )


def month_ends(start: datetime.date, end: datetime.date) -> list[datetime.date]:
    """Last days of the months within a span, and its last day."""
    every = pd.date_range(start, end, freq="ME")
    return list(dict.fromkeys([*(one.date() for one in every), end]))


def rows_of(
    table: pd.DataFrame, event: str, days: Sequence[datetime.date]
) -> dict[datetime.date, dict[str, Any]]:
    """Rows of an event on some days, by day."""
    chosen = table[table["event"] == event]
    rows = chosen[chosen["date"].dt.date.isin(days)].to_dict("records")
    return {row["date"].date(): {str(key): value for key, value in row.items()} for row in rows}


def on_day(rows: Mapping[datetime.date, Mapping[str, Any]], date: datetime.date) -> Cell:
    """The risk by a day."""
    row = rows.get(date)
    if row is None:
        return Cell("", value=-1.0)
    seen = {
        "probability": row["probability"],
        "chance": (row["low"], row["high"]),
        "seen": row["probability"] > 0,
    }
    return risk(seen)


def unknown_on(rows: Mapping[datetime.date, Mapping[str, Any]], date: datetime.date) -> Cell:
    """The range of the risk by a day with the parameters unknown."""
    row = rows.get(date)
    known = row is not None and row["unknown_low"] == row["unknown_low"]
    return unknown({"ignorance": (row["unknown_low"], row["unknown_high"]) if row and known else None})


def _rivals(of: RunFinding) -> list[Block]:
    whole = of.headline.same_runs
    blocks: list[Block] = []
    if of.mechanisms:
        rows: list[tuple[Cell, ...]] = [
            (words("All mechanisms together"), Cell(percent(whole), value=whole), Cell("", value=0.0))
        ]
        rows += [_rival(name, p, whole) for name, p in of.mechanisms.items()]
        blocks.append(
            Table(
                "The probability in all, were only these mechanisms at work",
                ("explanation", "probability in all", "difference from all together"),
                tuple(rows),
                "The same runs of each, with the same luck. A run keeps no interval of these differences: "
                "`spiral compare` "
                "of the scenarios of the same names gives them one.",
            )
        )
    blocks.append(_steps(of))
    if of.averaged is not None:
        blocks += _weights(of)
    return blocks


def _rival(name: str, p: float, whole: float) -> tuple[Cell, ...]:
    keeps = ", ".join(PACKS[name]) if name in PACKS else ""
    return (
        words(f"{name[:1].upper()}{name[1:]}", *([f"keeps {keeps}"] if keeps else [])),
        Cell(percent(p), value=p),
        points(p - whole),
    )


def _steps(of: RunFinding) -> Prose:
    lines = []
    if of.last_step:
        low, high = sorted(of.last_step.values())
        lines.append(
            "Over the prior of the last step, from a severe exchange (rung 4) to a direct one (rung 5), "
            "which no article "
            f"informs, the probability in all goes from {percent(low)} to {percent(high)}."
        )
    if (off := of.headline.couplings_off) is not None:
        lines.append(
            "Were there no reactions at all (Washington still answers attacks, and no answer changes what "
            "others do next), "
            f"it would be {probability_text(off.model_dump())}."
        )
    if (later := of.last_article) is not None:
        lines.append(
            "With parameters that know all that the last article tells, it is "
            f"{probability_text(later.model_dump())}."
        )
    return Prose(tuple(lines), listed=True)


def _weights(of: RunFinding) -> list[Block]:
    assert of.averaged is not None
    rows = [
        (words(f"{n[:1].upper()}{n[1:]}"), Cell(f"{w:.2f}", value=w)) for n, w in of.averaged.weights.items()
    ]
    return [
        Table(
            "How well each explains the record so far: weights, which add up to 1 and are no risks",
            ("explanation", "weight"),
            tuple(rows),
            "The record hardly tells them apart: equal weights would be "
            f"{1 / max(1, len(rows)):.2f} each. Averaged with these weights, the probability in all is "
            f"{percent(of.averaged.probability)}.",
        )
    ]


def _reference(of: RunFinding) -> list[Block]:
    if not of.reference:
        return []
    return [
        Prose(
            (
                f"{of.reference[:1].upper()}{of.reference[1:]}.",
                "This is a count of what happened in earlier episodes, and not of runs. It speaks of the "
                "step from US dead to a "
                "strike on Iran, and not of whether somebody is killed.",
            )
        )
    ]
