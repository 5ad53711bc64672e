"""The assumptions that matter most, each with its basis and its sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sim.evidence import load_evidence
from sim.parameters import GROUPS, LAST_STEP, REGISTRY, Parameter
from sim.pipeline.answers import Answer
from sim.replay.words import GOVERNMENTS
from sim.report.html.page import Block, Cell, Prose, Table, number, words
from sim.report.html.strongest import strongest
from sim.scenario import Scenario
from sim.simulate.parameter_draws import fixed_by, own_priors
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
        Prose(("A run tells the range of its answer over the last step alone. No article informs that step.",)),
        parameter_table("The step from a severe exchange (rung 4) to a direct one (rung 5)", LAST_STEP, scenario),
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
    unit = "" if p.unit == "1" else f" {p.unit}"
    if p.name in fixed:
        span, basis = f"held at {number_text(fixed[p.name])}{unit}", "set"
    else:
        low, high = p.interval(prior=own)
        span = f"{number_text(low)} to {number_text(high)}{unit}"
        basis = "your own range" if own else p.basis
    rests = [p.rests_on] if p.rests_on else []
    return words(p.name, p.meaning), words(span), words(basis), words("", *rests, *facts(p.facts))


def facts(ids: Iterable[str]) -> list[str]:
    """Claims of facts, each with its source."""
    ledger = load_evidence()
    found = []
    for name in ids:
        fact = ledger.facts.get(name)
        if fact is not None:
            source = ledger.sources[fact.source]
            found.append(f"{fact.claim} ({source.publisher}, {day_text(source.published)})")
    return found


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
    days = (Cell(day_text(day), value=float(day.toordinal())) for day in (first, last))
    actor = GOVERNMENTS.get(action.actor, action.actor)
    return *days, words(actor), words(deed), words(action.basis or "set"), words("", *facts(action.evidence))


def _pressures(scenario: Scenario) -> Table:
    """Outside pressures: the level on dated days, linear between them."""
    rows = []
    for name, driver in scenario.timeline.items():
        for knot in driver.knots:
            rows.append(_knot(name, knot.date, number(knot.level), knot))
        for shock in driver.shocks:
            size = Cell(
                f"{shock.size:+g}, halving in {number_text(shock.half_life)} days", value=float(shock.size)
            )
            rows.append(_knot(name, shock.date, size, shock))
    assumed = sum(row[3].text == "assumed" for row in rows)
    return Table(
        "Outside pressures that the scenario assumes or takes from reports",
        ("pressure", "day", "level", "basis", "rests on"),
        tuple(rows),
        f"{assumed} of {len(rows)} are assumed. Levels go from 0 (none) to 1, troops to 2; between two days the level goes "
        "in a straight line.",
    )


def _knot(name: str, day: Any, level: Cell, said: Any) -> tuple[Cell, ...]:
    note = [said.note] if said.note else []
    return (
        words(PRESSURES.get(name, name)),
        Cell(day_text(day), value=float(day.toordinal())),
        level,
        words(said.basis),
        words("", *note, *facts(said.evidence)),
    )


def by_basis() -> Table:
    """How many parameters of each actor rest on what."""
    counts = Counter((p.group, p.basis) for p in REGISTRY.values())
    kinds = [kind for kind in ("reported", "derived", "calibrated", "assumed") if any(b == kind for _, b in counts)]
    rows = []
    for group in GROUPS:
        each = [counts[group, kind] for kind in kinds]
        rows.append((words(GOVERNMENTS.get(group, group)), *(number(float(n)) for n in each), number(float(sum(each)))))
    return Table(
        "All parameters of the model, by what they rest on",
        ("actor or subject", *kinds, "all"),
        tuple(rows),
        "`spiral evidence NAME` shows any of them down to its sources.",
    )


def sources() -> Table:
    """The articles that all evidence comes from."""
    ledger = load_evidence()
    cited = Counter(fact.source for fact in ledger.facts.values())
    ordered = sorted(ledger.sources.values(), key=lambda source: source.published)
    return Table(
        "The evidence: news articles",
        ("published", "publisher", "title", "facts taken from it"),
        tuple(
            (
                Cell(day_text(source.published), value=float(source.published.toordinal())),
                words(source.publisher),
                words(source.title),
                number(float(cited[source.id])),
            )
            for source in ordered
        ),
    )
