"""What a plan says, and which plans are refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.failures import BadInput
from sim.scenario import Scenario
from sim.wording import duration_text, points_text, probability_text, size_text

if TYPE_CHECKING:
    from sim.experiments.planning import Plan

MOST_RUNS = 1_000_000_000


def sets_runs(settings: Sequence[str]) -> bool:
    """Whether the number of runs was given on the command line, so that a precision keeps to it."""
    return any(text.partition("=")[0].strip() == "runs" for text in settings)


def refuse_too_many(planned: Plan, settings: Sequence[str]) -> None:
    """Refuse a precision that needs more runs or rows than there can be, unless runs were capped; bad input."""
    if planned.beyond_rows and not sets_runs(settings):
        raise BadInput(
            f"--precision: {planned.precision} takes more than the {planned.most_rows:,} fitted rows of parameters, "
            f"which leave {points_text(planned.half_width)} to either side whatever the runs; ask for a wider one, or "
            "for --parameters prior, whose rows are drawn without end"
        )
    if planned.capped and planned.needed is not None and not sets_runs(settings):
        raise BadInput(
            f"--precision: {planned.precision} needs about {_few_digits(planned.needed)} runs, and at most "
            f"{MOST_RUNS:,} can be simulated; ask for a wider one, or cap the runs with --runs"
        )


def plan_lines(planned: Plan, scenario: Scenario, place: Path) -> list[str]:
    """What a plan says, for people: the question, the runs, and what they cost."""
    found = planned.pilot
    return [
        f"{scenario.name}: {scenario.question}",
        f"pilot of {found.runs:,} runs, not part of any result: {probability_text(found.estimate.as_dict())}",
        _runs(planned),
        _cost(planned, place),
    ]


def _runs(planned: Plan) -> str:
    seen_of = planned.pilot.estimate
    runs = f"{planned.runs:,} run{'' if planned.runs == 1 else 's'}"
    runs += f" ({planned.rows:,} rows of parameters)" if planned.rows > 1 else ""
    width = f"at most {points_text(planned.half_width_at_most)}"
    if 0 < seen_of.seen < seen_of.runs:
        width = f"about {points_text(planned.half_width)} to either side, {width}"
    if planned.precision is None:
        return f"{runs}: {width}"
    wanted = points_text(planned.precision)
    if planned.capped and planned.needed is not None:
        return f"{runs}, as --runs has it: {width}; {wanted} would take {planned.needed:,}"
    return f"{runs} for {wanted} to either side"


def _cost(planned: Plan, place: Path) -> str:
    threads = "1 thread" if planned.threads == 1 else f"{planned.threads} threads"
    free = f"{size_text(planned.free_bytes)} free"
    room = f"{size_text(planned.bytes)} in {place} ({free}{', too little' * (planned.most_bytes > planned.free_bytes)})"
    altered = f"{planned.altered_runs:,} runs of altered worlds included"
    return f"about {duration_text(planned.seconds)} with {threads}; {room}; {altered}"


def _few_digits(count: int) -> str:
    return f"{float(f'{count:.2g}'):,.0f}"
