"""The text of a scenario file to begin with: what it extends, and all that can be set, commented out and explained.

Lines that begin with `##` explain. Lines that begin with `# ` are YAML that is switched off: without these two
characters they are right as they stand.
"""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.cli.levers import lever_lines
from sim.scenario import Action, Knot, Scenario, Shock
from sim.scenario.countries import of_strikes
from sim.scenario.drivers import Drivers
from sim.scenario.outside import known as outside_of
from sim.scenario.schema import ONE_DAY
from sim.scenario.titles import words_of

WIDTH = 110
ACTIONS = (
    "us: strike (level 1 to 4; place {neighbour}, {host}, or {sponsor} for level 4), hold. iraq: press, keep-quiet. "
    "iran: answer, no-answer. A militia, by its name: attack (attacks, site, killed, wounded), hold. With forbid: true "
    "it is ruled out instead. date, or from and to for every day of a span."
)


def template(name: str, parent: Scenario) -> str:
    """Give the text of a scenario file that inherits all from a parent.

    Parameters
    ----------
    name : of the scenario
    parent : that it extends

    Returns
    -------
    str
        YAML; saved as `<name>.yaml` beside its parent it loads, and says what the parent says.
    """
    parts = (
        _head(name, parent), _span(parent), _levers(parent), _places(parent), _timeline(parent), _history(parent),
        _interventions(parent), _beliefs(parent), _ladder(parent), _next(name, parent),
    )  # fmt: skip
    words = words_of(parent)
    return words.put("\n\n".join("\n".join(part) for part in parts)) + "\n"


def _head(name: str, parent: Scenario) -> Iterator[str]:
    yield from _said(
        f"{name}: all as in {parent.name}, but for what is said below.",
        "Lines that begin with ## explain. Lines that begin with # can be used: take the # and the space after it "
        f"away, from the headings above too. `spiral check {name}.yaml` says what is wrong, and what differs.",
        "Numbers, texts and lists take the place of what is inherited; mappings are merged key by key; null removes.",
    )
    yield f"extends: {parent.name}"
    yield from _said("The question, in one sentence:")
    yield f"question: What if something were otherwise than in {parent.name}?"


def _span(parent: Scenario) -> Iterator[str]:
    yield from _said(
        f"DAYS AND RUNS. A later start goes on from the simulated worlds of {parent.name} on the day before it; its "
        "own record, under history, can be laid over the days up to then."
    )
    yield from _off(
        f"start: {parent.start}",
        f"end: {parent.end}",
        f"runs: {parent.runs}",
        f"random_seed: {parent.random_seed}",
        f"headline: {parent.headline} # severe, direct or reciprocal",
    )


def _levers(parent: Scenario) -> Iterator[str]:
    yield from _said(
        "LEVERS, by actor. Each with its value now (the middle of its prior, unless it is set), its unit and range, "
        "where its prior has it with 90%, its basis, what it means and which facts it rests on. A lever that is "
        "written is fixed at its value; one that is left out is taken as fitted to the record, or drawn from its prior "
        "where nothing was fitted. `spiral evidence us.ceiling` shows both ranges, and goes down to the sources.",
        "In every list those come first that the risk rests on most, in the baseline: see `spiral sensitivity`.",
    )
    yield from _off("actors:", *lever_lines(parent, ("us", "iraq", "iran")), *_militias(parent))
    yield from _off("parameters:", *lever_lines(parent, ("militia", "engagement")))


def _militias(parent: Scenario) -> Iterator[str]:
    yield "  militias: # shares of attacks sum to 1; autonomy and stake 0 to 1; reach in log odds; attacks a day"
    for name, one in parent.actors.militias.items():
        fields = ("share", "autonomy", "stake", "reach", "capacity")
        yield f"    {name}: {_flow({field: getattr(one, field) for field in fields})} # {one.basis}"


def _places(parent: Scenario) -> Iterator[str]:
    yield from _said(
        "SITES. weight: how often chosen; troops: thousands; defence: log odds of stopping a munition."
    )
    yield from _off("sites:")
    for name, one in parent.sites.items():
        fields = {field: getattr(one, field) for field in ("weight", "troops", "defence")}
        yield from _off(f"  {name}: {_flow(fields)} # {one.country}; {one.basis}")


def _timeline(parent: Scenario) -> Iterator[str]:
    yield from _said(
        "TIMELINE. The outside pressures, linear between their knots and constant outside of them. A list of knots "
        "takes the place of the whole inherited one. basis: reported or derived, with evidence; or assumed. A shock is "
        "added on its day and wears off: shocks: [{date: 2023-12-01, size: 0.1, half_life: 7, basis: assumed}]"
    )
    yield from _off("timeline:")
    outside = outside_of(parent.drivers)
    for driver, of in parent.timeline.items():
        most = "0 to 2" if driver == "troops" else "0 to 1"
        told = outside[driver].title if driver in outside else Drivers.model_fields[driver].description
        yield from _off(f"  {driver}: # {told}; {most}", "    knots:")
        yield from _off(*(f"      - {_flow(_entry(knot))}" for knot in of.knots))
        if of.shocks:
            yield from _off("    shocks:", *(f"      - {_flow(_entry(shock))}" for shock in of.shocks))


