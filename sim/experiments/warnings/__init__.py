"""Which of the things that can be observed foretell a spiral, how often falsely, and how early.

Alarms are chosen on one half of the rows of parameters and judged on the other.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.experiments.analysis import Asked, answer, responses_of
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
from sim.scenario import Scenario
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.store import Analysis, Findings, Work

__all__ = [
    "AHEAD",
    "LEAST_RUNS",
    "MOST_RUNS",
    "RUNS",
    "WarningsError",
    "findings_of",
    "run_warnings",
    "warnings_in_memory",
]

RUNS, AHEAD = 20_000, 30
LEAST_RUNS, MOST_RUNS = 20 * RUNS_PER_ROW, 100_000


class WarningsError(ValueError):
    """Signs cannot be looked for; the message is one line."""


def run_warnings(scenario: Scenario, runs: int, ahead: int, asked: Asked, place: Path) -> Analysis:
    """Weigh signs in a result folder, going on with what is there.

    Raises
    ------
    WarningsError
        When the scenario is too short to look so far ahead.
    StoreError
        When the folder cannot be worked in.
    """
    tasks = _planned(scenario, runs, ahead, asked)

    def make(work: Work) -> Findings:
        return findings_of(responses_of(work, tasks, watch, asked), ahead, scenario.headline)

    identity = {"runs": runs, "ahead": ahead, "every": EVERY, "signs": list(OBSERVABLES)}
    return answer("warnings", scenario, asked, identity, place, make, runs, len(tasks))


def warnings_in_memory(
    scenario: Scenario, asked: Asked, runs: int = RUNS, ahead: int = AHEAD
) -> pd.DataFrame:
    """Weigh signs and keep nothing.

    Returns
    -------
    DataFrame
        One row a sign, see `sim.experiments.warnings.table.sign_table`. `attrs["verdict"]` says what came out.
    """
    if not LEAST_RUNS <= runs <= MOST_RUNS:
        raise WarningsError(f"{runs:,} runs; it must be from {LEAST_RUNS:,} to {MOST_RUNS:,}")
    tasks = _planned(scenario, runs, ahead, asked)
    found = findings_of(np.concatenate([*asked.workers(watch, tasks)]), ahead, scenario.headline)
    table = found.tables["signs"]
    table.attrs["verdict"] = found.estimates["verdict"]
    return table


def _planned(scenario: Scenario, runs: int, ahead: int, asked: Asked) -> list[Watch]:
    """See that there is something to look at, and cut it into tasks."""
    if ahead < 1:
        raise WarningsError(f"{ahead} days; it must be 1 or more")
    days = (scenario.end - scenario.start).days + 1
    if ahead + EVERY > days:
        most = days - EVERY
        said = f"at most {most} days can be looked ahead" if most > 0 else "nothing can be looked ahead"
        raise WarningsError(f"{ahead} days; {scenario.name} lasts {days} days, so that {said}")
    return watches(scenario, runs, ahead, asked.parameters)


def findings_of(records: npt.NDArray[np.void], ahead: int, event: str) -> Findings:
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
    positive = judged.followed(weekly)
    base = share(positive, weekly["row"]) if len(weekly) else None
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
    return _told(plain, signs, judged)


def _told(plain: dict[str, Any], signs: list[Sign], judged: Looks) -> Findings:
    """The tables, and what they say."""
    if not signs:
        empty = pd.DataFrame(columns=["sign", "meaning", "unit", "alarm", "threshold", *UNITS])
        curves = pd.DataFrame(columns=["sign", "threshold", *CURVE_UNITS])
        return Findings(
            plain | {"verdict": verdict([], plain), "silent": []}, {"signs": empty, "curve": curves}
        )
    table, weekly = sign_table(signs, judged), judged.of(WEEKLY)
    records = table.to_dict("records")
    whole, single = signs[0], signs[1]
    assert whole.name == TOGETHER
    gained = dict(zip(("gain", "low", "high"), _gain(whole, single, judged, weekly), strict=True))
    told = plain | {
        "best": single.name,
        "together_over_best": gained,
        "silent": [name for name in OBSERVABLES if name not in {sign.name for sign in signs}],
    }
    return Findings(
        told | {"verdict": verdict(records, told)}, {"signs": table, "curve": curve_table(signs, judged)}
    )


def _gain(
    whole: Sign, single: Sign, judged: Looks, weekly: npt.NDArray[np.void]
) -> tuple[float, float, float]:
    positive = judged.followed(weekly)
    ranks = [ranking(sign.score(weekly), positive, weekly["row"]) for sign in (whole, single)]
    return ranks[0].above(ranks[1])
