"""In which assumptions two scenarios differ, field by field, with units and what each rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.parameters import GROUPS, REGISTRY, Parameter, Prior
from sim.scenario.actions import Action
from sim.scenario.actors import Militia, Site
from sim.scenario.called import texts_of
from sim.scenario.countries import by_role
from sim.scenario.drivers import Driver, Shock
from sim.scenario.fields import Record, Within
from sim.scenario.given import fixed_by, own_priors
from sim.scenario.outside import known as outside_of
from sim.scenario.past import counted_from
from sim.scenario.schema import Scenario

PAST = "past."
SET = "set"
"""Basis of what a scenario says without one of its own."""

ORDER = (
    "start",
    "actors",
    "countries",
    "sites",
    "drivers",
    "reference",
    *GROUPS,
    "timeline",
    "history",
    "interventions",
    "ladder",
    "spirals",
    "past",
)


@dataclass(frozen=True)
class Said:
    """What a scenario says in a field: its value in words, its unit, and what it rests on.

    Attributes
    ----------
    value : in words
    unit : empty where it has none
    basis : `reported`, `derived`, `assumed`, or who says it where the field has no basis of its own
    evidence : identifiers of facts
    exact : what tells two alike, where words round
    """

    value: str
    unit: str = ""
    basis: str = ""
    evidence: tuple[str, ...] = ()
    exact: Prior | None = None


@dataclass(frozen=True)
class Difference:
    """A field in which two scenarios differ; None where one says nothing."""

    path: str
    first: Said | None
    other: Said | None

    @property
    def unit(self) -> str:
        """Unit of the field."""
        return next((said.unit for said in (self.first, self.other) if said and said.unit), "")


def from_parent(parent: Scenario, child: Scenario) -> list[Difference]:
    """All in which a scenario differs from the one that it extends, in the order of a scenario.

    Questions are left out, and names, sweeps and what fields rest on.
    """
    there, here = (
        dict([*_settings(one), *_texts(one, other)]) for one, other in ((parent, child), (child, parent))
    )
    paths = [path for path in {**there, **here} if _moved(there, here, path)]
    start = max(parent.start, child.start)
    worlds = [counted_from(one, start) if one.end >= start else one for one in (parent, child)]
    return [
        *(Difference(path, there.get(path), here.get(path)) for path in paths),
        *differing(worlds[0], worlds[1], (parent, child)),
    ]


def _settings(scenario: Scenario) -> Iterator[tuple[str, Said]]:
    """What makes up the question, or is told by the parameters that it gives."""
    yield "end", Said(str(scenario.end), "date", SET)
    yield "headline", Said(scenario.headline, "", SET)
    yield "runs", Said(f"{scenario.runs:,}", "", SET)
    yield "random_seed", Said(str(scenario.random_seed), "", SET)
    yield "ladder.war_days", Said(str(scenario.ladder.war_days), "days", SET)
    yield "reference_class.class", Said(scenario.reference_class.class_, "", SET)
    yield "reference_class.weight", Said(_number(scenario.reference_class.weight), "", SET)
    if scenario.history and (known := scenario.history.complete_until):
        yield "history.complete_until", Said(str(known), "date", SET)


def _texts(scenario: Scenario, other: Scenario) -> Iterator[tuple[str, Said]]:
    return ((path, Said(text, "", SET)) for path, text in texts_of(scenario, other))


def differing(first: Scenario, other: Scenario, as_given: tuple[Scenario, Scenario]) -> list[Difference]:
    """Fields in which two scenarios differ, in the order of a scenario.

    What is not simulated is left out: names, questions, numbers of runs, sweeps, what fields rest on.

    Parameters
    ----------
    first, other : Scenario
        Counted from the same day on.
    as_given : tuple of Scenario
        The two as they were before that, which tells their starts.
    """
    there, here = _fields(first, other), _fields(other, first)
    there["start"], here["start"] = (_start(scenario) for scenario in as_given)
    paths = sorted((path for path in {**there, **here} if _moved(there, here, path)), key=_place)
    named = {path for path in paths if not path.startswith(PAST)}
    shown = [path for path in paths if path in named or path.split(PAST)[-1] not in named]
    return [Difference(path, there.get(path), here.get(path)) for path in shown]


def _place(path: str) -> int:
    return ORDER.index(path.split(".")[0])


def _moved(there: dict[str, Said], here: dict[str, Said], path: str) -> bool:
    one, other = there.get(path), here.get(path)
    return (one and (one.value, one.exact)) != (other and (other.value, other.exact))


def _start(scenario: Scenario) -> Said:
    goes_on = f", going on from {scenario.past.name}" if scenario.past else ""
    return Said(f"{scenario.start}{goes_on}", "date")


def _fields(scenario: Scenario, other: Scenario) -> dict[str, Said]:
    """All that a scenario says, and its past where the other has one too."""
    found = dict(_said(scenario, other))
    if scenario.past is not None and other.past is not None:
        found |= {f"{PAST}{path}": said for path, said in _fields(scenario.past, other.past).items()}
    return found


def _said(scenario: Scenario, other: Scenario) -> Iterator[tuple[str, Said]]:
    """All that a scenario says; of parameters only those of which another says something else."""
    for kind, members in (("actors.militias", scenario.actors.militias), ("sites", scenario.sites)):
        for name, member in members.items():
            yield from _member(f"{kind}.{name}", member)
    yield from _countries(scenario)
    for driver, levels in scenario.timeline.items():
        yield f"reference.{driver}", Said(_number(getattr(scenario.reference, driver)))
        yield from _driver(f"timeline.{driver}", levels)
    yield from _parameters(scenario, other)
    if scenario.history:
        yield "history.release", Said(str(scenario.history.release), "date")
        yield from _actions("history", scenario.history.actions)
    yield from _actions("interventions", scenario.interventions)
    yield "ladder.window", Said(str(scenario.ladder.window), "days")
    spirals = scenario.spirals
    for name, part in (("direct", spirals.direct), ("reciprocal", spirals.reciprocal)):
        for key in type(part).model_fields:
            yield f"spirals.{name}.{key}", Said(str(getattr(part, key)), _unit(type(part), key))


def _member(path: str, member: Militia | Site) -> Iterator[tuple[str, Said]]:
    for key in type(member).model_fields:
        if key not in ("title", "basis", "evidence"):
            value, unit = getattr(member, key), _unit(type(member), key)
            text = value if isinstance(value, str) else _number(value)
            yield f"{path}.{key}", Said(text, unit, member.basis, member.evidence)


def _countries(scenario: Scenario) -> Iterator[tuple[str, Said]]:
    """Countries by the identifier of their role, and what outside drivers weigh."""
    for role, name in by_role(scenario.countries).items():
        yield f"countries.{role}", Said(name, "", SET)
    for name, one in outside_of(scenario.drivers).items():
        for key in ("will", "press", "stance"):
            value = getattr(one, key)
            text = value if isinstance(value, str) else _number(value)
            yield f"drivers.{name}.{key}", Said(text, "", one.basis, one.evidence)


def _driver(path: str, driver: Driver) -> Iterator[tuple[str, Said]]:
    for knot in driver.knots:
        yield f"{path}.{knot.date}", Said(_number(knot.level), "", knot.basis, knot.evidence)
    for shock in driver.shocks:
        yield f"{path}.shock of {shock.date}", _shock(shock)


def _shock(shock: Shock) -> Said:
    return Said(f"{shock.size:+g}, halving in {shock.half_life:g} days", "", shock.basis, shock.evidence)


def _parameters(scenario: Scenario, other: Scenario) -> Iterator[tuple[str, Said]]:
    """Parameters of which another scenario says something else: a prior is put into words by what loads slowly."""
    fixed, own = fixed_by(scenario), own_priors(scenario)
    others, priors = fixed_by(other), own_priors(other)
    for name, parameter in REGISTRY.items():
        if (fixed.get(name), own.get(name)) == (others.get(name), priors.get(name)):
            continue
        unit = "" if parameter.unit == "1" else parameter.unit
        prior = own.get(name, parameter.prior)
        if name in fixed:
            yield name, Said(_number(fixed[name]), unit, SET, parameter.facts)
        elif prior is None:
            yield name, Said(_number(parameter.default), unit, parameter.basis, parameter.facts)
        else:
            basis = parameter.basis if name not in own else _whose(scenario, parameter)
            facts = () if name in own else parameter.facts
            yield name, Said(_drawn(parameter, prior), unit, basis, facts, prior)


def _whose(scenario: Scenario, parameter: Parameter) -> str:
    """Where a prior comes from that is not the registry's."""
    own = parameter.key in scenario.priors.get(parameter.group, {})
    return "own range" if own else "reference class"


