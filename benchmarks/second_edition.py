"""What the second edition of the model was to mend, measured: `python -m benchmarks.second_edition`.

Beside it stands what was measured of the first edition, by the same definitions, on its own posterior; that one is
no more, so that those numbers are quoted. Writes `results/second-edition.csv`, or a file that is named.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.core import advance
from sim.scenario import load_scenario
from sim.simulate.job import NOTHING, Parameters, make_job, prepare
from sim.wording import percent

RUNS, FORTNIGHT = 20_000, 14
FIRST_EDITION = {
    "direct exchanges on a day on which somebody is killed": 0.86,
    "direct exchanges with neither a strike of level 2 or more nor a death in the 30 days before": 0.62,
    "direct within 14 days of a first killing of 1": 0.14,
    "direct within 14 days of a first killing of 2": 0.30,
    "direct within 14 days of a first killing of 3 or 4": 0.52,
    "direct within 14 days of a first killing of 10 or more": 0.84,
    "runs with a strike of level 3 or more and nobody killed in the fortnight before": 0.43,
    "runs with a day of 30 or more wounded": 0.78,
    "pauses of 60 days that end": 0.35,
    "share of all level-4 strikes in the top 7.5% of spiralling runs": 0.84,
}


class Lived:
    """Runs day by day: what was done on each, shape (days, runs)."""

    def __init__(self, parameters: Parameters, runs: int = RUNS) -> None:
        job = make_job(load_scenario("october-2023"), parameters)
        worlds, table, rows, segment = prepare(job, np.arange(runs, dtype=np.uint64))
        seen: dict[str, list[Any]] = {
            n: [] for n in ("killed", "wounded", "attacked", "level", "avowed", "paused")
        }
        for day in range(len(segment.timeline)):
            seed = np.uint64(job.random_seed)
            advance.advance(
                worlds, table, rows, segment.timeline, segment.setting, seed, day, day + 1, *NOTHING
            )
            events = worlds["today"]
            for name in ("killed", "wounded"):
                seen[name].append(events[name].astype(np.int16))
            seen["attacked"].append(events["attacks"] + events["avowed"] > 0)
            seen["level"].append(worlds["us"]["level"].astype(np.int8))
            seen["avowed"].append(events["avowed"] > 0)
            seen["paused"].append(worlds["pause"]["by"] > 0)
        self.killed, self.wounded, self.attacked, self.level, self.avowed, self.paused = map(
            np.array, seen.values()
        )
        self.days, self.runs = self.killed.shape
        direct = (self.level == 4) | self.avowed
        self.direct_day = np.where(direct.any(0), direct.argmax(0), self.days)


def measured(of: Lived) -> Iterator[tuple[str, float]]:
    """All measures, by name."""
    came = np.flatnonzero(of.direct_day < of.days)
    at = of.direct_day[came]
    yield "direct exchanges on a day on which somebody is killed", float((of.killed[at, came] > 0).mean())
    calm = [not _moved(of, int(day), int(run)) for day, run in zip(at, came, strict=True)]
    name = "direct exchanges with neither a strike of level 2 or more nor a death in the 30 days before"
    yield name, float(np.mean(calm))
    first = np.where((of.killed > 0).any(0), (of.killed > 0).argmax(0), of.days)
    dead = of.killed[np.minimum(first, of.days - 1), np.arange(of.runs)]
    known = (first < of.days - FORTNIGHT) & (of.direct_day >= first)
    for label, low, high in (("1", 1, 1), ("2", 2, 2), ("3 or 4", 3, 4), ("10 or more", 10, 999)):
        which = known & (dead >= low) & (dead <= high)
        share = float((of.direct_day[which] - first[which] <= FORTNIGHT).mean()) if which.any() else np.nan
        yield f"direct within 14 days of a first killing of {label}", share
    yield "runs with a strike of level 3 or more and nobody killed in the fortnight before", _unprovoked(of)
    yield "runs with a day of 30 or more wounded", float((of.wounded >= 30).any(0).mean())
    ended = list(_long_pauses(of))
    yield "pauses of 60 days that end", float(np.mean(ended))
    strikes = np.sort((of.level == 4).sum(0)[came])[::-1]
    top = strikes[: max(1, round(0.075 * len(strikes)))].sum()
    yield (
        "share of all level-4 strikes in the top 7.5% of spiralling runs",
        float(top / max(1, strikes.sum())),
    )
    yield "most days from the last attack to a strike", float(_latest(of))
    killed = np.sort(of.killed.sum(0, dtype=np.int64))[::-1]
    yield "share of all killed in the top 1% of runs", float(killed[: of.runs // 100].sum() / killed.sum())
    yield "runs paused for 60 days or more", float(len({run for run in _paused_runs(of)}) / of.runs)


def _moved(of: Lived, day: int, run: int) -> bool:
    before = slice(max(0, day - 30), day)
    return bool((of.level[before, run] >= 2).any() or (of.killed[before, run] > 0).any())


def _unprovoked(of: Lived) -> float:
    found = np.zeros(of.runs, bool)
    for day in range(of.days):
        dead = of.killed[max(0, day - FORTNIGHT) : day + 1].sum(0)
        found |= (of.level[day] >= 3) & (dead == 0)
    return float(found.mean())


def _pauses(of: Lived) -> Iterator[tuple[int, int, int]]:
    """Run, first day and end of every pause."""
    edges = np.diff(np.pad(of.paused.astype(np.int8), ((1, 1), (0, 0))), axis=0)
    for run in range(of.runs):
        begun, ended = np.flatnonzero(edges[:, run] == 1), np.flatnonzero(edges[:, run] == -1)
        for start, end in zip(begun, ended, strict=True):
            yield run, int(start), int(end)


def _long_pauses(of: Lived) -> Iterator[bool]:
    for _, start, end in _pauses(of):
        if end - start >= 60:
            yield end < of.days


def _paused_runs(of: Lived) -> Iterator[int]:
    for run, start, end in _pauses(of):
        if end - start >= 60:
            yield run


def _latest(of: Lived) -> int:
    last, most = np.full(of.runs, -1_000), 0
    for day in range(of.days):
        last[of.attacked[day]] = day
        struck = of.level[day] > 0
        most = max([most, *(day - last[struck])])
    return most


def main(place: str = "results/second-edition.csv") -> None:
    """Measure runs from the posterior and from the prior, print the table and write it."""
    kinds: tuple[Parameters, ...] = ("posterior", "prior")
    found = {str(kind): dict(measured(Lived(kind))) for kind in kinds}
    table = pd.DataFrame({"first edition": FIRST_EDITION, **found}).reindex(found["posterior"])
    table.index.name = "measure"
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(place, float_format="%.3g")
    print("| measured | first edition | posterior | prior |", "| --- | --- | --- | --- |", sep="\n")
    for name, row in table.iterrows():
        print(f"| {name} | {' | '.join(_told(str(name), value) for value in row)} |")


def _told(name: str, value: float) -> str:
    if np.isnan(value):
        return ""
    return f"{value:.0f}" if name.startswith("most days") else percent(value)


if __name__ == "__main__":
    main(*sys.argv[1:])
