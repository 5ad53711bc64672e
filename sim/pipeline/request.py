"""What was asked for: scenarios by name, what is set on top of them, and where the parameters are to come from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.pipeline.beside import check_without_draws
from sim.scenario import Scenario, ScenarioError, load_scenario
from sim.scenario.errors import printable

if TYPE_CHECKING:
    from sim.simulate.job import Parameters

OPTIONS = {"runs": "--runs", "random_seed": "--random-seed"}
"""Settings that have an option of their own."""


@dataclass(frozen=True)
class Request:
    """A question as it was put.

    Attributes
    ----------
    names : of scenarios, or paths of their files
    settings : what is set on top of them, as path=value
    parameters : where they are to come from; None where nothing was said of them
    priors : a file of ranges of one's own
    """

    names: tuple[str, ...]
    settings: tuple[str, ...] = ()
    parameters: Parameters | None = None
    priors: Path | None = None

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario that was named, or the first of several."""
        return self.load(self.names[0], self.settings, self.priors)

    @property
    def changes(self) -> tuple[str, ...]:
        """What was set, but for what has an option of its own."""
        return tuple(text for text in self.settings if text.partition("=")[0] not in OPTIONS)

    def load(self, name: str, settings: Sequence[str], priors: Path | None) -> Scenario:
        """Load a scenario; errors in a setting name the option that it was given by."""
        try:
            return load_scenario(name, settings, priors)
        except ScenarioError as error:
            raise ScenarioError(_by_option(str(error), settings) + _several_seeds(name, settings)) from error

    def parameters_for(
        self, scenarios: Sequence[Scenario], choices: Sequence[Parameters] = ("posterior", "prior", "default")
    ) -> Parameters:
        """Where the parameters come from: as asked, else the usual way for such scenarios.

        Where nothing can be chosen they are fitted by whoever asks, from their priors.

        Raises
        ------
        InputError
            When they have not been fitted for such scenarios, or when nothing was said of them and a scenario is that
            of a result which was made with draws of an analyst's own.
        """
        if not choices:
            return "prior"
        if self.parameters is None:
            check_without_draws(self.names)
            return usual_parameters(scenarios) if choices[0] == "posterior" else choices[0]
        if self.parameters in ("posterior", "last-article"):
            try:
                check_fitted(scenarios, self.parameters)
            except InputError as error:
                raise InputError(f"--parameters: {error}") from error
        return self.parameters


def usual_parameters(scenarios: Sequence[Scenario]) -> Parameters:
    """Fitted where they have been for all of these scenarios, else drawn from their priors."""
    from sim.simulate.job import NoPosterior

    try:
        check_fitted(scenarios)
    except NoPosterior:
        return "prior"
    return "posterior"


def check_fitted(scenarios: Sequence[Scenario], parameters: Parameters = "posterior") -> None:
    """Raise NoPosterior where parameters have not been fitted for all of these scenarios."""
    from sim.simulate.job import check_posteriors

    check_posteriors(scenarios, parameters)


def _by_option(message: str, settings: Sequence[str]) -> str:
    """Name the option that a setting was given by, where it was not --set."""
    for number, text in enumerate(settings, start=1):
        key = text.partition("=")[0]
        if key in OPTIONS and message.startswith(f"--set:{number}:"):
            return f"{OPTIONS[key]}: {message.split(' ', 1)[1]}"
    return message


def _several_seeds(name: str, settings: Sequence[str]) -> str:
    """How several seeds are asked for, where they were given as one."""
    for text in settings:
        key, _, value = text.partition("=")
        if key.strip() == "random_seed" and re.fullmatch(r"\s*\d+(\s*,\s*\d+)+\s*", value):
            seeds = "".join(value.split())
            return (
                f"; several seeds are a sweep: spiral sweep {printable(name, 100)} --vary random_seed={seeds}"
            )
    return ""
