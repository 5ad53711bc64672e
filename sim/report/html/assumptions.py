"""The assumptions that matter most, each with its basis and its sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sim.evidence import load_evidence
from sim.parameters import GROUPS, LAST_STEP, REGISTRY, Parameter
from sim.pipeline.answers import Answer
from sim.replay.words import GOVERNMENTS
from sim.report.html.page import Block, Cell, Prose, Table, day, number, words
from sim.report.html.strongest import strongest
from sim.scenario import Scenario
from sim.scenario.given import fixed_by, own_priors
from sim.scenario.titles import spoken
from sim.wording import day_text, number_text

PRESSURES = {
    "gaza": "the Gaza war",
    "lebanon": "the Israel-Hizbollah front",
    "diplomacy": "US diplomacy towards Baghdad",
    "talks": "talks on withdrawal",
    "posture": "US reinforcement",
    "troops": "US troops present",
}
HEADS = ("assumption", "90% of its prior", "basis", "rests on")


def assumptions(answer: Answer[Any]) -> list[Block]:
    """What the answer hangs on most, what the scenario says itself, and what all of it rests on."""
    scenario = answer.scenario
    return [
        Prose(
            ("A run tells the range of its answer over the last step alone. No article informs that step.",)
        ),
        parameter_table(
            "The step from a severe exchange (rung 4) to a direct one (rung 5)", LAST_STEP, scenario
        ),
        *strongest(answer, lambda caption, names: parameter_table(caption, names, scenario)),
        *_set(scenario),
        _pressures(scenario),
        by_basis(),
        sources(),
    ]


def parameter_table(caption: str, names: Sequence[str], scenario: Scenario) -> Table:
    """Parameters with what they mean, how sure they are, and what they rest on."""
    return Table(caption, HEADS, tuple(_parameter(REGISTRY[name], scenario) for name in names))


def _parameter(p: Parameter, scenario: Scenario) -> tuple[Cell, ...]:
    own, fixed = own_priors(scenario).get(p.name), fixed_by(scenario)
    mine = {f"{group}.{key}" for group, ranges in scenario.priors.items() for key in ranges}
    unit = "" if p.unit == "1" else f" {p.unit}"
    if p.name in fixed:
        span, basis = f"held at {number_text(fixed[p.name])}{unit}", "set"
    else:
        low, high = p.interval(prior=own)
        span = f"{number_text(low, 2)} to {number_text(high, 2)}{unit}"
        basis = p.basis if own is None else "your own range" if p.name in mine else "by the reference class"
    rests = [p.rests_on] if p.rests_on and own is None else []
    return words(p.name, p.meaning), words(span), words(basis), words("", *rests, *facts(p.facts))


def facts(ids: Iterable[str]) -> list[str]:
    """Claims of facts, each with its source; of another crisis, of which they are no claims, only which they are."""
    ledger, ids = load_evidence(), list(ids)
    if spoken().another:
        return [f"facts of another crisis: {', '.join(ids)}"] if ids else []
    found = []
    for name in ids:
        fact = ledger.facts.get(name)
        if fact is not None:
            source = ledger.sources[fact.source]
            found.append(f"{fact.claim} ({_publisher(source.publisher)}, {day_text(source.published)})")
    return found


def _publisher(name: str) -> str:
    return "publisher not named" if name == "unknown" else name


def _set(scenario: Scenario) -> list[Block]:
    """What the scenario imposes or holds by itself."""
    rows = [
        (words(name, REGISTRY[name].meaning), number(value), words("set"))
        for name, value in fixed_by(scenario).items()
    ]
    blocks: list[Block] = []
    if rows:
        caption = "Parameters that the scenario holds at a value"
        blocks.append(Table(caption, ("parameter", "value", "basis"), tuple(rows)))
    if scenario.interventions:
        told = tuple(_action(action) for action in scenario.interventions)
        head = ("from", "to", "actor", "what is imposed", "basis", "rests on")
        blocks.append(Table("What the scenario imposes", head, told))
    return blocks


def _action(action: Any) -> tuple[Cell, ...]:
    first, last = action.span
    details = action.model_dump(
        include={"level", "place", "attacks", "site", "killed", "wounded"},
        exclude_none=True,
        exclude_defaults=True,
    )
    told = ", ".join(f"{key} {value}" for key, value in details.items())
    deed = f"{'no ' if action.forbid else ''}{action.action}{f' ({told})' if told else ''}"
    actor = GOVERNMENTS.get(action.actor, action.actor)
    return (
        day(first),
        day(last),
        words(actor),
        words(deed),
        words(action.basis or "set"),
        words("", *facts(action.evidence)),
    )


def _pressure(name: str, scenario: Scenario) -> str:
    own = {} if scenario.drivers is None else scenario.drivers
    return own[name].title if name in own else PRESSURES[name]


def _pressures(scenario: Scenario) -> Table:
    """Outside pressures, one row each: its levels on dated days, and what they rest on."""
    rows = []
    for name, driver in scenario.timeline.items():
        levels = [
            f"{day_text(knot.date)}: {number_text(knot.level)}, {knot.basis}{_noted(knot.note)}"
            for knot in driver.knots
        ]
        shocks = [
            f"{day_text(shock.date)}: {shock.size:+g} at once, halving in {number_text(shock.half_life)} days, "
            f"{shock.basis}{_noted(shock.note)}"
            for shock in driver.shocks
        ]
        cited = {fact for one in (*driver.knots, *driver.shocks) for fact in one.evidence}
        rows.append(
            (words(_pressure(name, scenario)), words("", *levels, *shocks), number(float(len(cited))))
        )
    said = [one.basis for driver in scenario.timeline.values() for one in (*driver.knots, *driver.shocks)]
    return Table(
        "Outside pressures that the scenario takes from reports or assumes",
        ("pressure", "level from that day on", "facts cited"),
        tuple(rows),
        f"{said.count('assumed')} of {len(said)} levels are assumed. They go from 0 (none) to 1, troops to "
        "2; between two days "
        "a level goes in a straight line.",
    )


def _noted(note: str | None) -> str:
    return f" ({note})" if note else ""


def by_basis() -> Table:
    """How many parameters of each actor rest on what."""
    counts = Counter((p.group, str(p.basis)) for p in REGISTRY.values())
    kinds = [
        kind for kind in ("reported", "derived", "calibrated", "assumed") if any(b == kind for _, b in counts)
    ]
    rows = []
    for group in GROUPS:
        each = [counts[group, kind] for kind in kinds]
        rows.append(
            (
                words(GOVERNMENTS.get(group, group)),
                *(number(float(n)) for n in each),
                number(float(sum(each))),
            )
        )
    return Table(
        "All parameters of the model, by what they rest on",
        ("actor or subject", *kinds, "all"),
        tuple(rows),
        "`spiral evidence NAME` shows any of them down to its sources.",
    )


def sources() -> Block:
    """The articles that all evidence comes from; of another crisis only that they are not about it."""
    if spoken().another:
        return Prose(
            (
                "The news articles that the model's parameters rest on are about another crisis than this scenario's; "
                "`spiral evidence` lists them.",
            )
        )
    ledger = load_evidence()
    cited = Counter(fact.source for fact in ledger.facts.values())
    ordered = sorted(ledger.sources.values(), key=lambda source: source.published)
    return Table(
        "The evidence: news articles",
        ("published", "publisher", "title", "facts taken from it"),
        tuple(
            (
                day(source.published),
                words(_publisher(source.publisher)),
                words(source.title),
                number(float(cited[source.id])),
            )
            for source in ordered
        ),
    )
