"""The resolved scenario: one question, and everything that it fixes of the world."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from sim.scenario.actions import Action, Actions, History, action_problems, contradiction
from sim.scenario.actors import Actors, Parameters, Sites
from sim.scenario.countries import Countries, of_strikes, site_problems
from sim.scenario.draws import OwnDraws
from sim.scenario.drivers import Drivers, Timeline, level_problems
from sim.scenario.fields import Day, Problem, Record, Text, Within, is_name, refuse
from sim.scenario.lineage import Lineage
from sim.scenario.naming import naming_problems
from sim.scenario.outside import OutsideDrivers, driver_names, outside_problems
from sim.scenario.priors import Priors
from sim.scenario.questions import Questions, asked_of, entry_problems
from sim.scenario.reference import ReferenceClass
from sim.scenario.sweeping import Sweep
from sim.scenario.words import title_problems

MOST_DAYS = 1100
ONE_DAY = datetime.timedelta(days=1)
LEAST_TROOPS = 0.001
"""Least troops of the reference that are more than none: a few men."""

SEVERE = 4
"""Rung of a severe exchange."""


class Ladder(Record):
    """Settings of the escalation ladder."""

    window: Annotated[
        int, Within(1, 365, "days", whole=True), Field(description="days over which a day's rung looks back")
    ] = 14
    war_days: Annotated[
        int,
        Within(0, 365, "days", whole=True),
        Field(
            description="days for which a run is followed after a reciprocal exchange; its counts are censored then"
        ),
    ] = 30


class RungSpiral(Record):
    """A spiral that is a rung of the ladder, or more."""

    rung: Annotated[int, Within(3, 6, whole=True)]


class Spirals(Record):
    """The definitions of a spiral; both are computed in every run."""

    direct: RungSpiral = RungSpiral(rung=5)
    reciprocal: RungSpiral = RungSpiral(rung=6)


def _question(value: Any) -> Any:
    if not isinstance(value, str) or not value.strip().endswith("?"):
        refuse(Problem("must be one sentence ending in a question mark"))
    return value


def _name(value: Any) -> Any:
    if not is_name(value):
        refuse(Problem("must be a name in lower-case words joined by hyphens, such as tower-22"))
    return value


def _is_none(value: object) -> bool:
    """Whether something is left out, of what is no part of a scenario's form where it is."""
    return value is None


class Scenario(Record):
    """A question put to the model: when, who, where, under which pressures, with what imposed.

    `past` is the scenario whose simulated worlds this one starts from, cut to end on the day before; None
    for one that starts afresh.
    """

    name: Annotated[str, BeforeValidator(_name), Field(description="the file's name without .yaml")]
    question: Annotated[Text, BeforeValidator(_question), Field(description="the question, in one sentence")]
    start: Annotated[Day, Field(description="first day simulated")]
    end: Annotated[Day, Field(description="last day simulated")]
    random_seed: Annotated[int, Within(0, 2**63 - 1, whole=True), Field(description="seed of all chance")]
    runs: Annotated[int, Within(1, 1_000_000_000, whole=True), Field(description="histories to simulate")]
    headline: Annotated[
        Literal["severe", "direct", "reciprocal"], Field(description="the spiral that the question is about")
    ]
    actors: Annotated[Actors, Field(description="militias by name, and settings of us, iraq and iran")]
    sites: Annotated[Sites, Field(description="sites by name")]
    reference: Annotated[
        Drivers, Field(description="the drivers' levels on the day that effects are measured from")
    ]
    timeline: Annotated[Timeline, Field(description="the drivers over time")]
    history: Annotated[History | None, Field(description="the record imposed up to a release date")] = None
    interventions: Annotated[Actions, Field(description="actions imposed or forbidden")] = ()
    parameters: Annotated[Parameters, Field(description="settings of other parameters")] = Parameters()
    priors: Annotated[
        Priors, Field(description="ranges that take the place of the shipped priors, by group and key")
    ] = Field(default_factory=dict)
    reference_class: Annotated[
        ReferenceClass, Field(description="earlier episodes that inform how far Washington goes")
    ] = ReferenceClass()
    ladder: Annotated[Ladder, Field(description="settings of the escalation ladder")] = Ladder()
    spirals: Annotated[Spirals, Field(description="definitions of a spiral")] = Spirals()
    sweep: Annotated[Sweep | None, Field(description="what `spiral sweep` varies")] = None
    questions: Annotated[
        Questions | None, Field(description="questions that `spiral ask` answers, by name")
    ] = None
    countries: Annotated[
        Countries | None, Field(description="countries by name, of another crisis", exclude_if=_is_none)
    ] = None
    drivers: Annotated[
        OutsideDrivers | None,
        Field(description="outside drivers by name, of another crisis", exclude_if=_is_none),
    ] = None
    caution: Annotated[
        Text | None,
        Field(description="what must be known before an answer is read; said before it", exclude_if=_is_none),
    ] = None
    past: Annotated[Scenario | None, Field(description="the scenario that this one continues")] = None

    _lineage: Lineage = PrivateAttr(default_factory=Lineage)
    _draws: OwnDraws | None = PrivateAttr(default=None)

    @property
    def lineage(self) -> Lineage:
        """What it inherits from, and what of that its own lists replace; empty unless it was read from a file."""
        return self._lineage

    def came_from(self, lineage: Lineage) -> None:
        """Note where it was read from; nothing that it says changes."""
        self._lineage = lineage

    @property
    def draws(self) -> OwnDraws | None:
        """Draws of parameters of an analyst's own that go with it; no file of a scenario holds any."""
        return self._draws

    def with_draws(self, draws: OwnDraws) -> Self:
        """The same scenario, to be run with draws of an analyst's own."""
        made = self.model_copy()
        made._draws = draws
        return made

    def rung_of(self, spiral: str) -> int:
        """Rung of the ladder from which on a kind of spiral has come: `severe`, `direct` or `reciprocal`."""
        if spiral == "severe":
            return SEVERE
        return self.spirals.direct.rung if spiral == "direct" else self.spirals.reciprocal.rung

    @property
    def origin(self) -> datetime.date:
        """First simulated day, that of the past if there is one."""
        return self.past.origin if self.past else self.start

    @property
    def days(self) -> int:
        """Number of days from start to end, both included."""
        return (self.end - self.start).days + 1

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = [
            *_day_problems(self),
            *outside_problems(self.drivers),
            *level_problems(driver_names(self.drivers), self.reference, self.timeline),
            *_reference_problems(self),
            *site_problems(self.countries, [(name, site.country) for name, site in self.sites.items()]),
            *title_problems(self.countries, self.drivers, self.actors, self.sites),
            *naming_problems(self.countries, self.actors),
            *_action_problems(self),
        ]
        with asked_of(self.countries):
            found = entry_problems(self.questions or {})
        problems += [Problem(p.text, ("questions", *p.at)) for p in found]
        if problems:
            refuse(*problems)
        return self


