"""The actors as Mesa agents: each a view of its own part of the world's record, with its phases of the day.

An agent holds no number of its own and computes none: a phase hands the model's records to the part of the day of the
same meaning in `sim.core.phases`.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from sim.core import phases
from sim.outcomes import LEVELS
from sim.scenario import Scenario
from sim.scenario.countries import number_of, of_strikes
from sim.simulate.setting import militias_in_order, sites_in_order
from sim.simulate.timeline import PLACES

# Mesa sets how the whole program starts its processes, which is none of its business.
_start_method = multiprocessing.get_start_method(allow_none=True)
import mesa as mesa  # noqa: E402

multiprocessing.set_start_method(_start_method, force=True)

MOST_ATTACKS, MOST_KILLED, MOST_WOUNDED = 30, 40, 200
READINGS = ("anger", "fear", "autonomy", "arsenal", "will", "standing_down", "attacks")
"""What is collected of a militia every day."""


class Played(Protocol):
    """What an agent knows of its model; see `sim.mesa.model.EscalationModel`."""

    scenario: Scenario
    world: np.ndarray
    today: np.ndarray
    setting: np.ndarray
    row: np.ndarray
    random_seed: np.uint64

    @property
    def moment(self) -> tuple[Any, ...]:
        """World, day, setting, row and seed, as every phase takes them."""


class Actor(mesa.Agent):
    """An actor of the model.

    Attributes
    ----------
    name : its name in the scenario: us, iraq, iran or a militia's
    record : np.record, its state in the world; to read and to write, such as `agent.record.anger`
    readings : what of it is collected every day, by name
    """

    model: Played
    name: str
    record: Any

    def __init__(self, model: Played) -> None:
        super().__init__(model)
        self.readings: dict[str, Callable[[], Any]] = dict.fromkeys(READINGS, _nothing)

    def __repr__(self) -> str:
        """Name it."""
        return f"<{type(self).__name__} {self.name}>"

    def remove(self) -> None:
        """Refuse: the days of the others know it."""
        raise TypeError(f"{self.name} cannot be removed from the model; order it to hold instead")


class Militia(Actor):
    """A militia: decides how often to attack, and attacks.

    Attributes
    ----------
    index : its place among the militias
    title : how it is called in full
    orders : np.record, what is ordered of it today (see `sim.simulate.timeline.ORDER`)
    fixed : np.record, what the scenario fixes of it (see `sim.core.state.FIXED_MILITIA`)
    """

    def __init__(self, model: Played, index: int) -> None:
        super().__init__(model)
        self.index = index
        self.name, militia = list(militias_in_order(model.scenario).items())[index]
        self.title = militia.title
        self.record = model.world["militias"].view(np.recarray)[0, index]
        self.orders = model.today["orders"].view(np.recarray)[0, index]
        self.fixed = model.setting["militias"].view(np.recarray)[0, index]
        here = model.world["militias"][:, index]
        self.readings = {name: here[name].item for name in READINGS}

    def order(
        self,
        *,
        attacks: int | None = None,
        site: str | None = None,
        killed: int | None = None,
        wounded: int | None = None,
    ) -> None:
        """Settle what it does today, whatever the scenario orders; what is left out is decided as before.

        Parameters
        ----------
        attacks : int, optional
            Number of attacks, 0 to 30; 0 holds its fire.
        site : str, optional
            The site that all of them go to.
        killed, wounded : int, optional
            What the first attack of the day does.
        """
        given = {"attacks": attacks, "killed": killed, "wounded": wounded}
        most = {"attacks": MOST_ATTACKS, "killed": MOST_KILLED, "wounded": MOST_WOUNDED}
        numbers = {name: _number(name, n, most[name]) for name, n in given.items() if n is not None}
        if site is not None:
            numbers["site"] = _choice("site", site, tuple(sites_in_order(self.model.scenario)))
        for name, number in numbers.items():
            self.orders[name] = number

    def weigh(self) -> None:
        """Take stock of the will to fight."""
        m = self.model
        phases.militia_weighs(m.world, m.today, m.setting, m.row, self.index)

    def launch(self) -> None:
        """Join a pause that stands, or do not, and launch the day's attacks."""
        m = self.model
        phases.militia_acts(m.world, m.today, m.setting, m.row, m.random_seed, self.index)

    def fight(self) -> None:
        """Fight the day's attacks out, one by one."""
        m = self.model
        phases.attacks_of_militia(m.world, m.today, m.setting, m.row, m.random_seed, self.index)

    def take_it(self) -> None:
        """Feel the day's strike, and lose stocks to it."""
        phases.militia_takes_it(self.model.world, self.model.row, self.index)

    def forget(self) -> None:
        """Let anger and fear fade."""
        phases.militia_forgets(self.model.world, self.model.row, self.index)


