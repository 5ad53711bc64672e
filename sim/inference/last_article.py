"""From what was known on 17 November 2023 to what the last article tells: a cut likelihood.

The article tells of three killed at Tower 22 on 28 January 2024, of strikes on militias in answer that spared Iran's
commanders, of a lull, and of attacks again in July that hurt nobody. Fitted particles live on along that: the deaths
are imposed, and say nothing (how probable they were is cut out of the likelihood, and so is that nobody else died);
each further fact weighs, given those before it. After every step the particles that agree with it are resampled, so
that rare facts are reached one by one; the product of the shares that agree is an unbiased estimate of their
probability.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.core import advance
from sim.core.chance import ENVIRONMENT, PURPOSES
from sim.core.draws import address_uniform
from sim.core.state import DRIVERS, FREE
from sim.inference.events import COMMANDER, DATES, FEW, JULY, PAUSE_ENDS
from sim.inference.filter import systematic
from sim.inference.fitting import CollapseError, Fit, posterior_at, spread_out
from sim.paths import data_folder
from sim.scenario import load_scenario
from sim.simulate.job import NOTHING, Job, make_job, prepare
from sim.simulate.pools import on_threads
from sim.simulate.posterior import ORDERED, STEERED, Posterior, checksum_of_orders
from sim.simulate.timeline import TIMELINE_EPOCH

if TYPE_CHECKING:
    import pandas as pd

HISTORY = "july-2024.yaml"
"""The scenario whose past is what the articles tell: its drivers, its deaths, its last day."""

GROUPS, EACH = 32, 8_000
"""Groups of particles that know nothing of one another, and particles of each."""

FIRST_RUN = 2**47 + 2**43
"""Run numbers from here on are used up; no run that is counted has them."""

EVE = DATES[0]  # of the deaths
LULL = tuple(datetime.date(2024, month, 8) for month in range(3, 8))
"""Days within the lull after which particles are resampled: a rare lull is reached month by month."""

RESAMPLING = PURPOSES["resampling"]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Seen:
    """What had happened by some days, by name; each of shape (n,)."""

    by: Mapping[datetime.date, Mapping[str, Integers]]

    def since(self, name: str, first: datetime.date, last: datetime.date) -> Integers:
        """How often something happened after one day, up to another."""
        return self.by[last][name] - self.by[first][name]

    def taken(self, index: Integers) -> Seen:
        """The same of some particles."""
        return Seen({day: {n: x[index] for n, x in counts.items()} for day, counts in self.by.items()})


@dataclass(frozen=True)
class Step:
    """A fact that weighs: what it says, by which day it is known, and which particles agree."""

    told: str
    facts: tuple[str, ...]
    last: datetime.date
    agrees: Callable[[Seen], npt.NDArray[np.bool_]]


def _no_war(seen: Seen, last: datetime.date) -> npt.NDArray[np.bool_]:
    return (seen.by[last]["level_4"] == 0) & (seen.by[last]["avowed"] == 0)


def _quiet(last: datetime.date) -> Step:
    return Step(
        f"a lull: at most {FEW} attacks from 8 February on, and no strike on Iran nor answer that it avows",
        ("lull-after-strikes", "six-months-calm", "attacks-resume-16-july"),
        last,
        lambda s: _no_war(s, last) & (s.since("attacks", COMMANDER, last) <= FEW),
    )


def _steps(end: datetime.date) -> tuple[Step, ...]:
    """Facts in the order of their days, up to the last day of the past."""
    return (
        Step(
            "no strike on Iran, and no attack that it avows, before the deaths",
            ("irgc-commanders-avoided",),
            EVE,
            lambda s: _no_war(s, EVE),
        ),
        Step(
            "a strike of level 3 in answer to the deaths, and none of level 4",
            ("strikes-after-tower-22", "commander-killed-7-feb", "irgc-commanders-avoided"),
            COMMANDER,
            lambda s: (s.since("level_3", EVE, COMMANDER) > 0) & (s.by[COMMANDER]["level_4"] == 0),
        ),
        Step(
            "no attack that Iran avows",
            ("irgc-commanders-avoided",),
            COMMANDER,
            lambda s: _no_war(s, COMMANDER),
        ),
        *(_quiet(day) for day in (*LULL, PAUSE_ENDS)),
        Step(
            "attacks again from 16 July on",
            ("attacks-resume-16-july", "attack-25-july", "attack-26-july"),
            JULY,
            lambda s: _no_war(s, JULY) & (s.since("attacks", PAUSE_ENDS, JULY) > 0),
        ),
        Step(
            "and nobody hurt by them",
            ("no-injuries-july",),
            JULY,
            lambda s: s.since("wounded", PAUSE_ENDS, JULY) == 0,
        ),
        Step("and no strike on Iran, nor answer that it avows, since", (), end, lambda s: _no_war(s, end)),
    )


@dataclass(frozen=True)
class Told:
    """What the last article's history imposes on the days after a fit's as-of date.

    Attributes
    ----------
    timeline : records of DAY from the fit's first day on: deaths as told, all else free
    orders : as of `sim.simulate.posterior.Fit`
    checksum : of the history as the scenario has it, on the days after the as-of date
    """

    timeline: np.ndarray
    orders: tuple[tuple[int, ...], ...]
    checksum: str

    @property
    def end(self) -> datetime.date:
        """The last day."""
        return TIMELINE_EPOCH + datetime.timedelta(days=int(self.timeline["date"][-1]))


def told_of(base: Posterior) -> Told:
    """What is imposed after the as-of date of a fit: deaths as they are told, and no other."""
    past = load_scenario(data_folder("scenarios") / HISTORY).past
    assert past is not None
    history = make_job(past).segments[-1].timeline
    lethal = [
        (int(day), int(militia), *(int(history["orders"][name][day, militia]) for name in ORDERED))
        for day, militia in zip(*np.nonzero(history["orders"]["killed"] > 0), strict=True)
        if day >= base.days
    ]
    return Told(_free(history, base, tuple(lethal)), tuple(lethal), checksum_of_orders(history[base.days :]))


def _free(history: np.ndarray, base: Posterior, orders: tuple[tuple[int, ...], ...]) -> np.ndarray:
    """The history's days, on which nobody dies but as told; nothing else is imposed than what the fit was led along."""
    days = history.copy()
    for name in ("level", "place"):
        days[name][base.days :] = FREE
    later = {name: [int(x) for x in days[name][base.days :]] for name in STEERED}
    steered = {name: [*base.steered[name], *later[name]] for name in STEERED}
    end = base.start + datetime.timedelta(days=len(days) - 1)
    return replace(base, as_of=end, orders=orders, steered=steered).led(days)


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
    lineage: npt.NDArray[np.uint64]
    shares: Floats


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
    assert job.posterior is not None
    base, steps, (group, rows) = job.posterior, _steps(end), given
    stages, each = _stages(base, steps), len(rows)
    worlds, table, at, segment = prepare(job, np.zeros(each, np.uint64), rows)
    seed, seen, shares = np.uint64(job.random_seed), Seen({}), []
    lineage = np.zeros((each, len(stages)), np.uint64)
    day = 0
    for stage, (_, last) in enumerate(stages):
        runs = np.arange(each, dtype=np.uint64) + np.uint64(FIRST_RUN + (group * len(stages) + stage) * each)
        worlds["run"], lineage[:, stage] = runs, runs
        stop = (last - base.start).days + 1
        advance.advance(worlds, table, at, segment.timeline, segment.setting, seed, day, stop, *NOTHING)
        day, seen = stop, Seen({**seen.by, last: _counts(worlds)})
        u = address_uniform(seed, runs[0], ENVIRONMENT, RESAMPLING)
        for step in (s for s in steps if s.last == last):
            agree = step.agrees(seen)
            shares.append(float(agree.mean()))
            if not agree.any():
                return Lived(rows[:0], lineage[:0], np.array([*shares, *[0.0] * (len(steps) - len(shares))]))
            index = systematic(agree / agree.sum(), each, float(u))
            worlds, at, rows = worlds[index], at[index], rows[index]
            lineage, seen = lineage[index], seen.taken(index)
    return Lived(rows, lineage, np.array(shares))