def _day_problems(scenario: Scenario) -> Iterator[Problem]:
    if scenario.end < scenario.start:
        yield Problem(f"must not be before start, {scenario.start}", ("end",))
    elif scenario.days > MOST_DAYS:
        latest = scenario.start + (MOST_DAYS - 1) * ONE_DAY
        yield Problem(f"must be at most {MOST_DAYS} days from start, so {latest} or before", ("end",))
    if scenario.past and scenario.past.end != scenario.start - ONE_DAY:
        yield Problem(f"must be the day before start, {scenario.start - ONE_DAY}", ("past", "end"))


def _reference_problems(scenario: Scenario) -> Iterator[Problem]:
    """Troops are held against those of the reference, so that hardly any there would be a ratio beyond bounds."""
    if 0.0 < scenario.reference.troops < LEAST_TROOPS:
        text = f"must be 0, or from {LEAST_TROOPS:g} to 2 (of those present in October 2023)"
        yield Problem(text, ("reference", "troops"))


def _action_problems(scenario: Scenario) -> Iterator[Problem]:
    listed, places = list(_actions_with_paths(scenario)), of_strikes(scenario.countries)
    for at, action in listed:
        for problem in action_problems(action, scenario.actors.militias, scenario.sites, places):
            yield Problem(problem.text, (*at, *problem.at), problem.of_key, problem.given, problem.allowed)
    for at, action in listed:
        yield from _place_in_time(scenario, at, action)
    if scenario.history:
        yield from _history_problems(scenario, scenario.history)
    for number, (at, action) in enumerate(listed):
        for other_at, other in listed[:number]:
            if contradiction(action, other):
                first = ".".join(map(str, other_at))
                yield Problem(f"contradicts {first}, of the same actor on the same day", at)


def _actions_with_paths(scenario: Scenario) -> Iterator[tuple[tuple[str | int, ...], Action]]:
    if scenario.history:
        for index, action in enumerate(scenario.history.actions):
            yield ("history", "actions", index), action
    for index, action in enumerate(scenario.interventions):
        yield ("interventions", index), action


def _place_in_time(scenario: Scenario, at: tuple[str | int, ...], action: Action) -> Iterator[Problem]:
    """Find the dates on which an action cannot act."""
    first, last, why = scenario.start, scenario.end, "a day of the scenario"
    if at[0] == "history" and scenario.history:
        first, last, why = scenario.origin, scenario.history.release - ONE_DAY, "before the release"
    begins, ends = action.span
    if begins < first or begins > last:
        yield Problem(f"must be {why}, from {first} to {last}", (*at, "date" if action.date else "from"))
    elif ends > last:
        yield Problem(f"must be {why}, from {first} to {last}", (*at, "to"))


def _history_problems(scenario: Scenario, history: History) -> Iterator[Problem]:
    first, last = scenario.origin + ONE_DAY, scenario.end + ONE_DAY
    if not first <= history.release <= last:
        yield Problem(f"must be a date from {first} to {last}", ("history", "release"))
    elif (known := history.complete_until) and not scenario.origin <= known < history.release:
        text = f"must be before the release, a date from {scenario.origin} to {history.release - ONE_DAY}"
        yield Problem(text, ("history", "complete_until"))
    past = scenario.past
    for index, action in enumerate(history.actions):
        at = ("history", "actions", index)
        if action.forbid:
            text = "must be left out of a history, which imposes what happened"
            yield Problem(text, (*at, "forbid"), of_key=True)
        if past and action.span[0] <= past.end:
            places = of_strikes(past.countries)
            for problem in action_problems(action, past.actors.militias, past.sites, places):
                text = f"{problem.text} (those of the past)"
                yield Problem(text, (*at, *problem.at), problem.of_key, problem.given, problem.allowed)
