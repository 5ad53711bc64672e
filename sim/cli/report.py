"""What a run prints at its end: the answer, what it can be held against, and where the rest is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from sim.cli.screen import Screen
from sim.outcomes import OUTCOMES, SERIES
from sim.wording import (
    RUNG_NAMES,
    day_text,
    definition_text,
    number_text,
    parameters_text,
    percent,
    percent_with_chance,
    points_text,
    spiral_sentence,
)

if TYPE_CHECKING:
    import datetime

    from sim.store import Result

SHOWN = {name: OUTCOMES[name].label for name in SERIES if name != "attacks"}


def print_result(result: Result, place: Path, figures: Sequence[Path]) -> None:
    """Print a result for people, on stdout."""
    console = Screen()
    estimates, scenario = result.estimates, result.scenario
    console.print()
    console.say(scenario.question, "bold")
    if result.manifest["changes"]:
        console.say("with " + ", ".join(result.manifest["changes"]), "bold")
    console.say(spiral_sentence(estimates["headline"], scenario), "bold")
    for line in (
        *_shares(estimates),
        *_held_against(estimates),
        *_own_priors(estimates, result.manifest["altered_worlds_runs"]),
    ):
        console.say(line)
    console.print()
    console.print(_spirals(result))
    for name in estimates["spirals"]:
        console.say(f"{name}: {definition_text(name, scenario)}")
    few = result.manifest["altered_worlds_runs"]
    off = "Washington still answers attacks, and no answer changes what others do next"
    console.say(f"couplings off: {off}; in brackets the same {few:,} runs with them on")
    console.print(_ladder(estimates))
    if (kind := result.manifest["parameters"]) != "default":
        rough = ", which is few: take the range as rough" if result.manifest["rows"] < 1000 else ""
        rows = f"{result.manifest['rows']:,} rows of parameters{rough}"
        console.say(
            f"A probability is the mean over the {kind}, and may lie outside its middle 90%; fitted to {rows}.",
        )
    console.print(_outcomes(estimates))
    for line in [*_path(estimates, scenario.start), *_notes(result)]:
        console.say(line)
    console.print(Text(f"Result: {place}"))
    for figure in figures:
        console.print(Text(f"Figure: {figure}"))


def _shares(estimates: Mapping[str, Any]) -> list[str]:
    """How much of the doubt about one run is ignorance, and how much luck."""
    share = estimates["headline"].get("ignorance_share")
    if share is None:
        return []
    return [
        f"Whether a run spirals is {percent(share)} a matter of parameters not known, and {percent(1.0 - share)} of "
        "luck (shares of variance)"
    ]


def _held_against(estimates: Mapping[str, Any]) -> list[str]:
    last, packs = estimates["last_step"], estimates["mechanisms"]
    lines = []
    if last:
        low, high = sorted(last.values())
        lines.append(
            f"{percent(low)} to {percent(high)} over the last step's prior (rung 4 to 5), which no fact informs"
        )
    if packs:
        each = ", ".join(f"{name} {percent(p)}" for name, p in packs.items())
        lines.append(
            f"{percent(min(packs.values()))} to {percent(max(packs.values()))} over rival explanations: {each}"
        )
    if averaged := estimates.get("averaged"):
        weights = ", ".join(f"{name} {percent(w)}" for name, w in averaged["weights"].items())
        lines.append(
            f"{percent(averaged['probability'])} averaged over them and all together, each weighed by how well it "
            f"explains the record so far, which hardly tells them apart: {weights}"
        )
    return lines


def _own_priors(estimates: Mapping[str, Any], runs: int) -> list[str]:
    """What ranges of the scenario's own move, held against the shipped ones."""
    found = estimates.get("own_priors")
    if found is None:
        return []
    shipped, own = (percent(found[name]) for name in ("with_shipped", "with_own"))
    ranges = "; ".join(
        f"{name} {number_text(own['low'])} to {number_text(own['high'])} (shipped {number_text(was['low'])} to "
        f"{number_text(was['high'])})"
        for name, was, own in ((n, r["shipped"], r["own"]) for n, r in found["ranges"].items())
    )
    return [
        f"With the shipped priors the same {runs:,} runs give {shipped}, with your own {own}; `spiral compare` says "
        "how sure the difference is",
        f"Your own ranges: {ranges}",
    ]