def _history(parent: Scenario) -> Iterator[str]:
    yield from _said(
        "HISTORY. What happened, imposed up to the release, from which day on the model runs free. Before it strikes, "
        "bargains, deaths and avowed answers are exactly those listed; with complete_until, strikes and bargains only "
        "up to that day. A list takes the place of the inherited one."
    )
    if parent.history is not None:
        yield from _off("history:", f"  release: {parent.history.release}")
        if (known := parent.history.complete_until) is not None:
            yield from _off(f"  complete_until: {known}")
        yield from _off("  actions:", *_actions(parent.history.actions, "    "))
        return
    yield from _said(f"{parent.name} imposes none; this is an EXAMPLE:")
    release = min(parent.origin + 14 * ONE_DAY, parent.end + ONE_DAY)
    place = of_strikes(parent.countries)[1]
    strike = {"date": parent.origin, "actor": "us", "action": "strike", "level": 1, "place": place}
    yield from _off("history:", f"  release: {release}", "  actions:", f"    - {_flow(strike)}")


def _interventions(parent: Scenario) -> Iterator[str]:
    host, neighbour, sponsor = of_strikes(parent.countries)
    actions = ACTIONS.format(host=host, neighbour=neighbour, sponsor=sponsor)
    yield from _said(f"INTERVENTIONS. Single actions that are imposed or forbidden. {actions}")
    if parent.interventions:
        yield from _said(
            f"The first ones are those of {parent.name}. A list takes the place of the inherited one: whatever is to "
            "stay must be repeated."
        )
    day = parent.start + (parent.days // 4) * ONE_DAY
    taken = {a.actor for a in parent.interventions if a.span[0] <= day <= a.span[1]}
    example = {"date": day, "actor": "iraq", "action": "press", "basis": "assumed"}
    yield from _off("interventions:", *_actions(parent.interventions, "  "))
    if "iraq" not in taken:
        yield from _off(f"  - {_flow(example)} # an EXAMPLE, not of {parent.name}")


def _beliefs(parent: Scenario) -> Iterator[str]:
    of = parent.reference_class
    yield from _said(
        "PRIORS. Ranges of your own, where a parameter lies with 90%, in place of the shipped ones; with family: "
        f"normal, lognormal, beta or uniform. {_whose_ranges(parent)}"
    )
    yield from _off(
        "priors:", "  us:", "    readiness: {range: [-2, 0], family: normal} # logits; an EXAMPLE"
    )
    yield from _said(
        "REFERENCE CLASS. Earlier episodes that inform how far Washington goes: all, 2007-2023, 2019-2023 or none; and "
        "what one of them weighs, from 0 to 1. `spiral evidence --reference` shows them."
    )
    yield from _off(f"reference_class: {{class: {of.class_}, weight: {of.weight:g}}}")


def _whose_ranges(parent: Scenario) -> str:
    """Which ranges the parent has that are not the shipped ones, and so holds here too."""
    own = [f"{group}.{key}" for group, ranges in parent.priors.items() for key in ranges]
    return f"{parent.name} has its own for {', '.join(own) or 'none'}."


def _ladder(parent: Scenario) -> Iterator[str]:
    window, war = parent.ladder.window, parent.ladder.war_days
    yield from _said(
        "LADDER. window: days over which a day's rung looks back; war_days: days that a war is followed."
    )
    yield from _off(f"ladder: {{window: {window}, war_days: {war}}}")
    yield from _said("SWEEP. What `spiral sweep` varies unless --vary says otherwise.")
    yield from _off("sweep:", "  vary: {us.readiness: {from: -2, to: 2, points: 9}}", "  runs: 2000")
    yield from _said(
        "QUESTIONS. What `spiral ask` answers, in words, or with title, rule (resolves), from, to and given."
    )
    yield from _off("questions:", f"  us-killed: us killed by {parent.end}")


def _next(name: str, parent: Scenario) -> Iterator[str]:
    yield from _said("NEXT")
    yield from (f"##   {line}" for line in next_commands(name, parent.name))


def next_commands(name: str, parent: str) -> list[str]:
    """Commands to try with a scenario file, each with what it does."""
    told = {
        f"spiral check {name}.yaml": f"what is wrong, and every difference from {parent}",
        f"spiral run {name}.yaml --runs 5000": "the risk, quickly; without --runs as precise as the parent's",
        f"spiral compare {parent} {name}.yaml --runs 5000": "what the differences change, run by run",
    }
    longest = max(map(len, told))
    return [f"{command:<{longest}}  # {what}" for command, what in told.items()]


def _actions(actions: Sequence[Action], indent: str) -> Iterator[str]:
    for action in actions:
        told = action.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True, exclude={"note"})
        yield f"{indent}- {_flow(told)}"


def _entry(entry: Knot | Shock) -> dict[str, Any]:
    """A knot or shock as it is written, what it rests on last."""
    told = entry.model_dump(exclude_none=True, exclude_defaults=True, exclude={"note"})
    last = {key: told.pop(key) for key in ("basis", "evidence") if key in told}
    return told | last


def _flow(content: Mapping[str, Any]) -> str:
    """A mapping of plain values on one line of YAML."""
    return "{" + ", ".join(f"{key}: {_plain(value)}" for key, value in content.items()) + "}"


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_plain, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _said(*paragraphs: str) -> Iterator[str]:
    """Lines that explain."""
    for paragraph in paragraphs:
        yield from (f"## {line}" for line in textwrap.wrap(paragraph, WIDTH - 3, break_on_hyphens=False))


def _off(*lines: str) -> Iterator[str]:
    """Lines of YAML, switched off."""
    yield from (f"# {line}" for line in lines)
