"""What else runs came to: the ladder, harm, strikes, endings, as tables of a report."""

from __future__ import annotations

from collections.abc import Mapping

from sim.experiments.run.finding import RunFinding
from sim.outcomes import OUTCOMES, SERIES
from sim.pipeline.answers import Answer
from sim.report.html.page import Block, Cell, Table, number, risk, scale, unknown, words
from sim.scenario.imposed import Imposed, imposed_spirals
from sim.wording import RUNG_NAMES, definition_text, ending_text, percent


def outcome_tables(answer: Answer[RunFinding]) -> list[Block]:
    """The ladder, both definitions of a spiral, outcomes of a run, and how runs began and ended."""
    of = answer.finding
    rungs = {name: part.model_dump() for name, part in of.rungs.items()}
    return [
        Table(
            "The ladder: rungs ever reached",
            ("rung", "probability [95% by chance]", "parameters unknown (90%)"),
            tuple((_rung(name), risk(dump, 1.0), unknown(dump)) for name, dump in rungs.items()),
            _given(of),
        ),
        _definitions(answer),
        _counts(of),
        _shares("How the first severe event came", "first severe event", of.path.first_severe_event),
        _shares("How runs ended", "ending", {ending_text(name): share for name, share in of.endings.items()}),
    ]


def _rung(name: str) -> Cell:
    rung = int(name.split()[1])
    return Cell(f"{rung} {RUNG_NAMES[rung]}", value=float(rung))


def _given(of: RunFinding) -> str:
    given = of.chain.get("rung 5 given rung 4")
    text = "The bars go from 0% to 100%."
    if given is None:
        return text
    dump = given.model_dump()
    return f"Of the runs that came to rung 4, {risk(dump).text} came to rung 5. {text}"


def _definitions(answer: Answer[RunFinding]) -> Table:
    imposed = imposed_spirals(answer.scenario)
    dumps = {name: part.model_dump() for name, part in answer.finding.spirals.items() if name not in imposed}
    most = scale([*dumps.values()])
    return Table(
        "Direct and reciprocal exchange, however they came",
        ("exchange", "probability [95% by chance]", "parameters unknown (90%)"),
        tuple(
            (words(name, definition_text(name, answer.scenario)), risk(dump, most), unknown(dump))
            for name, dump in dumps.items()
        ),
        f"{_imposed(imposed)}The bars go from 0% to {percent(most)}.",
    )


def _imposed(names: Mapping[str, Imposed]) -> str:
    """Which of them the scenario imposes, so that they were not found."""
    return "".join(f"{name.capitalize()}: {found}. " for name, found in names.items())


def _counts(of: RunFinding) -> Table:
    rows = []
    for name in SERIES:
        entry = of.outcomes[name]
        cells = (number(entry[key]) for key in ("q50", "q05", "q95", "mean"))
        rows.append((words(OUTCOMES[name].label), *cells))
    return Table(
        "Harm and strikes in a run, from its first day to its last",
        ("", "median", "5% of runs below", "5% of runs above", "mean"),
        tuple(rows),
        "Tails are heavy: read the median and the range first. The mean of those killed is driven by few runs.",
    )


def _shares(caption: str, heading: str, shares: dict[str, float]) -> Table:
    ordered = sorted(((n, p) for n, p in shares.items() if p > 0), key=lambda item: -item[1])
    return Table(
        caption,
        (heading, "share of runs"),
        tuple((words(name), Cell(percent(share), value=share)) for name, share in ordered),
    )
