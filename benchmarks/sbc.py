"""Simulation-based calibration: in fits to simulated records the truth ranks anywhere among the draws (1 in 1,000).

Parameters are drawn from their priors, a world is lived freely by the engine that counts, a record of it is made
through the observation model, and the record is fitted. If the fit is right, each true value has any rank among draws
of the posterior, all ranks alike (Talts et al. 2018); so has what truly happened, and what hangs on the record too
(Modrák et al. 2023). Held against simultaneous bands for the distribution of ranks (Säilynoja et al. 2022).

    python -m benchmarks.sbc [--fits N] [--write] [--broken N]
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.measure import Claim, Options, Report
from benchmarks.ranks import draw, holm, p_value
from benchmarks.sbc_broken import BROKEN
from benchmarks.simulated_records import (
    DAYS,
    ENDS,
    FREE,
    Floats,
    Lived,
    Reduced,
    counted,
    live,
    record_of,
    reduced,
)
from sim.inference.filter import systematic
from sim.inference.fitting import Fit, fit_of
from sim.inference.islands import Island, carry_out_island
from sim.inference.observation import Record
from sim.inference.observation.model import COLUMNS, LAG, Counts, log_likelihoods
from sim.simulate.pools import on_threads

FITS, DRAWS, KEPT, FALSE_ALARM = 500, 15, 200, 0.001
IMAGES = Path(__file__).parent.parent / "docs" / "images"

Ranks = Mapping[str, npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Size:
    """How large a fit is.

    Attributes
    ----------
    particles : of an island
    islands : how many at first, and how many in all where they are worth too few draws
    least : how many independent draws a fit must be worth, to be used
    """

    particles: int
    islands: tuple[int, ...]
    least: float


LARGE, SMALL = Size(400, (2, 8), 60.0), Size(200, (2,), 30.0)

HAPPENED = {
    "attacks, truly": ("attacks_iraq", "attacks_syria", "attacks_jordan"),
    "wounded, truly": ("wounded",),
}
"""What truly happened, and columns of a fit."""


def _struck(record: Record) -> bool:
    return len(record.strikes) > 0


def _died(record: Record) -> bool:
    return any(report.series == "killed" and report.value > 0 for report in record.reports)


def _in_iraq(record: Record) -> bool:
    return any(strike.country == "iraq" and strike.level > 2 for strike in record.strikes)


TURNED: Mapping[str, tuple[str, str, Callable[[Record], bool]]] = {
    "threshold over pressure, by strikes": ("us.threshold_first", "us.pressure_wounded", _struck),
    "intent to kill, by deaths": ("militia.kill_intent", "engagement.gets_through", _died),
    "threshold inside Iraq, by places": ("us.iraq_sensitivity", "us.threshold_first", _in_iraq),
}
"""Ratios and products of two parameters, turned round in some records: a fit that learns nothing where it should is
seen in these."""


def _compound(name: str, columns: Any, i: Any = slice(None)) -> npt.NDArray[np.float64]:
    one, other, _ = TURNED[name]
    first, second = columns[one][i], columns[other][i]
    return np.asarray(first * second if "intent" in name else first / second)


def fitted(problem: Reduced, i: int, size: Size) -> Fit:
    """Fit the record of world `i`, by islands that no other fit has."""
    rows: list[npt.NDArray[np.void]] = []
    for most in size.islands:
        numbers = range(i * size.islands[-1] + len(rows), i * size.islands[-1] + most)
        rows += [carry_out_island(Island(number, problem, size.particles, KEPT)) for number in numbers]
        fit = fit_of(problem, np.concatenate(rows))
        if fit.effective >= size.least:
            break
    return fit


def ranks_of(problem: Reduced, lived: Lived, i: int, size: Size) -> dict[str, int] | None:
    """Rank of each truth of world `i` among draws fitted to its record; None where the fit is worth too few."""
    rng = np.random.default_rng([20231017, i])
    record = record_of(lived, i, rng.random((4, len(ENDS))))
    fit = fitted(problem.of(record), i, size)
    if fit.effective < size.least:
        return None
    rows = fit.rows[systematic(fit.weights, DRAWS, rng.random())]
    ranks = {name: _rank(rows[name], lived.columns[name][i], rng) for name in FREE}
    last = len(fit.counts.at) - 1
    for name, columns in HAPPENED.items():
        truth = sum(lived.days[column][i].sum() for column in columns if column in lived.days)
        ranks[name] = _rank(np.sum([rows[f"{column}_{last}"] for column in columns], axis=0), truth, rng)
    among, true = (
        score_of(fit, values) for values in (replace(fit, rows=rows).counts.values, truth_of(lived, i))
    )
    ranks["fit of the reports"] = _rank(among, true, rng)
    for name, (_, _, turned) in TURNED.items():
        rank = _rank(_compound(name, rows), _compound(name, lived.columns, i), rng)
        ranks[name] = DRAWS - rank if turned(record) else rank
    return ranks


def truth_of(lived: Lived, i: int) -> Floats:
    """What happened in world `i` by the days that are kept, as `Counts` has it, with Jordan in Syria."""
    values = np.zeros((1, len(ENDS), len(COLUMNS)))
    for place, end in enumerate(ENDS):
        for name in ("attacks_iraq", "attacks_syria", "wounded", "killed"):
            values[0, place, COLUMNS.index(name)] = lived.days[name][i, :end].sum()
        seen = counted(lived.days["wounded"][i, :end], lived.columns[LAG][i])
        values[0, place, COLUMNS.index("wounded_seen")] = seen
    return values


def score_of(fit: Fit, values: Floats) -> Floats:
    """Log probability of the reports given what happened; rounded, so that equals are equal."""
    conditioning = fit.problem.conditioning
    counts = Counts(conditioning.start, conditioning.kept, values)
    return np.round(log_likelihoods(conditioning.scored, counts, False).sum(axis=1), 9)


def _rank(draws: npt.NDArray[np.float64], truth: Any, rng: np.random.Generator) -> int:
    """Number of draws below the truth, those equal to it shared out by chance."""
    return int((draws < truth).sum()) + int(rng.integers((draws == truth).sum() + 1))


def ranks_over(fits: int, size: Size = LARGE) -> tuple[Ranks, int]:
    """Ranks of all truths over many fits, each of shape (fits,), and how many fits were left out besides.

    Those are left out that are worth too few draws in the end. That hangs on the record and on the fit's own luck, not
    on the truth beyond its record, and so leaves the ranks of the others uniform.
    """
    problem, tried = reduced(), 0
    found: list[dict[str, int]] = []
    while len(found) < fits:
        more = range(tried, tried + fits - len(found))
        lived = live(problem, more.stop)
        done = on_threads(partial(ranks_of, problem, lived, size=size), more, os.cpu_count() or 1)
        found += [ranks for ranks in done if ranks is not None]
        tried = more.stop
    return {name: np.array([one[name] for one in found], np.int64) for name in found[0]}, tried - fits


def p_values(ranks: Ranks) -> dict[str, float]:
    """P value of each quantity's ranks, adjusted for their number: below `FALSE_ALARM` they are not uniform."""
    return holm({name: p_value(values, DRAWS) for name, values in ranks.items()})


