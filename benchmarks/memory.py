"""Memory hardly grows with the number of runs: a million take less than 1 GB, and little more than 100,000.

Peak resident memory of the real command, libraries and compiler included. Each measure is taken by a helper
process of its own, because the peak of children is kept as a maximum.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import SCENARIO, SPIRAL, Claim, Options, Report, interleave

RUNS, PAIRS = 1_000_000, 2
MOST, LITTLE = 1000.0, 200.0

HELPER = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps([peak / 1e6, seconds]))
"""


def measure(options: Options) -> Report:
    report = Report("memory")
    many, pairs = options.runs or RUNS, options.pairs or PAIRS
    few = many // 10
    command(1000)
    times: dict[int, list[float]] = {few: [], many: []}

    def peak(runs: int) -> float:
        megabytes, seconds = command(runs)
        times[runs].append(seconds)
        return megabytes

    taken = interleave(pairs, {"few": lambda: peak(few), "many": lambda: peak(many)})
    report.add(f"peak of {few:,} runs", "MB", taken["few"])
    report.add(f"peak of {many:,} runs", "MB", taken["many"])
    more = [b - a for a, b in zip(taken["few"], taken["many"], strict=True)]
    report.add("difference", "MB", more)
    report.add(f"wall time of {few:,} runs", "s", times[few])
    report.add(f"wall time of {many:,} runs", "s", times[many])
    worst, grown = max(taken["many"]), statistics.median(more)
    report.claims += [
        Claim(f"{many:,} runs in at most {MOST:g} MB", f"largest peak {worst:.0f} MB", worst <= MOST),
        Claim(f"at most {LITTLE:g} MB more than {few:,}", f"median {grown:+.0f} MB", grown <= LITTLE),
    ]
    return report


def command(runs: int) -> tuple[float, float]:
    """Peak memory of `spiral run`, in MB, and its wall time, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        run = [
            SPIRAL,
            "run",
            SCENARIO,
            "--runs",
            str(runs),
            "--no-figures",
            "--out",
            str(Path(folder) / "out"),
        ]
        done = subprocess.run(
            [sys.executable, "-c", HELPER, *run], check=True, stdout=subprocess.PIPE, text=True
        )
    megabytes, seconds = json.loads(done.stdout)
    return megabytes, seconds
