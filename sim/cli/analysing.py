"""What the commands that answer a question over many worlds share: where, how, and what is said at the end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from sim.cli.failures import BadInput
from sim.cli.places import place_for
from sim.cli.running import ASKED_ABOVE, at_work, changes_of, drawn, load, tell_of_compiling, this_command
from sim.cli.screen import Screen
from sim.scenario import Scenario
from sim.wording import parameters_text

if TYPE_CHECKING:
    from sim.experiments.analysis import Asked
    from sim.simulate.job import Parameters
    from sim.store import Analysis

MOST_RUNS = 10_000_000
LAST_STEP_NOTE = (
    "Risks are averaged over the last step's prior (rung 4 to 5), which no fact informs; `spiral run` gives the range "
    "over it, and over rival explanations."
)


@dataclass(frozen=True)
class Common:
    """Options that these commands share; see `sim.cli.options`. `parameters` is None where nothing was said of them."""

    settings: tuple[str, ...]
    parameters: Parameters | None
    priors: Path | None
    threads: int | None
    cluster: str | None
    out: Path | None
    fresh: bool
    yes: bool
    as_json: bool
    figures: bool


def begin(name: str, kind: str, common: Common) -> tuple[Scenario, Path]:
    """Load the scenario that is asked about, and give the folder of the answer; both errors are bad input."""
    from sim.store.naming import folder_name

    if common.cluster is not None and common.threads is not None:
        raise BadInput("--threads is of this machine, and --cluster has workers of its own: give one of them")
    scenario = load(name, common.settings, common.priors)
    return scenario, place_for(common.out, folder_name(scenario.name, kind))


def number_of(option: str, text: str | None, usual: int, least: int = 1, most: int = MOST_RUNS) -> int:
    """Read a whole number that an option gives, such as 2000 or 2e3; `usual` where it gives none."""
    if text is None:
        return usual
    try:
        value = float(text)
    except ValueError:
        value = 0.5
    if not (least <= value <= most and value == int(value)):
        raise BadInput(f"{option}: {text} must be a whole number from {least:,} to {most:,}")
    return int(value)


def agree_to(runs: int, what: str, common: Common) -> bool:
    """Start a long job only if whoever asked for it still wants it; True to start."""
    if runs <= ASKED_ABOVE or common.yes:
        return True
    if not sys.stdin.isatty():
        raise BadInput(f"{what}: {runs:,} runs are not started unasked; --yes starts them")
    if click.confirm(f"{what}: {runs:,} runs. Start?", err=True):
        return True
    click.echo("Nothing was started.", err=True)
    return False


@contextmanager
def asked(common: Common) -> Iterator[Asked]:
    """While the work is done: how it is to be done, with its progress shown and its errors turned into one line."""
    from sim.experiments.analysis import Asked

    tell_of_compiling()
    with at_work(common.cluster, common.fresh) as (shown, pool):
        yield Asked(
            parameters=common.parameters or "prior",
            threads=common.threads,
            pool=pool,
            progress=shown,
            command=this_command(),
            changes=changes_of(common.settings),
            fresh=common.fresh,
        )


def conclude(analysis: Analysis, common: Common, tell: Callable[[Screen, Analysis], None]) -> None:
    """Draw the figures, print what came out, and say where the rest is."""
    from sim.report.figures.analysis import draw_analysis

    files = drawn(analysis.folder, lambda folder: draw_analysis(analysis, folder)) if common.figures else []
    if common.as_json:
        print(json.dumps(as_object(analysis)))
        return
    screen = Screen()
    screen.print()
    screen.say(f"{analysis.scenario.name}: {analysis.scenario.question}", "bold")
    if changes := analysis.manifest["changes"]:
        screen.say("with " + ", ".join(changes), "bold")
    tell(screen, analysis)
    for line in closing_lines(analysis):
        screen.say(line)
    screen.print(Text(f"Result: {analysis.folder}"))
    for file in files:
        if file.suffix == ".png":
            screen.print(Text(f"Figure: {file}"))


def closing_lines(analysis: Analysis) -> Sequence[str]:
    """What the answer was made from."""
    from sim.store import parameters_of

    made = analysis.manifest
    parameters = f"parameters {parameters_text(parameters_of(analysis), bool(analysis.scenario.priors))}"
    return [
        f"{made['runs']:,} runs in all, {parameters}, seed {made['random_seed']}, {made['seconds']:.1f} s."
    ]


def as_object(analysis: Analysis) -> dict[str, Any]:
    """Everything that came out, as plain values for JSON."""
    tables = {
        name: json.loads(table.to_json(orient="records", date_format="iso"))
        for name, table in analysis.tables.items()
    }
    return {
        "folder": str(analysis.folder),
        "manifest": analysis.manifest,
        **analysis.estimates,
        "tables": tables,
    }
