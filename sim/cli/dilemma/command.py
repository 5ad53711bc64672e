"""The command that draws both halves of Washington's dilemma."""

from __future__ import annotations

from sim.cli.analysing import Common, agree_to, asked, begin, conclude, number_of
from sim.cli.failures import BadInput


def dilemma_command(
    name: str, common: Common, *, runs: str | None, points: str | None, day: str | None
) -> None:
    """Draw the dilemma, or go on with it, and print what came out."""
    from sim.cli.dilemma.report import tell
    from sim.experiments.dilemma import POINTS, RUNS, DilemmaError, plan_dilemma, run_dilemma
    from sim.experiments.dilemma.plan import LEAST_RUNS, MOST_POINTS, read_day

    scenario, place = begin(name, "dilemma", common)
    each = number_of("--runs", runs, RUNS, least=LEAST_RUNS)
    values = number_of("--points", points, POINTS, least=3, most=MOST_POINTS)
    try:
        plan = plan_dilemma(scenario, each, values, None if day is None else read_day(day))
    except DilemmaError as error:
        raise BadInput(str(error)) from error
    if not agree_to(plan.total, "The dilemma", common):
        return
    with asked(common) as how:
        analysis = run_dilemma(plan, how, place)
    conclude(analysis, common, tell)
