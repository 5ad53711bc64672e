"""Help takes at most half of what the libraries of a run take to load; how long 1,000 runs take is only shown.

Wall time from start to end of the real commands, compiled code already on disk, beside a Python that loads
numba, pandas and pyarrow and does nothing with them. `spiral run` also simulates up to 1,000 runs of each
altered world that the answer is held against.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import SCENARIO, SPIRAL, Claim, Options, Report, interleave, ratios

PAIRS, MOST = 9, 0.5
LOADING = "Python loading numba, pandas, pyarrow"


def measure(options: Options) -> Report:
    report = Report("start")
    run()
    clocks: dict[str, Clock] = {
        "spiral run, 1,000 runs": Clock(run),
        "spiral --help": Clock(lambda: call([SPIRAL, "--help"])),
        LOADING: Clock(lambda: call([sys.executable, "-c", "import numba, pandas, pyarrow"])),
        "Python doing nothing": Clock(lambda: call([sys.executable, "-c", "pass"])),
    }
    taken = interleave(options.pairs or PAIRS, {name: clock.wall for name, clock in clocks.items()})
    for name, values in taken.items():
        report.add(name, "s", values)
    for name, clock in clocks.items():
        report.add(f"{name}, processor time", "s", clock.processor)
    whole = ratios(taken["spiral run, 1,000 runs"], taken[LOADING])
    short = ratios(taken["spiral --help"], taken[LOADING])
    report.add("spiral run to loading", "ratio", whole)
    report.add("spiral --help to loading", "ratio", short)
    middle = statistics.median(short)
    claim = f"help at most {MOST:g} times loading the libraries"
    report.claims.append(Claim(claim, f"median {middle:.2f}", middle <= MOST))
    return report


@dataclass
class Clock:
    """Times a command by the wall, and notes the processor time of its process."""

    command: Callable[[], None]
    processor: list[float] = field(default_factory=list)

    def wall(self) -> float:
        before, began = used(), time.perf_counter()
        self.command()
        seconds = time.perf_counter() - began
        self.processor.append(used() - before)
        return seconds


def used() -> float:
    """Processor time of all processes that this one started and that ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "out")
        call([SPIRAL, "run", SCENARIO, "--runs", "1000", "--no-figures", "--out", out])


def call(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
