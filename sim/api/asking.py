"""What every function of the API asks of its arguments: a scenario that can be named, and what is usual."""

from __future__ import annotations

import contextlib
import numbers
import re
from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
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

ARGUMENTS = {"set": "settings"}
"""Arguments of `ask` that are not called as the option is."""


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


def job_of(given: Given, parameters: Parameters | None, draws: str | PathLike[str] | None = None) -> Job:
    """A scenario made ready, with a file of one's own draws, or parameters as given or else as is usual."""
    from sim.simulate.job import make_job

    chosen = scenario_of(given)
    if draws is not None:
        from sim.pipeline.own_draws import with_draws

        with in_python():
            return make_job(*with_draws(chosen, Path(draws), parameters))
    return make_job(chosen, usual([chosen], parameters, given))


def usual(scenarios: Sequence[Scenario], parameters: Parameters | None, *given: Given) -> Parameters:
    """As given, else fitted where they have been for all of these scenarios, some of which were named."""
    from sim.pipeline.beside import check_without_draws
    from sim.simulate.job import NoPosterior, check_posteriors

    if parameters is None:
        with in_python():
            check_without_draws(one for one in given if not isinstance(one, Scenario))

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


@contextlib.contextmanager
def in_python() -> Iterator[None]:
    """Name arguments of Python in what is refused, where the command line has options: `as_of` for `--as-of`."""
    try:
        yield
    except InputError as error:
        named = re.sub(r"--([a-z][a-z-]*)", lambda found: _argument(found[1]), str(error))
        raise type(error)(named) from error


def _argument(option: str) -> str:
    return ARGUMENTS.get(option, option.replace("-", "_"))
