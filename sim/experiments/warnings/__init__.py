"""Tell which signs foretell a spiral.

Of the things that can be observed: which best foretell a spiral, how often falsely, how early. Alarms are chosen on one
half of the draws of the parameters and judged on the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.errors import QuestionError
from sim.experiments.warnings.observables import OBSERVABLES
from sim.experiments.warnings.scoring import ranking, share
from sim.experiments.warnings.table import (
    CURVE_UNITS,
    TOGETHER,
    UNITS,
    Looks,
    Sign,
    choose,
    curve_table,
    eve_shares,
    halves,
    sign_table,
)
from sim.experiments.warnings.watching import EVERY, WEEKLY, Watch, watch, watches
from sim.experiments.warnings.words import NO_BORDER, verdict
from sim.outcomes import RUNGS
from sim.pipeline.experiment import Experiment, Finding, Part
from sim.pipeline.options import Whole, option
from sim.pipeline.request import Request
from sim.pipeline.runner import Runner
from sim.simulate.parameter_draws import RUNS_PER_ROW


class Share(Part):
    """A share with its 95% interval."""

    value: float
    low: float
    high: float


class Eve(Part):
    """Of how many spirals, and of which share of them, the evening before was so."""

    share: float | None
    low: float
    high: float
    spirals: int


class RungEve(Part):
    """The same for one rung of the ladder."""

    rung: int
    share: float | None
    low: float
    high: float
    spirals: int


class Gain(Part):
    """By how much all signs together rank evenings better than the best single one, with its 95% interval."""

    gain: float
    low: float
    high: float


class WarningsFinding(Finding):
    """What each sign is worth; see `sim.experiments.warnings.table.sign_table`."""

    definition: str
    ahead: int
    every: int
    evenings: int
    base: Share | None
    eve: list[RungEve]
    sudden: Eve
    best: str | None = None
    together_over_best: Gain | None = None
    silent: list[str]
    verdict: str

    signs: pd.DataFrame
    curve: pd.DataFrame


@dataclass(frozen=True)
class Warnings(Experiment):
    """Runs watched day by day, for what can be seen before a spiral."""

    kind = "warnings"
    finding = WarningsFinding
    choices = ("prior", "default")

    runs: int = option(20_000, Whole(20 * RUNS_PER_ROW, 100_000), help="Histories of the scenario, in all.")
    ahead: int = option(30, Whole(1, 10_000), help="Days within which the spiral comes.", metavar="DAYS")

    @classmethod
    def prepare(cls, request: Request, **options: Any) -> Self:
        """The question that was asked."""
        try:
            return super().prepare(request, **options)
        except QuestionError as error:
            raise QuestionError(f"--ahead: {error}") from error

    def __post_init__(self) -> None:
        """See that there is something to look at."""
        super().__post_init__()
        days = self.scenario.days
        if self.ahead + EVERY > days:
            most = days - EVERY
            said = f"at most {most} days can be looked ahead" if most > 0 else "nothing can be looked ahead"
            raise QuestionError(f"{self.ahead} days; {self.scenario.name} lasts {days} days, so that {said}")

    @cached_property
    def tasks(self) -> list[Watch]:
        """What is simulated."""
        return watches(self.scenario, self.runs, self.ahead, self.parameters)

    @property
    def identity(self) -> Mapping[str, Any]:
        """Size, days ahead, and the signs that are looked at."""
        return {"runs": self.runs, "ahead": self.ahead, "every": EVERY, "signs": list(OBSERVABLES)}

    @property
    def total(self) -> int:
        """Runs that are watched."""
        return self.runs

    @property
    def task_count(self) -> int:
        """Number of tasks."""
        return len(self.tasks)

    def answer(self, runner: Runner) -> WarningsFinding:
        """Watch the runs, and weigh the signs."""
        return findings_of(runner.rows(self.tasks, watch), self.ahead, self.scenario.headline)


def findings_of(records: npt.NDArray[np.void], ahead: int, event: str) -> WarningsFinding:
    """Choose alarms on one half of the rows, and judge them on the other.

    Parameters
    ----------
    records : ndarray of RECORD
    ahead : int
        Days within which the spiral comes.
    event : str
        The spiral that is asked about.
    """
    searched, judged = halves(records, ahead)
    weekly = judged.of(WEEKLY)
    base = share(judged.followed(weekly), weekly["row"]) if len(weekly) else None
    plain: dict[str, Any] = {
        "definition": event,
        "ahead": ahead,
        "every": EVERY,
        "evenings": len(weekly),
        "base": asdict(base) if base else None,
        **eve_shares(Looks(records, ahead), RUNGS, NO_BORDER),
    }
    enough = all(
        half.followed(half.of(WEEKLY)).any() and not half.followed(half.of(WEEKLY)).all()
        for half in (searched, judged)
    )
    signs = choose(searched) if enough else []
    return _told(plain, signs, judged) if signs else _nothing(plain)


def _nothing(plain: dict[str, Any]) -> WarningsFinding:
    """What is said where too few spirals were seen."""
    signs = pd.DataFrame(columns=["sign", "meaning", "unit", "alarm", "threshold", *UNITS])
    curve = pd.DataFrame(columns=["sign", "threshold", *CURVE_UNITS])
    return WarningsFinding(**plain, verdict=verdict([], plain), silent=[], signs=signs, curve=curve)


def _told(plain: dict[str, Any], signs: list[Sign], judged: Looks) -> WarningsFinding:
    """The tables, and what they say."""
    table = sign_table(signs, judged)
    whole, single = signs[0], signs[1]
    assert whole.name == TOGETHER
    told = plain | {"best": single.name}
    return WarningsFinding(
        **told,
        together_over_best=_gain(whole, single, judged),
        silent=[name for name in OBSERVABLES if name not in {sign.name for sign in signs}],
        verdict=verdict(table.to_dict("records"), told),
        signs=table,
        curve=curve_table(signs, judged),
    )


def _gain(whole: Sign, single: Sign, judged: Looks) -> Gain:
    weekly = judged.of(WEEKLY)
    positive = judged.followed(weekly)
    ranks = [ranking(sign.score(weekly), positive, weekly["row"]) for sign in (whole, single)]
    return Gain(**dict(zip(("gain", "low", "high"), ranks[0].above(ranks[1]), strict=True)))
