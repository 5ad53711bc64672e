"""What follows from the answers to all designs: the tables, and the few numbers that are printed first."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.estimates.intervals import clustered
from sim.experiments.sensitivity.cells import together
from sim.experiments.sensitivity.design import Array, Morris, Sobol
from sim.experiments.sensitivity.elementary import elementary_effects
from sim.experiments.sensitivity.factors import LUCK
from sim.experiments.sensitivity.finding import SensitivityFinding
from sim.experiments.sensitivity.indices import Indices, with_luck, without_luck
from sim.experiments.sensitivity.plan import STRONGEST, Plan
from sim.experiments.sensitivity.responding import OUTPUTS
from sim.experiments.sensitivity.tables import effects_table, groups_table, indices_table, pairs_table
from sim.experiments.sensitivity.tenths import Told, alone, of_one_run
from sim.pipeline.parts import Headline
from sim.scenario.questions import said
from sim.simulate.responses import OUTCOME

Answers = npt.NDArray[np.void]
Both = tuple[Indices, Indices]


def strongest_of(plan: Plan, answers: Answers) -> list[str]:
    """The factors with the largest total index of the risk; luck is none."""
    design = plan.opening["each"]
    assert isinstance(design, Sobol)
    total = without_luck(design, *_of(answers, "risk"), plan.seed(10)).total[:-1, 0]
    order = np.argsort(-np.nan_to_num(total), kind="stable")
    return [plan.names[number] for number in order[:STRONGEST]]


def conclude_sobol(
    plan: Plan, answers: dict[str, Answers], last: Sobol, strongest: list[str]
) -> SensitivityFinding:
    """Findings of Sobol's method, from the answers to every design by pass."""
    designs: dict[str, Sobol] = {**plan.opening, "strongest": last}  # type: ignore[dict-item]
    found = {
        name: {output: _both(plan, design, answers[name], output, 11 + number) for output in OUTPUTS}
        for number, (name, design) in enumerate(designs.items())
    }
    cube, drawn = _independent(designs, answers)
    tables = {}
    for output, table in (("risk", "indices"), ("attacks", "attacks"), ("spiral", "spiral")):
        told = alone(cube, *_of(drawn, output)[:2])
        tables[table] = indices_table(
            plan.factors, output, found["each"][output], found["strongest"][output], told
        )
    tables["pairs"] = pairs_table(found["strongest"], _together(plan, cube, drawn, strongest))
    for heading in ("basis", "actor"):
        counts = Counter(str(getattr(factor, heading)) for factor in plan.factors)
        tables[f"by_{heading}"] = groups_table(found[heading], counts, heading)
    one_run = _one_run(plan, drawn)
    return SensitivityFinding(**_common(plan), strongest=strongest, rows=len(drawn), **one_run, **tables)


def conclude_morris(plan: Plan, answers: Answers) -> SensitivityFinding:
    """Findings of Morris's method."""
    design = plan.opening["steps"]
    assert isinstance(design, Morris)
    tables = {
        name: effects_table(
            plan.factors, output, plan.names, elementary_effects(design, answers[output], plan.seed(10))
        )
        for output, name in (("risk", "effects"), ("attacks", "attacks"), ("spiral", "spiral"))
    }
    return SensitivityFinding(**_common(plan), rows=len(answers), **tables)


def _both(plan: Plan, design: Sobol, answers: Answers, output: str, number: int) -> Both:
    """Indices averaged over luck, and with luck as a factor."""
    seed = plan.seed(number)
    return without_luck(design, *_of(answers, output), seed), with_luck(design, answers[output], seed)


def _of(answers: Answers, output: str) -> tuple[Array, Array, Array]:
    return answers[output], answers[f"{output}_own"], answers[f"{output}_shared"]


def _independent(designs: dict[str, Sobol], answers: dict[str, Answers]) -> tuple[Array, Answers]:
    """The independent points of all designs, without luck, and what they came to: draws from the priors."""
    cubes, rows = [], []
    for name, design in designs.items():
        both = design.slice(0, design.samples)
        at = answers[name].reshape(design.samples, design.each)
        cubes += [both.first[:, :-1], both.second[:, :-1]]
        rows += [at[:, 0], at[:, -1]]
    return np.concatenate(cubes), np.concatenate(rows)


def _together(
    plan: Plan, cube: Array, drawn: Answers, strongest: list[str]
) -> dict[tuple[str, str, str], Told]:
    """What pairs of the strongest do together, by output and names."""
    at = {name: plan.names.index(name) for name in strongest}
    return {
        (output, one, other): together(cube[:, at[one]], cube[:, at[other]], *_of(drawn, output)[:2])
        for output in OUTPUTS
        for one in strongest
        for other in strongest
        if at[one] < at[other]
    }


def _one_run(plan: Plan, drawn: Answers) -> dict[str, Any]:
    """The mean risk, and how much of whether one run spirals the parameters explain."""
    risk, own = drawn["risk"], drawn["risk_own"]
    mean = float(risk.mean())
    seen = np.rint(risk * plan.runs).astype(np.int64)
    headline = clustered(np.bincount(seen, minlength=plan.runs + 1), with_ignorance=False)
    event = plan.scenario.headline if plan.question is None else OUTCOME
    found: dict[str, Any] = {"headline": Headline.of(event, headline)}
    spread = float(risk.var() - own.mean())
    found["sd_of_risk"] = float(np.sqrt(spread)) if spread > 0 else 0.0
    if 0 < mean < 1:
        share, wide = of_one_run(risk, own, plan.seed(20))
        if np.isfinite(wide):  # too few spirals for the bootstrap otherwise
            found["explained_of_one_run"] = [share, share - wide, share + wide]
    raw = drawn["count"]
    squares = np.sort((raw - raw.mean()) ** 2)[::-1]
    if squares.sum() > 0:
        found["top_hundredth_of_attacks"] = float(squares[: len(raw) // 100].sum() / squares.sum())
    return found


def _common(plan: Plan) -> dict[str, Any]:
    days = plan.scenario.start, plan.scenario.end
    return {
        **({} if plan.question is None else {"outcome": said(plan.question, *days)}),
        "definition": plan.scenario.headline,
        "method": plan.method,
        "samples": plan.samples,
        "runs": plan.runs,
        "factors": len(plan.factors),
        "luck": LUCK,
    }
