"""A run costs at most 5 times its uniforms, and these at most 1.3 times what they cost in C.

Its uniforms are as many as a run draws to an effect (counted, by counting.py), from the same generator, in a
loop of the same kind: compiled by numba, serial, over runs, days and draws. C is philox.c at -O3, which must
give the same sum. Parameters are at their defaults; the time is processor time. A run includes its counting
into the daily tables. Shown too is a loop in which all draws of a day are one actor's: its blocks have parts in
common, and the compiler works these out once, which makes it cheaper than what the simulator has to draw.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numba
import numpy as np

from benchmarks.measure import ROOT, SCENARIO, Claim, Options, Report, interleave, ratios
from sim.core.chance import PURPOSES, US, uniform
from sim.scenario import load_scenario
from sim.simulate import Job, make_job, new_tallies, run_blocks

RUNS, PAIRS, COUNTED = 100_000, 5, 40
MOST, MOST_OF_C = 5.0, 1.3
PURPOSE = PURPOSES["attacks"]
RUN, MANY, ONE, C = "a run", "its uniforms", "as many for one actor", "its uniforms in C"


@numba.njit(error_model="numpy")
def draw_for_many(seed, runs, first, days, a_run):  # type: ignore[no-untyped-def]
    """Sum of `a_run` uniforms for each run, spread evenly over its days, each of a day for another actor."""
    total = 0.0
    for run in range(runs):
        for day in range(days):
            for actor in range((day + 1) * a_run // days - day * a_run // days):
                total += uniform(seed, run, first + day, actor, PURPOSE, 0)
    return total


@numba.njit(error_model="numpy")
def draw_for_one(seed, runs, first, days, a_run):  # type: ignore[no-untyped-def]
    """The same for a single actor: the compiler then takes over an eighth of the work out of the inner loop."""
    total = 0.0
    for run in range(runs):
        for day in range(days):
            for item in range((day + 1) * a_run // days - day * a_run // days):
                total += uniform(seed, run, first + day, US, PURPOSE, item)
    return total


@dataclass
class Loop:
    """A loop of uniforms at addresses given once, its time to be measured; remembers what it summed to."""

    draw: Callable[..., float]
    addresses: tuple[Any, ...]
    sums: set[float] = field(default_factory=set)

    def seconds(self) -> float:
        return processor_time(lambda: self.sums.add(self.draw(*self.addresses)))


def measure(options: Options) -> Report:
    report = Report("uniforms")
    runs, pairs = options.runs or RUNS, options.pairs or PAIRS
    job = make_job(load_scenario(SCENARIO), "default")
    counted = count_uniforms(COUNTED)
    a_run = round(counted["used"]["mean"])
    first = int(job.segments[-1].timeline["date"][0])
    simulate(job, 1000)
    for draw in (draw_for_many, draw_for_one):
        draw(np.uint64(job.random_seed), 1, first, job.days, a_run)
    with tempfile.TemporaryDirectory() as folder:
        draws: dict[str, Callable[..., float]] = {
            MANY: draw_for_many,
            ONE: draw_for_one,
            **in_c(Path(folder)),
        }
        addresses = (np.uint64(job.random_seed), runs, first, job.days, a_run)
        loops = {name: Loop(draw, addresses) for name, draw in draws.items()}
        measures = {name: loop.seconds for name, loop in loops.items()}
        taken = interleave(pairs, {RUN: lambda: processor_time(lambda: simulate(job, runs)), **measures})
    report.notes += [describe(counted), f"{runs:,} runs a measure"]
    report.add(RUN, "µs", [s / runs * 1e6 for s in taken[RUN]])
    for name in loops:
        report.add(name, "µs", [s / runs * 1e6 for s in taken[name]])
        report.add(f"{name}, each", "ns", [s / runs / a_run * 1e9 for s in taken[name]])
    for above, below in [(RUN, MANY), (RUN, ONE), *((MANY, name) for name in loops if name.startswith(C))]:
        report.add(f"{above} to {below}", "ratio", ratios(taken[above], taken[below]))
    middle = statistics.median(ratios(taken[RUN], taken[MANY]))
    report.claims += [
        Claim(f"at most {MOST:g} times its uniforms", f"median {middle:.2f}", middle <= MOST),
        against_c(taken, loops),
    ]
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


def in_c(folder: Path) -> dict[str, Callable[..., float]]:
    """The same loop in C, by the compiler's options; nothing where there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    built: dict[str, Callable[..., float]] = {}
    for flags in (("-O3",), ("-O3", "-march=native")) if compiler else ():
        library = folder / f"philox{len(built)}.so"
        command = [str(compiler), *flags, "-std=c11", "-shared", "-fPIC", "-o", str(library)]
        if subprocess.run([*command, str(ROOT / "benchmarks" / "philox.c")], capture_output=True).returncode:
            continue
        function = ctypes.CDLL(str(library)).draw
        function.argtypes = [ctypes.c_uint64, *[ctypes.c_int64] * 4]
        function.restype = ctypes.c_double
        built[f"{C} {' '.join(flags)}"] = lambda seed, *rest, f=function: f(int(seed), *rest)
    return built


def against_c(taken: dict[str, list[float]], loops: dict[str, Loop]) -> Claim:
    claim, name = f"uniforms at most {MOST_OF_C:g} times those of C at -O3", f"{C} -O3"
    if name not in loops:
        return Claim(claim, "skipped: no C compiler that works", None)
    sums = set.union(*(loop.sums for key, loop in loops.items() if key != ONE))
    if len(sums) > 1:
        return Claim(claim, f"the sums differ: {sorted(sums)}", False)
    middle = statistics.median(ratios(taken[MANY], taken[name]))
    return Claim(claim, f"median {middle:.2f}, same sum", middle <= MOST_OF_C)
