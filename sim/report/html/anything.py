"""The report of a question that has none of its own: what its figures find, its values and its tables."""

from __future__ import annotations

from typing import Any

from sim.pipeline.answers import Answer
from sim.pipeline.experiment import Finding
from sim.report.html.assumptions import by_basis, sources
from sim.report.html.basis import BEYOND, NO_CAUSE, given_text, not_a_forecast
from sim.report.html.drawn import Drawn
from sim.report.html.page import Section, Table
from sim.report.html.tables import part_tables, plain_table, value_rows

SENTENCES = 3


def said(answer: Answer[Any], drawn: Drawn) -> tuple[str, ...]:
    """What the figures find, in at most three sentences, the first with where the parameters come from."""
    first, *others = drawn.titles or ("see the tables",)
    return (
        _sentence(f"{given_text(answer)}: {first}"),
        *(_sentence(title) for title in others[: SENTENCES - 1]),
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def never(answer: Answer[Any]) -> tuple[str, ...]:
    """What must not be said of it."""
    return not_a_forecast(answer), NO_CAUSE, BEYOND


def sections(answer: Answer[Finding], drawn: Drawn) -> list[Section]:
    """Figures, single values, tables, and what all of it rests on."""
    values = answer.finding.estimates
    tables = [plain_table(name, table) for name, table in answer.finding.tables.items() if len(table)]
    found = [
        Section("figures", "In figures", drawn.rest()),
        Section("values", "In numbers", (_values(values), *part_tables(values))),
        Section("tables", "In tables", tuple(tables), apart=True),
        rests_on(),
    ]
    return [section for section in found if section.blocks]


def rests_on() -> Section:
    """What parameters and evidence there are."""
    return Section("assumptions", "What it rests on", (by_basis(), sources()), apart=True)


def _values(values: dict[str, Any]) -> Table:
    return Table("Values of the answer", ("name", "value"), tuple(value_rows(values)))
