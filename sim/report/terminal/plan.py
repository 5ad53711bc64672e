"""What a plan says: the question, its runs, and what they cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiments.run.sizing import RunCost
from sim.wording import duration_text, points_text, probability_text, size_text

if TYPE_CHECKING:
    from sim.pipeline.cost import Cost
    from sim.pipeline.experiment import Experiment


def cautions_of(experiment: Experiment) -> list[str]:
    """What the scenarios that are asked about say before any answer, each once."""
    asked = getattr(experiment, "scenarios", (experiment.scenario,))
    return list(dict.fromkeys(one.caution for one in asked if one.caution))


def plan_lines(experiment: Experiment, cost: Cost, place: Path) -> list[str]:
    """What a plan says, for people."""
    question = [*cautions_of(experiment), f"{experiment.scenario.name}: {experiment.scenario.question}"]
    if not isinstance(cost, RunCost):
        runs = f"{cost.runs:,} runs in {cost.tasks:,} task{'' if cost.tasks == 1 else 's'}"
        return [*question, f"{experiment.title}: {runs}", _cost(cost, place)]
    found = cost.pilot
    return [
        *question,
        f"pilot of {found.runs:,} runs, not part of any result: {probability_text(found.estimate.as_dict())}",
        _runs(cost),
        f"{_cost(cost, place)}; {cost.altered_runs:,} runs of altered worlds and {cost.lives:,} lives of a "
        "sample included",
    ]


def _runs(cost: RunCost) -> str:
    seen_of = cost.pilot.estimate
    runs = f"{cost.own_runs:,} run{'' if cost.own_runs == 1 else 's'}"
    runs += f" ({cost.rows:,} draws of the parameters)" if cost.rows > 1 else ""
    width = f"at most {points_text(cost.half_width_at_most)}"
    if 0 < seen_of.seen < seen_of.runs:
        width = f"about {points_text(cost.half_width)} to either side, {width}"
    if cost.precision is None:
        return f"{runs}: {width}"
    wanted = points_text(cost.precision)
    if cost.capped and cost.needed is not None:
        return f"{runs}, as --runs has it: {width}; {wanted} would take {cost.needed:,}"
    return f"{runs} for {wanted} to either side"


def _cost(cost: Cost, place: Path) -> str:
    threads = "1 thread" if cost.threads == 1 else f"{cost.threads} threads"
    free = f"{size_text(cost.free_bytes)} free"
    room = f"{size_text(cost.bytes)} in {place} ({free}{'' if cost.has_room else ', too little'})"
    return f"about {duration_text(cost.seconds)} with {threads}; {room}"
