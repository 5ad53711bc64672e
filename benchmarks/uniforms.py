"""A run costs at most 5 times its uniforms, and these at most 1.3 times what they cost in C.

Its uniforms are as many as a run draws to an effect (counted, by counting.py), from the same generator, in a
loop of the same kind: compiled by numba, serial, over runs, days and draws. C is philox.c at -O3, which must
give the same sum. Parameters are at their defaults; the time is processor time.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numba
import numpy as np

from benchmarks.measure import ROOT, SCENARIO, Claim, Options, Report, interleave, ratios
from sim.chance import PURPOSES, US, uniform
from sim.runs import Job, make_job, new_tallies, run_blocks
from sim.scenario import load_scenario

RUNS, PAIRS, COUNTED = 100_000, 5, 40
MOST, MOST_OF_C = 5.0, 1.3
PURPOSE = PURPOSES["attacks"]
Draw = Callable[[int, int, int, int, int], float]


@numba.njit(error_model="numpy")
def draw(seed, runs, first, days, a_run):  # type: ignore[no-untyped-def]
    """Sum of `a_run` uniforms for each run, spread evenly over its days."""
    total = 0.0
    for run in range(runs):
        for day in range(days):
            for item in range((day + 1) * a_run // days - day * a_run // days):
                total += uniform(seed, run, first + day, US, PURPOSE, item)
    return total


def measure(options: Options) -> Report:
    report = Report("uniforms")
    runs, pairs = options.runs or RUNS, options.pairs or PAIRS
    job = make_job(load_scenario(SCENARIO), "default")
    counted = count_uniforms(COUNTED)
    a_run = round(counted["used"]["mean"])
    address = (np.uint64(job.random_seed), runs, int(job.segments[-1].timeline["date"][0]), job.days, a_run)
    simulate(job, 1000)
    draw(address[0], 1, *address[2:])
    sums: dict[str, set[float]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        measures = {
            "a run": lambda: processor_time(lambda: simulate(job, runs)),
            "its uniforms": lambda: processor_time(lambda: keep(sums, "numba", draw(*address))),
        }
        for label, drawn in in_c(folder).items():
            measures[f"its uniforms in C, {label}"] = timed_sum(sums, label, drawn, address)
        taken = interleave(pairs, measures)
    for name, seconds in taken.items():
        report.add(name, "µs", [s / runs * 1e6 for s in seconds])
        if name != "a run":
            report.add(f"{name}, each", "ns", [s / runs / a_run * 1e9 for s in seconds])
    over = ratios(taken["a run"], taken["its uniforms"])
    report.add("a run to its uniforms", "ratio", over)
    middle = float(np.median(over))
    report.claims.append(Claim(f"at most {MOST:g} times its uniforms", f"median {middle:.2f}", middle <= MOST))
    report.claims.append(against_c(report, taken, sums))
    report.notes += [describe(counted), f"{runs:,} runs a measure"]
    return report


def count_uniforms(runs: int) -> dict[str, Any]:
    """Count the uniforms of some runs, in a process where the rules are plain Python."""
    command = [sys.executable, "-m", "benchmarks.counting", str(runs)]
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    counted: dict[str, Any] = json.loads(done.stdout)
    return counted


def describe(counted: dict[str, Any]) -> str:
    drawn, used = (f"{counted[k]['mean']:,.0f} ± {counted[k]['error']:.0f}" for k in ("drawn", "used"))
    return f"uniforms of a run: {used} used, of {drawn} drawn (mean ± standard error over {counted['runs']} runs)"


def simulate(job: Job, runs: int) -> None:
    """Simulate and count runs as the command does, on one thread."""
    tallies = new_tallies(job.days)
    for block in run_blocks(job, runs, threads=1):
        tallies.merge(block.tallies)


def processor_time(action: Callable[[], object]) -> float:
    """Processor time of all threads of this process, in seconds: others do not count."""
    began = time.process_time()
    action()
    return time.process_time() - began


def keep(sums: dict[str, set[float]], name: str, total: float) -> None:
    sums.setdefault(name, set()).add(total)


def timed_sum(
    sums: dict[str, set[float]], label: str, drawn: Draw, address: tuple[Any, ...]
) -> Callable[[], float]:
    plain = tuple(map(int, address))
    return lambda: processor_time(lambda: keep(sums, label, drawn(*plain)))


def in_c(folder: Path) -> dict[str, Draw]:
    """The same loop in C, by the compiler's options; nothing where there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    built: dict[str, Draw] = {}
    for flags in (("-O3",), ("-O3", "-march=native")) if compiler else ():
        library = folder / f"philox{len(built)}.so"
        command = [str(compiler), *flags, "-std=c11", "-shared", "-fPIC", "-o", str(library)]
        if subprocess.run([*command, str(ROOT / "benchmarks" / "philox.c")], capture_output=True).returncode:
            continue
        function = ctypes.CDLL(str(library)).draw
        function.argtypes = [ctypes.c_uint64, *[ctypes.c_int64] * 4]
        function.restype = ctypes.c_double
        built[" ".join(flags)] = function
    return built


def against_c(report: Report, taken: dict[str, list[float]], sums: dict[str, set[float]]) -> Claim:
    claim = f"uniforms at most {MOST_OF_C:g} times those of C at -O3"
    labels = [label for label in sums if label != "numba"]
    if "-O3" not in labels:
        return Claim(claim, "skipped: no C compiler", None)
    for label in labels:
        over = ratios(taken["its uniforms"], taken[f"its uniforms in C, {label}"])
        report.add(f"uniforms to those in C, {label}", "ratio", over)
    middle = float(np.median(ratios(taken["its uniforms"], taken["its uniforms in C, -O3"])))
    if len(set.union(*sums.values())) > 1:
        return Claim(claim, f"the sums differ: {sums}", False)
    return Claim(claim, f"median {middle:.2f}, same sum", middle <= MOST_OF_C)
