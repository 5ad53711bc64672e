"""The command that lists scenarios."""

from __future__ import annotations

import textwrap

import click

from sim.scenario import available_scenarios


def scenarios_command() -> None:
    """List the scenarios that can be run by name."""
    for name, question, _ in available_scenarios():
        click.echo(name)
        click.echo(textwrap.indent(textwrap.fill(question, 90), "    "))
