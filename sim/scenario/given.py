"""What a scenario says of parameters: those that it fixes, and the priors that it puts in place of the registry's."""

from __future__ import annotations

from collections.abc import Mapping

from sim.parameters import GROUPS, REGISTRY, Prior, prior_within
from sim.scenario.schema import Scenario


def fixed_by(scenario: Scenario) -> dict[str, float]:
    """Parameters to which a scenario gives a value, by registry name."""
    places: dict[str, Mapping[str, float]] = {
        "militia": scenario.parameters.militia,
        "engagement": scenario.parameters.engagement,
        "us": scenario.actors.us,
        "iraq": scenario.actors.iraq,
        "iran": scenario.actors.iran,
    }
    return {f"{g}.{key}": float(v) for g in GROUPS for key, v in places[g].items()}


def own_priors(scenario: Scenario) -> dict[str, Prior]:
    """Priors that a scenario gives in place of the registry's, by registry name: its ranges go before its class."""
    return dict(scenario.reference_class.priors) | {
        f"{group}.{key}": prior_within(REGISTRY[f"{group}.{key}"], *own.range, own.family)
        for group, by_key in scenario.priors.items()
        for key, own in by_key.items()
    }
