"""A sweep of 500 points of 2,000 runs goes at 85% of the bare engine's rate or more.

Wall time of the whole sweep - checking it, every point, its rows kept in parts, the table with intervals, all but the
figure - against the engine simulating as many runs of as many points on as many threads, and keeping nothing. In turn,
so that other work on the machine falls on both alike.
"""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.measure import SCENARIO, Claim, Options, Report, interleave, ratios
from sim.experiments.sweep import Sweep
from sim.pipeline.answers import carry_out
from sim.pipeline.runner import Execution
from sim.scenario import load_scenario
from sim.simulate.job import Job, make_job, simulate
from sim.simulate.pools import on_threads

POINTS, RUNS, PAIRS, THREADS = 500, 2_000, 3, 2
LEAST = 0.85


def measure(options: Options) -> Report:
    report = Report("sweep")
    points = POINTS if options.runs is None else max(2, options.runs // RUNS)
    sweep = asked(f"us.readiness=-2:2:{points}", RUNS)
    bare(asked("us.readiness=0,1", 500))
    taken = interleave(options.pairs or PAIRS, {"bare": partial(bare, sweep), "sweep": partial(swept, sweep)})
    report.add("the bare engine", "s", taken["bare"])
    report.add("the sweep", "s", taken["sweep"])
    rates = ratios(taken["bare"], taken["sweep"])
    report.add("rate of the sweep over that of the engine", "ratio", rates)
    middle, enough = float(np.median(rates)), (os.cpu_count() or 1) >= THREADS
    report.claims.append(
        Claim(
            f"a sweep at {LEAST:.0%} of the engine's rate or more",
            f"median {middle:.1%}",
            middle >= LEAST if enough else None,
        )
    )
    report.notes.append(f"{points:,} points of {RUNS:,} runs of {SCENARIO}, {THREADS} threads")
    return report


def asked(vary: str, runs: int) -> Sweep:
    """A sweep over values of one lever."""
    return Sweep(load_scenario(SCENARIO), "prior", (vary,), runs)


def bare(sweep: Sweep) -> float:
    """Wall time of the engine alone: every point's runs, counted by nobody."""
    jobs = [make_job(point.scenario, sweep.parameters) for point in sweep.made]
    runs, began = np.arange(sweep.each, dtype=np.uint64), time.perf_counter()

    def work(job: Job) -> None:
        simulate(job, runs)

    for _ in on_threads(work, jobs, THREADS):
        pass
    return time.perf_counter() - began


def swept(sweep: Sweep) -> float:
    """Wall time of the whole sweep on two threads: its levers are read and its points made anew."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        carry_out(replace(sweep), Path(folder) / "out", Execution(threads=THREADS))
        return time.perf_counter() - began
