"""What the last article tells of the days after a fit: deaths, which are imposed, and facts that weigh.

Three killed at Tower 22 on 28 January 2024, strikes on militias in answer that spared Iran's commanders, a lull, and
attacks again in July that hurt nobody.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.core.state import FREE
from sim.inference.events import COMMANDER, DATES, FEW, JULY, PAUSE_ENDS
from sim.outcomes import OUTCOMES
from sim.paths import data_folder
from sim.scenario import load_scenario
from sim.simulate.job import make_job
from sim.simulate.posterior import ORDERED, STEERED, Posterior, checksum_of_orders
from sim.simulate.timeline import TIMELINE_EPOCH

HISTORY = "july-2024.yaml"
"""The scenario whose past is what the articles tell: its drivers, its deaths, its last day."""

EVE = DATES[0]  # of the deaths
LULL = tuple(datetime.date(2024, month, 8) for month in range(3, 8))
"""Days within the lull after which particles are resampled: a rare lull is reached month by month."""

COUNTED = ("attacks", "wounded", "strikes_level_3", "strikes_level_4", "avowed")
"""Outcomes by which facts are known."""

Integers = npt.NDArray[np.int64]
Agree = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Seen:
    """How much of `COUNTED` had happened by some days; each of shape (n,)."""

    by: Mapping[datetime.date, Mapping[str, Integers]]

    def with_day(self, day: datetime.date, outcome: np.ndarray) -> Seen:
        """The same with one day more, from records of outcomes."""
        return Seen({**self.by, day: {name: OUTCOMES[name].of(outcome).astype(np.int64) for name in COUNTED}})

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
    agrees: Callable[[Seen], Agree]


def _no_war(seen: Seen, last: datetime.date) -> Agree:
    return (seen.by[last]["strikes_level_4"] == 0) & (seen.by[last]["avowed"] == 0)


def _quiet(last: datetime.date) -> Step:
    return Step(
        f"a lull: at most {FEW} attacks from 8 February on, and no strike on Iran nor answer that it avows",
        ("lull-after-strikes", "six-months-calm", "attacks-resume-16-july"),
        last,
        lambda s: _no_war(s, last) & (s.since("attacks", COMMANDER, last) <= FEW),
    )


def facts_up_to(end: datetime.date) -> tuple[Step, ...]:
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
            lambda s: (
                (s.since("strikes_level_3", EVE, COMMANDER) > 0) & (s.by[COMMANDER]["strikes_level_4"] == 0)
            ),
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
