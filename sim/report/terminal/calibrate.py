"""What a fit prints at its end: what the record tells of the parameters, and what it does not."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from sim.wording import day_text, number_text, percent, percent_with_chance

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.calibrate import CalibrateFinding
    from sim.pipeline.answers import Answer
    from sim.report.terminal.screen import Screen

SHOWN = 10


FEW_DRAWS = 300


def warnings(answer: Answer[CalibrateFinding]) -> list[str]:
    """Where few draws carry the fit."""
    few = answer.finding.effective
    return [f"{number_text(few)} effective draws are few: the fit is rough"] if few < FEW_DRAWS else []


def brief(screen: Screen, answer: Answer[CalibrateFinding]) -> None:
    """Print how well the fit went, how much the record informs, and what is missing most."""
    of = answer.finding
    parameters, told = of.parameters, of.verdicts
    day = day_text(datetime.date.fromisoformat(of.until))
    screen.say(
        f"Fitted to the record {of.record} up to {day}: {number_text(of.effective)} effective draws of "
        f"{of.islands * of.particles:,}; {of.rows:,} rows are kept. Log probability of the record "
        f"{of.log_evidence:.2f}, give or take {2 * of.log_evidence_error:.2f}.",
        "bold",
    )
    screen.say(
        f"Of {len(parameters)} parameters it informs {told.get('informed', 0)}; "
        f"{told.get('not told from its prior', 0)} cannot be told from their priors, and {told.get('cannot act', 0)} "
        "cannot act before that day."
    )
    for line in (*score_lines(of.scores), missing_line(of.information)):
        screen.say(line)


def tell(screen: Screen, answer: Answer[CalibrateFinding]) -> None:
    """Print what the record tells of the parameters, and what it does not."""
    of = answer.finding
    parameters, pairs = of.parameters, of.pairs
    if of.last_article is not None:
        screen.print(_steps(of.last_article))
        screen.say(
            "Each of these weighs, given those before it; that three would be killed does not. The posterior is "
            f"informed up to {day_text(datetime.date.fromisoformat(of.as_of))}, from priors blind to that article."
        )
    other = of.arviz
    if other.median is not None and other.least is not None:
        screen.say(
            f"By arviz, islands taken as its chains: {number_text(other.median)} effective draws for the median "
            f"parameter, {number_text(other.least)} for {other.parameter}."
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
    screen.print(_targets(of.targets))
    screen.say(
        "Reports that the fitted model would have made, with everything left to it; in brackets the central 90%."
    )


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


def _steps(table: pd.DataFrame) -> Table:
    found = Table(title="What the last article tells", title_justify="left")
    for heading in ("fact", "known by", "probability"):
        found.add_column(heading, justify="right" if heading == "probability" else "left", overflow="fold")
    for row in table.to_dict("records"):
        day = datetime.date.fromisoformat(str(row["last"])[:10])
        found.add_row(Text(row["fact"]), day_text(day), percent(row["probability"]))
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
