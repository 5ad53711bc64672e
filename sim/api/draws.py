"""What hangs on the parameters, from Python: questions over many draws of them from their priors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sim.api.asking import Given, check, given_of, in_python, scenario_of
from sim.pipeline.answers import in_memory
from sim.pipeline.runner import Execution
from sim.simulate.job import Parameters

if TYPE_CHECKING:
    import pandas as pd


def sensitivity(
    scenario: Given,
    *,
    method: Literal["sobol", "morris"] = "sobol",
    samples: int | None = None,
    runs: int | None = None,
    outcome: str | None = None,
    threads: int | None = None,
) -> pd.DataFrame:
    """Tell how much of the answer rests on each parameter.

    Parameters
    ----------
    scenario : Scenario, or the name or path of one
    method : 'sobol' (shares of variance) or 'morris' (a cheaper ranking)
    samples : int, optional
        Base samples of Sobol's method (a power of two), or Morris's trajectories.
    runs : int, optional
        Histories for each row of parameters.
    outcome : str, optional
        A question in words, or the name of one, that takes the headline's place.
    threads : int, optional

    Returns
    -------
    DataFrame
        One row a factor.
    """
    from sim.experiments.sensitivity import Sensitivity

    check(method=method, samples=samples, runs=runs)
    with in_python():
        asked = Sensitivity(scenario_of(scenario), "prior", method, samples, runs, outcome)
        found = in_memory(asked, Execution(threads))
    table: pd.DataFrame = found.tables["indices" if method == "sobol" else "effects"]
    table.attrs["estimates"] = found.estimates
    return table


def discover(scenario: Given, *, rows: int | None = None, threads: int | None = None) -> pd.DataFrame:
    """Find the boxes of conditions in which spirals gather; needs the extra `discovery`.

    Parameters
    ----------
    scenario : Scenario, or the name or path of one
    rows : int, optional
        Rows of parameters to draw from the prior.
    threads : int, optional

    Returns
    -------
    DataFrame
        One row a box; `attrs["finding"]` says what came out.
    """
    from sim.experiments.discover import Discover

    check(rows=rows)
    found = in_memory(Discover(scenario_of(scenario), "prior", **given_of(rows=rows)), Execution(threads))
    table: pd.DataFrame = found.box_table
    table.attrs |= {name: found.tables[name].to_dict("records") for name in ("limits", "trajectory")}
    table.attrs["finding"] = found.finding
    return table


def policy(
    scenario: Given,
    *,
    rows: int | None = None,
    generations: int | None = None,
    judged: int | None = None,
    threads: int | None = None,
) -> dict[str, pd.DataFrame]:
    """Search Washington's and Baghdad's levers for policies that hold up; needs the extra `policy`.

    Parameters
    ----------
    scenario : Scenario, or the name or path of one
    rows : int, optional
        Rows of parameters that a policy is tried under.
    generations : int, optional
        Generations of the search.
    judged : int, optional
        Fresh rows that policies are judged on.
    threads : int, optional

    Returns
    -------
    dict of DataFrame
        See `sim.experiments.policy.findings`.
    """
    from sim.experiments.policy import PolicySearch

    check(rows=rows, generations=generations, judged=judged)
    given = given_of(rows=rows, generations=generations, judged=judged)
    found = in_memory(PolicySearch(scenario_of(scenario), "prior", **given), Execution(threads))
    tables: dict[str, pd.DataFrame] = found.tables
    return tables


def warnings(
    scenario: Given,
    *,
    runs: int | None = None,
    ahead: int | None = None,
    parameters: Parameters = "prior",
    threads: int | None = None,
) -> pd.DataFrame:
    """Tell which of the things that can be observed best foretell a spiral.

    Parameters
    ----------
    scenario : Scenario, or the name or path of one
    runs : int, optional
        Histories to simulate.
    ahead : int, optional
        Days within which the spiral comes.
    parameters : 'prior' or 'default'
    threads : int, optional

    Returns
    -------
    DataFrame
        One row a sign; `attrs["verdict"]` says what came out.
    """
    from sim.experiments.warnings import Warnings

    check(runs=runs, ahead=ahead, parameters=parameters)
    given = given_of(runs=runs, ahead=ahead)
    found = in_memory(Warnings(scenario_of(scenario), parameters, **given), Execution(threads))
    table: pd.DataFrame = found.signs
    table.attrs["verdict"] = found.verdict
    return table
