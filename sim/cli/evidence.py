"""The evidence command: every parameter, or one of them down to its sources."""

from __future__ import annotations

import dataclasses
import difflib
import json
import textwrap
from typing import TYPE_CHECKING, Any

import click

from sim.errors import InputError, SpiralError
from sim.parameters import REGISTRY, Parameter
from sim.parameters.blind import blind_text

if TYPE_CHECKING:
    from sim.evidence import Evidence, Fact


def evidence_command(name: str | None, as_json: bool) -> None:
    """List every parameter, or show one parameter, fact or episode."""
    from sim.evidence import EvidenceError, load_evidence

    try:
        ledger = load_evidence()
    except (EvidenceError, OSError) as error:
        raise SpiralError(str(error)) from error
    if name is None:
        rows = [_row(p) for p in REGISTRY.values()]
        click.echo(json.dumps(rows)) if as_json else _print_table()
    elif name in REGISTRY:
        _show(_parameter(REGISTRY[name], ledger), as_json)
    elif name in ledger.facts:
        _show(_fact(ledger.facts[name], ledger), as_json)
    else:
        _show_episode(name, [*REGISTRY, *ledger.facts], as_json)


def _show_episode(name: str, others: list[str], as_json: bool) -> None:
    from sim.cli.reference import episode_as_dict, episodes_or_refuse

    episodes = {episode.id: episode for episode in episodes_or_refuse()}
    if name in episodes:
        _show(episode_as_dict(episodes[name]), as_json)
        return
    near = difflib.get_close_matches(name, [*others, *episodes], n=1)
    hint = f"; did you mean '{near[0]}'?" if near else "; `spiral evidence` lists them"
    raise InputError(f"'{name}' is neither a parameter nor a fact nor an episode{hint}")


def _row(p: Parameter) -> dict[str, Any]:
    low, high = p.interval()
    return {
        "name": p.name,
        "value": p.default,
        "unit": p.unit,
        "range": [p.low, p.high],
        "prior": None if p.prior is None else str(p.prior),
        "central_90": [low, high],
        "basis": p.basis,
        "mechanism": p.mechanism,
        "meaning": p.meaning,
        "facts": list(p.facts),
        "rests_on": p.rests_on or None,
        "blind_to_last_article": blind_text(p),
    }


def _print_table() -> None:
    click.echo(f"{'parameter':<31}{'value':>8} {'unit':<16}{'range':<14}{'prior':<17}basis")
    for p in REGISTRY.values():
        span = f"{p.low:g} to {p.high:g}"
        prior = "constant" if p.prior is None else str(p.prior)
        click.echo(f"{p.name:<31}{p.default:>8.3g} {p.unit:<16}{span:<14}{prior:<17}{p.basis}")
        click.echo(
            textwrap.fill(
                ", ".join(p.facts) or "no fact", 100, initial_indent="    ", subsequent_indent="    "
            )
        )
    click.echo("LN(median, log sd), N(mean, sd), Beta(a, b), each truncated to the range.")


def _parameter(p: Parameter, ledger: Evidence) -> dict[str, Any]:
    from sim.simulate.fitted import fitted_range

    found = {key: value for key, value in _row(p).items() if key != "facts"}
    fitted = {"fitted": fitted_range(p.name)}
    return found | fitted | {"facts": [_fact(ledger.facts[f], ledger) for f in p.facts]}


def _fact(fact: Fact, ledger: Evidence) -> dict[str, Any]:
    plain = {k: v for k, v in dataclasses.asdict(fact).items() if v not in (None, (), [], "", False)}
    source = ledger.sources[fact.source]
    plain["source"] = f"{source.id}: {source.publisher}, {source.published}: {source.title}"
    return plain


def _show(entry: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(entry, default=str))
        return
    _print_entry(entry, "")


def _print_entry(entry: dict[str, Any], indent: str) -> None:
    for key, value in entry.items():
        if value is None:
            continue
        if isinstance(value, dict):
            click.echo(f"{indent}{key}:")
            _print_entry(value, indent + "    ")
            continue
        if isinstance(value, list | tuple) and value and isinstance(value[0], dict):
            click.echo(f"{indent}{key}:")
            for part in value:
                _print_entry(part, indent + "    ")
                click.echo()
        elif isinstance(value, list | tuple):
            click.echo(
                f"{indent}{key}: {' to '.join(map(_plain, value)) if key in SPANS else ', '.join(map(_plain, value))}"
            )
        else:
            click.echo(f"{indent}{key}: {_plain(value)}")


SPANS = ("range", "central_90")


def _plain(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
