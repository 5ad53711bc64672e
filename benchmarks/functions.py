"""The functions of our own: how far from the true value, and how long a value takes, beside those of the C library.

The error is the largest that was found, in units of the last place, against mpmath with 110 bits; points are those of
the tests: half even in the range, in the other half a logarithm is, and the hard ones. Lanes are a loop over 16 numbers
in a record, as the engine has them, over records that fit the nearest cache; one by one, each is added to a sum, which
keeps the compiler from taking several at once. The quantile is compared with scipy's.

    python -m benchmarks.functions [--points N] [--pairs P] [--write]
"""

from __future__ import annotations

import argparse
import ctypes
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numba
import numpy as np
from numba.extending import get_cython_function_address

from benchmarks.measure import ROOT, Claim, Options, Report, interleave, machine, ratios
from tests.core.sums import LANES, RECORD, in_lanes, points
from tests.core.test_functions import CASES, units_off

PAGE = ROOT / "docs" / "explanation" / "functions.md"
BEGINS, ENDS = "<!-- measured -->", "<!-- end -->"
POINTS, PAIRS, TIMED, ROUNDS = 20_000, 21, 1024, 40
MOST, MOST_OF_LIBM = 1.0, 1.3
NAMES = {"e": "exp", "l": "log", "n": "standard_normal"}
_ndtri: Any = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(
    get_cython_function_address("scipy.special.cython_special", "ndtri")
)


@numba.njit(error_model="numpy")
def _ndtri_of(u):  # type: ignore[no-untyped-def]
    return _ndtri(u)


@numba.njit(error_model="numpy")
def _exp_of(x):  # type: ignore[no-untyped-def]
    return math.exp(x)


@numba.njit(error_model="numpy")
def _log_of(x):  # type: ignore[no-untyped-def]
    return math.log(x)


THEIRS = {"e": _exp_of, "l": _log_of, "n": _ndtri_of}
RANGES = {"e": (-5.0, 5.0), "l": (1e-3, 10.0), "n": (0.0, 1.0)}
"""Where it is timed: such numbers as the engine has."""


def one_by_one(function: Callable[..., Any]) -> Callable[..., float]:
    @numba.njit(error_model="numpy")
    def total(x):  # type: ignore[no-untyped-def]
        result = 0.0
        for i in range(x.size):
            result += function(x[i])
        return result

    return total  # type: ignore[no-any-return]


@dataclass
class Timed:
    """A call that works out `TIMED` values, `ROUNDS` times over."""

    call: Callable[[], object]

    def nanoseconds(self) -> float:
        began = time.process_time_ns()
        for _ in range(ROUNDS):
            self.call()
        return (time.process_time_ns() - began) / ROUNDS / TIMED


def largest_errors(which: str, count: int) -> tuple[float, float, int]:
    """Largest error found of ours and of theirs, and at how many points."""
    _, truth, hard, (least, most), _ = CASES[which]
    x = np.concatenate([points(which, count), hard()])
    x = x[(x > least) & (x < most)]
    x = x[: x.size // LANES * LANES]
    records = np.zeros(x.size // LANES, RECORD)
    records["x"] = x.reshape(-1, LANES)
    in_lanes(CASES[which][0])(records)
    with mpmath.workprec(110):
        true = [truth(a) for a in x.tolist()]
        ours = units_off(records["y"].ravel(), true)
        theirs = units_off(np.array([THEIRS[which](a) for a in x]), true)
    return float(ours.max()), float(theirs.max()), x.size


def times(which: str, pairs: int) -> dict[str, list[float]]:
    """Nanoseconds a value, one by one and in lanes, of ours and of theirs."""
    x = np.random.default_rng(7).uniform(*RANGES[which], TIMED)
    records = np.zeros(TIMED // LANES, RECORD)
    records["x"] = x.reshape(-1, LANES)
    calls: dict[str, Callable[[], object]] = {}
    for name, function in (("ours", CASES[which][0]), ("theirs", THEIRS[which])):
        lanes, single = in_lanes(function), one_by_one(function)
        calls[f"{name}, in lanes"] = lambda f=lanes: f(records)  # type: ignore[misc]
        calls[f"{name}, one by one"] = lambda f=single: f(x)  # type: ignore[misc]
    for call in calls.values():
        call()
    return interleave(pairs, {name: Timed(call).nanoseconds for name, call in calls.items()})


def measure(options: Options) -> Report:
    report = Report("functions")
    worst, ratio = 0.0, 0.0
    for which, name in NAMES.items():
        ours, theirs, count = largest_errors(which, options.runs or POINTS)
        report.add(f"{name}: largest error of {count:,}", "units", [ours])
        report.add(f"{name}: the same, theirs", "units", [theirs])
        taken = times(which, options.pairs or PAIRS)
        for what, values in taken.items():
            report.add(f"{name}: {what}", "ns", values)
        worst = max(worst, ours)
        if which == "e":
            ratio = statistics.median(ratios(taken["ours, one by one"], taken["theirs, one by one"]))
    report.claims += [
        Claim("within a unit of the last place", f"largest {worst:.3f}", worst <= MOST),
        Claim(f"exp one by one at most {MOST_OF_LIBM:g} times libm's", f"{ratio:.2f}", ratio <= MOST_OF_LIBM),
    ]
    return report


def table(report: Report) -> str:
    """The report as the page has it: a row a function."""
    found = [(row.what, statistics.median(row.values)) for row in report.rows]
    lines = [
        "| | points | largest error | theirs | in lanes, ns | theirs | one by one, ns | theirs |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for n, name in enumerate(NAMES.values()):
        (what, ours), (_, theirs), *times = found[6 * n : 6 * n + 6]
        lanes, single, their_lanes, their_single = (f"{value:.2f}" for _, value in times)
        count = what.rpartition(" ")[2]
        lines.append(
            f"| `{name}` | {count} | {ours:.3f} | {theirs:.3f} | {lanes} | {their_lanes} | {single} | {their_single} |"
        )
    where = machine()
    return "\n".join([*lines, "", f"{where['date']}, {where['processor']}, numba {where['numba']}."])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument(
        "--write", action="store_true", help="write the table into the page of the documentation"
    )
    chosen = parser.parse_args()
    report = measure(Options(chosen.points, chosen.pairs))
    print(report.text())
    if chosen.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGINS)
        after = rest.partition(ENDS)[2]
        PAGE.write_text(f"{before}{BEGINS}\n{table(report)}\n{ENDS}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
