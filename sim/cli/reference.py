"""The reference class on the terminal: its episodes as a table, what each class says, and the priors that follow."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.errors import SpiralError

if TYPE_CHECKING:
    from sim.reference import Episode
    from sim.reference.rates import Rate

INDENT = "    "


def episodes_or_refuse() -> tuple[Episode, ...]:
    """The episodes of the project, or one line that says what is wrong with the file."""
    from sim.ledger import EvidenceError
    from sim.reference import load_episodes

    try:
        return load_episodes()
    except (EvidenceError, OSError) as error:
        raise SpiralError(str(error)) from error


def episode_as_dict(episode: Episode) -> dict[str, Any]:
    """An episode as plain values, with its sources as one line each."""
    plain = {"id": episode.id, "basis": "reference"} | dataclasses.asdict(episode)
    told = [f"{source.publisher}, {source.date}: {source.title}" for source in episode.sources]
    return plain | {"date": episode.date.isoformat(), "sources": told}


def reference_command(as_json: bool) -> None:
    """Show every episode, the rates of each class, and the priors that follow."""
    from sim.reference.table import prior_table

    episodes, priors = episodes_or_refuse(), prior_table()
    if as_json:
        rates = {name: [dataclasses.asdict(rate) for rate in found] for name, found in _rates(episodes)}
        told = [episode_as_dict(episode) for episode in episodes]
        click.echo(json.dumps({"episodes": told, "rates": rates, "priors": priors}))
        return
    _print_episodes(episodes)
    _print_rates(episodes)
    _print_priors(priors)


def _rates(episodes: Sequence[Episode]) -> list[tuple[str, list[Rate]]]:
    from sim.reference import CLASSES
    from sim.reference.classes import members
    from sim.reference.rates import BINS, LETHAL, level_4

    return [(name, list(level_4(members(episodes, name), (*BINS, LETHAL)))) for name in CLASSES]


def _print_episodes(episodes: Sequence[Episode]) -> None:
    from sim.wording import LEVEL_MEANINGS

    head = f"{'episode':<25}{'date':<12}{'place':<14}{'author':<9}{'killed':>6}  {'avowed':<8}{'answer':<8}{'days':<6}"
    click.echo(f"{head}direct in 14, 60 days")
    for e in episodes:
        killed = f"{e.killed}{'' if e.counted else '*'}"
        days = "" if e.days is None else str(e.days)
        came = ", ".join("yes" if day else "no" for day in (e.direct_14, e.direct_60))
        click.echo(
            f"{e.id:<25}{e.date!s:<12}{e.place:<14}{e.author:<9}{killed:>6}  {'yes' if e.avowed else 'no':<8}"
            f"{e.answer:<8}{days:<6}{came}"
        )
        click.echo(textwrap.fill(_told(e), 110, initial_indent=INDENT, subsequent_indent=INDENT))
    click.echo("Killed: Americans, and others at work for American forces. * a sum, shown and not counted.")
    click.echo(
        "Answer, within 60 days: 0 no strike; " + "; ".join(f"{n} {m}" for n, m in LEVEL_MEANINGS.items())
    )
    click.echo("`spiral evidence k1-2019` shows one with its sources.\n")


def _told(episode: Episode) -> str:
    kinds = f" Answer: {', '.join(episode.kinds)}." if episode.kinds else ""
    return f"{episode.what}{kinds}"


def _print_rates(episodes: Sequence[Episode]) -> None:
    from sim.estimates.reference import reference_line
    from sim.wording import percent

    click.echo("Struck Iran within 14 days, with the central 90% of the chance of it (Jeffreys):")
    click.echo(f"{'class':<12}{'killed':<39}{'came':<10}90% interval")
    for name, rates in _rates(episodes):
        for rate in rates:
            if rate.episodes:
                ends = f"{percent(rate.low)} to {percent(rate.high)}"
                click.echo(f"{name:<12}{rate.label:<39}{f'{rate.came} of {rate.episodes}':<10}{ends}")
    line = reference_line(episodes)
    click.echo(textwrap.fill(line[:1].upper() + line[1:] + ".", 110) + "\n")


def _print_priors(rows: Sequence[dict[str, Any]]) -> None:
    from sim.reference import DEFAULT_CLASS, DEFAULT_WEIGHT
    from sim.wording import percent

    click.echo(
        "Priors of the steps to level 3 (a3 + b3 x) and on to 4 (a4 + b4 x), logits, x = log2(1 + killed):"
    )
    click.echo(
        f"{'class':<12}{'weight':<8}{'a3':<16}{'b3':<16}{'a4':<16}{'b4':<16}P(level 4 | 1, 3, 19 killed)"
    )
    for row in rows:
        steps = [
            text
            for n in (3, 4)
            for text in (
                f"N({row[f'a{n}_mean']:.2f}, {row[f'a{n}_sd']:.2f})",
                f"LN({row[f'b{n}_median']:.2g}, {row[f'b{n}_log_sd']:.2f})",
            )
        ]
        induced = ", ".join(percent(row[f"level_4_{k}"]) for k in (1, 3, 19))
        mark = "  (default)" if (row["class"], row["weight"]) == (DEFAULT_CLASS, DEFAULT_WEIGHT) else ""
        told = "".join(f"{text:<16}" for text in steps)
        click.echo(f"{row['class']:<12}{row['weight']:<8g}{told}{induced}{mark}")
