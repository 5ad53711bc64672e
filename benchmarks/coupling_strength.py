"""How strong the first weeks would have the couplings: log evidence of the record to 17 November under other priors.

The medians of all couplings are scaled, their spread narrowed, and what drives the militias weakened; the last rival
lets Washington take no notice of attacks either. Nothing here is for choosing priors: that would use the record twice.

    python -m benchmarks.coupling_strength [--islands N]
"""

from __future__ import annotations

import argparse
import datetime
import os
from collections.abc import Iterator

import numpy as np

from sim.experiments.calibrate.scores import uncoupled
from sim.inference.fitting import fit_of
from sim.inference.islands import carry_out_island, islands_of
from sim.inference.observation.reading import shipped_record
from sim.inference.problem import Problem
from sim.parameters import REGISTRY, couplings
from sim.scenario import Scenario, load_scenario
from sim.scenario.priors import OwnPrior
from sim.scenario.varying import with_parameters
from sim.simulate.pools import on_threads

AS_OF = datetime.date(2023, 11, 17)
NOTICE = ("us.pressure_attack", "us.pressure_wounded", "us.pressure_killed")
"""Washington's answer to attacks, as far as it is no coupling."""

SCALED = tuple(
    name
    for name in couplings()
    if name != "iran.answer" and (prior := REGISTRY[name].prior) and prior.family in ("normal", "lognormal")
)
"""Couplings that are absent at zero; `iran.answer` is a log rate, and acts after the first weeks only."""


def with_scaled(scenario: Scenario, names: tuple[str, ...], median: float, spread: float) -> Scenario:
    """Scale the medians of priors, and their spread: of a log-normal that of the log, of a normal both together."""
    own: dict[str, dict[str, OwnPrior]] = {group: dict(by_key) for group, by_key in scenario.priors.items()}
    for name in names:
        parameter, (group, key) = REGISTRY[name], name.split(".")
        middle = median * float(parameter.prior.quantile([0.5], -np.inf, np.inf)[0])
        low, high = parameter.prior.quantile([0.05, 0.95], -np.inf, np.inf) * median
        if parameter.prior.family == "normal":
            low, high = middle + spread * (low - middle), middle + spread * (high - middle)
        else:
            low, high = middle * (low / middle) ** spread, middle * (high / middle) ** spread
        own.setdefault(group, {})[key] = OwnPrior(range=(float(low), float(high)))
    return scenario.model_copy(update={"priors": own})


def variants(scenario: Scenario) -> Iterator[tuple[str, Scenario]]:
    """Every model that is scored, with its name."""

    def off(one: Scenario) -> Scenario:
        return uncoupled(Problem(one, shipped_record(), AS_OF)).scenario

    for median in (1.0, 0.5, 0.25, 0.1):
        yield f"medians x {median:g}", with_scaled(scenario, SCALED, median, 1.0)
    yield "couplings off", off(scenario)
    for spread in (0.5, 0.25):
        yield f"medians x 1, spread x {spread:g}", with_scaled(scenario, SCALED, 1.0, spread)
    for median in (0.5, 0.25):
        weaker = with_scaled(scenario, ("militia.gaza",), median, 1.0)
        yield f"war in Gaza x {median:g}", weaker
        yield f"war in Gaza x {median:g}, couplings off", off(weaker)
    yield "Washington takes no notice", with_parameters(scenario, dict.fromkeys(NOTICE, 0.0))
    yield (
        "Washington takes no notice, couplings off",
        off(with_parameters(scenario, dict.fromkeys(NOTICE, 0.0))),
    )


def evidence(scenario: Scenario, islands: int, until: datetime.date = AS_OF) -> tuple[float, float]:
    """Log evidence of the record up to a day, and its standard error."""
    problem = Problem(scenario, shipped_record(), until)
    rows = list(on_threads(carry_out_island, islands_of(problem, islands), os.cpu_count() or 1))
    fit = fit_of(problem, np.concatenate(rows))
    return fit.log_evidence, fit.log_evidence_error


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--islands", type=int, default=40, help="particle filters for each model, 2 or more")
    chosen = parser.parse_args()
    if chosen.islands < 2:
        parser.error("--islands must be 2 or more: the standard error is from their scatter")
    print("| model | log evidence | standard error |\n|---|---:|---:|")
    for name, scenario in variants(load_scenario("october-2023")):
        score, error = evidence(scenario, chosen.islands)
        print(f"| {name} | {score:.2f} | {error:.2f} |", flush=True)


if __name__ == "__main__":
    main()
