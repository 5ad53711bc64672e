"""What `spiral check` prints: what a scenario is about, and in what it differs from the one that it inherits from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from sim.pipeline.request import Request, usual_parameters
from sim.scenario import Action, Scenario, dump_resolved
from sim.scenario.called import WORDINGS
from sim.scenario.countries import of_sites
from sim.scenario.differences import SET, Difference, Said, deed_text, from_parent
from sim.scenario.loading import load_parent
from sim.scenario.titles import Words, words_of
from sim.wording import day_text, definition_text

MOST_FACTS = 3
"""Facts that a value is told with."""


def check_command(name: str, settings: Sequence[str], resolved: bool) -> None:
    """Check a scenario, say what it is about, and list every difference from what it inherits."""
    scenario = Request((name,), tuple(settings)).scenario
    if resolved:
        click.echo(dump_resolved(scenario), nl=False)
        return
    parents = [parent] if (parent := load_parent(name)) is not None else []
    before = [Request((name,)).scenario] if settings else []
    words = words_of(scenario)
    told = [line for one in (*parents, *before) for line in _differences(scenario, one, words)]
    for line in (
        *map(words.put, _about(scenario, bool(told))),
        *told,
        *map(words.put, (*_lost(scenario), *_empty(scenario))),
    ):
        click.echo(line)
    click.echo("No errors found.")


def _about(scenario: Scenario, differs: bool) -> Iterator[str]:
    yield f"{scenario.name}: {scenario.question}"
    yield f"  {day_text(scenario.start)} to {day_text(scenario.end)}, {scenario.days} days"
    if scenario.past is not None:
        yield f"  starts from the simulated worlds of {scenario.past.name}, from {day_text(scenario.origin)} on"
    yield f"  headline: {scenario.headline}: {definition_text(scenario.headline, scenario)}"
    if scenario.caution:
        yield f"  {scenario.caution}"
    yield f"  militias: {', '.join(scenario.actors.militias)}; sites: {', '.join(scenario.sites)}"
    if not differs:
        for holder in (scenario.actors, scenario.parameters):
            for group in ("us", "iraq", "iran", "militia", "engagement"):
                for key, value in getattr(holder, group, {}).items():
                    yield f"  {group}.{key} = {value:g}"
    for action in (*(scenario.history.actions if scenario.history else ()), *scenario.interventions):
        yield f"  imposed: {_imposed(action)}"
    yield f"  runs: {scenario.runs:,}; seed: {scenario.random_seed}"


def _imposed(action: Action) -> str:
    """Say what an action imposes, and when."""
    first, last = action.span
    when = day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"
    given = {name: getattr(action, name) for name in ("level", "place", "site", "killed", "wounded")}
    details = "".join(f", {name} {value}" for name, value in given.items() if value is not None)
    return f"{when}: {action.actor} {'may not ' if action.forbid else ''}{action.action}{details}"


def _differences(scenario: Scenario, parent: Scenario, words: Words) -> Iterator[str]:
    """Every difference from the scenario that is inherited from, or from this one as it stands without settings.

    In the scenario's words, but for what things are called in either.
    """
    found = from_parent(parent, scenario)
    number = f"{len(found)} difference{'' if len(found) == 1 else 's'}" if found else "no difference"
    standing = " as it stands" if parent.name == scenario.name else ""
    yield f"  {number} from {parent.name}{standing}{':' if found else ''}"
    for one in found:
        line, called = f"    {_difference(one)}", one.path.split(".")[-1] in WORDINGS
        yield line if called else words.put(line)
    if any(one.first and one.first.exact for one in found) and usual_parameters([scenario]) == "posterior":
        yield "    (a prior is what was believed before the fit to the record, which is what a run takes)"


def _lost(scenario: Scenario) -> Iterator[str]:
    """Which inherited lists are replaced, and what is not imposed any more for that."""
    for one in scenario.lineage.replaced:
        entries = "entry" if one.inherited == 1 else "entries"
        kept = f" ({one.kept} of them repeated)" if one.kept else ""
        yield (
            f"  REPLACED: {one.path}, now {one.own or 'empty'}, was {one.inherited} {entries}{kept}: a list takes the "
            "place of the inherited one, and is not added to it"
        )
    for name, action in scenario.lineage.dropped:
        day = day_text(action.span[0])
        yield f"  NOT IMPOSED, unlike in {name}: {day}: {action.actor} {deed_text(action)}"
    if scenario.lineage.dropped:
        yield "    (repeat it in the list of this scenario to keep it)"


def _empty(scenario: Scenario) -> Iterator[str]:
    """Which neighbours no site lies in."""
    found = {site.country for site in scenario.sites.values()}
    _, *neighbours = of_sites(scenario.countries)
    for name in neighbours:
        if name not in found:
            yield f"  NO SITE: {name}, a neighbour; no attack can fall there"


def _difference(one: Difference) -> str:
    """Such as `us.readiness: 2 logits (set here); before: drawn from N(0, 0.5), 90% from -0.822 to 0.822`."""
    unit = f" {one.unit}" if one.unit not in ("", "date") else ""
    if one.other is None:
        return f"{one.path}: gone; before: {one.first.value if one.first else 'nothing'}{unit}"
    here = f"{one.path}: {one.other.value}{unit}{_rests_on(one.other)}"
    return here if one.first is None else f"{here}; before: {one.first.value}"


def _rests_on(said: Said) -> str:
    """What a value rests on, and by which facts."""
    if said.basis in ("", SET):
        return " (set here)" if said.basis else ""
    facts = ", ".join(said.evidence[:MOST_FACTS])
    more = f" and {len(said.evidence) - MOST_FACTS} more" if len(said.evidence) > MOST_FACTS else ""
    return f" ({said.basis}: {facts}{more})" if facts else f" ({said.basis})"
