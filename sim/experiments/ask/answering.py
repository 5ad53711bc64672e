"""From counts by row of parameters to answers: a probability, its curve by date, its change in another scenario."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.estimates.conditional import change, conditional, ranges_by_date, share_of_parameters
from sim.estimates.intervals import exact_bound
from sim.experiments.ask.counting import Counted
from sim.pipeline.experiment import Part
from sim.pipeline.parts import Probability
from sim.scenario.questions import LEAST_MET, Question, said, span_of, tree_said


class Rest(Part):
    """A parameter that an answer rests on, and its rank correlation with the probability over the draws of it."""

    parameter: str
    correlation: float


class Change(Part):
    """The probability under another scenario, and how far it is from that under the first, in the same runs."""

    scenario: str
    probability: float | None
    chance: list[float] | None
    change: float | None
    low: float | None
    high: float | None
    met: int


class AnswerPart(Part):
    """A question's answer.

    `first` and `last` are the days between which its event counts. `met` of `runs` runs met its condition; where they
    are fewer than `least` there is no `estimate`, and `needed` says how many runs it would take. `of_parameters` is the
    share of the variance that not knowing the parameters makes.
    """

    name: str
    title: str
    resolves: str
    question: str
    given: str
    first: str
    last: str
    runs: int
    met: int
    estimate: Probability | None
    needed: int | None
    least: int = LEAST_MET
    of_parameters: float | None
    rests_on: list[Rest]
    against: Change | None


def needed_runs(met: int, runs: int, rows: int) -> int:
    """Runs by which a condition that so many of so many met would be met often enough, with a quarter to spare.

    Where none met it, the least number that it can take: its share is below the exact bound of so many rows.
    """
    exact = 1.25 * LEAST_MET * runs / met if met else LEAST_MET / exact_bound(max(rows, 2))
    digits = 10 ** max(0, len(str(int(exact))) - 2)
    return int(-(-exact // digits) * digits)


def answers(counted: Counted, rests: Mapping[int, list[Rest]]) -> list[AnswerPart]:
    """Answer every question; `rests` says what each rests on, by its number."""
    return [
        _answer(counted, number, question, rests.get(number, []))
        for number, question in enumerate(counted.asked.questions)
    ]


def _answer(counted: Counted, number: int, question: Question, rests: list[Rest]) -> AnswerPart:
    scenario = counted.asked.scenario
    given, by_date = counted.of(number)
    runs, met, seen = int(counted.rows()["runs"].sum()), int(given.sum()), by_date[:, -1]
    refused = question.given is not None and met < LEAST_MET
    drawn = counted.by_row
    estimate = None if refused else conditional(seen, given, drawn, drawn, counted.most_rows)
    first, last = span_of(question.event)
    return AnswerPart(
        name=question.name,
        title=question.title,
        resolves=question.resolves,
        question=said(question, scenario.start, scenario.end),
        given="" if question.given is None else tree_said(question.given, scenario.start, scenario.end),
        first=str(first),
        last=str(last),
        runs=runs,
        met=met,
        estimate=None if estimate is None else Probability.of(estimate),
        needed=needed_runs(met, runs, len(given)) if refused else None,
        of_parameters=share_of_parameters(seen, given) if drawn and not refused else None,
        rests_on=rests,
        against=_change(counted, number, refused) if counted.other else None,
    )


def _change(counted: Counted, number: int, refused: bool) -> Change:
    """What a question comes to in the other scenario; nothing where in either too few runs met the condition."""
    (given, by_date), (given_here, by_date_here) = counted.of(number, 1), counted.of(number)
    seen, met = by_date[:, -1], int(given.sum())
    if refused or met < min(LEAST_MET, int(counted.rows(1)["runs"].sum())):
        none = dict.fromkeys(("probability", "chance", "change", "low", "high"))
        return Change(scenario=counted.other, met=met, **none)
    estimate = conditional(seen, given, counted.by_row, False, counted.most_rows)
    moved = change(seen, given, by_date_here[:, -1], given_here)
    assert estimate is not None
    assert moved is not None
    return Change(
        scenario=counted.other,
        met=met,
        probability=estimate.probability,
        chance=list(estimate.chance),
        change=moved.value,
        low=moved.low,
        high=moved.high,
    )


def curve_table(parts: Sequence[AnswerPart], counted: Counted) -> pd.DataFrame:
    """Probability of every question by date.

    Returns
    -------
    DataFrame
        Columns `question`, `date`, `probability`, `low` and `high` (95% by chance), `unknown_low` and `unknown_high`
        (central 90% over the parameters, where they are drawn). Questions that are not answered have no row.
    """
    frames = []
    for i, part in enumerate(parts):
        if part.estimate is None:
            continue
        given, seen = counted.of(i)
        each = [conditional(day, given, counted.by_row, False, counted.most_rows) for day in seen.T]
        frame = pd.DataFrame({"question": part.name, "date": pd.to_datetime([*counted.dates[i]])})
        frame["probability"] = [e.probability for e in each if e]
        frame["low"], frame["high"] = ([e.chance[end] for e in each if e] for end in (0, 1))
        unknown = np.full((len(each), 2), np.nan)
        if part.estimate.ignorance is not None:
            unknown = np.minimum(ranges_by_date(seen, given), np.array(part.estimate.ignorance))
        frame["unknown_low"], frame["unknown_high"] = unknown.T
        frames.append(frame)
    columns = ["question", "date", "probability", "low", "high", "unknown_low", "unknown_high"]
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
    table.attrs["units"] = dict.fromkeys(columns[2:], "probability")
    return table


def question_table(parts: Iterable[AnswerPart]) -> pd.DataFrame:
    """One row a question: its words, days, runs, and probability with bounds; empty where it is not answered."""
    rows = []
    for part in parts:
        estimate = part.estimate
        low, high = (None, None) if estimate is None else estimate.chance
        unknown = (None, None) if estimate is None or estimate.ignorance is None else estimate.ignorance
        row: dict[str, Any] = {
            "question": part.name, "title": part.title or part.question, "event": part.question, "first": part.first,
            "last": part.last, "runs": part.runs, "met": part.met,
            "probability": None if estimate is None else estimate.probability, "low": low, "high": high,
            "unknown_low": unknown[0], "unknown_high": unknown[1],
        }  # fmt: skip
        if part.against is not None:
            of = part.against
            row |= {"against": of.scenario, "there": of.probability, "change": of.change}
            row |= {"change_low": of.low, "change_high": of.high}
        rows.append(row)
    table = pd.DataFrame(rows)
    told = (
        "probability",
        "low",
        "high",
        "unknown_low",
        "unknown_high",
        "there",
        "change",
        "change_low",
        "change_high",
    )
    table[[name for name in told if name in table]] = table[[name for name in told if name in table]].astype(
        float
    )
    table.attrs["units"] = {name: "probability" for name in told if name in table} | {
        "runs": "runs",
        "met": "runs",
    }
    return table


def exported(parts: Sequence[AnswerPart], curve: pd.DataFrame) -> bytes:
    """The answers as platforms read them: a JSON list of questions, each with its probability by date."""
    found = []
    for part in parts:
        rows = curve[curve["question"] == part.name]
        forecasts = [
            {"date": f"{row['date']:%Y-%m-%d}"}
            | {name: None if row[name] != row[name] else float(row[name]) for name in curve.columns[2:]}
            for row in rows.to_dict("records")
        ]
        found.append(
            {
                "question": part.name, "title": part.title or part.question, "resolves": part.resolves,
                "opens": part.first, "closes": part.last, "condition": part.given, "forecasts": forecasts,
            }
        )  # fmt: skip
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()
