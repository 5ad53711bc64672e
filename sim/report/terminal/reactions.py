"""What reactions make of the headline, in words: the spiral, what would have come anyway, what restraint averted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table

from sim.wording import day_text, percent, percent_interval, probability_text

if TYPE_CHECKING:
    from sim.experiments.run.finding import Prevented, RunFinding
    from sim.pipeline.parts import Probability
    from sim.scenario import Scenario


def headline_lines(of: RunFinding, scenario: Scenario, parameters: str = "") -> list[str]:
    """The spiral; what would have come anyway, and the headline in all; what restraint averted.

    `parameters` says where these come from, such as `fitted to the record up to 17 Nov 2023`.
    """
    kind, by = of.headline.definition, day_text(scenario.end)
    spiral, anyway, whole = (of.spiral.model_dump(), of.anyway.model_dump(), of.headline.model_dump())
    basis = (
        "" if not parameters else f", {parameters}" if spiral["ignorance"] else f", parameters {parameters}"
    )
    lines = [
        f"Spiral into a {kind} exchange by {by}: {probability_text(spiral)}{basis}.",
        f"{_another(anyway)} would have come without any amplifying reaction; in all, a {kind} exchange: "
        f"{_both(whole)}.",
    ]
    if of.prevented is not None:
        averted = of.prevented.in_all.model_dump()
        lines.append(f"{_another(averted).replace('Another', 'In another', 1)} restraint averted one.")
    return lines


def prevented_table(of: Prevented) -> Table:
    """What each mechanism's damping reactions averted, taken out by themselves."""
    table = Table(
        title=f"Averted by restraint: come to only without it (sample of {of.runs:,} runs)",
        title_justify="left",
    )
    table.add_column("mechanism taken out")
    table.add_column("averted [95% by chance]", justify="right")
    table.add_column("parameters unknown (90%)", justify="right")
    for name, entry in {"all together": of.in_all, **of.by_mechanism}.items():
        table.add_row(name, _seen(entry.model_dump()), ignorance_text(entry))
    return table


def ignorance_text(entry: Probability) -> str:
    """The range with the parameters unknown, in a table."""
    return f"{percent(entry.ignorance[0])} to {percent(entry.ignorance[1])}" if entry.ignorance else "-"


def _another(estimate: Mapping[str, Any]) -> str:
    """How many more runs there are of which something is then said."""
    if estimate["seen"] == 0:
        return f"None of {estimate['runs']:,} runs (below {percent(estimate['chance'][1])})"
    return f"Another {_both(estimate)}"


def _both(estimate: Mapping[str, Any]) -> str:
    """A probability with both its intervals in brackets, the first by chance."""
    text, ignorance = _seen(estimate), estimate["ignorance"]
    return f"{text}, {percent_interval(*ignorance)}" if ignorance and any(ignorance) else text


def _seen(estimate: Mapping[str, Any]) -> str:
    """A probability with its interval by chance alone, where a heading says that it is that."""
    return probability_text({**estimate, "ignorance": None}).removesuffix(" by chance")
