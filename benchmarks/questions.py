"""A dozen questions of a million runs cost under 3% more than none.

Processor time of the same runs on one thread, in turn: as `spiral run` lives them, from the first day to the last and
the headline's second lives; and with every question of the shipped file asked of them besides, their counts by row of
parameters and date included.
"""

from __future__ import annotations

import time
from functools import partial

import numpy as np

from benchmarks.measure import SCENARIO, Claim, Options, Report, interleave, ratios
from sim.experiments.ask.counting import Ask, dates_of
from sim.pipeline.questions import chosen
from sim.scenario import load_scenario
from sim.simulate.asked import Asked
from sim.simulate.job import Job, live_again, lived, make_job, simulate
from sim.simulate.spans import Point, Task, point_tasks

RUNS, PAIRS, MOST = 1_000_000, 3, 0.03
SIZE = 5_000
"""Runs of a task: short turns, so that other work on the machine falls on both alike."""


def measure(options: Options) -> Report:
    report = Report("questions")
    runs, pairs = options.runs or RUNS, options.pairs or PAIRS
    scenario = load_scenario(SCENARIO)
    job = make_job(scenario, "posterior")
    asked = Asked.of(scenario, chosen(scenario, ("platform",), None))
    ask = Ask((asked,), dates_of(asked))
    tasks = point_tasks([Point(0, scenario)], runs, "posterior", size=SIZE)
    measures = {"none": partial(once, job, tasks[0]), "asked": partial(counted, ask, job, tasks[0])}
    interleave(1, measures)  # compiled, and in the cache
    totals: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(pairs):
        taken = [
            interleave(1, {"none": partial(once, job, task), "asked": partial(counted, ask, job, task)})
            for task in tasks
        ]
        for name in totals:
            totals[name].append(sum(part[name][0] for part in taken))
    report.add("without a question", "s", totals["none"])
    report.add(f"with {len(asked.questions)} questions", "s", totals["asked"])
    more = ratios(totals["asked"], totals["none"])
    report.add("with over without", "ratio", more)
    middle = float(np.median(more))
    report.claims.append(
        Claim(f"questions cost under {MOST:.0%} more", f"median {middle - 1:+.1%}", middle - 1 < MOST)
    )
    report.notes.append(f"{runs:,} runs of {SCENARIO}, tasks of {SIZE:,} in turn, fitted parameters")
    return report


def once(job: Job, task: Task) -> float:
    """Time of the runs of a task without any question."""
    began = time.thread_time()
    simulate(job, task.spans[0].numbers)
    return time.thread_time() - began


def counted(ask: Ask, job: Job, task: Task) -> float:
    """Time of the same runs with the questions, and of their second lives, which only some questions need."""
    began = time.thread_time()
    ask(task)
    spent = time.thread_time() - began
    return spent if ask.points[0].needs_second_lives else spent + again(job, task)


def again(job: Job, task: Task) -> float:
    """Time of the second lives of a task's runs."""
    runs = task.spans[0].numbers
    worlds = lived(job, runs)
    began = time.thread_time()
    live_again(job, runs, worlds)
    return time.thread_time() - began
