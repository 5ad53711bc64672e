"""The worlds that a scenario's headline is compared with: the same runs with some parameters at other values."""

from __future__ import annotations

from collections.abc import Mapping

from sim.parameters import LAST_STEP, PACKS, couplings, last_step, only
from sim.scenario import ReferenceClass, Scenario
from sim.scenario.given import fixed_by, own_priors

ALTERED: Mapping[str, Mapping[str, float]] = {
    "couplings off": couplings(),
    "last step unlikely": last_step("unlikely"),
    "last step likely": last_step("likely"),
    **{pack: only(pack) for pack in PACKS},
}
"""Overrides by name; all with the random streams of the scenario's first runs."""


def altered_worlds(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """`ALTERED`, with the ends of the last step where the scenario's own ranges have them; what is given stays.

    That is what it fixes, and what draws of the analyst's own say; where these say all of the last step, its prior has
    no ends that are worth a world.
    """
    own, fixed = own_priors(scenario), set(fixed_by(scenario))
    drawn = set() if scenario.draws is None else set(scenario.draws.columns)
    ends = {
        f"last step {risk}": {n: v for n, v in last_step(risk, own).items() if n not in fixed | drawn}
        for risk in ("unlikely", "likely")
    }
    worlds = {name: ends.get(name, values) for name, values in ALTERED.items()}
    if not drawn.issuperset(LAST_STEP):
        return worlds
    return {name: values for name, values in worlds.items() if name not in ends}


def with_shipped_priors(scenario: Scenario) -> Scenario:
    """A scenario, and what it continues, without ranges or a reference class of its own."""
    past = None if scenario.past is None else with_shipped_priors(scenario.past)
    return scenario.model_copy(update={"priors": {}, "reference_class": ReferenceClass(), "past": past})


def folder_of_pack(pack: str) -> str:
    """Name of the scenario that is a rival explanation."""
    return pack.replace(" ", "-").lower()
