"""What a comparison found: a row for each outcome, for each kind of spiral tipped, for each differing assumption."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.estimates.by_row import (
    Mean,
    Rows,
    bounded_difference,
    mean,
    of_point,
    probability,
    saved_by_pairing,
    student,
)
from sim.estimates.conditional import change, conditional, enough
from sim.estimates.intervals import Estimate
from sim.experiments.compare.paired import ESTIMATE, SIGN, by_stage
from sim.experiments.compare.signs import Signs, signs_of
from sim.outcomes import COMPARED, ROW_EVENTS, SPIRALS, per_run
from sim.scenario.differences import Difference
from sim.scenario.questions import LEAST_MET
from sim.simulate.responses import MET, OUTCOME


def outcome_table(labels: Sequence[str], found: Rows, by_row: bool) -> pd.DataFrame:
    """Outcomes of every scenario against the first.

    Returns
    -------
    DataFrame
        One row an outcome of a scenario: `scenario`, `against`, `outcome`, `unit`; of the first scenario `first` and of
        this one `value`, their `difference`, and the `change` in proportion to the first (none where that has none),
        each with `_low` and `_high` (95% by chance); and `saved`, how many times the variance of the difference is
        smaller than with runs of their own.
    """
    rows = by_stage(found, ESTIMATE)
    parts = [of_point(rows, point) for point in range(len(labels))]
    made = [
        {"scenario": label, "against": labels[0], "outcome": name, "unit": per_run(name)}
        | _compared(part, parts[0], name, by_row)
        for label, part in zip(labels[1:], parts[1:], strict=True)
        for name in COMPARED
    ]
    table = pd.DataFrame(made)
    table.attrs["units"] = {"change": "of the first", "saved": "times"}
    return table


def _compared(part: Rows, first: Rows, name: str, by_row: bool) -> dict[str, float]:
    saved = saved_by_pairing(part, first, name) if len(part) > 1 else float("nan")
    return {
        **_estimate(first, name, by_row).columns("first"),
        **_estimate(part, name, by_row).columns("value"),
        **bounded_difference(part, first, name, by_row).columns("difference"),
        **change_of(part, first, name).columns("change"),
        "saved": saved,
    }


def _estimate(part: Rows, name: str, by_row: bool) -> Mean | Estimate:
    return probability(part, name, by_row) if name in ROW_EVENTS else mean(part, name)


def averted_table(labels: Sequence[str], found: Rows, by_row: bool) -> pd.DataFrame:
    """How often restraint averted the headline in every scenario, against the first.

    Returns
    -------
    DataFrame
        One row a scenario: `scenario`, `against`; in the first `first`, in this one `value`, and their `difference`,
        each with `_low` and `_high` (95% by chance).
    """
    rows = by_stage(found, ESTIMATE)
    first, *others = (of_point(rows, point) for point in range(len(labels)))
    made = [
        {
            "scenario": label,
            "against": labels[0],
            **probability(first, "averted", by_row).columns("first"),
            **probability(part, "averted", by_row).columns("value"),
            **bounded_difference(part, first, "averted", by_row).columns("difference"),
        }
        for label, part in zip(labels[1:], others, strict=True)
    ]
    table = pd.DataFrame(made)
    table.attrs["units"] = dict.fromkeys(table.columns[2:], "probability")
    return table


def question_table(labels: Sequence[str], found: Rows, by_row: bool) -> pd.DataFrame:
    """What a question that was asked came to in every scenario, against the first.

    Returns
    -------
    DataFrame
        One row a scenario: `scenario`, `against`; the probability in the first as `first`, in this one as `value`, and
        their `difference`, each with `_low` and `_high` (95% by chance); and the runs that `met` its condition, in the
        first `first_met`. nan where these are too few.
    """
    rows = by_stage(found, ESTIMATE)
    parts = [of_point(rows, point) for point in range(len(labels))]
    first, none = parts[0], Mean(*[float("nan")] * 3)
    made = []
    for label, part in zip(labels[1:], parts[1:], strict=True):
        row: dict[str, Any] = {"scenario": label, "against": labels[0]}
        told = {n: enough(one[MET], one["runs"], LEAST_MET) for n, one in (("first", first), ("value", part))}
        for name, one in (("first", first), ("value", part)):
            estimate = conditional(one[OUTCOME], one[MET], by_row) if told[name] else None
            row |= (estimate or none).columns(name)
        moved = change(part[OUTCOME], part[MET], first[OUTCOME], first[MET]) if all(told.values()) else None
        row |= (moved or none).columns("difference")
        made.append(row | {"met": int(part[MET].sum()), "first_met": int(first[MET].sum())})
    table = pd.DataFrame(made)
    table.attrs["units"] = dict.fromkeys(table.columns[2:-2], "probability") | {
        "met": "runs",
        "first_met": "runs",
    }
    return table


def change_of(part: Rows, first: Rows, name: str) -> Mean:
    """How much more than in the first scenario, in proportion: a ratio of sums over rows, less one.

    The interval is Fieller's (1954): the ratios r for which the means of one less r times the other cannot be told from
    zero. So it leaves out no change where the interval of the difference leaves out zero, and only there. It is open
    above (infinite) where the first's own mean cannot be told from zero.
    """
    total = float(first[name].sum())
    if total <= 0:
        return Mean(*[float("nan")] * 3)
    ratio = float(part[name].sum()) / total
    if len(first) < 2:
        return Mean(ratio - 1, -1.0, float("inf"))
    means = np.array([part[name].mean(), first[name].mean()])
    spread = np.cov(part[name], first[name]) * student(len(first)) ** 2 / len(first)
    a, b, c = means[1] ** 2 - spread[1, 1], means[0] * means[1] - spread[0, 1], means[0] ** 2 - spread[0, 0]
    if a <= 0 or b * b < a * c:
        return Mean(ratio - 1, -1.0, float("inf"))
    half = float(np.sqrt(b * b - a * c))
    return Mean(ratio - 1, max(-1.0, (b - half) / a - 1), (b + half) / a - 1)


def tip_table(
    labels: Sequence[str], found: Rows, by_row: bool, spirals: Sequence[str] = SPIRALS
) -> pd.DataFrame:
    """Runs that a scenario tips into and out of each kind of spiral, and parameter draws in which the risk moves.

    Returns
    -------
    DataFrame
        One row a definition of a scenario: `scenario`, `against`, `definition`, `runs`, of these tipped `into` and
        `out`; `rows`, of these with more spirals (`rows_more`) and with fewer (`rows_fewer`), chance included; and, as
        in `sim.experiments.compare.signs.Signs`, in how many of `sign_rows` the risk `rises` or `falls` beyond chance.
    """
    rows, sign = by_stage(found, ESTIMATE), by_stage(found, SIGN)
    made = []
    for point, label in enumerate(labels[1:], start=1):
        part = of_point(rows, point)
        for name in spirals:
            told = {"scenario": label, "against": labels[0], "definition": name}
            signs = signs_of(of_point(sign, point), name)
            made.append(told | _tips(part, name, by_row) | _sign_columns(signs))
    table = pd.DataFrame(made)
    table.attrs["units"] = {"runs": "runs", "into": "runs", "out": "runs", "rises": "share of the prior",
                            "falls": "share of the prior"}  # fmt: skip
    return table


def _tips(part: Rows, name: str, by_row: bool) -> dict[str, Any]:
    into, out = part[f"{name}_into"], part[f"{name}_out"]
    told = {"runs": int(part["runs"].sum()), "into": int(into.sum()), "out": int(out.sum())}
    if not by_row:
        return told | {"rows": 0, "rows_more": 0, "rows_fewer": 0}
    return told | {
        "rows": len(part),
        "rows_more": int((into > out).sum()),
        "rows_fewer": int((into < out).sum()),
    }


def _sign_columns(signs: Signs | None) -> dict[str, Any]:
    if signs is None:
        nothing = Mean(*[float("nan")] * 3)
        return {"sign_rows": 0, "sign_runs": 0, **nothing.columns("rises"), **nothing.columns("falls")}
    told = {"sign_rows": signs.rows, "sign_runs": signs.runs}
    return told | signs.rises.columns("rises") | signs.falls.columns("falls")


def assumption_table(labels: Sequence[str], found: Sequence[Sequence[Difference]]) -> pd.DataFrame:
    """Assumptions in which the scenarios differ from the first.

    Returns
    -------
    DataFrame
        One row a field of a scenario: `scenario`, `against`, `path`, `unit`, what the first says (`first`) and this one
        (`value`), empty where nothing is said, with `_basis` and `_evidence` (identifiers of facts).
    """
    columns = ["scenario", "against", "path", "unit", "first", "value", "first_basis", "value_basis", "first_evidence",
               "value_evidence"]  # fmt: skip
    made = []
    for label, differences in zip(labels[1:], found, strict=True):
        for one in differences:
            told = {"scenario": label, "against": labels[0], "path": one.path, "unit": one.unit}
            for key, said in (("first", one.first), ("value", one.other)):
                told[key] = said.value if said else ""
                told[f"{key}_basis"] = said.basis if said else ""
                told[f"{key}_evidence"] = " ".join(said.evidence) if said else ""
            made.append(told)
    return pd.DataFrame(made, columns=columns)
