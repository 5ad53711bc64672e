"""The reference class that a scenario draws on, and the priors that it gives to the parameters that rest on it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from sim.parameters import Prior
from sim.reference import DEFAULT_CLASS, DEFAULT_WEIGHT, PARAMETERS, ClassName
from sim.scenario.fields import Record, Share


class ReferenceClass(Record):
    """Which earlier episodes inform how far Washington goes, and how much an episode weighs."""

    class_: Annotated[
        ClassName,
        Field(
            alias="class", description="episodes before 17 October 2023 that inform how far Washington goes"
        ),
    ] = DEFAULT_CLASS
    weight: Annotated[
        Share, Field(description="what an episode of the class weighs; 1 is as much as one of today's")
    ] = DEFAULT_WEIGHT

    @property
    def priors(self) -> Mapping[str, Prior]:
        """Priors that take the place of the registry's, by registry name; none where the registry's are these."""
        if (self.class_, self.weight) == (DEFAULT_CLASS, DEFAULT_WEIGHT):
            return MappingProxyType({})
        return class_priors(self.class_, self.weight)


@lru_cache(maxsize=64)
def class_priors(name: str, weight: float) -> Mapping[str, Prior]:
    """Priors of all parameters that rest on the class, by registry name.

    Parameters
    ----------
    name : key of `sim.reference.CLASSES`
    weight : from 0 to 1
    """
    from sim.reference.classes import lethal
    from sim.reference.episodes import load_episodes
    from sim.reference.priors import informed_prior

    steps = informed_prior(lethal(load_episodes(), name), weight).steps
    made = [
        prior
        for step in steps
        for prior in (Prior("normal", step.mean, step.sd), Prior("lognormal", step.median, step.log_sd))
    ]
    return MappingProxyType(dict(zip(PARAMETERS, made, strict=True)))