def _spirals(result: Result) -> Table:
    table = Table(title="Spirals", title_justify="left")
    table.add_column("definition")
    table.add_column("probability [95% by chance]", justify="right")
    table.add_column("parameters unknown (90%)", justify="right")
    table.add_column("couplings off (on)", justify="right")
    for name, entry in result.estimates["spirals"].items():
        off = entry["couplings_off"]
        table.add_row(
            name,
            _with_chance(entry),
            _ignorance(entry),
            "" if off is None else f"{percent(off['probability'])} ({percent(entry['same_runs'])})",
        )
    return table


def _ladder(estimates: Mapping[str, Any]) -> Table:
    table = Table(title="Escalation ladder: ever reached", title_justify="left")
    table.add_column("rung")
    table.add_column("probability [95% by chance]", justify="right")
    table.add_column("parameters unknown (90%)", justify="right")
    for name, entry in estimates["rungs"].items():
        number = int(name.split()[1])
        table.add_row(f"{number} {RUNG_NAMES[number]}", _with_chance(entry), _ignorance(entry))
    given = estimates["chain"]["rung 5 given rung 4"]
    if given is not None:
        table.add_row("5, given 4", _with_chance(given), "")
    return table


def _outcomes(estimates: Mapping[str, Any]) -> Table:
    table = Table(title="Outcomes of a run", title_justify="left")
    for heading in ("", "mean", "median", "90% of runs"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, label in SHOWN.items():
        entry = estimates["outcomes"][name]
        spread = f"{number_text(entry['q05'])} to {number_text(entry['q95'])}"
        table.add_row(label, number_text(entry["mean"]), number_text(entry["q50"]), spread)
    return table


def _with_chance(entry: Mapping[str, Any]) -> str:
    if entry["seen"] == 0:
        return f"none seen; below {percent(entry['chance'][1])}"
    return percent_with_chance(entry["probability"], *entry["chance"])


def _ignorance(entry: Mapping[str, Any]) -> str:
    return (
        f"{percent(entry['ignorance'][0])} to {percent(entry['ignorance'][1])}" if entry["ignorance"] else "-"
    )


def _path(estimates: Mapping[str, Any], start: datetime.date) -> list[str]:
    import datetime

    path, endings = estimates["path"], estimates["endings"]
    causes = {k: v for k, v in path["first_severe_event"].items() if v > 0}
    movers = sorted(path["first_mover"].items(), key=lambda item: -item[1])
    lines = [
        "First severe event: " + ", ".join(f"{name} {percent(share)}" for name, share in causes.items()),
        "First mover: " + ", ".join(f"{name} {percent(share)}" for name, share in movers if share > 0),
        "Endings: " + "; ".join(f"{name}: {percent(share)}" for name, share in endings.items() if share > 0),
    ]
    median = path["median_day_of_spiral"]
    if median is not None:
        when = start + datetime.timedelta(days=median)
        lines.append(f"Median day of the spiral, where one came: {day_text(when)}")
    return lines


def _notes(result: Result) -> list[str]:
    manifest = result.manifest
    parameters = (
        f"{manifest['rows']:,} rows of parameters {parameters_text(manifest['parameters'])}"
        if manifest["parameters"] != "default"
        else "parameters at their defaults, so that not knowing them is left out"
    )
    at_capacity = result.estimates["outcomes"]["days_at_capacity"]
    lines = [
        f"{manifest['runs']:,} runs, {parameters}, seed {manifest['random_seed']}, {manifest['seconds']:.1f} s. "
        f"Launch capacity or stocks set the limit on {percent(at_capacity)} of militia-days in campaign."
    ]
    precision = manifest["precision"]
    if precision is not None:
        low, high = result.estimates["headline"]["chance"]
        lines.append(f"Precision of {points_text(precision)} {_reached((high - low) / 2, manifest)}.")
    return lines


def _reached(half_width: float, manifest: Mapping[str, Any]) -> str:
    """Whether a precision was reached, and what to do where it was not."""
    if half_width <= manifest["precision"]:
        return "reached"
    if (needed := manifest["runs_needed"]) > manifest["runs"]:
        return f"not reached: it needs {needed:,} runs, and --runs held it to fewer"
    return "narrowly missed, as happens in at most 5 of 100 jobs: ask for a tenth less"
