"""The scenarios that a page may show: those that can be run by name, and the one that it was started with."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.dashboard.setting import Base, Setting
from sim.errors import InputError
from sim.pipeline.request import Request, usual_parameters
from sim.scenario import Scenario
from sim.scenario.errors import did_you_mean, printable
from sim.scenario.finding import find_file, known_names

if TYPE_CHECKING:
    from sim.simulate.job import Parameters


class Catalogue:
    """Scenarios by name; no address of a page leads to any other file.

    Parameters
    ----------
    request : Request
        The scenario that the page is started with, with what is set on top of it.
    most : int, optional
        Runs of an answer at rest; the scenario's by default.
    """

    def __init__(self, request: Request, most: int | None = None) -> None:
        self._request, self._of_all = request, () if most is None else (f"runs={most}",)
        self._lock = threading.Lock()
        first = self._loaded(request.names[0], request.settings, request.priors)
        self.first = first.name
        self._bases = {self.first: Base(first)}
        request.parameters_for([first])

    @property
    def names(self) -> Sequence[str]:
        """Names to choose from, the first one first."""
        return [self.first, *(name for name in known_names() if name != self.first)]

    def base(self, name: str) -> Base:
        """A scenario by its name.

        Raises
        ------
        InputError
            When there is none, or it cannot be read.
        """
        with self._lock:
            if name not in self._bases:
                names = self.names
                if name not in names:
                    hint = did_you_mean(name, names)
                    raise InputError(f"{printable(name, 80)}: no scenario of this page has this name{hint}")
                self._bases[name] = Base(self._loaded(name, self._seed))
            return self._bases[name]

    def scenario(self, setting: Setting) -> Scenario:
        """The scenario of a setting, with as many runs as an answer at rest has."""
        return self.base(setting.scenario).at(setting)

    def _loaded(self, name: str, settings: Sequence[str], priors: Path | None = None) -> Scenario:
        return Request((name,), (*settings, *self._of_all), priors=priors).scenario

    def parameters(self, scenario: Scenario) -> Parameters:
        """Where its parameters come from: as was asked for where that can be, else the usual way."""
        if self._request.parameters in ("prior", "default"):
            return self._request.parameters
        if self._request.parameters == "last-article" and scenario.name == self.first:
            return "last-article"
        return usual_parameters([scenario])

    def file_of(self, name: str) -> Path:
        """Where a scenario was read, before anything was set on top of it."""
        return find_file(self._request.names[0] if name == self.first else name).path

    @property
    def _seed(self) -> tuple[str, ...]:
        """A seed that was asked for is that of all scenarios."""
        return tuple(text for text in self._request.settings if text.startswith("random_seed="))
