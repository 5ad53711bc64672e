"""Spiral from Python: the questions of the command line, answered as tables of pandas and kept nowhere.

Every function takes a scenario, or the name or path of one. Tables carry in `attrs["units"]` the unit of each column
that has one. Bad input is a `ScenarioError` or another ValueError with a message of one line.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import numbers
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal

from sim.outcomes import COLUMNS, EVENTS
from sim.pipeline.answers import in_memory
from sim.pipeline.runner import Execution, Runner
from sim.scenario import Scenario, load_scenario
from sim.simulate.job import Parameters

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.compare import CompareFinding
    from sim.experiments.dilemma import DilemmaFinding
    from sim.experiments.sweep import SweepFinding
    from sim.scenario.sweeping import Design

Given = Scenario | str | PathLike[str]
PARTS = ("spiral", "anyway")
"""Outcomes that make up the headline."""


def run(
    scenario: Given,
    *,
    runs: int | None = None,
    parameters: Parameters | None = None,
    threads: int | None = None,
) -> pd.DataFrame:
    """Simulate a scenario.

    Parameters
    ----------
    scenario : Scenario, or the name or path of one
    runs : int, optional
        Histories to simulate; the scenario's number by default.
    parameters : 'posterior', 'prior' or 'default', optional
        Fitted to the record by default, where they have been for such a scenario; else drawn from their priors.
    threads : int, optional
        All processors by default; changes no number.

    Returns
    -------
    DataFrame
        One row a run, with the columns of docs/reference/outcomes.md. `attrs["headline"]` holds the estimate of
        the scenario's headline spiral: probability, chance (95%), ignorance (90%, or None), seen, runs;
        `attrs["spiral"]` and `attrs["anyway"]` hold the same of its two parts: what comes by reactions, and what would
        have come without the amplifying ones.
    """
    import pandas as pd

    _check(runs=runs, parameters=parameters)
    from sim.estimates.tables import estimate_event
    from sim.simulate import make_job, merged, run_blocks
    from sim.simulate.outcome_table import outcome_table

    chosen = scenario_of(scenario)
    kind = _usual([chosen], parameters)
    job, tables, tallies, by_row = make_job(chosen, kind), [], [], kind != "default"
    for block in run_blocks(job, runs or chosen.runs, threads, daily=False):
        tables.append(outcome_table(block, chosen, by_row).to_pandas())
        tallies.append(block.tallies)
    table = pd.concat(tables, ignore_index=True)
    table.attrs["units"] = {column.name: column.unit for column in COLUMNS}
    total = merged(tallies)
    found = {
        n: estimate_event(total, EVENTS.index(n), -1, by_row, by_row).as_dict()
        for n in (chosen.headline, *PARTS)
    }
    table.attrs["headline"] = {"definition": chosen.headline, **found[chosen.headline]}
    for name in PARTS:
        table.attrs[name] = found[name]
    return table


def prevented(
    scenario: Given,
    *,
    runs: int = 20_000,
    parameters: Parameters | None = None,
    threads: int | None = None,
) -> pd.DataFrame:
    """What restraint averts: the headline, in runs that come to it only without the damping reactions.

    Parameters
    ----------
    scenario : Scenario, or the name or path of one
    runs : int
        Histories that are asked, from the first on; each takes several lives.
    parameters : 'posterior', 'prior' or 'default', optional
        Fitted to the record by default, where they have been for such a scenario; else drawn from their priors.
    threads : int, optional

    Returns
    -------
    DataFrame
        One row for all damping reactions together and for those of each mechanism alone (`mechanism`): `probability`
        with `low` and `high` (95% by chance) and `unknown_low` and `unknown_high` (central 90% over the parameters,
        where they are drawn), `seen` and `runs`.
    """
    _check(runs=runs, parameters=parameters)
    from sim.estimates.prevented import prevented_table
    from sim.simulate.prevented import pieces, prevent, sample_of

    chosen = scenario_of(scenario)
    kind = _usual([chosen], parameters)
    rows = Runner(Execution(threads)).each(prevent, pieces(chosen, kind, sample_of(runs, runs)))
    return prevented_table(rows, chosen, kind)


def sweep(
    scenario: Given,
    vary: Mapping[str, Any] | None = None,
    *,
    runs: int | None = None,
    design: Design | None = None,
    points: int | None = None,
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
    parameters : 'posterior', 'prior' or 'default', optional
        Fitted to the record by default, where they have been for such a scenario; else drawn from their priors.
    threads : int, optional

    Returns
    -------
    DataFrame
        One row a point; see `sim.experiments.sweep.table.sweep_table`.
    """
    from sim.experiments.sweep import Sweep, levers_from

    _check(runs=runs, points=points, design=design, parameters=parameters)
    chosen = scenario_of(scenario)
    asked = Sweep(chosen, "prior", levers_from(vary or {}), runs, design, points, source="vary")
    ends = [asked.made[0].scenario, asked.made[-1].scenario]
    asked = dataclasses.replace(asked, parameters=_usual(ends, parameters))
    found: SweepFinding = in_memory(asked, Execution(threads))
    return found.sweep


