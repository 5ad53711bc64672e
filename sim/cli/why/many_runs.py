"""What `spiral why --runs` prints: what kinds of deed the spirals of many runs hung on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.cli.why.one_run import new_table
from sim.report.terminal.screen import Screen
from sim.wording import number_text, percent, percent_with_chance

if TYPE_CHECKING:
    from sim.estimates.intervals import Estimate
    from sim.experiments.why.ranking import Rank, Ranking
    from sim.simulate.job import Job

COLUMNS = (
    "kind of deed",
    "spirals that\nhung on it [95%]",
    "deeds\na spiral",
    "hung on\na spiral",
    "median\ndays before",
)


def print_ranking(found: Ranking, job: Job) -> None:
    """Print the ranking as a table, and what it can and cannot say."""
    screen, scenario = Screen(), job.scenario
    if found.nothing is None or found.nothing_before is None:
        came = "The one run did not come" if found.runs == 1 else f"None of the {found.runs:,} runs came"
        screen.say(f"{came} to a {scenario.headline} exchange, so that there is nothing to rank.")
        return
    screen.say(
        f"{found.spirals:,} of {found.runs:,} runs of {scenario.name} came to a {scenario.headline} exchange. Each US "
        "strike, lethal attack, open answer and pressing up to it was taken out by itself, with the same luck in all "
        "else. A spiral hung on a deed if without it the run comes to none by the scenario's end."
    )
    screen.print()
    table = new_table("What the spirals hung on", *COLUMNS, right=COLUMNS[1:])
    for rank in found.ranks:
        table.add_row(*_row(rank, found.spirals))
    screen.print(table)
    screen.say(f"On no single deed before the last step: {share_text(found.nothing_before)} of the spirals.")
    screen.say(
        f"On no single deed at all, not even the last step: {share_text(found.nothing)} (overdetermined)."
    )
    screen.say(
        "Several deeds can each be necessary, so that the shares do not add up to 100%. They are the model's "
        "counterfactuals of spirals that came, and do not say by how much a policy against such deeds would lower "
        "the risk."
    )
    screen.say(
        "Deeds a spiral: the mean number of them up to it; hung on: of those, the mean number without which it does "
        "not come; days before: from such a deed to the spiral."
    )
    if job.parameters != "default":
        screen.say("Intervals are by chance, over draws of the parameters, since runs of a row are alike.")


def _row(rank: Rank, spirals: int) -> tuple[str, ...]:
    lead = "" if rank.lead is None else number_text(rank.lead)
    kind = f"{rank.kind} (the last step)" if rank.last_step else rank.kind
    deeds, pivotal = f"{rank.deeds / spirals:.2f}", f"{rank.hinges / spirals:.2f}"
    return kind, share_text(rank.share), deeds, pivotal, lead


def share_text(share: Estimate) -> str:
    """A share with its interval; where none or all were seen, the bound."""
    if share.seen == 0:
        return f"none (below {percent(share.chance[1])})"
    if share.seen == share.runs:
        return f"all (above {percent(share.chance[0])})"
    return percent_with_chance(share.probability, *share.chance)