def _drawn(parameter: Parameter, prior: Prior) -> str:
    short = str(Prior(prior.family, *(float(f"{value:.3g}") for value in (prior.first, prior.second))))
    low, high = prior.quantile([0.05, 0.95], parameter.low, parameter.high)
    return f"prior {short}, 90% from {low:.3g} to {high:.3g}"


def _actions(path: str, actions: tuple[Action, ...]) -> Iterator[tuple[str, Said]]:
    seen: dict[str, int] = {}
    for action in actions:
        days = f"{action.date}" if action.date else f"{action.from_} to {action.to}"
        name = f"{path}.{days} {action.actor}"
        seen[name] = seen.get(name, 0) + 1
        whole = name if seen[name] == 1 else f"{name} ({seen[name]})"
        yield whole, Said(deed_text(action), "", action.basis or SET, action.evidence)


def deed_text(action: Action) -> str:
    """What an action imposes, without actor and day: `attack (site tower-22, killed 3)`."""
    details = action.model_dump(
        include={"level", "place", "attacks", "site", "killed", "wounded"},
        exclude_none=True,
        exclude_defaults=True,
    )
    told = ", ".join(f"{key} {value}" for key, value in details.items())
    return f"{'no ' if action.forbid else ''}{action.action}{f' ({told})' if told else ''}"


def _number(value: float) -> str:
    return f"{value:.12g}"


def _unit(model: type[Record], key: str) -> str:
    """Unit that a field was declared with."""
    return next((m.unit for m in model.model_fields[key].metadata if isinstance(m, Within)), "")
