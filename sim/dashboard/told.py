"""Counts made into what a page says: the answer in the words of the terminal, and curves by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.dashboard.counting import Total, in_order
from sim.estimates.by_row import Mean, bounded_difference
from sim.estimates.intervals import prior_range
from sim.estimates.prevented import averted as estimate_averted
from sim.estimates.tables import estimate_event
from sim.experiments.run import FIRST, FURTHER, Run
from sim.experiments.run.finding import Prevented, RunFinding, RunHeadline
from sim.outcomes import EVENTS
from sim.pipeline.parts import Probability
from sim.report.terminal.reactions import headline_lines
from sim.scenario.imposed import imposed_spirals
from sim.simulate import Tallies
from sim.simulate.basis import basis_of
from sim.simulate.job import Job
from sim.simulate.prevented import ALL
from sim.wording import change_with_chance, parameters_text

EVERY = 7
"""Days from one point of a first answer's curve to the next."""


@dataclass(frozen=True)
class Told:
    """An answer.

    Attributes
    ----------
    runs : runs that it was told from
    warnings : what must be known before the numbers are read: in what the scenario is not what was fitted
    rows_told : draws of the parameters among them
    lines : the answer in words
    finding : the same in numbers; of a first answer no more than `lines` need
    risk : the headline by day: date, probability, low and high (95% by chance), unknown_low and unknown_high
    whole : whether the finding has all its tables
    """

    runs: int
    rows_told: int
    warnings: tuple[str, ...]
    lines: tuple[str, ...]
    finding: RunFinding
    risk: pd.DataFrame
    whole: bool


def first_told(job: Job, total: Total) -> Told:
    """A first answer, from few runs: the headline, its two parts, and its curve, a point a week."""
    tallies = total.first
    assert tallies is not None
    tallies.most_rows = _most_rows(job)
    drawn, headline = job.parameters != "default", job.scenario.headline
    found = {
        name: Probability.of(estimate_event(tallies, EVENTS.index(name), -1, drawn, drawn))
        for name in (headline, "spiral", "anyway")
    }
    whole = found[headline].model_dump()
    known: dict[str, Any] = {
        "headline": RunHeadline(
            definition=headline,
            **whole,
            couplings_off=None,
            same_runs=whole["probability"],
            ignorance_share=None,
        ),
        "spiral": found["spiral"],
        "anyway": found["anyway"],
        "prevented": _prevented(job, total) if total.averted else None,
    }
    finding = RunFinding.model_construct(**known)
    days = np.unique(np.append(np.arange(0, job.days, EVERY), job.days - 1))
    return Told(
        tallies.runs,
        len(in_order(total.rows)),
        _warnings(job),
        lines_of(finding, job),
        finding,
        _risk(tallies, job, days),
        False,
    )


def told(job: Job, total: Total, altered: Mapping[str, Tallies] | None = None) -> Told:
    """An answer with all its tables, as `spiral run` concludes it from as many runs, beside altered worlds if any."""
    parts = {FIRST: total.first, FURTHER: total.further}
    counted = {name: tallies for name, tallies in parts.items() if tallies is not None} | dict(altered or {})
    runs = total.runs
    scenario = job.scenario.model_copy(update={"runs": runs})
    averted = _prevented(job, total).model_dump() if total.averted else None
    finding = Run(scenario, job.parameters).conclude(counted, averted)
    table = finding.incidence
    risk = _seen(table[table["event"] == scenario.headline].drop(columns="event").reset_index(drop=True))
    return Told(runs, len(in_order(total.rows)), _warnings(job), lines_of(finding, job), finding, risk, True)


def _warnings(job: Job) -> tuple[str, ...]:
    return tuple(str(line) for line in basis_of(job.scenario, job.parameters)["told"])


def lines_of(finding: RunFinding, job: Job) -> tuple[str, ...]:
    """The answer in words; of a headline that the scenario imposes, what imposes it."""
    scenario, fit = job.scenario, job.posterior
    if (imposed := imposed_spirals(scenario).get(scenario.headline)) is not None:
        return (f"The {scenario.headline} exchange is {imposed}: it has no probability.",)
    known = None if fit is None else fit.known_until
    drawn = parameters_text(job.parameters, bool(scenario.priors), known)
    return tuple(headline_lines(finding, scenario, drawn))


def change_text(rows: npt.NDArray[np.void], pinned: npt.NDArray[np.void], headline: str, drawn: bool) -> str:
    """What a setting changes of the headline and of its two parts, with the same runs of another, in words."""
    few = min(len(rows), len(pinned))
    parts = [
        f"{label} {_signed(change_of(rows[:few], pinned[:few], name, drawn))}"
        for name, label in ((headline, "in all"), ("spiral", "spiral"), ("anyway", "anyway"))
    ]
    runs = int(rows[:few]["runs"].sum())
    return f"{'; '.join(parts)} points, 95% by chance, with the same {runs:,} runs and the same luck"


def change_of(rows: npt.NDArray[np.void], pinned: npt.NDArray[np.void], name: str, drawn: bool) -> Mean:
    """How much more often an event comes than in a pinned setting with the same runs."""
    return bounded_difference(rows, pinned, name, drawn)


def _signed(change: Mean) -> str:
    return change_with_chance(change.value, change.low, change.high)


def _prevented(job: Job, total: Total) -> Prevented:
    found = estimate_averted(in_order(total.averted), ALL, job.parameters != "default", _most_rows(job))
    return Prevented(runs=found.runs, in_all=Probability.of(found), by_mechanism={})


def _most_rows(job: Job) -> int | None:
    return None if job.posterior is None else job.posterior.rows


def _risk(tallies: Tallies, job: Job, days: npt.NDArray[np.intp]) -> pd.DataFrame:
    """The curve of the headline, on some days."""
    event, drawn = EVENTS.index(job.scenario.headline), job.parameters != "default"
    dates = pd.date_range(pd.Timestamp(job.scenario.start), periods=job.days, freq="D")[days]
    found = [estimate_event(tallies, event, int(day), drawn) for day in days]
    table = pd.DataFrame({"date": dates, "probability": [one.probability for one in found]})
    table["low"], table["high"] = [one.chance[0] for one in found], [one.chance[1] for one in found]
    unknown = np.full((len(days), 2), np.nan)
    if drawn and tallies.rows[event, 0].sum() > 1:
        unknown = np.maximum.accumulate(prior_range(tallies.rows[event, days]), axis=0)
    table["unknown_low"], table["unknown_high"] = unknown[:, 0], unknown[:, 1]
    return _seen(table)


def _seen(table: pd.DataFrame) -> pd.DataFrame:
    """The curve without intervals of days by which nothing was seen: their bound is one of so many runs alone."""
    ends = ["low", "high", "unknown_low", "unknown_high"]
    table.loc[table["probability"] == 0.0, ends] = np.nan
    return table