def compare(
    scenario: Given,
    *others: Given,
    runs: int = 20_000,
    parameters: Parameters | None = None,
    threads: int | None = None,
) -> pd.DataFrame:
    """Hold scenarios against the first one, run by run with the same luck.

    Parameters
    ----------
    scenario, *others : two or more scenarios, or names or paths of them
    runs : int
        Histories to simulate of each.
    parameters : 'posterior', 'prior' or 'default', optional
        Fitted to the record by default, where they have been for such a scenario; else drawn from their priors.
    threads : int, optional

    Returns
    -------
    DataFrame
        One row an outcome of each scenario after the first: both values, their difference and its 95% interval; see
        `sim.experiments.compare.tables.outcome_table`. `attrs["tips"]`, `attrs["averted"]` and `attrs["assumptions"]`
        hold the other tables as lists of mappings, `attrs["notes"]` what must be known.
    """
    from sim.experiments.compare import Compare

    _check(runs=runs, parameters=parameters)
    first, *more = chosen = [scenario_of(given) for given in (scenario, *others)]
    asked = Compare(first, _usual(chosen, parameters), runs, tuple(more))
    found: CompareFinding = in_memory(asked, Execution(threads))
    table = found.outcomes
    for name in ("tips", "averted", "assumptions"):
        table.attrs[name] = found.tables[name].to_dict("records")
    table.attrs["notes"] = found.notes
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

    _check(runs=runs, points=points, parameters=parameters)
    date = dt.date.fromisoformat(day) if isinstance(day, str) else day
    given = _given(runs=runs, points=points, day=date)
    found: DilemmaFinding = in_memory(Dilemma(scenario_of(scenario), parameters, **given), Execution(threads))
    return found.tables


