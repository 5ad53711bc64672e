"""Every number of the model: unit, range, prior, meaning and evidence, one file an actor.

The compiled record, the scenario's validation, the evidence table and the reference pages all come from
`REGISTRY`. Nothing numeric about the model is written anywhere else, except what a scenario says of its
own actors, sites and timeline.
"""

from sim.parameters.parameter import Family, Parameter, Prior
from sim.parameters.ranges import prior_within
from sim.parameters.registry import (
    DAMPING,
    GROUPS,
    LAST_STEP,
    MECHANISMS,
    PACKS,
    REGISTRY,
    Reactions,
    blind_priors,
    couplings,
    in_group,
    last_step,
    only,
    parameters_dtype,
    without,
)

__all__ = [
    "DAMPING",
    "GROUPS",
    "LAST_STEP",
    "MECHANISMS",
    "PACKS",
    "REGISTRY",
    "Family",
    "Parameter",
    "Prior",
    "Reactions",
    "blind_priors",
    "couplings",
    "in_group",
    "last_step",
    "only",
    "parameters_dtype",
    "prior_within",
    "without",
]
