"""The commands that list and check scenarios."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import click

from sim.pipeline.request import Request
from sim.scenario import Action, available_scenarios, dump_resolved
from sim.wording import day_text, definition_text


def check_command(name: str, settings: Sequence[str], resolved: bool) -> None:
    """Check a scenario, and say what it is about."""
    scenario = Request((name,), tuple(settings)).scenario
    if resolved:
        click.echo(dump_resolved(scenario), nl=False)
        return
    click.echo(f"{scenario.name}: {scenario.question}")
    click.echo(f"  {day_text(scenario.start)} to {day_text(scenario.end)}, {scenario.days} days")
    if scenario.past is not None:
        click.echo(
            f"  starts from the simulated worlds of {scenario.past.name}, from {day_text(scenario.origin)} on"
        )
    click.echo(f"  headline: {scenario.headline}: {definition_text(scenario.headline, scenario)}")
    click.echo(f"  militias: {', '.join(scenario.actors.militias)}; sites: {', '.join(scenario.sites)}")
    for group in ("us", "iraq", "iran"):
        for key, value in getattr(scenario.actors, group).items():
            click.echo(f"  {group}.{key} = {value:g}")
    for group in ("militia", "engagement"):
        for key, value in getattr(scenario.parameters, group).items():
            click.echo(f"  {group}.{key} = {value:g}")
    actions = [*(scenario.history.actions if scenario.history else ()), *scenario.interventions]
    for action in actions:
        click.echo(f"  imposed: {_told(action)}")
    click.echo(f"  runs: {scenario.runs:,}; seed: {scenario.random_seed}")
    click.echo("No errors found.")


def _told(action: Action) -> str:
    """Say what an action imposes, and when."""
    first, last = action.span
    when = day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"
    given = {name: getattr(action, name) for name in ("level", "place", "site", "killed", "wounded")}
    details = "".join(f", {name} {value}" for name, value in given.items() if value is not None)
    return f"{when}: {action.actor} {'may not ' if action.forbid else ''}{action.action}{details}"


def scenarios_command() -> None:
    """List the scenarios that can be run by name."""
    for name, question, _ in available_scenarios():
        click.echo(name)
        click.echo(textwrap.indent(textwrap.fill(question, 90), "    "))