def sensitivity(
    scenario: Given,
    *,
    method: Literal["sobol", "morris"] = "sobol",
    samples: int | None = None,
    runs: int | None = None,
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
    threads : int, optional

    Returns
    -------
    DataFrame
        One row a factor.
    """
    from sim.experiments.sensitivity import Sensitivity

    _check(method=method, samples=samples, runs=runs)
    asked = Sensitivity(scenario_of(scenario), "prior", method, samples, runs)
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

    _check(rows=rows)
    found = in_memory(Discover(scenario_of(scenario), "prior", **_given(rows=rows)), Execution(threads))
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

    _check(rows=rows, generations=generations, judged=judged)
    given = _given(rows=rows, generations=generations, judged=judged)
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

    _check(runs=runs, ahead=ahead, parameters=parameters)
    given = _given(runs=runs, ahead=ahead)
    found = in_memory(Warnings(scenario_of(scenario), parameters, **given), Execution(threads))
    table: pd.DataFrame = found.signs
    table.attrs["verdict"] = found.verdict
    return table


def chains(
    scenario: Given,
    *,
    runs: int = 2_000,
    sample: int | None = None,
    parameters: Parameters | None = None,
    threads: int | None = None,
) -> pd.DataFrame:
    """Search runs for chains of acts that end on the headline spiral, and size the cascades of their first severe acts.

    Parameters
    ----------
    scenario : Scenario, or the name or path of one
    runs : int
        Histories to simulate.
    sample : int, optional
        Most runs to search for chains, among those that spiral; 300 by default.
    parameters : 'posterior', 'prior' or 'default', optional
        Fitted to the record by default, where they have been for such a scenario; else drawn from their priors.
    threads : int, optional

    Returns
    -------
    DataFrame
        One row a run; see `by_run` of `sim.experiments.why.chains.Chains`. `attrs["chain"]` holds the probability of a
        spiral at the end of a chain (probability, chance), `attrs["given"]` that of a chain given a spiral, and
        `attrs["cascades"]` the sizes of cascades.
    """
    from sim.experiments.why.chains import chains as search
    from sim.simulate.job import make_job

    _check(runs=runs, sample=sample, parameters=parameters)
    chosen = scenario_of(scenario)
    job = make_job(chosen, _usual([chosen], parameters))
    found = search(job, runs, threads=threads, **_given(sample=sample))
    table = found.by_run
    table.attrs["chain"] = found.chain.as_dict()
    table.attrs["given"] = None if found.given is None else found.given.as_dict()
    table.attrs["cascades"] = {name: dataclasses.asdict(of) for name, of in found.cascades.items()}
    table.attrs["units"] = {"with": "severe acts", "without": "severe acts", "length": "acts"}
    return table


def feeding(scenario: Given, *, runs: int = 2_000, parameters: Parameters | None = None) -> pd.DataFrame:
    """Tell what severe acts bring on, and apart from it what they prevent.

    Parameters
    ----------
    scenario : Scenario, or the name or path of one
    runs : int
        Histories to simulate.
    parameters : 'posterior', 'prior' or 'default', optional
        Fitted to the record by default, where they have been for such a scenario; else drawn from their priors.

    Returns
    -------
    DataFrame
        One row a kind of severe act; see `by_kind` of `sim.experiments.why.feeding.Feeding`. `attrs["all"]` holds
        excitation, inhibition and the bound of all severe acts; None without one.
    """
    import numpy as np

    from sim.experiments.why.feeding import feeding as estimate
    from sim.simulate.job import make_job

    _check(runs=runs, parameters=parameters)
    chosen = scenario_of(scenario)
    job = make_job(chosen, _usual([chosen], parameters))
    found = estimate(job, np.arange(runs, dtype=np.uint64))
    whole = found.phases.get("all")
    table = found.by_kind
    table.attrs["all"] = None if whole is None else dataclasses.asdict(whole)
    units = ("excitation", "inhibition")
    table.attrs["units"] = {name: "severe acts for each" for name in units} | {"a_run": "acts a run"}
    return table


CHOICES = {
    "parameters": ("posterior", "last-article", "prior", "default"),
    "design": ("grid", "lhs", "sobol"),
    "method": ("sobol", "morris"),
}


def _check(**given: Any) -> None:
    """Refuse what is no choice, and what is no whole number from 1 on; None stands for what is usual.

    Raises
    ------
    ValueError
        With a message of one line.
    """
    for name, value in given.items():
        if value is None:
            continue
        if name in CHOICES:
            if value not in CHOICES[name]:
                raise ValueError(f"{name} = {value!r}: must be one of {', '.join(CHOICES[name])}")
        elif isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < 1:
            raise ValueError(f"{name} = {value!r}: must be a whole number from 1 on")


def scenario_of(given: Given) -> Scenario:
    """The scenario itself, loaded if it was named."""
    return given if isinstance(given, Scenario) else load_scenario(given)


def _usual(scenarios: Sequence[Scenario], parameters: Parameters | None) -> Parameters:
    """As given, else fitted where they have been for all of these scenarios."""
    from sim.simulate.job import NoPosterior, check_posteriors

    if parameters in ("prior", "default"):
        return parameters
    try:
        check_posteriors(scenarios, parameters or "posterior")
    except NoPosterior:
        if parameters is None:
            return "prior"
        raise
    return parameters or "posterior"


def _given(**options: Any) -> dict[str, Any]:
    """Options that were given: the others stay as the experiment has them."""
    return {name: value for name, value in options.items() if value is not None}
