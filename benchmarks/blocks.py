"""Keeping a job block by block costs under 10% of the bare engine's time, through a cluster of two workers under 25%.

Wall time of one whole job - its runs, the altered worlds, every file but the figures - against the engine simulating
the same runs of the same worlds in the same blocks on as many threads, and keeping nothing. The cluster's time includes
starting its two processes. In turn, so that other work on the machine falls on all three alike.
"""

from __future__ import annotations

import os
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.measure import SCENARIO, Claim, Options, Report, interleave, ratios
from sim.experiments.run import FIRST, FURTHER, Run
from sim.pipeline.answers import carry_out
from sim.pipeline.runner import Execution
from sim.scenario import Scenario, load_scenario
from sim.simulate import new_tallies, simulate
from sim.simulate.cluster import open_cluster
from sim.simulate.pools import on_threads
from sim.simulate.spans import Task

RUNS, PAIRS, WORKERS = 1_000_000, 3, 2
LOCALLY, THROUGH_CLUSTER = 0.10, 0.25


def measure(options: Options) -> Report:
    report = Report("blocks")
    runs = options.runs or RUNS
    scenario = load_scenario(SCENARIO, [f"runs={runs}"])
    bare(load_scenario(SCENARIO, ["runs=1000"]))
    ways = {
        "bare": partial(bare, scenario),
        "locally": partial(kept, scenario),
        "cluster": partial(through_cluster, scenario),
    }
    taken = interleave(options.pairs or PAIRS, ways)
    report.add("the bare engine", "s", taken["bare"])
    report.add("kept block by block, two threads", "s", taken["locally"])
    report.add("kept block by block, local:2", "s", taken["cluster"])
    enough = (os.cpu_count() or 1) >= WORKERS
    for way, limit in (("locally", LOCALLY), ("cluster", THROUGH_CLUSTER)):
        more = [ratio - 1 for ratio in ratios(taken[way], taken["bare"])]
        report.add(f"overhead, {way}", "ratio", more)
        middle = float(np.median(more))
        report.claims.append(
            Claim(
                f"overhead {way} under {limit:.0%}",
                f"median {middle:.1%}",
                middle < limit if enough else None,
            )
        )
    report.notes.append(f"{runs:,} runs of {SCENARIO} and those of its altered worlds a measure")
    return report


def bare(scenario: Scenario) -> float:
    """Wall time of the engine alone: a job's runs in its blocks, counted day by day where the job counts, and lost."""
    began = time.perf_counter()
    run = Run(scenario, "prior")
    own = {span.point.number for name, span in run.spans.items() if name in (FIRST, FURTHER)}
    for _ in on_threads(partial(_simulated, own), run.tasks, WORKERS):
        pass
    return time.perf_counter() - began


def _simulated(own: set[int], task: Task) -> None:
    (span,) = task.spans
    job = span.job(task.parameters)
    simulate(job, span.numbers, new_tallies(job.days, span.point.number in own).daily)


def kept(scenario: Scenario) -> float:
    """Wall time of the whole job on two threads."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        carry_out(Run(scenario, "prior"), Path(folder) / "out", Execution(threads=WORKERS))
        return time.perf_counter() - began


def through_cluster(scenario: Scenario) -> float:
    """Wall time of the whole job on two worker processes, which are started for it."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with open_cluster(f"local:{WORKERS}", print) as pool:
            carry_out(Run(scenario, "prior"), Path(folder) / "out", Execution(pool=pool))
        return time.perf_counter() - began