def measure(options: Options) -> Report:
    per_fit = LARGE.islands[0] * LARGE.particles
    return report_of(*ranks_over(max(20, (options.runs or FITS * per_fit) // per_fit)))


def report_of(ranks: Ranks, left_out: int) -> Report:
    report, p = Report("sbc"), p_values(ranks)
    for name, values in ranks.items():
        report.add(f"{name}: mean rank off the middle", "standard errors", [shift(values)])
    report.notes.append(f"{len(ranks[FREE[0]]):,} fits; {left_out} more were worth too few draws")
    found = f"least P value of {len(p)}, adjusted: {min(p.values()):.2g}"
    report.claims.append(Claim("ranks are uniform", found, min(p.values()) > FALSE_ALARM))
    return report


def shift(ranks: npt.NDArray[np.int64]) -> float:
    """By how many standard errors the mean of ranks is off that of uniform ones."""
    deviation = ((DRAWS + 1) ** 2 - 1) / 12
    return float((ranks.mean() - DRAWS / 2) / (deviation / len(ranks)) ** 0.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fits", type=int, default=FITS)
    parser.add_argument("--write", action="store_true", help="write the figure of the documentation")
    parser.add_argument(
        "--broken", type=int, metavar="N", help="also break the fit in each known way, for N fits"
    )
    chosen = parser.parse_args()
    ranks, left_out = ranks_over(chosen.fits)
    print(report_of(ranks, left_out).text(), flush=True)
    if chosen.write:
        title = "Fitted to simulated records, the truth ranks anywhere"
        subtitle = (
            f"{chosen.fits} fits to records of {DAYS} days; in grey where uniform ranks stay, 95% and 99.9%"
        )
        draw(ranks, DRAWS, title, subtitle, IMAGES / "sbc.png")
    for name, broken in BROKEN.items() if chosen.broken else ():
        with broken():
            p = p_values(ranks_over(chosen.broken, SMALL)[0])
        worst = min(p, key=lambda quantity: p[quantity])
        print(
            f"{name}: {'seen' if p[worst] < FALSE_ALARM else 'not seen'} ({worst}, {p[worst]:.2g})",
            flush=True,
        )


if __name__ == "__main__":
    main()
