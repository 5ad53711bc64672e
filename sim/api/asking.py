"""What every function of the API asks of its arguments: a scenario that can be named, and what is usual."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

from sim.scenario import Scenario, load_scenario
from sim.simulate.job import Parameters

if TYPE_CHECKING:
    from sim.simulate.job import Job

Given = Scenario | str | PathLike[str]
CHOICES = {
    "parameters": ("posterior", "last-article", "prior", "default"),
    "design": ("grid", "lhs", "sobol"),
    "method": ("sobol", "morris"),
}


def check(**options: Any) -> None:
    """Refuse what is no choice, and what is no whole number from 1 on; None stands for what is usual.

    Raises
    ------
    ValueError
        With a message of one line.
    """
    for name, value in options.items():
        if value is None:
            continue
        if name in CHOICES:
            if value not in CHOICES[name]:
                raise ValueError(f"{name} = {value!r}: must be one of {', '.join(CHOICES[name])}")
        elif isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < 1:
            raise ValueError(f"{name} = {value!r}: must be a whole number from 1 on")


def scenario_of(given: Given) -> Scenario:
    """The scenario itself, loaded if it was named."""
    return given if isinstance(given, Scenario) else load_scenario(given)


def job_of(given: Given, parameters: Parameters | None) -> Job:
    """A scenario made ready, with parameters as given or else as is usual."""
    from sim.simulate.job import make_job

    chosen = scenario_of(given)
    return make_job(chosen, usual([chosen], parameters))


def usual(scenarios: Sequence[Scenario], parameters: Parameters | None) -> Parameters:
    """As given, else fitted where they have been for all of these scenarios."""
    from sim.simulate.job import NoPosterior, check_posteriors

    if parameters in ("prior", "default"):
        return parameters
    try:
        check_posteriors(scenarios, parameters or "posterior")
    except NoPosterior:
        if parameters is None:
            return "prior"
        raise
    return parameters or "posterior"


def given_of(**options: Any) -> dict[str, Any]:
    """Options that were given: the others stay as the experiment has them."""
    return {name: value for name, value in options.items() if value is not None}
