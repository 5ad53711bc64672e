"""Run all benchmarks, or those named."""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path

from benchmarks import page
from benchmarks.measure import Options, machine

NAMES = (
    "uniforms",
    "lanes",
    "functions",
    "threads",
    "blocks",
    "sweep",
    "pairing",
    "questions",
    "memory",
    "start",
    "mesa_engine",
    "sbc",
    "dashboard",
)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure the speed, side by side."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(NAMES)}; all by default")
    parser.add_argument("--runs", type=int, metavar="N", help="how many runs to simulate, where that is free")
    parser.add_argument("--pairs", type=int, metavar="P", help="how often to take each measure")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured to FILE")
    parser.add_argument(
        "--write", action="store_true", help=f"write what has a place there into {page.PAGE.name}"
    )
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(NAMES):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}: there are {', '.join(NAMES)}")
    if min(chosen.runs or 1000, (chosen.pairs or 1) * 1000) < 1000:
        parser.error("--runs must be 1000 or more, --pairs 1 or more")
    where = machine()
    print(", ".join(f"{key}: {value}" for key, value in where.items()), flush=True)
    found = []
    for name in chosen.names or NAMES:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"\n{name}: {module.__doc__.strip()}\n", flush=True)
        report = module.measure(Options(chosen.runs, chosen.pairs))
        print(report.text(), flush=True)
        found.append(report.as_json())
        if chosen.write:
            page.write(report, where)
    if chosen.json is not None:
        chosen.json.write_text(json.dumps({"machine": where, "benchmarks": found}, indent=2) + "\n")


if __name__ == "__main__":
    main()
