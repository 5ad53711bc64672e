"""The command that searches for policies that hold up whatever the world is like."""

from __future__ import annotations

from sim.cli.analysing import Common, agree_to, asked, begin, conclude, number_of
from sim.cli.failures import Failed

MOST_ROWS = 100_000
MOST_GENERATIONS = 10_000


def policy_command(
    name: str, common: Common, *, rows: str | None, generations: str | None, judged: str | None
) -> None:
    """Search for policies and judge them, or go on with it, and print what came out."""
    scenario, place = begin(name, "policy", common)
    from sim.cli.policy.report import tell
    from sim.experiments.policy import Plan, SearchMissing, require_library, run_policy

    plan = Plan(
        scenario,
        number_of("--rows", rows, Plan.rows, least=2, most=MOST_ROWS),
        number_of("--generations", generations, Plan.generations, most=MOST_GENERATIONS),
        number_of("--judged", judged, Plan.judged, least=8, most=MOST_ROWS),
    )
    try:
        require_library()
        if not agree_to(plan.total, "the search and the judging", common):
            return
        with asked(common) as how:
            analysis = run_policy(plan, how, place)
    except SearchMissing as error:
        raise Failed(str(error)) from error
    conclude(analysis, common, tell)
