"""Spiral from Python: the questions of the command line, answered as tables of pandas and kept nowhere.

Every function takes a scenario, or the name or path of one. Tables carry in `attrs["units"]` the unit of each column
that has one. Bad input is a `ScenarioError` or another ValueError with a message of one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any

from sim.engines.job import Parameters
from sim.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.analysis import Asked
    from sim.scenario.sweeping import Design

Given = Scenario | str | PathLike[str]

OUTCOME_UNITS = {
    **dict.fromkeys(("attacks_iraq", "attacks_syria", "attacks_jordan", "avowed"), "attacks"),
    **dict.fromkeys(("wounded", "killed", "alarm_deaths"), "persons"),
    **dict.fromkeys(("strikes_in_iraq", *(f"strikes_level_{level}" for level in range(1, 5))), "strikes"),
    **dict.fromkeys(("longest_quiet",), "days"),
    **dict.fromkeys(("campaign_days", "capacity_days"), "militia-days"),
}
"""Units of the outcome table; a column whose name ends in `_day` counts days from the scenario's start, 0 the first."""


def run(
    scenario: Given, *, runs: int | None = None, parameters: Parameters = "prior", threads: int | None = None
) -> pd.DataFrame:
    """Simulate a scenario.

    Parameters
    ----------
    scenario : Scenario, or the name or path of one
    runs : int, optional
        Histories to simulate; the scenario's number by default.
    parameters : 'prior' or 'default'
    threads : int, optional
        All processors by default; changes no number.

    Returns
    -------
    DataFrame
        One row a run, as described in docs/howto/read-the-outcome-table.md. `attrs["headline"]` holds the estimate of
        the scenario's headline spiral: probability, chance (95%), ignorance (90%, or None), seen, runs.
    """
    import pandas as pd

    from sim.estimates.tables import estimate_event
    from sim.runs import EVENTS, make_job, merged, run_blocks
    from sim.runs.outcomes import outcome_table

    chosen, by_row = scenario_of(scenario), parameters == "prior"
    job, tables, tallies = make_job(chosen, parameters), [], []
    for block in run_blocks(job, runs or chosen.runs, threads, daily=False):
        tables.append(outcome_table(block, chosen, by_row).to_pandas())
        tallies.append(block.tallies)
    table = pd.concat(tables, ignore_index=True)
    days = {name: "days from the start" for name in table if str(name).endswith("_day")}
    table.attrs["units"] = {name: unit for name, unit in OUTCOME_UNITS.items() if name in table} | days
    headline = estimate_event(merged(tallies), EVENTS.index(chosen.headline), -1, by_row, by_row)
    table.attrs["headline"] = {"definition": chosen.headline, **headline.as_dict()}
    return table


def sweep(
    scenario: Given,
    vary: Mapping[str, Any] | None = None,
    *,
    runs: int | None = None,
    design: Design | None = None,
    points: int | None = None,
    parameters: Parameters = "prior",
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
    parameters : 'prior' or 'default'
    threads : int, optional

    Returns
    -------
    DataFrame
        One row a point; see `sim.experiments.sweep.table.sweep_table`.
    """
    from sim.experiments.sweep import plan_sweep, read_levers, sweep_in_memory
    from sim.experiments.sweep.design import lever_of

    levers = [
        read_levers([f"{path}={values}"])[0] if isinstance(values, str) else lever_of(path, values)
        for path, values in (vary or {}).items()
    ]
    plan = plan_sweep(scenario_of(scenario), levers, design, points, runs)
    table: pd.DataFrame = sweep_in_memory(plan, _asked(parameters, threads))
    return table


def compare(
    *scenarios: Given, runs: int = 20_000, parameters: Parameters = "prior", threads: int | None = None
) -> pd.DataFrame:
    """Hold scenarios against the first one, run by run with the same luck.

    Parameters
    ----------
    *scenarios : two or more scenarios, or names or paths of them
    runs : int
        Histories to simulate of each.
    parameters : 'prior' or 'default'
    threads : int, optional

    Returns
    -------
    DataFrame
        One row an outcome of each scenario after the first: both values, their difference and its 95% interval.
    """
    from sim.experiments.compare import compare_in_memory

    chosen = [scenario_of(scenario) for scenario in scenarios]
    table: pd.DataFrame = compare_in_memory(chosen, _asked(parameters, threads), runs)
    return table


def scenario_of(given: Given) -> Scenario:
    """The scenario itself, loaded if it was named."""
    return given if isinstance(given, Scenario) else load_scenario(given)


def _asked(parameters: Parameters, threads: int | None) -> Asked:
    from sim.experiments.analysis import Asked

    return Asked(parameters=parameters, threads=threads)
