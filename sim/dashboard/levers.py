"""What can be set on a page: every parameter, with its range, unit, basis and sources; a few of them from the start."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.evidence import load_evidence
from sim.experiments.policy.levers import LEVERS
from sim.parameters import REGISTRY, Parameter
from sim.parameters.titles import SHOWN, TITLES
from sim.scenario.given import fixed_by, own_priors
from sim.wording import number_text

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.simulate.job import Job

ENDS = {
    "us.readiness": ("later than in 2023", "sooner"),
    "us.ceiling": ("further than in 2023", "nearer"),
    "iran.supply": ("hardly anything", "ten attacks a day"),
    "iraq.pressing": ("hardly ever", "often"),
    "iran.restraint": ("urges them on", "restrains them"),
}
ACTORS = {
    "us": "Washington",
    "iraq": "Baghdad",
    "iran": "Tehran",
    "militia": "Militias",
    "engagement": "Engagements",
}
MASS = 0.98
"""Share of the prior that a slider covers; a number typed in may be any that a scenario can hold."""


def levers_of(scenario: Scenario, job: Job) -> list[dict[str, Any]]:
    """Everything that a page shows of each parameter, as plain values.

    Parameters
    ----------
    scenario : Scenario
        As it stands, without what a reader sets.
    job : Job
        The same made ready, whose parameters tell where a slider begins.
    """
    fixed, own = fixed_by(scenario), own_priors(scenario)
    known = _central(job)
    return [_lever(p, fixed.get(p.name), own.get(p.name), known.get(p.name)) for p in REGISTRY.values()]


def _lever(
    p: Parameter, fixed: float | None, own: Any, central: tuple[float, float, float] | None
) -> dict[str, Any]:
    low, high = _slider(p)
    usual, stands = p.default, ""
    if fixed is not None:
        usual, stands = fixed, f"the scenario holds it at {number_text(fixed)}"
    elif central is not None:
        usual = central[1]
        stands = f"fitted to the record: 90% from {number_text(central[0])} to {number_text(central[2])}"
    elif p.prior is not None:
        first, last = p.interval(prior=own)
        stands = f"drawn from its prior: 90% from {number_text(first)} to {number_text(last)}"
    return {
        "name": p.name,
        "title": TITLES.get(p.name, p.name),
        "ends": list(ENDS.get(p.name, ("", ""))),
        "actor": ACTORS[p.group],
        "shown": p.name in SHOWN,
        "low": min(low, usual),
        "high": max(high, usual),
        "least": p.low,
        "greatest": p.high,
        "step": _step(low, high),
        "usual": _rounded(usual, _step(low, high)),
        "stands": stands or f"held at {number_text(p.default)}",
        "unit": "" if p.unit == "1" else p.unit,
        "meaning": p.meaning,
        "basis": p.basis,
        "sources": _sources(p),
    }


def _slider(p: Parameter) -> tuple[float, float]:
    """Ends of a slider: those that policies are searched within, else nearly all of the prior."""
    for lever in LEVERS:
        if lever.name == p.name:
            return lever.low, lever.high
    if p.prior is None:
        return p.low, p.high
    step = _step(*p.interval(MASS))
    low, high = (_rounded(end, step) for end in p.interval(MASS))
    return max(p.low, low), min(p.high, high)


def _step(low: float, high: float) -> float:
    """A step of 1, 2 or 5 times a power of ten, of which a slider has about fifty."""
    rough = (high - low) / 50
    if rough <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return float(f"{next((m for m in (1, 2, 5) if m * power >= rough), 10) * power:.6g}")


def _rounded(value: float, step: float) -> float:
    return float(f"{round(value / step) * step:.10g}")


def _central(job: Job) -> Mapping[str, tuple[float, float, float]]:
    """Ends and middle of the central 90% of fitted parameters, by name."""
    if job.posterior is None:
        return {}
    columns = {name: values for name, values in job.posterior.columns.items() if name in REGISTRY}
    found = {}
    for name, values in columns.items():
        low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
        found[name] = float(low), float(middle), float(high)
    return found


def _sources(p: Parameter) -> list[str]:
    """What it rests on: claims of articles, each with its source; or what is assumed."""
    ledger = load_evidence()
    told = []
    for name in p.facts:
        fact = ledger.facts[name]
        source = ledger.sources[fact.source]
        told.append(f"{fact.claim} ({source.publisher}, {source.published}; {fact.id})")
    return [*told, *([f"Assumed: {p.rests_on}"] if p.rests_on else [])]
