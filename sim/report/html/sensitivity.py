"""The report of a sensitivity analysis: what the answer rests on, and how much of it on assumptions."""

from __future__ import annotations

from sim.experiments.sensitivity.finding import SensitivityFinding
from sim.experiments.sensitivity.words import one_run_sentence, resting_sentence
from sim.pipeline.answers import Answer
from sim.report.html.anything import rests_on
from sim.report.html.assumptions import parameter_table
from sim.report.html.basis import given_text, not_a_forecast
from sim.report.html.drawn import Drawn
from sim.report.html.page import Block, Section
from sim.report.html.strongest import ranked
from sim.report.html.tables import plain_table
from sim.wording import day_text, probability_text


def said(answer: Answer[SensitivityFinding], drawn: Drawn) -> tuple[str, ...]:
    """The answer in three sentences: the risk, what assumptions carry, what is luck."""
    of = answer.finding
    if of.headline is None or of.by_basis is None:
        of_what = "" if of.outcome is None else f", of {_asked(answer)}"
        return (f"{given_text(answer)}{of_what}: {'; '.join(drawn.titles)}.",)
    risk = probability_text(of.headline.model_dump())
    return (
        f"{given_text(answer)}, the probability of {_asked(answer)} is {risk}.",
        resting_sentence(of.by_basis),
        one_run_sentence(of),
    )


def _asked(answer: Answer[SensitivityFinding]) -> str:
    """What the risk is of: an exchange by the last day, or a yes to a question."""
    of = answer.finding
    by_end = f"a {of.definition} exchange by {day_text(answer.scenario.end)}"
    return by_end if of.outcome is None else f"a yes to the question ({of.outcome})"


def never(answer: Answer[SensitivityFinding]) -> tuple[str, ...]:
    """What must not be said of it."""
    return (
        not_a_forecast(answer),
        "That a share of variance is a risk, or that the shares add up to 1. What parameters do together "
        "is counted in each.",
        "That a parameter matters in the world because it matters in the model, or does nothing because no "
        "share of it is "
        "told from 0.",
    )


def sections(answer: Answer[SensitivityFinding], drawn: Drawn) -> list[Section]:
    """All below the answer."""
    of = answer.finding
    blocks: list[Block] = []
    if (table := ranked(of)) is not None:
        names = [row[0].text for row in table.rows]
        blocks = [table, parameter_table("What these are, and what they rest on", names, answer.scenario)]
    groups = [plain_table(n, t) for n, t in of.tables.items() if n in ("by_basis", "by_actor") and len(t)]
    found = [
        Section("strongest", "What the risk rests on most", tuple(blocks)),
        Section("figures", "In figures", drawn.rest(), apart=True),
        Section("groups", "By basis and by actor", tuple(groups)),
        rests_on(),
    ]
    return [section for section in found if section.blocks]
