"""Which parameters an answer rests on most, where a sensitivity analysis of its scenario lies beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sim.experiments.sensitivity.factors import LUCK
from sim.experiments.sensitivity.finding import SensitivityFinding
from sim.experiments.sensitivity.words import direction_text, share_text, told_from_zero
from sim.pipeline.answers import Answer, load_answer
from sim.report.html.page import Block, Cell, Prose, Table, number, records, unbroken, words
from sim.scenario import Scenario
from sim.store import StoreError
from sim.wording import parameters_text

SHOWN = 10


def strongest(answer: Answer[Any], table_of: Callable[[str, Sequence[str]], Table]) -> list[Block]:
    """Parameters by what they carry of the variance of the risk; or how that is found out."""
    name = answer.scenario.name
    found = _beside(answer)
    table = None if found is None else ranked(found.finding)
    if found is None or table is None:
        return [
            Prose(
                (
                    f"Which of the other parameters matter most is told by `spiral sensitivity {name}`: a "
                    "report that is made "
                    f"when its result stands beside this one, as {name}-sensitivity, has them here.",
                )
            )
        ]
    about = parameters_text(str(found.manifest["parameters"]))
    return [
        table,
        table_of("What these are, and what they rest on", [row[0].text for row in table.rows]),
        Prose(
            (
                f"From the result {found.folder.name}: {found.manifest['runs']:,} runs, parameters "
                f"{about}. It says what "
                "the model's answer hangs on, and not what is true.",
            )
        ),
    ]


def _beside(answer: Answer[Any]) -> Answer[SensitivityFinding] | None:
    """The sensitivity analysis of the same scenario in the same folder of results."""
    try:
        other = load_answer(
            answer.folder.resolve().parent / f"{answer.scenario.name}-sensitivity", SensitivityFinding
        )
    except StoreError:
        return None
    return (
        other if other.finding.outcome is None and _alike(other.scenario) == _alike(answer.scenario) else None
    )


def _alike(scenario: Scenario) -> Scenario:
    """A scenario without how many of its runs are simulated, and with which seed."""
    past = None if scenario.past is None else _alike(scenario.past)
    return scenario.model_copy(update={"runs": 1, "random_seed": 0, "past": past})


def ranked(of: SensitivityFinding) -> Table | None:
    """The strongest parameters by either method; None where none was told."""
    if of.indices is not None:
        chosen = of.indices[of.indices["fresh"] & (of.indices["factor"] != LUCK)]
        return _by_variance(records(chosen.head(SHOWN))) if len(chosen) else None
    if of.effects is None:
        return None
    return _by_effect(records(of.effects[of.effects["factor"] != of.luck].head(SHOWN)))


def _by_variance(rows: list[dict[str, Any]]) -> Table:
    told = [
        (
            words(row["factor"]),
            words(row["basis"]),
            *(_share(row, name) for name in ("alone", "total")),
            words(unbroken(direction_text(row))),
        )
        for row in rows
    ]
    return Table(
        "What the risk rests on most: shares of its variance",
        ("parameter", "basis", "alone", "in all", "risk from the low to the high end of its prior"),
        tuple(told),
        "Alone: what would go if the parameter were known. In all: with its interplay with others. Brackets: 95% by "
        "chance. A star: not told from 0. Shares of variance are no risks.",
    )


def _share(row: dict[str, Any], name: str) -> Cell:
    star = "" if told_from_zero(row, name) else "\u00a0*"
    return Cell(unbroken(share_text(row, name)) + star, value=float(row[name]))


def _by_effect(rows: list[dict[str, Any]]) -> Table:
    told = [
        (
            words(row["factor"]),
            words(row["basis"]),
            *(number(100 * row[name], 2) for name in ("size", "mean")),
        )
        for row in rows
    ]
    return Table(
        "What the risk rests on most: elementary effects, in percentage points",
        ("parameter", "basis", "size, either way", "mean, with its sign"),
        tuple(told),
        "From the 5% to the 95% end of a prior. A ranking, and no share of variance.",
    )
