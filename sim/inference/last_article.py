"""From what was known on 17 November 2023 to what the last article tells: a cut likelihood.

Fitted particles live on along what that article tells: the deaths are imposed, and say nothing (how probable they were
is cut out of the likelihood, and so is that nobody else died); each further fact weighs, given those before it. After
every step the particles that agree with it are resampled, so that rare facts are reached one by one; the product of the
shares that agree is an unbiased estimate of their probability.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.core import advance
from sim.core.chance import ENVIRONMENT, PURPOSES
from sim.core.draws import address_uniform
from sim.core.state import DRIVERS
from sim.inference.article import Seen, Step, Told, facts_up_to, told_of
from sim.inference.filter import systematic
from sim.inference.fitting import CollapseError, Fit, posterior_at, spread_out
from sim.simulate.job import NOTHING, Job, prepare
from sim.simulate.pools import on_threads
from sim.simulate.posterior import STEERED, Posterior

if TYPE_CHECKING:
    import pandas as pd

GROUPS, EACH = 32, 8_000
"""Groups of particles that know nothing of one another, and particles of each."""

FIRST_RUN = 2**47 + 2**43
"""Run numbers from here on are used up; no run that is counted has them."""

RESAMPLING = PURPOSES["resampling"]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Lived:
    """What a group of particles came to.

    Attributes
    ----------
    rows : shape (n,), the row that each particle goes back to
    lineage : shape (n, stages after the fit's), run number of each
    shares : shape (steps,), of particles that agreed with each step, given those before it
    """

    rows: Integers
    lineage: Numbers
    shares: Floats


@dataclass
class _Group:
    """Particles on their way: their worlds, rows of parameters, what they go back to, and what they have seen."""

    worlds: np.ndarray
    at: Integers
    rows: Integers
    lineage: Numbers
    seen: Seen

    def taken(self, index: Integers) -> _Group:
        """Those at an index."""
        return _Group(
            self.worlds[index], self.at[index], self.rows[index], self.lineage[index], self.seen.taken(index)
        )


def live_on(job: Job, end: datetime.date, given: tuple[int, Integers]) -> Lived:
    """Live a group of particles to the end, resampled after every step.

    Parameters
    ----------
    job : Job
        Of one segment, with the fitted rows and their past.
    end : date
        The last day.
    given : tuple
        The group's number, from 0 on, and the row of each of its particles.
    """
    steps, (number, rows) = facts_up_to(end), given
    ends, each, seed, shares = _ends(steps), len(rows), np.uint64(job.random_seed), list[float]()
    worlds, table, at, segment = prepare(job, np.zeros(each, np.uint64), rows)
    group, day = _Group(worlds, at, rows, np.zeros((each, len(ends)), np.uint64), Seen({})), 0
    for stage, last in enumerate(ends):
        runs = np.arange(each, dtype=np.uint64) + np.uint64(FIRST_RUN + (number * len(ends) + stage) * each)
        group.worlds["run"], group.lineage[:, stage] = runs, runs
        days = day, (last - job.scenario.start).days + 1
        advance.advance(
            group.worlds, table, group.at, segment.timeline, segment.setting, seed, *days, *NOTHING
        )
        day, group.seen = days[1], group.seen.with_day(last, np.asarray(group.worlds)["outcome"])
        u = float(address_uniform(seed, runs[0], ENVIRONMENT, RESAMPLING))
        for step in (s for s in steps if s.last == last):
            agree = step.agrees(group.seen)
            shares.append(float(agree.mean()))
            if not agree.any():
                return Lived(rows[:0], group.lineage[:0], np.pad(shares, (0, len(steps) - len(shares))))
            group = group.taken(systematic(agree / agree.sum(), each, u))
    return Lived(group.rows, group.lineage, np.array(shares))


def _ends(steps: tuple[Step, ...]) -> list[datetime.date]:
    """Last day of every stretch that is lived under one run number."""
    return sorted({step.last for step in steps})


def through_last_article(
    fit: Fit, rows: int, threads: int, groups: int = GROUPS, each: int = EACH
) -> tuple[Fit, Posterior, pd.DataFrame]:
    """Take a fit on through what the last article tells.

    Parameters
    ----------
    fit : Fit
        Up to 17 November 2023, of a scenario that has nothing imposed.
    rows : int
        Rows of the posterior.
    threads : int
        It changes no number.
    groups, each : int
        Groups of particles, and particles of each.

    Returns
    -------
    tuple
        The fit with its particles weighed anew; the posterior, whose past reaches to the eve of the last article; and
        one row a step: `fact`, `facts`, `last` (date), `probability` given those before it, and `error`, its standard
        error from the scatter of the groups.

    Raises
    ------
    CollapseError
        When no particle agrees with all steps.
    """
    base = posterior_at(fit, np.arange(len(fit.rows)))
    told = told_of(base)
    segment = replace(fit.problem.segment, timeline=told.timeline)
    job = Job(fit.problem.scenario, (segment,), "posterior", base.random_seed, base, True)
    begun = spread_out(systematic(fit.weights, groups * each, 0.5)).reshape(groups, each)
    lived = [*on_threads(partial(live_on, job, told.end), [*enumerate(begun)], threads)]
    shares = np.array([one.shares for one in lived])
    z, table = shares.prod(1), _step_table(facts_up_to(told.end), shares)
    if not z.any():
        raise CollapseError(_collapsed(table))
    weights = np.repeat(z / z.sum() / each, [len(one.rows) for one in lived])
    of_row = np.concatenate([one.rows for one in lived])
    picked = spread_out(systematic(weights, rows, 0.5))
    lineage = np.concatenate([one.lineage for one in lived])[picked]
    after = _weighed(fit, of_row, weights, z)
    return after, _posterior(base, told, of_row[picked], lineage, after.log_evidence), table


def _weighed(fit: Fit, rows: Integers, weights: Floats, z: Floats) -> Fit:
    """The fit with the weight of every particle that what it came to gives it."""
    found = np.asarray(np.bincount(rows, weights, minlength=len(fit.rows)), np.float64)
    before, after = (1.0 / float((w**2).sum()) for w in (fit.weights, found))
    scatter = float(z.std(ddof=1) / z.mean() / np.sqrt(len(z)))
    return replace(
        fit,
        weights=found,
        effective=fit.effective * min(after / before, 1.0),
        log_evidence=fit.log_evidence + float(np.log(z.mean())),
        log_evidence_error=float(np.hypot(fit.log_evidence_error, scatter)),
    )


def _posterior(
    base: Posterior, told: Told, rows: Integers, lineage: Numbers, log_evidence: float
) -> Posterior:
    days, ends = told.timeline, _ends(facts_up_to(told.end))
    first = (base.days, *((end - base.start).days + 1 for end in ends[:-1]))
    return replace(
        base,
        as_of=told.end,
        stem=base.as_of,
        history=told.checksum,
        orders=told.orders,
        columns={name: values[rows] for name, values in base.columns.items()},
        stages=(*base.stages, *first),
        lineage=np.concatenate([base.lineage[rows], lineage], axis=1),
        drivers={name: [float(x) for x in days[name]] for name in DRIVERS},
        steered={name: [int(x) for x in days[name]] for name in STEERED},
        log_evidence=log_evidence,
    )


def _step_table(steps: tuple[Step, ...], shares: Floats) -> pd.DataFrame:
    import pandas as pd

    rows = []
    reached = np.ones(len(shares))
    for place, step in enumerate(steps):
        mean = float(np.average(shares[:, place], weights=reached)) if reached.any() else 0.0
        spread = np.sqrt(((reached * (shares[:, place] - mean)) ** 2).sum()) / max(
            float(reached.sum()), 1e-300
        )
        rows.append((step.told, " ".join(step.facts), step.last, mean, float(spread)))
        reached = reached * shares[:, place]
    return pd.DataFrame(rows, columns=["fact", "facts", "last", "probability", "error"])


def _collapsed(table: pd.DataFrame) -> str:
    worst = table.sort_values("probability").iloc[0]
    return (
        f"no particle agrees with all that the last article tells; least probable is, by {worst['last']}: "
        f"{worst['fact']} ({worst['probability']:.2g})"
    )
