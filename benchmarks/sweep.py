"""A sweep of 500 points of 2,000 runs goes at 85% of the bare engine's rate or more.

Wall time of the whole sweep - checking it, every point, its rows kept in parts, the table with intervals, all but the
figure - against the engine simulating as many runs of as many points on as many threads, and keeping nothing. In turn,
so that other work on the machine falls on both alike.
"""

from __future__ import annotations

import os
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.measure import SCENARIO, Claim, Options, Report, interleave, ratios
from sim.experiments.analysis import Asked
from sim.experiments.sweep import Plan, plan_sweep, read_levers, run_sweep
from sim.experiments.sweep.design import points_of
from sim.scenario import load_scenario
from sim.simulate.job import Job, make_job, simulate
from sim.simulate.pools import on_threads

POINTS, RUNS, PAIRS, THREADS = 500, 2_000, 3, 2
LEAST = 0.85


def measure(options: Options) -> Report:
    report = Report("sweep")
    points = POINTS if options.runs is None else max(2, options.runs // RUNS)
    plan = plan_sweep(load_scenario(SCENARIO), read_levers([f"us.readiness=-2:2:{points}"]), runs=RUNS)
    bare(plan_sweep(plan.scenario, read_levers(["us.readiness=0,1"]), runs=500))
    taken = interleave(options.pairs or PAIRS, {"bare": partial(bare, plan), "sweep": partial(swept, plan)})
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


def bare(plan: Plan) -> float:
    """Wall time of the engine alone: every point's runs, counted by nobody."""
    jobs = [make_job(point.scenario) for point in points_of(plan.scenario, plan.levers, plan.values)]
    runs, began = np.arange(plan.runs, dtype=np.uint64), time.perf_counter()

    def work(job: Job) -> None:
        simulate(job, runs)

    for _ in on_threads(work, jobs, THREADS):
        pass
    return time.perf_counter() - began


def swept(plan: Plan) -> float:
    """Wall time of the whole sweep on two threads."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        run_sweep(plan, Asked(threads=THREADS), Path(folder) / "out")
        return time.perf_counter() - began