def _stages(base: Posterior, steps: tuple[Step, ...]) -> list[tuple[datetime.date, datetime.date]]:
    """First and last day of every stretch that is lived under one run number."""
    ends = sorted({step.last for step in steps})
    starts = [
        base.as_of + datetime.timedelta(days=1),
        *(end + datetime.timedelta(days=1) for end in ends[:-1]),
    ]
    return [*zip(starts, ends, strict=True)]


def _counts(worlds: np.ndarray) -> dict[str, Integers]:
    outcome = np.asarray(worlds)["outcome"]
    return {
        "attacks": (outcome["attacks_iraq"] + outcome["attacks_syria"] + outcome["attacks_jordan"]).astype(
            np.int64
        ),
        "wounded": outcome["wounded"].astype(np.int64),
        "level_3": outcome["strikes"][:, 3].astype(np.int64),
        "level_4": outcome["strikes"][:, 4].astype(np.int64),
        "avowed": outcome["avowed"].astype(np.int64),
    }


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
    z = shares.prod(1)
    table = _step_table(_steps(told.end), shares)
    if not z.any():
        raise CollapseError(_collapsed(table))
    came = [len(one.rows) for one in lived]
    weights = np.repeat(z / z.sum() / each, came)
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
    base: Posterior, told: Told, rows: Integers, lineage: npt.NDArray[np.uint64], log_evidence: float
) -> Posterior:
    days = told.timeline
    first = [(start - base.start).days for start, _ in _stages(base, _steps(told.end))]
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
