"""Findings in words, printed at a job's end: each kind by `tell` of its own module here, on the same page."""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from sim.report.terminal.screen import Screen
from sim.wording import parameters_text

if TYPE_CHECKING:
    from sim.pipeline.answers import Answer


def print_answer(answer: Answer[Any], files: Sequence[Path]) -> None:
    """Print what came out, what it was made from, and where the rest is."""
    screen, module = Screen(), importlib.import_module(f"sim.report.terminal.{answer.kind}")
    screen.print()
    heading = getattr(module, "heading", _heading)
    screen.say(heading(answer), "bold")
    if changes := answer.manifest["changes"]:
        screen.say("with " + ", ".join(changes), "bold")
    module.tell(screen, answer)
    for line in getattr(module, "closing", _closing)(answer):
        screen.say(line)
    screen.print(Text(f"Result: {answer.folder}"))
    for file in files:
        if file.suffix == ".png":
            screen.print(Text(f"Figure: {file}"))


def as_object(answer: Answer[Any]) -> dict[str, Any]:
    """Everything that came out, as plain values for JSON."""
    tables = {
        name: json.loads(table.to_json(orient="records", date_format="iso"))
        for name, table in answer.finding.tables.items()
    }
    found = {"folder": str(answer.folder), "manifest": answer.manifest, **answer.finding.estimates}
    return found if answer.kind == "run" else {**found, "tables": tables}


def _heading(answer: Answer[Any]) -> str:
    return f"{answer.scenario.name}: {answer.scenario.question}"


def _closing(answer: Answer[Any]) -> Sequence[str]:
    """What the answer was made from."""
    made = answer.manifest
    parameters = parameters_text(answer.parameters, bool(answer.scenario.priors))
    return [
        f"{made['runs']:,} runs in all, parameters {parameters}, seed {made['random_seed']}, {made['seconds']:.1f} s."
    ]
