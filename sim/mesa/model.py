"""The Mesa engine: one run of a scenario as a Mesa model, to watch, to step through and to extend.

It lives the days that the compiled engine lives, bit for bit: the agents are views of the same record and call the
same parts of the day in the same order. Nothing is drawn from Mesa's own generators.
"""

from __future__ import annotations

import datetime
import itertools
import operator
from collections.abc import Callable, Mapping
from os import PathLike
from typing import Any, NoReturn, get_args

import numpy as np

from sim.core import phases
from sim.mesa.agents import READINGS, Actor, Iran, IraqiGovernment, Militia, UnitedStates, mesa
from sim.mesa.shown import html_of
from sim.parameters import REGISTRY
from sim.scenario import Scenario, load_scenario
from sim.scenario.schema import ONE_DAY
from sim.simulate.job import OF_ONES_OWN, Job, Parameters, make_job, prepare
from sim.simulate.setting import militias_in_order

COLLECTED = {
    "ladder": ("rung",),
    "today": ("attacks", "wounded", "killed", "avowed"),
    "us": ("level", "pressure", "commitment", "credibility"),
    "iraq": ("bargain", "strain", "capital"),
    "iran": ("stance", "grievance", "war_fear"),
}
"""What is collected of a world every day, by group of its record."""

MOST_RUN = 2**64 - 1


class EscalationModel(mesa.Model):
    """One run of a scenario, day by day.

    Parameters
    ----------
    scenario : Scenario, name or path
        Or a `Job`, which has its parameters already.
    run : int
        The run's number, 0 to 2^64 - 1: its luck, and but for 'default' its row of parameters.
    parameters : 'posterior', 'last-article', 'prior' or 'default'
    override : mapping, optional
        Parameters held at a value whatever the scenario says, by registry name.
    agents : mapping, optional
        Classes of your own to take the place of a class of agents, or of one agent by its name.
    collect : bool
        Whether to collect data every day.
    seed : int
        Seed of `model.random` and `model.rng`, from which nothing here draws; they are for agents of your own.

    Attributes
    ----------
    world, today, setting, row : ndarray of WORLD, DAY, SETTING and PARAMETERS, shape (1,)
        The world; the day that is lived, or between steps the coming one, with what is ordered of the actors; what
        the scenario and the parameters fix. To be written into, not to be replaced.
    moment : tuple
        World, day, setting, row and seed, as every phase of the day takes them.
    us, iraq, iran : agents
    militias : AgentSet, by identifier
    days : int
        Number of days of the scenario; `steps` of them have been lived.

    Raises
    ------
    ScenarioError
        When the scenario cannot be used.
    ValueError
        When anything else that is given cannot be; the message is one line.
    """

    steps: int
    running: bool

    def __init__(
        self,
        scenario: Scenario | Job | str | PathLike[str],
        run: int = 0,
        parameters: Parameters = "prior",
        override: Mapping[str, float] | None = None,
        *,
        agents: Mapping[type[Actor] | str, type[Actor]] | None = None,
        collect: bool = True,
        seed: int = 0,
    ) -> None:
        super().__init__(seed=seed)
        self.job = _job_of(scenario, parameters, override)
        self.scenario, self.run = self.job.scenario, _run_number(run)
        worlds, table, rows, segment = prepare(self.job, np.array([self.run], np.uint64))
        self.world, self.row = np.asarray(worlds), np.asarray(table)[rows]
        self._timeline, self.setting = np.asarray(segment.timeline), np.asarray(segment.setting).copy()
        self.today = self._timeline[:1].copy()
        self.random_seed = np.uint64(self.job.random_seed)
        self.moment = (self.world, self.today, self.setting, self.row, self.random_seed)
        self._numbers = itertools.count(1)
        self._seat(dict(agents or {}))
        self.collect = collect
        self.datacollector = self._data_collector()

    @property
    def days(self) -> int:
        """Number of days of the scenario."""
        return len(self._timeline)

    @property
    def date(self) -> datetime.date:
        """The day that was lived last; before the first, the day before it."""
        return self.scenario.start + (self.steps - 1) * ONE_DAY

    @property
    def outcome(self) -> Any:
        """What the run has left behind so far: np.record of OUTCOME."""
        return self.world["outcome"].view(np.recarray)[0]

    def step(self) -> None:
        """Live one day.

        Raises
        ------
        ValueError
            When the last day has been lived.
        """
        if self.steps > self.days:  # Mesa has counted the step already
            self.steps = self.days
            raise ValueError(f"the run ended on {self.scenario.end}; there is no further day to step to")
        self.live_day()
        if self.collect:
            self.datacollector.collect(self)
        if self.steps < self.days:
            self.today[0] = self._timeline[self.steps]
        else:
            self.running = False

    def live_day(self) -> None:
        """Go through the phases of a day, in the order of `sim.core.day.order`; a war that is over is not lived."""
        if phases.war_is_over(self.world, self.setting):
            phases.war_goes_on(self.world, self.today)
            return
        for name, phase in phases.PHASES.items():
            if name in LIVED:
                LIVED[name](self)
            else:
                phase(*self.moment)

    @property
    def shock(self) -> float:
        """The multiplier of all militias' rates today; 0 before the first day."""
        return float(self.world["shock"][0])

    @property
    def pausing(self) -> float:
        """Share of the campaign that stood down this morning."""
        return float(self.world["pause"]["share"][0])

    def choose(self) -> None:
        """Have all militias weigh their will and launch their attacks, under one impulse that they share."""
        phases.impulse_comes(*self.moment)
        self.militias.do("weigh")
        phases.pause_begins_or_ends(*self.moment)
        self.militias.do("launch")

    def take_it(self) -> None:
        """Have everybody feel the day's strike."""
        self.iran.take_it()
        self.iraq.take_it()
        self.militias.do("take_it")

    def forget(self) -> None:
        """Have everybody's memories fade."""
        self.militias.do("forget")
        self.us.forget()
        self.iraq.forget()
        self.iran.forget()

    def register_agent(self, agent: Any) -> None:
        """Give an agent the next number; Mesa's own table of numbers would keep every model alive for ever."""
        agent.unique_id = next(self._numbers)
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        super().register_agent(agent)

    def run_for(self, days: int) -> None:
        """Live so many days, or as many as are left."""
        for _ in range(min(days, self.days - self.steps)):
            self.step()

    def _repr_html_(self) -> str:
        """What a notebook shows of it between two steps."""
        return html_of(self)

    def __reduce__(self) -> NoReturn:
        """Refuse to be copied or pickled: the agents of a copy would be views of no world."""
        raise TypeError("a model cannot be copied or pickled; make another of the same scenario and run")

    def _seat(self, classes: dict[type[Actor] | str, type[Actor]]) -> None:
        """Make the agents: the governments, then each militia in order of identifier."""
        names = list(militias_in_order(self.scenario))
        _check_classes(classes, names)

        def chosen(kind: type[Actor], name: str) -> type[Any]:
            return classes.get(name, classes.get(kind, kind))

        self.us = chosen(UnitedStates, "us")(self)
        self.iraq = chosen(IraqiGovernment, "iraq")(self)
        self.iran = chosen(Iran, "iran")(self)
        seated = [chosen(Militia, name)(self, index) for index, name in enumerate(names)]
        self.militias = mesa.agent.AgentSet(seated, random=self.random)

    def _data_collector(self) -> Any:
        dates = np.datetime64(self.scenario.start, "D") + np.arange(-1, self.days)
        reporters: dict[str, Any] = {"date": lambda model: dates[model.steps]}
        for group, names in COLLECTED.items():
            for name in names:
                label = name if group in ("today", "ladder") else f"{group}_{name}"
                reporters[label] = self.world[group][name].item
        return mesa.DataCollector(
            model_reporters=reporters, agent_reporters={"name": "name", **{n: _reader(n) for n in READINGS}}
        )


