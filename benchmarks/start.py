"""A run of 1,000 histories starts and ends about as fast as its libraries load, and help needs none of them.

Wall time from start to end of the real commands, compiled code already on disk, beside a Python that loads
numba, pandas and pyarrow and does nothing with them. `spiral run` also simulates up to 1,000 runs of each
altered world that the answer is held against.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import SCENARIO, SPIRAL, Claim, Options, Report, interleave, ratios

PAIRS, MOST, MOST_OF_HELP = 9, 3.0, 0.5


def measure(options: Options) -> Report:
    report = Report("start")
    run()
    taken = interleave(
        options.pairs or PAIRS,
        {
            "spiral run, 1,000 runs": run,
            "spiral --help": lambda: seconds([SPIRAL, "--help"]),
            "Python loading numba, pandas, pyarrow": lambda: python("import numba, pandas, pyarrow"),
            "Python doing nothing": lambda: python("pass"),
        },
    )
    for name, values in taken.items():
        report.add(name, "s", values)
    loading = taken["Python loading numba, pandas, pyarrow"]
    whole = ratios(taken["spiral run, 1,000 runs"], loading)
    short = ratios(taken["spiral --help"], loading)
    report.add("spiral run to loading", "ratio", whole)
    report.add("spiral --help to loading", "ratio", short)
    for what, most, values in (("run", MOST, whole), ("help", MOST_OF_HELP, short)):
        middle = statistics.median(values)
        report.claims.append(
            Claim(
                f"{what} at most {most:g} times loading the libraries", f"median {middle:.2f}", middle <= most
            )
        )
    return report


def run() -> float:
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "out")
        return seconds([SPIRAL, "run", SCENARIO, "--runs", "1000", "--no-figures", "--out", out])


def python(code: str) -> float:
    return seconds([sys.executable, "-c", code])


def seconds(command: Sequence[str]) -> float:
    """Wall time of a command, in seconds."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began
