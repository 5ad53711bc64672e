"""The report of a scenario's runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.experiments.run.finding import RunFinding, RunHeadline
from sim.pipeline.answers import Answer
from sim.pipeline.parts import Probability
from sim.report.html.assumptions import assumptions
from sim.report.html.basis import BEYOND, NO_CAUSE, TWO_KINDS, given_text, not_a_forecast
from sim.report.html.days import month_ends, on_day, rows_of, unknown_on
from sim.report.html.drawn import Drawn
from sim.report.html.explanations import beside_episodes, under_rivals
from sim.report.html.lives import lives
from sim.report.html.outcomes import outcome_tables
from sim.report.html.page import Block, Section, Table, day, risk, scale, unknown, words
from sim.scenario.imposed import imposed_spirals
from sim.wording import day_text, exchange_sentence, percent, percent_with_chance, probability_text

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
        return (f"{exchange_sentence(of.headline.model_dump(), scenario)}: no probability of it was found.",)
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
    general = (not_a_forecast(answer), TWO_KINDS, NO_CAUSE, BEYOND)
    if answer.scenario.headline in imposed_spirals(answer.scenario):
        return (*general, f"That the model found how probable a {kind} exchange is. The scenario imposes it.")
    lines = [
        f"That {_alone(of.spiral)} is the probability of a {kind} exchange. That is "
        f"{_alone(of.headline)}; the spiral is the part of it that came by reactions feeding "
        "on one another."
    ]
    if of.prevented is not None:
        lines.append(
            "That what restraint averted is to be added to the risk or taken from it. It counts other "
            "runs: those that did "
            "not come to the exchange."
        )
    if of.averaged is not None:
        lines.append("That a weight of an explanation is a risk, or says that the explanation is true.")
    return (general[0], *lines, *general[1:])


def _alone(part: Probability | RunHeadline) -> str:
    """A probability without its interval, as fine as it is told with it."""
    return percent_with_chance(part.probability, *part.chance).partition(" ")[0]


def sections(answer: Answer[RunFinding], drawn: Drawn) -> list[Section]:
    """All below the answer."""
    found = [
        *risks(answer, drawn),
        Section("assumptions", "The assumptions that matter most", tuple(assumptions(answer)), apart=True),
        Section("runs", "A typical run and the worst", tuple(lives(answer)), apart=True),
        Section(
            "outcomes", "What else the runs came to", (*outcome_tables(answer), *drawn.rest()), apart=True
        ),
    ]
    return [section for section in found if section.blocks]


def risks(answer: Answer[RunFinding], drawn: Drawn) -> list[Section]:
    """All that is told of the headline; nothing where the scenario imposes it, and it was not found."""
    of = answer.finding
    if answer.scenario.headline in imposed_spirals(answer.scenario):
        return []
    return [
        Section("parts", "Spiral, anyway, averted", tuple(_parts(answer))),
        Section("days", "Risk by day", (*drawn.take("risk-over-time"), _by_day(answer)), apart=True),
        Section("rivals", "Under rival explanations", tuple(under_rivals(of)), apart=True),
        Section("reference", "Against earlier episodes", tuple(beside_episodes(of))),
    ]


def _parts(answer: Answer[RunFinding]) -> list[Block]:
    of, scenario = answer.finding, answer.scenario
    kind = of.headline.definition
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
            "In the bars: the estimate (black), the interval by chance (dark) and the range with the parameters "
            f"unknown (pale), from 0% to {percent(most)}.",
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