LIVED: dict[str, Callable[[EscalationModel], Any]] = {
    "tehran_moves": lambda model: model.iran.move(),
    "baghdad_presses": lambda model: model.iraq.press(),
    "militias_choose": lambda model: model.choose(),
    "attacks_meet_defence": lambda model: model.militias.do("fight"),
    "washington_chooses": lambda model: model.us.respond(),
    "bargain_is_tested": lambda model: model.iraq.keep_bargain(),
    "consequences_follow": lambda model: model.take_it(),
    "tehran_answers": lambda model: model.iran.answer(),
    "memories_fade": lambda model: model.forget(),
}
"""How the agents live a phase of the day; in the others none of them acts."""


def _reader(name: str) -> Any:
    """Reporter of one reading; None of an agent that has no such thing."""

    def read(agent: Any) -> Any:
        try:
            return agent.readings[name]()
        except AttributeError:
            return None

    return read


def _job_of(
    scenario: Scenario | Job | str | PathLike[str],
    parameters: Parameters,
    override: Mapping[str, float] | None,
) -> Job:
    known = [kind for kind in get_args(Parameters) if kind not in OF_ONES_OWN]
    if parameters not in known:
        raise ValueError(f"parameters: {parameters!r} is not one of {', '.join(known)}")
    if unknown := set(override or {}) - set(REGISTRY):
        raise ValueError(f"override: no parameter is called {min(unknown, key=str)!r}")
    if isinstance(scenario, Job):
        if override or parameters != "prior":
            raise ValueError("parameters and override belong to making the job; a job has them already")
        return scenario
    return make_job(
        scenario if isinstance(scenario, Scenario) else load_scenario(scenario), parameters, override
    )


def _run_number(run: int) -> int:
    try:
        number = operator.index(run)
    except TypeError:
        number = -1
    if not 0 <= number <= MOST_RUN:
        raise ValueError(f"run: {run!r} is no run number; it must be a whole number from 0 to 2^64 - 1")
    return number


def _check_classes(classes: Mapping[type[Actor] | str, type[Actor]], militias: list[str]) -> None:
    kinds = {"us": UnitedStates, "iraq": IraqiGovernment, "iran": Iran, **dict.fromkeys(militias, Militia)}
    for key, chosen in classes.items():
        kind = kinds.get(key) if isinstance(key, str) else key
        if kind not in set(kinds.values()):
            known = ", ".join([*(c.__name__ for c in set(kinds.values())), *kinds])
            raise ValueError(f"agents: {getattr(key, '__name__', key)!r} is no agent; there are {known}")
        if not (isinstance(chosen, type) and issubclass(chosen, kind)):
            raise ValueError(f"agents: what takes the place of {kind.__name__} must be a subclass of it")
