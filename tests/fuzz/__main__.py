"""Feed the readers of files at random: `make fuzz`, or `python -m tests.fuzz`; stopped, it goes on where it was."""

from __future__ import annotations

import argparse
import gc
import shutil
import sys
from pathlib import Path

from tests.fuzz import page
from tests.fuzz.folders import FOLDERS
from tests.fuzz.loop import FOUND, Loop, Tally
from tests.fuzz.records import RECORDS
from tests.fuzz.scenarios import SCENARIOS
from tests.fuzz.target import Target, quietly

STATE = Path(__file__).parents[2] / "build" / "fuzz"
TARGETS = {target.name: target for target in (SCENARIOS, RECORDS, FOLDERS)}


def run(target: Target, count: int, state: Path, every: int = 20) -> Tally:
    """Try cases until so many were tried; what came of them is kept after each chunk."""
    file = state / f"{target.name}.json"
    loop = Loop(target, Tally.read(file), FOUND)
    loop.retry()
    loop.tally.keep(file)
    if loop.tally.tried < count:
        loop_once = Loop(
            target, Tally(), state / "warm"
        )  # what is loaded or compiled at the first call is not counted
        loop_once.chunk(50)
        gc.collect()
        gc.freeze()
    while loop.tally.tried < count:
        loop.chunk(min(target.chunk, max(1, count - loop.tally.tried)))
        loop.tally.keep(file)
        if loop.tally.chunks % every == 0:
            quietly(told(target.name, loop.tally))
    return loop.tally


def told(name: str, tally: Tally) -> str:
    """How far a target is, in a line."""
    return (
        f"{name}: {tally.tried:,} tried, {tally.taken:,} taken, {len(tally.outcomes):,} outcomes, slowest "
        f"{tally.slowest:.2f} s, most memory {tally.most_memory / 1e6:.0f} MB, {len(tally.failures)} failures, "
        f"{tally.seconds:,.0f} s"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run as asked on the command line; 1 if anything failed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("targets", nargs="*", choices=[*TARGETS, []], default=[])
    asked.add_argument(
        "--count", type=int, help="cases of each target in all; 300,000, 50,000 and 5,000 by default"
    )
    asked.add_argument("--fresh", action="store_true", help="begin anew")
    asked.add_argument("--no-page", action="store_true", help="leave docs/explanation/fuzz.md as it is")
    options = asked.parse_args(arguments)
    if options.fresh:
        shutil.rmtree(STATE, ignore_errors=True)
    for name in options.targets or TARGETS:
        tally = run(TARGETS[name], options.count or TARGETS[name].count, STATE)
        quietly(told(name, tally))
    tallies = {name: Tally.read(STATE / f"{name}.json") for name in TARGETS}
    if not options.no_page:
        page.write(tallies)
    return int(any(tally.failures for tally in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
