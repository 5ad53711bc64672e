"""Findings in words, printed at a job's end: each kind by `tell` of its own module here, on the same page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from sim.report import module_of
from sim.report.terminal.screen import Screen
from sim.scenario.imposed import imposed_spirals
from sim.wording import number_text, parameters_text

if TYPE_CHECKING:
    from sim.pipeline.answers import Answer


MOST_ROWS = 20


def print_answer(answer: Answer[Any], files: Sequence[Path]) -> None:
    """Print what came out, what it was made from, and where the rest is."""
    screen, module = Screen(), module_of("sim.report.terminal", answer.kind)
    screen.print()
    for line in first_lines(answer):
        screen.say(line, "bold")
    heading = getattr(module, "heading", _heading)
    screen.say(heading(answer), "bold")
    if changes := answer.manifest["changes"]:
        screen.say("with " + ", ".join(changes), "bold")
    getattr(module, "tell", _tell)(screen, answer)
    for line in getattr(module, "closing", _closing)(answer):
        screen.say(line)
    screen.print(Text(f"Result: {answer.folder}"))
    for file in files:
        if file.suffix == ".png":
            screen.print(Text(f"Figure: {file}"))


def first_lines(answer: Answer[Any]) -> list[str]:
    """What is to be said before all else: in what a scenario is not what was fitted, and what it imposes."""
    basis = answer.manifest.get("basis", [])
    named = len(basis) > 1
    return [f"{one['scenario']}: {line}" if named else line for one in basis for line in one["told"]]


def as_object(answer: Answer[Any]) -> dict[str, Any]:
    """Everything that came out, as plain values for JSON."""
    tables = {
        name: json.loads(table.to_json(orient="records", date_format="iso"))
        for name, table in answer.finding.tables.items()
    }
    found = {
        "folder": str(answer.folder),
        "basis": answer.manifest.get("basis", []),
        "manifest": answer.manifest,
        **answer.finding.estimates,
    }
    return _without_imposed(found, answer) if answer.kind == "run" else {**found, "tables": tables}


def _without_imposed(found: dict[str, Any], answer: Answer[Any]) -> dict[str, Any]:
    """The same without probabilities of what the scenario imposes: these were not found."""
    imposed = {
        name: {"definition": name, "imposed": str(one)}
        for name, one in imposed_spirals(answer.scenario).items()
    }
    headline = imposed.get(answer.scenario.headline, found["headline"])
    return {**found, "headline": headline, "spirals": {**found["spirals"], **imposed}}


def _tell(screen: Screen, answer: Answer[Any]) -> None:
    """Print a finding as it is: what it says, and its tables."""
    for name, value in answer.finding.estimates.items():
        screen.say(f"{name}: {json.dumps(value)}")
    for name, table in answer.finding.tables.items():
        found = Table(title=name, title_justify="left")
        for column in table.columns:
            found.add_column(str(column), overflow="fold")
        for row in table.head(MOST_ROWS).itertuples(index=False):
            found.add_row(*(Text(number_text(v) if isinstance(v, float) else str(v)) for v in row))
        screen.print(found)


def _heading(answer: Answer[Any]) -> str:
    return f"{answer.scenario.name}: {answer.scenario.question}"


def _closing(answer: Answer[Any]) -> Sequence[str]:
    """What the answer was made from."""
    made = answer.manifest
    parameters = parameters_text(answer.parameters, bool(answer.scenario.priors))
    return [
        f"{made['runs']:,} runs in all, parameters {parameters}, seed {made['random_seed']}, {made['seconds']:.1f} s."
    ]
