"""The command that tells which parameters the answer rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sim.cli.analysing import Common, agree_to, asked, begin, conclude, number_of
from sim.cli.failures import BadInput

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from sim.cli.screen import Screen
    from sim.store import Analysis

SHOWN = 12


def sensitivity_command(
    name: str,
    common: Common,
    *,
    method: Literal["sobol", "morris"],
    samples: str | None,
    runs: str | None,
) -> None:
    """Find what the answer rests on, or go on with it, and print what came out."""
    scenario, place = begin(name, "sensitivity", common)
    from sim.experiments.sensitivity import SensitivityError, plan_sensitivity, run_sensitivity

    if common.parameters != "prior":
        raise BadInput("--parameters: default leaves nothing to vary; leave it out, or fix some by --set")
    number = None if samples is None else number_of("--samples", samples, 0)
    each = None if runs is None else number_of("--runs", runs, 0)
    try:
        plan = plan_sensitivity(scenario, method, number, each)
    except SensitivityError as error:
        raise BadInput(str(error)) from error
    if not agree_to(plan.total, f"{plan.points:,} rows of parameters", common):
        return
    with asked(common) as how:
        analysis = run_sensitivity(plan, how, place)
    conclude(analysis, common, tell)


def tell(screen: Screen, analysis: Analysis) -> None:
    """Print what the answer rests on."""
    if analysis.estimates["method"] == "sobol":
        _tell_sobol(screen, analysis)
    else:
        _tell_morris(screen, analysis)


def _tell_sobol(screen: Screen, analysis: Analysis) -> None:
    from sim.experiments.sensitivity.words import one_run_sentence, resting_sentence
    from sim.wording import spiral_sentence

    of, tables = analysis.estimates, analysis.tables
    screen.say(spiral_sentence(of["headline"], analysis.scenario))
    screen.say(one_run_sentence(of))
    screen.say(resting_sentence(tables["by_basis"]))
    if tables["indices"]["total"].isna().all():
        return
    found = tables["indices"][tables["indices"]["fresh"]]
    screen.print(_strongest(found))
    screen.say(
        "Shares of the variance of the risk between rows of parameters, luck averaged out. Alone: what would go if "
        "the parameter were known. In all: with its interplay with others. Risk: mean in the lowest and in the "
        "highest tenth of the prior, and the change in percentage points. In brackets: 95% by chance."
    )
    for line in (_pairs(tables["pairs"]), _unseen(tables["indices"])):
        screen.say(line)


def _strongest(found: pd.DataFrame) -> Table:
    from rich.table import Table

    from sim.experiments.sensitivity.words import direction_text, share_text, told_from_zero

    table = Table(title_justify="left")
    for heading in ("parameter", "basis"):
        table.add_column(heading, overflow="fold")
    for heading in ("alone", "in all", "risk from low to high"):
        table.add_column(heading, justify="right")
    for row in found.to_dict("records"):
        shares = [
            share_text(row, name) + ("" if told_from_zero(row, name) else " *") for name in ("alone", "total")
        ]
        table.add_row(row["factor"], row["basis"], *shares, direction_text(row))
    if any(not told_from_zero(row, name) for row in found.to_dict("records") for name in ("alone", "total")):
        table.caption, table.caption_justify = "*: not told from 0", "left"
    return table


def _pairs(pairs: pd.DataFrame) -> str:
    """Say which pairs of the strongest do together what neither does alone."""
    from sim.experiments.sensitivity.words import share_text, told_among

    mine = pairs[(pairs["output"] == "risk") & pairs["together"].notna()]
    seen = [row for row in mine.to_dict("records") if told_among(row, "together", len(mine))]
    if not seen:
        return f"Of the {len(mine)} pairs among these, none has an interplay told from 0 as the largest of so many."
    named = "; ".join(f"{row['one']} with {row['other']} {share_text(row, 'together')}" for row in seen[:3])
    return (
        f"Interplay of two, beyond what each does alone: told from 0 in {len(seen)} of {len(mine)} pairs, even as the "
        f"largest of so many; most in {named}. All are in pairs.csv."
    )


def _unseen(indices: pd.DataFrame) -> str:
    from sim.experiments.sensitivity.factors import LUCK
    from sim.experiments.sensitivity.words import told_from_zero

    rows = [row for row in indices.to_dict("records") if row["factor"] != LUCK]
    none = sum(not told_from_zero(row, "total") and not told_from_zero(row, "alone") for row in rows)
    return (
        f"Of {none} of {len(rows)} parameters neither share is told from 0 with so many samples. That is no proof that "
        "they do nothing."
    )


def _tell_morris(screen: Screen, analysis: Analysis) -> None:
    from rich.table import Table

    from sim.wording import change_with_chance

    of, effects = analysis.estimates, analysis.tables["effects"]
    screen.say(
        f"Elementary effects on the risk of a {of['definition']} spiral, from {of['samples']} trajectories."
    )
    if not effects["size"].any():
        screen.say("The risk is the same at every point that was tried.")
        return
    table = Table(title_justify="left")
    for heading in ("rank", "parameter", "basis", "size (mu*)", "mean (mu)", "sigma"):
        table.add_column(heading, justify="left" if heading in ("parameter", "basis") else "right")
    shown = effects[(effects["rank"] <= SHOWN) | (effects["factor"] == of["luck"])]
    for row in shown.to_dict("records"):
        told = [[row[f"{name}{end}"] for end in ("", "_low", "_high")] for name in ("size", "mean", "sigma")]
        size, mean, sigma = (change_with_chance(*one) for one in told)
        table.add_row(
            str(row["rank"]), row["factor"], row["basis"], size.replace("+", ""), mean, sigma.replace("+", "")
        )
    screen.print(table)
    screen.say(
        "In percentage points of risk, scaled to the way from the 5% to the 95% end of a prior; in brackets: 95% by "
        "chance. Size counts either direction, and so holds what luck makes of a few runs: the line of luck is that "
        "alone. Sigma: how much the effect differs with what the other parameters are. A ranking, no share "
        "of variance; that is --method sobol."
    )
