"""What the question of sensitivity prints at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from sim.experiments.sensitivity.factors import LUCK
from sim.experiments.sensitivity.words import (
    direction_text,
    one_run_sentence,
    resting_sentence,
    share_text,
    told_among,
    told_from_zero,
)
from sim.wording import change_with_chance, exchange_sentence, parameters_text, probability_text

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.sensitivity.finding import SensitivityFinding
    from sim.pipeline.answers import Answer
    from sim.report.terminal.screen import Screen

SHOWN = 12


IN_BRIEF = 5


def brief(screen: Screen, answer: Answer[SensitivityFinding]) -> None:
    """Print the risk, how much of it rests on what is assumed, and the strongest parameters."""
    of = answer.finding
    if of.method != "sobol":
        _brief_morris(screen, of)
        return
    assert of.headline is not None
    indices = of.tables["indices"]
    drawn = f"parameters {parameters_text(answer.parameters)}"
    screen.say(f"{_risk_sentence(answer)}, {drawn}.", "bold")
    screen.say(one_run_sentence(of))
    screen.say(resting_sentence(of.tables["by_basis"]))
    if not indices["total"].isna().all():
        rows = indices[indices["fresh"]].head(IN_BRIEF).to_dict("records")
        told = ((r["factor"], r["basis"], share_text(r, "total"), direction_text(r)) for r in rows)
        screen.compact(("parameter", "basis", "share in all", "risk from low to high: change"), told, words=2)


def _risk_sentence(answer: Answer[SensitivityFinding]) -> str:
    of = answer.finding
    assert of.headline is not None
    estimate = of.headline.model_dump()
    if of.outcome is None:
        return exchange_sentence(estimate, answer.scenario)
    return f"{of.outcome[:1].upper()}{of.outcome[1:]}: {probability_text(estimate)}"


def _brief_morris(screen: Screen, of: SensitivityFinding) -> None:
    effects = of.tables["effects"]
    on = (
        f"the risk of a {of.definition} exchange"
        if of.outcome is None
        else f"the probability of: {of.outcome}"
    )
    screen.say(f"Elementary effects on {on}, {of.samples} trajectories.", "bold")
    if not effects["size"].any():
        screen.say("The risk is the same at every point that was tried.")
        return
    shown = effects[(effects["rank"] <= IN_BRIEF) | (effects["factor"] == of.luck)].to_dict("records")
    sizes = ([r[f"{name}{end}"] for end in ("", "_low", "_high")] for r in shown for name in ("size",))
    told = (
        (str(r["rank"]), r["factor"], r["basis"], change_with_chance(*size).replace("+", ""))
        for r, size in zip(shown, sizes, strict=True)
    )
    screen.compact(("rank", "parameter", "basis", "size (mu*), points of risk"), told, words=3)


def tell(screen: Screen, answer: Answer[SensitivityFinding]) -> None:
    """Print what the answer rests on."""
    if answer.finding.method == "sobol":
        _tell_sobol(screen, answer)
    else:
        _tell_morris(screen, answer)


def _tell_sobol(screen: Screen, answer: Answer[SensitivityFinding]) -> None:
    tables = answer.finding.sobol
    if tables["indices"]["total"].isna().all():
        return
    found = tables["indices"][tables["indices"]["fresh"]]
    screen.print(_strongest(found))
    screen.say(
        "Shares of the variance of the risk between parameter draws, chance averaged out. Alone: what would go if "
        "the parameter were known. In all: with its interplay with others. Risk: mean in the lowest and in the "
        "highest tenth of the prior, and the change in percentage points. In brackets: 95% by chance."
    )
    for line in (_pairs(tables["pairs"]), _unseen(tables["indices"])):
        screen.say(line)


def _strongest(found: pd.DataFrame) -> Table:
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
    from sim.experiments.sensitivity.words import told_from_zero

    rows = [row for row in indices.to_dict("records") if row["factor"] != LUCK]
    none = sum(not told_from_zero(row, "total") and not told_from_zero(row, "alone") for row in rows)
    return (
        f"Of {none} of {len(rows)} parameters neither share is told from 0 with so many samples. That is no proof that "
        "they do nothing."
    )


def _tell_morris(screen: Screen, answer: Answer[SensitivityFinding]) -> None:
    of = answer.finding
    effects = of.tables["effects"]
    if not effects["size"].any():
        return
    table = Table(title_justify="left")
    for heading in ("rank", "parameter", "basis", "size (mu*)", "mean (mu)", "sigma"):
        table.add_column(heading, justify="left" if heading in ("parameter", "basis") else "right")
    shown = effects[(effects["rank"] <= SHOWN) | (effects["factor"] == of.luck)]
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
