"""The command that fits the parameters to a record, and what it prints."""

from __future__ import annotations

import datetime
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from sim.cli.analysing import Common, agree_to, asked, begin, conclude, number_of
from sim.cli.failures import BadInput
from sim.scenario import ScenarioError
from sim.wording import day_text, number_text, percent_with_chance

if TYPE_CHECKING:
    import pandas as pd

    from sim.cli.screen import Screen
    from sim.inference.observation import Record
    from sim.store import Analysis

MOST_ROWS = 100_000
SHOWN = 10


def calibrate_command(
    name: str,
    common: Common,
    *,
    record: Path | None,
    until: str | None,
    islands: str | None,
    particles: str | None,
    rows: str | None,
) -> None:
    """Fit a scenario to a record, or go on with it, and print what came out."""
    from sim.experiments import calibrate as c

    scenario, place = begin(name, "calibrate", common)
    numbers = (
        number_of("--islands", islands, c.ISLANDS, least=2, most=c.MOST_ISLANDS),
        number_of("--particles", particles, c.PARTICLES, least=100, most=c.MOST_PARTICLES),
        number_of("--rows", rows, c.KEPT_ROWS, least=100, most=MOST_ROWS),
    )
    last = c.AS_OF if until is None else date_of("--until", until)
    try:
        plan = c.plan_calibration(scenario, record_of(record), last, *numbers)
    except c.CalibrationError as error:
        raise BadInput(str(error)) from error
    if not agree_to(plan.total, f"{plan.islands:,} islands", common):
        return
    try:
        with asked(common) as how:
            analysis = c.run_calibration(plan, how, place)
    except c.CalibrationError as error:
        raise BadInput(str(error)) from error
    conclude(analysis, common, tell)


def record_of(file: Path | None) -> Record:
    """Read a record, or take the project's own; what is wrong with it is bad input."""
    from sim.inference.observation.reading import load_record, shipped_record

    try:
        return shipped_record() if file is None else load_record(file)
    except ScenarioError as error:
        raise BadInput(str(error)) from error


def date_of(option: str, text: str) -> datetime.date:
    """Read a date that an option gives."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{option}: {text} is no date; it must be one such as 2023-11-17") from None


def tell(screen: Screen, analysis: Analysis) -> None:
    """Print what the record tells of the parameters, and what it does not."""
    of = analysis.estimates
    parameters, pairs = analysis.tables["parameters"], analysis.tables["pairs"]
    told = of["verdicts"]
    day = day_text(datetime.date.fromisoformat(of["until"]))
    screen.say(
        f"Fitted to the record {of['record']} up to {day}: {number_text(of['effective'])} effective draws of "
        f"{of['islands'] * of['particles']:,}; {of['rows']:,} rows are kept. Log probability of the record "
        f"{of['log_evidence']:.2f}, give or take {2 * of['log_evidence_error']:.2f}.",
        "bold",
    )
    screen.say(
        f"Of {len(parameters)} parameters it informs {told.get('informed', 0)}; "
        f"{told.get('not told from its prior', 0)} cannot be told from their priors, and {told.get('cannot act', 0)} "
        "cannot act before that day."
    )
    if other := of["arviz"]:
        screen.say(
            f"By arviz, islands taken as its chains: {number_text(other['median'])} effective draws for the median "
            f"parameter, {number_text(other['least'])} for {other['parameter']}."
        )
    screen.print(_parameters(parameters.head(SHOWN)))
    if len(pairs) == 0:
        screen.say("No two parameters are fixed together beyond what chance makes of so many pairs.")
    else:
        first = pairs.iloc[0]
        screen.say(
            f"{len(pairs)} pairs are fixed together more than each alone, most of all {first['first']} with "
            f"{first['second']} (correlation {first['correlation']:.2f}); see pairs.csv."
        )
    screen.print(_targets(analysis.tables["targets"]))
    screen.say(
        "Reports that the fitted model would have made, with everything left to it; in brackets the central 90%."
    )
    for line in (*score_lines(analysis.tables["scores"]), missing_line(analysis.tables["information"])):
        screen.say(line)


def _parameters(table: pd.DataFrame) -> Table:
    found = Table(title="What the record tells most about (5% to 95%)", title_justify="left")
    for heading in ("parameter", "prior", "fitted", "unit"):
        side: Any = "left" if heading in ("parameter", "unit") else "right"
        found.add_column(heading, justify=side, overflow="fold")
    for row in table.to_dict("records"):
        ranges = (_range(row[f"{of}low"], row[f"{of}high"]) for of in ("prior_", ""))
        found.add_row(
            Text(row["parameter"]), *ranges, Text(row["unit"] if isinstance(row["unit"], str) else "")
        )
    return found


def _range(low: float, high: float) -> Text:
    return Text(f"{number_text(low, 2)} to {number_text(high, 2)}")


def _targets(table: pd.DataFrame) -> Table:
    from sim.report.figures.calibrate_targets import NAMES

    found = Table(title="The record, and what the fitted model would have reported", title_justify="left")
    for heading in ("", "up to", "on record", "model"):
        found.add_column(heading, justify="left" if not heading else "right")
    kind = table["kind"].iloc[-1]
    for row in table[table["kind"] == kind].to_dict("records"):
        least = "at least " if row["bound"] == "at_least" else ""
        found.add_row(
            NAMES[row["series"]],
            str(row["date"])[:10],
            f"{least}{number_text(row['recorded'])}",
            Text(f"{number_text(row['q50'])} [{number_text(row['q05'])} to {number_text(row['q95'])}]"),
        )
    return found


def score_lines(table: pd.DataFrame) -> list[str]:
    """Say which of the model and the one with its couplings off the record speaks for; nothing where there is one."""
    if len(table) < 2:
        return []
    on, off = table.iloc[0], table.iloc[1]
    ahead = float(on["evidence"] - off["evidence"])
    error = 2 * math.hypot(on["evidence_error"], off["evidence_error"])
    after = float(on["fitted"] - off["fitted"])
    who = "the model as it stands" if ahead > 0 else "the model with its couplings off"
    verdict = (
        f"The record speaks for {who}" if abs(ahead) > error else "The record does not tell the two apart"
    )
    return [
        f"{verdict}: log probability {on['evidence']:.2f} as it stands, {off['evidence']:.2f} with the couplings off, "
        f"difference {ahead:+.2f}, give or take {error:.2f} (1 is a factor of 2.7). With the parameters fitted to this "
        f"same record: {on['fitted']:.2f} and {off['fitted']:.2f}, difference {after:+.2f}."
    ]


def missing_line(table: pd.DataFrame) -> str:
    """Say which fact is missing most."""
    told = table[table["told"].astype(bool)].head(5).to_dict("records")
    if not told:
        return "Of nothing that could be known do so few rows tell that it would narrow the risk."
    best = [f"{row['known'] if row['kind'] == 'parameter' else row['meaning']} {_share(row)}" for row in told]
    return (
        "What would narrow the risk most if it were known, by the share of the variance between worlds that would go "
        f"(in brackets 95%): {', '.join(best)}."
    )


def _share(row: Any) -> str:
    return percent_with_chance(*(max(float(row[name]), 0.0) for name in ("share", "low", "high")))
