"""Many runs of one scenario, from Python: what they come to, what averted it, and how its acts hang together."""

from __future__ import annotations

import dataclasses
from os import PathLike
from typing import TYPE_CHECKING

from sim.api.asking import Given, check, job_of, scenario_of, usual
from sim.outcomes import COLUMNS, EVENTS
from sim.pipeline.runner import Execution, Runner
from sim.simulate.job import Parameters

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("spiral", "anyway")
"""Outcomes that make up the headline."""


def run(
    scenario: Given,
    *,
    runs: int | None = None,
    parameters: Parameters | None = None,
    draws: str | PathLike[str] | None = None,
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
    draws : path, optional
        A file of draws of your own, as `--draws` of `spiral run` takes it; `parameters` then says where others come
        from, 'prior' or 'default'.
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

    check(runs=runs, parameters=parameters)
    from sim.estimates.tables import estimate_event
    from sim.simulate import merged, run_blocks
    from sim.simulate.outcome_table import outcome_table

    job = job_of(scenario, parameters, draws)
    tables, tallies = [], []
    chosen, by_row = job.scenario, job.parameters != "default"
    for block in run_blocks(job, runs or chosen.runs, threads, daily=False):
        tables.append(outcome_table(block, chosen, by_row).to_pandas())
        tallies.append(block.tallies)
    table = pd.concat(tables, ignore_index=True)
    table.attrs["units"] = {column.name: column.unit for column in COLUMNS}
    total = merged(tallies)
    total.most_rows = job.most_rows
    found = {
        n: estimate_event(total, EVENTS.index(n), -1, by_row, by_row).as_dict()
        for n in (chosen.headline, *PARTS)
    }
    table.attrs["headline"] = {"definition": chosen.headline, **found[chosen.headline]}
    for name in PARTS:
        table.attrs[name] = found[name]
    return table


def questions(
    scenario: Given,
    *asked: str,
    given: str | None = None,
    against: Given | None = None,
    runs: int | None = None,
    parameters: Parameters | None = None,
    threads: int | None = None,
) -> pd.DataFrame:
    """Answer questions of one's own: whether something comes between two dates.

    Parameters
    ----------
    scenario : Scenario, or the name or path of one
    *asked : str
        Each a question in words, such as `"us killed by 2023-12-31"`, the name of one of the scenario, or the name or
        path of a file of them; the scenario's own where there is none. See docs/reference/questions.md.
    given : str, optional
        A condition: only runs count in which this comes.
    against : Scenario, or the name or path of one, optional
        Of which the same is asked in the same runs.
    runs : int, optional
        Histories to simulate; the scenario's number by default.
    parameters : 'posterior', 'prior' or 'default', optional
        Fitted to the record by default, where they have been for such a scenario; else drawn from their priors.
    threads : int, optional

    Returns
    -------
    DataFrame
        One row a question: `probability` with `low` and `high` (95% by chance) and `unknown_low` and `unknown_high`
        (central 90% over the parameters), `met` of `runs` runs that met its condition, and the `change` in the other
        scenario. `attrs["forecast"]` holds the probability by date as a list of mappings, `attrs["answers"]` all else.
    """
    from sim.experiments.ask import Questions
    from sim.pipeline.answers import in_memory

    check(runs=runs, parameters=parameters)
    chosen = [scenario_of(one) for one in (scenario, against) if one is not None]
    if runs is not None:
        chosen = [one.model_copy(update={"runs": runs}) for one in chosen]
    other = chosen[1] if len(chosen) > 1 else None
    experiment = Questions(
        chosen[0],
        usual(chosen, parameters, scenario, *(() if against is None else (against,))),
        asked,
        given,
        other=other,
    )
    found = in_memory(experiment, Execution(threads))
    table: pd.DataFrame = found.questions
    table.attrs["forecast"] = found.forecast.to_dict("records")
    table.attrs["answers"] = found.estimates["answers"]
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
    check(runs=runs, parameters=parameters)
    from sim.estimates.prevented import prevented_table
    from sim.simulate.prevented import pieces, prevent, sample_of

    chosen = scenario_of(scenario)
    kind = usual([chosen], parameters, scenario)
    rows = Runner(Execution(threads)).each(prevent, pieces(chosen, kind, sample_of(runs, runs)))
    return prevented_table(rows, chosen, kind)


def chains(
    scenario: Given,
    *,
    runs: int = 2_000,
    sample: int | None = None,
    parameters: Parameters | None = None,
    threads: int | None = None,
) -> pd.DataFrame:
    """Search runs for chains of acts that end on the headline spiral, and size the cascades of their first escalatory
    acts.

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

    check(runs=runs, sample=sample, parameters=parameters)
    found = search(job_of(scenario, parameters), runs, sample, threads)
    table = found.by_run
    table.attrs["chain"] = found.chain.as_dict()
    table.attrs["given"] = None if found.given is None else found.given.as_dict()
    table.attrs["cascades"] = {name: dataclasses.asdict(of) for name, of in found.cascades.items()}
    table.attrs["units"] = {"with": "escalatory acts", "without": "escalatory acts", "length": "acts"}
    return table


def feeding(scenario: Given, *, runs: int = 2_000, parameters: Parameters | None = None) -> pd.DataFrame:
    """Tell what escalatory acts bring on, and apart from it what they prevent.

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
        One row a kind of escalatory act; see `by_kind` of `sim.experiments.why.feeding.Feeding`. `attrs["all"]` holds
        excitation, inhibition and the bound of all escalatory acts; None without one.
    """
    import numpy as np

    from sim.experiments.why.feeding import feeding as estimate

    check(runs=runs, parameters=parameters)
    found = estimate(job_of(scenario, parameters), np.arange(runs, dtype=np.uint64))
    whole = found.phases.get("all")
    table = found.by_kind
    table.attrs["all"] = None if whole is None else dataclasses.asdict(whole)
    units = ("excitation", "inhibition")
    table.attrs["units"] = {name: "escalatory acts for each" for name in units} | {"a_run": "acts a run"}
    return table
