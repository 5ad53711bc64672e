"""Findings in words, printed at a job's end: a short answer, and on request all that stands behind it.

Each kind has a module here: `brief` prints the answer, in few enough lines for one screen; `tell` prints the tables.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from rich.table import Table
from rich.text import Text

from sim.report import module_of
from sim.report.cautions import cautions
from sim.report.terminal.screen import Screen
from sim.scenario.imposed import imposed_spirals
from sim.scenario.titles import spoken_of, told_all
from sim.wording import number_text, parameters_text

if TYPE_CHECKING:
    from sim.pipeline.answers import Answer


MOST_ROWS = 20
LONGEST = 75  # characters of a value in a short answer
MOST_LINES = 12
"""Lines of a short answer on a terminal of 80 columns, without those that say how a scenario is not what was fitted."""


def print_answer(answer: Answer[Any], files: Sequence[Path], full: bool = False) -> None:
    """Print what came out, what it was made from, and where the rest is; all the tables too where they are wanted."""
    with spoken_of(answer.scenario):
        _print(answer, files, full)


def _print(answer: Answer[Any], files: Sequence[Path], full: bool) -> None:
    screen, module = Screen(), module_of("sim.report.terminal", answer.kind)
    screen.print()
    warnings = getattr(module, "warnings", _warnings)
    for line in (*first_lines(answer), *(f"Warning: {line}." for line in warnings(answer))):
        screen.say(line, "bold")
    if changes := answer.manifest["changes"]:
        screen.say("With " + ", ".join(changes) + ":", "bold")
    getattr(module, "brief", _brief)(screen, answer)
    if full:
        screen.print()
        screen.say(f"Asked of {answer.scenario.name}: {answer.scenario.question}")
        getattr(module, "tell", _tell)(screen, answer)
    _close(screen, answer, files, full)


def _close(screen: Screen, answer: Answer[Any], files: Sequence[Path], full: bool) -> None:
    """What the answer was made from, and where the rest is."""
    closing = getattr(module_of("sim.report.terminal", answer.kind), "closing", _closing)
    figures = [file for file in files if file.suffix == ".png"]
    for line in closing(answer, full):
        screen.say(line)
    if full:
        screen.print(Text(f"Result: {answer.folder}"))
        for file in figures:
            screen.print(Text(f"Figure: {file}"))
        return
    drawn = f" ({len(figures)} figure{'s' * (len(figures) > 1)})" if figures else ""
    runs = f"{answer.manifest['runs']:,} runs. " if answer.kind == "run" else ""
    if answer.folder == Path():
        screen.say(f"{runs}Kept in memory alone: its tables are .tables, its figures .plot().")
        return
    screen.say(f"{runs}Result: {answer.folder}{drawn}; --full shows the tables.")


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
    whole = _without_imposed(found, answer) if answer.kind == "run" else {**found, "tables": tables}
    with spoken_of(answer.scenario) as words:
        return whole if words.same else cast("dict[str, Any]", told_all(whole))


def _without_imposed(found: dict[str, Any], answer: Answer[Any]) -> dict[str, Any]:
    """The same without probabilities of what the scenario imposes: these were not found."""
    imposed = {
        name: {"definition": name, "imposed": str(one)}
        for name, one in imposed_spirals(answer.scenario).items()
    }
    headline = imposed.get(answer.scenario.headline, found["headline"])
    return {**found, "headline": headline, "spirals": {**found["spirals"], **imposed}}


def _warnings(answer: Answer[Any]) -> list[str]:
    """What is to be known before an answer is read."""
    return cautions(answer.kind, answer.manifest, answer.finding)


def _brief(screen: Screen, answer: Answer[Any]) -> None:
    """Print a finding that has no words of its own: its first values."""
    for name, value in list(answer.finding.estimates.items())[: MOST_LINES // 2]:
        screen.say(f"{name}: {json.dumps(value)}"[:LONGEST])


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


def _closing(answer: Answer[Any], full: bool) -> Sequence[str]:
    """What the answer was made from."""
    made = answer.manifest
    more = f", seed {made['random_seed']}, {made['seconds']:.1f} s" if full else ""
    return [f"{made['runs']:,} runs in all, parameters {answer_parameters(answer)}{more}."]


def answer_parameters(answer: Answer[Any]) -> str:
    """Where the parameters of an answer come from, and up to when they are informed where they are fitted."""
    if (draws := answer.manifest.get("draws")) is not None:
        return f"by the draws of {draws['file']}"
    known = {one["known_until"] for one in answer.manifest.get("basis", [])}
    until = datetime.date.fromisoformat(known.pop()) if len(known) == 1 and None not in known else None
    return parameters_text(answer.parameters, bool(answer.scenario.priors), until)
