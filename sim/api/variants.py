"""One scenario varied or held against others, from Python: the same runs, with the same luck, in every one."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.api.asking import Given, check, given_of, scenario_of, usual
from sim.pipeline.answers import in_memory
from sim.pipeline.runner import Execution
from sim.simulate.job import Parameters

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.compare import CompareFinding
    from sim.experiments.dilemma import DilemmaFinding
    from sim.experiments.sweep import SweepFinding
    from sim.scenario.sweeping import Design


def sweep(
    scenario: Given,
    vary: Mapping[str, Any] | None = None,
    *,
    runs: int | None = None,
    design: Design | None = None,
    points: int | None = None,
    outcome: str | None = None,
    parameters: Parameters | None = None,
    threads: int | None = None,
) -> pd.DataFrame:
    """Vary numbers of a scenario: the same runs, with the same luck, at every point.

    Parameters
    ----------
    scenario : Scenario, or the name or path of one
    vary : mapping, optional
        By path or parameter name: a list of values, or a mapping of from, to and points, or text as for `--vary`, such
        as `"-2:2:9"`. By default the scenario's own sweep.
    runs : int, optional
        Histories at each point; 2,000 by default.
    design : 'grid', 'lhs' or 'sobol'
    points : int, optional
        How many, of lhs and sobol.
    outcome : str, optional
        A question in words, or the name of one, that is asked besides: columns `outcome` and what goes with it.
    parameters : 'posterior', 'prior' or 'default', optional
        Fitted to the record by default, where they have been for such a scenario; else drawn from their priors.
    threads : int, optional

    Returns
    -------
    DataFrame
        One row a point; see `sim.experiments.sweep.table.sweep_table`.
    """
    from sim.experiments.sweep import Sweep, levers_from

    check(runs=runs, points=points, design=design, parameters=parameters)
    chosen = scenario_of(scenario)
    asked = Sweep(chosen, "prior", levers_from(vary or {}), runs, design, points, outcome, source="vary")
    ends = [asked.made[0].scenario, asked.made[-1].scenario]
    asked = dataclasses.replace(asked, parameters=usual(ends, parameters, scenario))
    found: SweepFinding = in_memory(asked, Execution(threads))
    return found.sweep


def compare(
    scenario: Given,
    *others: Given,
    runs: int = 20_000,
    outcome: str | None = None,
    parameters: Parameters | None = None,
    threads: int | None = None,
) -> pd.DataFrame:
    """Hold scenarios against the first one, run by run with the same luck.

    Parameters
    ----------
    scenario, *others : two or more scenarios, or names or paths of them
    runs : int
        Histories to simulate of each.
    outcome : str, optional
        A question in words, or the name of one, that is asked besides.
    parameters : 'posterior', 'prior' or 'default', optional
        Fitted to the record by default, where they have been for such a scenario; else drawn from their priors.
    threads : int, optional

    Returns
    -------
    DataFrame
        One row an outcome of each scenario after the first: both values, their difference and its 95% interval; see
        `sim.experiments.compare.tables.outcome_table`. `attrs["tips"]`, `attrs["averted"]` and `attrs["assumptions"]`
        hold the other tables as lists of mappings, `attrs["notes"]` what must be known, `attrs["asked"]` what the
        question came to.
    """
    from sim.experiments.compare import Compare

    check(runs=runs, parameters=parameters)
    first, *more = chosen = [scenario_of(given) for given in (scenario, *others)]
    asked = Compare(first, usual(chosen, parameters, scenario, *others), runs, tuple(more), outcome=outcome)
    found: CompareFinding = in_memory(asked, Execution(threads))
    table = found.outcomes
    for name in ("tips", "averted", "assumptions"):
        table.attrs[name] = found.tables[name].to_dict("records")
    table.attrs["notes"] = found.notes
    if found.asked is not None:
        table.attrs["asked"] = found.asked.to_dict("records")
    return table


def dilemma(
    scenario: Given,
    *,
    runs: int | None = None,
    points: int | None = None,
    day: dt.date | str | None = None,
    parameters: Parameters = "prior",
    threads: int | None = None,
) -> dict[str, pd.DataFrame]:
    """From never answering to answering everything: the risk of a spiral, and what is suffered meanwhile.

    Parameters
    ----------
    scenario : Scenario, or the name or path of one
    runs, points : int, optional
        Histories at each point, and values of readiness and of ceiling.
    day : date or text such as 2023-11-20, optional
        Of the forced strike.
    parameters : 'prior' or 'default'
    threads : int, optional

    Returns
    -------
    dict of DataFrame
        `curve`, `shapes`, `draws`, `where`, `response` and `response_summary`; see the modules of
        `sim.experiments.dilemma`.
    """
    from sim.experiments.dilemma import Dilemma

    check(runs=runs, points=points, parameters=parameters)
    date = dt.date.fromisoformat(day) if isinstance(day, str) else day
    given = given_of(runs=runs, points=points, day=date)
    found: DilemmaFinding = in_memory(Dilemma(scenario_of(scenario), parameters, **given), Execution(threads))
    return found.tables