class UnitedStates(Actor):
    """Washington: strikes at some level, or holds."""

    name = "us"

    def __init__(self, model: Played) -> None:
        super().__init__(model)
        self.record = model.world["us"].view(np.recarray)[0]

    def order(self, *, level: int | None = None, place: str | None = None) -> None:
        """Settle what it does today, whatever the scenario orders or forbids; what it was preparing is dropped.

        Parameters
        ----------
        level : int, optional
            Level of the strike, 1 to 4; 0 holds.
        place : str, optional
            Where a strike falls: iraq, syria, or for level 4 iran, by the names of the scenario; left out, where such a
            strike usually falls.
        """
        today = self.model.today
        strength = None if level is None else _number("level", level, LEVELS - 1)
        if place is not None:
            countries = self.model.scenario.countries
            _choice("place", place, of_strikes(countries))
            number = number_of(countries, place)
            if PLACES[number] == "iran" and strength != LEVELS - 1:
                raise ValueError(f"place: {place} is for strikes of level 4 only")
            today["place"] = number
        if strength is not None:
            today["level"] = strength

    def respond(self) -> None:
        """Decide on a strike, prepare it, strike or hold."""
        phases.washington_chooses(*self.model.moment)

    def forget(self) -> None:
        """Let the pressure to act fade, and the memory of own strikes."""
        phases.washington_forgets(self.model.world, self.model.row)


class IraqiGovernment(Actor):
    """Baghdad: bargains with the militias, and bears what strikes in Iraq do."""

    name = "iraq"

    def __init__(self, model: Played) -> None:
        super().__init__(model)
        self.record = model.world["iraq"].view(np.recarray)[0]

    def order(self, *, press: bool | None = None) -> None:
        """Settle whether it presses the militias today, whatever the scenario orders."""
        if press is not None:
            self.model.today["press"] = _number("press", press, 1)

    def press(self) -> None:
        """Open or renew a bargain with the militias, or keep quiet."""
        phases.baghdad_presses(*self.model.moment)

    def keep_bargain(self) -> None:
        """Keep the bargain, or see it end by the day's attacks and strikes."""
        phases.bargain_is_tested(*self.model.moment)

    def take_it(self) -> None:
        """Be strained by a strike in Iraq."""
        m = self.model
        phases.baghdad_takes_it(m.world, m.today, m.row, m.random_seed)

    def forget(self) -> None:
        """Let bargain and strain fade, and win capital back."""
        phases.baghdad_forgets(self.model.world, self.model.row)


class Iran(Actor):
    """Tehran: holds its partners back or lets them, supplies them, and may answer openly."""

    name = "iran"

    def __init__(self, model: Played) -> None:
        super().__init__(model)
        self.record = model.world["iran"].view(np.recarray)[0]

    def order(self, *, answer: bool | None = None) -> None:
        """Settle whether it attacks openly today, whatever the scenario orders."""
        if answer is not None:
            self.model.today["answer"] = _number("answer", answer, 1)

    def move(self) -> None:
        """Move the stance, and supply the militias."""
        phases.tehran_moves(*self.model.moment)

    def take_it(self) -> None:
        """Feel the day's deaths and strike."""
        phases.tehran_takes_it(self.model.world, self.model.row)

    def answer(self) -> None:
        """Answer a hard strike openly, or do not."""
        phases.tehran_answers(*self.model.moment)

    def forget(self) -> None:
        """Let fear of war and grievance fade."""
        phases.tehran_forgets(self.model.world, self.model.row)


def _nothing() -> None:
    """Read what an agent does not have."""


def _number(name: str, value: int, most: int) -> int:
    whole = isinstance(value, int | np.integer | np.bool_)
    if not whole or not 0 <= value <= most:
        raise ValueError(f"{name}: {value!r} is not a whole number from 0 to {most}")
    return int(value)


def _choice(name: str, value: str, allowed: tuple[str, ...]) -> int:
    if value not in allowed:
        raise ValueError(f"{name}: {value!r} is not one of {', '.join(allowed)}")
    return allowed.index(value)
